//! The store in async code, without any use of koil.

use std::pin::pin;

use futures::TryStreamExt;
use koil_object_store::{Account, Bucket, Error, Object, Upload};
use tokio::io::{self, AsyncBufReadExt, AsyncReadExt};

use crate::film;
use crate::server::Server;
use crate::watchdog::Watchdog;

/// A visit of everything that there is.
async fn visit() -> Result<(), Error> {
    let server = Server::start()?;
    let account = Account::new(&server.url)?;
    buckets(&account).await?;
    let bucket = account.bucket("photos");
    objects(&bucket).await?;
    listing(&server, &bucket).await?;
    readers(&server, &bucket).await?;
    uploads(&server, &bucket).await
}

async fn buckets(account: &Account) -> Result<(), Error> {
    for name in ["photos", "logs"] {
        assert_eq!(account.create_bucket(name).await?.name(), name);
    }
    let again = account.create_bucket("logs").await;
    assert!(matches!(again, Err(Error::Conflict(what)) if what == "bucket logs"));
    let buckets: Vec<Bucket> = account.buckets().await?;
    let names: Vec<_> = buckets.iter().map(Bucket::name).collect();
    assert_eq!(names, ["logs", "photos"]);
    Ok(())
}

async fn objects(bucket: &Bucket) -> Result<(), Error> {
    let object: Object = bucket.put("a cat.jpg", "meow").await?;
    assert_eq!(object.size().await?, 4);
    object.write("meow!").await?;
    assert_eq!(object.read().await?, b"meow!");
    let copy = bucket.object("cats/copy.jpg");
    object.copy_to(&copy).await?;
    let copy = copy.rename("cats/tom.jpg").await?;
    assert_eq!(copy.key(), "cats/tom.jpg");
    assert_eq!(copy.read().await?, b"meow!");
    copy.delete().await?;
    object.delete().await?;
    let gone = bucket.object("a cat.jpg").delete().await;
    assert!(gone.is_err_and(|error| error.to_string() == "there is no object a cat.jpg in photos"));
    Ok(())
}

async fn listing(server: &Server, bucket: &Bucket) -> Result<(), Error> {
    for key in ["logs/1", "logs/2", "logs/3", "logs/4", "logs/5", "other"] {
        bucket.put(key, key).await?;
    }
    server.log();

    let mut keys = Vec::new();
    let mut logs = pin!(bucket.list("logs/"));
    while let Some(object) = logs.try_next().await? {
        keys.push(object.key().to_owned());
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
    let mut logs = Box::pin(bucket.list("logs/"));
    assert!(server.log().is_empty());
    let first: Object = logs.try_next().await?.expect("there are logs");
    drop(logs);
    assert_eq!(server.log(), ["GET /photos?prefix=logs%2F"]);
    assert_eq!(first.read().await?, b"logs/1");

    assert_eq!(bucket.clear("logs/").await?, 5);
    assert_eq!(bucket.list("").try_collect::<Vec<_>>().await?.len(), 1);
    assert!(pin!(bucket.list("nowhere")).try_next().await?.is_none());
    Ok(())
}

async fn readers(server: &Server, bucket: &Bucket) -> Result<(), Error> {
    let film = film();
    let object = bucket.put("film", film.clone()).await?;
    let mut copy = Vec::new();
    io::copy(&mut object.reader().await?, &mut copy).await?;
    assert!(copy == film);

    // A reader fetches what is read of it.
    server.log();
    let mut start = [0; 10];
    object.reader().await?.read_exact(&mut start).await?;
    assert_eq!(start, film[..10]);
    assert_eq!(
        server.log(),
        ["HEAD /photos/film", "GET /photos/film?from=0"]
    );

    let lines = bucket.put("lines", "one\ntwo\n").await?;
    let mut lines = lines.reader().await?.lines();
    assert_eq!(lines.next_line().await?.as_deref(), Some("one"));
    assert_eq!(lines.next_line().await?.as_deref(), Some("two"));
    assert_eq!(lines.next_line().await?, None);

    let missing = bucket.object("missing").reader().await;
    assert!(matches!(missing, Err(Error::NotFound(_))));
    Ok(())
}

async fn callbacks(server: &Server, object: &Object) -> Result<(), Error> {
    let words = ["once ", "more"];
    let written = object.upload_with(async |upload| {
        for word in words {
            upload.part(word).await?;
        }
        assert_eq!(
            object.size().await?,
            16,
            "the old one is there until the end"
        );
        Ok(upload.parts())
    });
    assert_eq!(
        (written.await?, object.read().await?),
        (2, b"once more".to_vec())
    );

    let missing = object.upload_with(async |upload| {
        upload.part("never seen").await?;
        assert_eq!(server.memory.open_uploads(), 1);
        Err::<(), _>(Error::NotFound("words".to_owned()))
    });
    assert!(matches!(missing.await, Err(Error::NotFound(what)) if what == "words"));
    assert_eq!(server.memory.open_uploads(), 0, "nothing is left behind");
    assert_eq!(object.size().await?, 9);
    Ok(())
}

async fn uploads(server: &Server, bucket: &Bucket) -> Result<(), Error> {
    let object = bucket.object("tale");
    let mut upload: Upload = object.upload().await?;
    upload.part("once ").await?.part("upon ").await?;
    upload.part("a time").await?;
    assert_eq!(upload.parts(), 3);
    let tale: &Object = upload.complete().await?;
    assert_eq!(tale.read().await?, b"once upon a time");

    let mut upload = object.upload().await?;
    upload.part("never seen").await?;
    assert_eq!(server.memory.open_uploads(), 1);
    upload.abort().await?;
    assert_eq!(server.memory.open_uploads(), 0);
    assert_eq!(tale.size().await?, 16);
    callbacks(server, &object).await?;

    let film = film();
    object.write_from(&film[..]).await?;
    assert!(object.read().await? == film);

    let failure = object.write_from(torn()).await;
    assert!(matches!(failure, Err(Error::Read(error)) if error.to_string() == "torn"));
    assert_eq!(server.memory.open_uploads(), 0, "nothing is left behind");
    Ok(())
}

/// A film that tears.
fn torn() -> impl io::AsyncRead + Send {
    let pieces = futures::stream::iter([Err::<&[u8], _>(io::Error::other("torn"))]);
    tokio_util::io::StreamReader::new(pieces)
}

#[test]
fn from_a_plain_thread() -> Result<(), Error> {
    let _watchdog = Watchdog::start();
    koil::unkoil(visit())
}

#[tokio::test]
async fn in_a_task_of_a_current_thread_runtime() -> Result<(), Error> {
    let _watchdog = Watchdog::start();
    visit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_task_of_a_multi_threaded_runtime() -> Result<(), Error> {
    let _watchdog = Watchdog::start();
    tokio::spawn(visit()).await.expect("no panic")
}
