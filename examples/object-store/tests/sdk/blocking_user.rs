//! The store in blocking code, written as with a hand-written blocking module.

use std::io::{self, BufRead, Read};

use koil_object_store::{Error, blocking};

use crate::film;
use crate::server::Server;
use crate::watchdog::Watchdog;

/// A visit of everything that there is.
fn visit() -> Result<(), Error> {
    let server = Server::start()?;
    let account = blocking::Account::new(&server.url)?;
    buckets(&account)?;
    let bucket = account.bucket("photos");
    objects(&bucket)?;
    listing(&server, &bucket)?;
    readers(&server, &bucket)?;
    uploads(&server, &bucket)
}

fn buckets(account: &blocking::Account) -> Result<(), Error> {
    for name in ["photos", "logs"] {
        assert_eq!(account.create_bucket(name)?.name(), name);
    }
    let again = account.create_bucket("logs");
    assert!(matches!(again, Err(Error::Conflict(what)) if what == "bucket logs"));
    let buckets: Vec<blocking::Bucket> = account.buckets()?;
    let names: Vec<_> = buckets.iter().map(|bucket| bucket.name()).collect();
    assert_eq!(names, ["logs", "photos"]);
    Ok(())
}

fn objects(bucket: &blocking::Bucket) -> Result<(), Error> {
    let object: blocking::Object = bucket.put("a cat.jpg", "meow")?;
    assert_eq!(object.size()?, 4);
    object.write("meow!")?;
    assert_eq!(object.read()?, b"meow!");
    let copy = bucket.object("cats/copy.jpg");
    object.copy_to(&copy)?;
    let copy = copy.rename("cats/tom.jpg")?;
    assert_eq!(copy.key(), "cats/tom.jpg");
    assert_eq!(copy.read()?, b"meow!");
    copy.delete()?;
    object.delete()?;
    let gone = bucket.object("a cat.jpg").delete();
    assert!(gone.is_err_and(|error| error.to_string() == "there is no object a cat.jpg in photos"));
    Ok(())
}

fn listing(server: &Server, bucket: &blocking::Bucket) -> Result<(), Error> {
    for key in ["logs/1", "logs/2", "logs/3", "logs/4", "logs/5", "other"] {
        bucket.put(key, key)?;
    }
    server.log();

    let mut keys = Vec::new();
    for object in bucket.list("logs/") {
        keys.push(object?.key().to_owned());
    }
    assert_eq!(keys, ["logs/1", "logs/2", "logs/3", "logs/4", "logs/5"]);
    assert_eq!(
        server.log(),
        [
            "GET /photos?prefix=logs%2F",
            "GET /photos?prefix=logs%2F&after=logs%2F2",
            "GET /photos?prefix=logs%2F&after=logs%2F4",
        ]
    );

    // A listing that is not begun sends no request; one that is left early, only those of its pages.
    let mut logs = bucket.list("logs/");
    assert!(server.log().is_empty());
    let first: blocking::Object = logs.next().expect("there are logs")?;
    drop(logs);
    assert_eq!(server.log(), ["GET /photos?prefix=logs%2F"]);
    assert_eq!(first.read()?, b"logs/1");

    assert_eq!(bucket.clear("logs/")?, 5);
    assert_eq!(bucket.list("").count(), 1);
    assert!(bucket.list("nowhere").next().is_none());
    Ok(())
}

fn readers(server: &Server, bucket: &blocking::Bucket) -> Result<(), Error> {
    let film = film();
    let object = bucket.put("film", film.clone())?;
    let mut copy = Vec::new();
    io::copy(&mut object.reader()?, &mut copy)?;
    assert!(copy == film);

    // A reader fetches what is read of it.
    server.log();
    let mut start = [0; 10];
    object.reader()?.read_exact(&mut start)?;
    assert_eq!(start, film[..10]);
    assert_eq!(
        server.log(),
        ["HEAD /photos/film", "GET /photos/film?from=0"]
    );

    let lines = bucket.put("lines", "one\ntwo\n")?.reader()?.lines();
    assert_eq!(lines.collect::<io::Result<Vec<_>>>()?, ["one", "two"]);

    let missing = bucket.object("missing").reader();
    assert!(matches!(missing, Err(Error::NotFound(_))));
    Ok(())
}

/// The closures borrow, and call the blocking side themselves.
fn callbacks(server: &Server, object: &blocking::Object) -> Result<(), Error> {
    let words = ["once ", "more"];
    let written = object.upload_with(|upload| {
        for word in words {
            upload.part(word)?;
        }
        assert_eq!(object.size()?, 16, "the old one is there until the end");
        Ok(upload.parts())
    })?;
    assert_eq!((written, object.read()?), (2, b"once more".to_vec()));

    let missing = object.upload_with(|upload| {
        upload.part("never seen")?;
        assert_eq!(server.memory.open_uploads(), 1);
        Err::<(), _>(Error::NotFound("words".to_owned()))
    });
    assert!(matches!(missing, Err(Error::NotFound(what)) if what == "words"));
    assert_eq!(server.memory.open_uploads(), 0, "nothing is left behind");
    assert_eq!(object.size()?, 9);
    Ok(())
}

fn uploads(server: &Server, bucket: &blocking::Bucket) -> Result<(), Error> {
    let object = bucket.object("tale");
    let mut upload: blocking::Upload = object.upload()?;
    upload.part("once ")?.part("upon ")?;
    upload.part("a time")?;
    assert_eq!(upload.parts(), 3);
    let tale: &blocking::Object = upload.complete()?;
    assert_eq!(tale.read()?, b"once upon a time");

    let mut upload = object.upload()?;
    upload.part("never seen")?;
    assert_eq!(server.memory.open_uploads(), 1);
    upload.abort()?;
    assert_eq!(server.memory.open_uploads(), 0);
    assert_eq!(tale.size()?, 16);
    callbacks(server, &object)?;

    let film = film();
    object.write_from(&film[..])?;
    assert!(object.read()? == film);

    // A borrowed reader, and one that is itself a twin: nothing is copied, no thread is started.
    let mut rest = &film[10..];
    object.write_from(&mut rest)?;
    assert!(rest.is_empty() && object.read()? == film[10..]);
    let target = bucket.object("copy");
    target.write_from(object.reader()?.take(100_000))?;
    assert!(target.read()? == film[10..][..100_000]);

    let failure = object.write_from(Torn);
    assert!(matches!(failure, Err(Error::Read(error)) if error.to_string() == "torn"));
    assert_eq!(server.memory.open_uploads(), 0, "nothing is left behind");
    Ok(())
}

/// A film that tears.
struct Torn;

impl Read for Torn {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("torn"))
    }
}

#[test]
fn on_a_plain_thread() -> Result<(), Error> {
    let _watchdog = Watchdog::start();
    visit()
}

#[tokio::test]
async fn in_a_task_of_a_current_thread_runtime() -> Result<(), Error> {
    let _watchdog = Watchdog::start();
    visit()
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_task_of_a_multi_threaded_runtime() -> Result<(), Error> {
    let _watchdog = Watchdog::start();
    tokio::spawn(async { visit() }).await.expect("no panic")
}
