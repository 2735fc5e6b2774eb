//! Returned readers and writers are those of std.

use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};
use std::pin::Pin;

use koil::{Io, koiled};
use tokio::io::{AsyncBufRead, AsyncRead, AsyncWrite, BufReader, DuplexStream};

#[koiled]
struct Files {
    text: String,
}

#[koiled]
impl Files {
    fn read(&self) -> impl AsyncRead + '_ {
        self.text.as_bytes()
    }

    fn lines(&self) -> impl AsyncBufRead + Send + Unpin + '_ {
        BufReader::new(self.text.as_bytes())
    }

    async fn open(&self, text: &str) -> io::Result<impl AsyncRead + Unpin + use<>> {
        tokio::task::yield_now().await;
        if text.is_empty() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(io::Cursor::new(text.to_owned().into_bytes()))
    }

    async fn maybe(&self, there: bool) -> Option<impl AsyncRead + '_> {
        there.then_some(self.text.as_bytes())
    }

    async fn pipe(&self) -> (impl AsyncRead + use<>, impl AsyncWrite + use<>) {
        tokio::io::duplex(16)
    }

    fn boxed(&self) -> Box<dyn AsyncRead + Send + Unpin + '_> {
        Box::new(self.text.as_bytes())
    }

    fn pinned(&self) -> Pin<Box<dyn AsyncBufRead + '_>> {
        Box::pin(self.text.as_bytes())
    }

    #[koil(io)]
    fn named(&self) -> DuplexStream {
        tokio::io::duplex(16).0
    }

    #[koil(io)]
    async fn named_in_a_result(&self) -> Result<io::Cursor<Vec<u8>>, String> {
        Ok(io::Cursor::new(self.text.clone().into_bytes()))
    }

    #[koil(io)]
    fn local(&self) -> io::Cursor<std::rc::Rc<[u8]>> {
        io::Cursor::new(self.text.as_bytes().into())
    }

    #[koil(lend)]
    fn lent(&self) -> impl AsyncRead + Send + '_ {
        self.text.as_bytes()
    }

    #[koil(raw)]
    fn raw(&self) -> impl AsyncRead + '_ {
        self.text.as_bytes()
    }
}

fn files() -> BlockingFiles {
    Files {
        text: "one\ntwo".to_owned(),
    }
    .into_blocking()
}

fn all(mut from: impl Read) -> String {
    let mut text = String::new();
    from.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_returned_reader_is_one_of_std() {
    let files = files();
    assert_eq!(all(files.read()), "one\ntwo");
    let lines: Vec<_> = files.lines().lines().map(Result::unwrap).collect();
    assert_eq!(lines, ["one", "two"]);
    assert_eq!(all(files.boxed()), all(files.lent()));
    assert_eq!(files.pinned().lines().count(), 2);
    assert_eq!(all(Io::new(Box::pin(files.raw()))), "one\ntwo");
}

#[test]
fn also_inside_of_results_options_and_tuples() {
    let files = files();
    assert_eq!(all(files.open("x").unwrap()), "x");
    assert!(files.open("").is_err());
    assert!(files.maybe(false).is_none());
    assert_eq!(all(files.maybe(true).unwrap()), "one\ntwo");
    let (mut reader, mut writer) = files.pipe();
    writer.write_all(b"abc").unwrap();
    writer.shutdown().unwrap();
    let mut three = [0; 3];
    reader.read_exact(&mut three).unwrap();
    assert_eq!(&three, b"abc");
}

#[test]
fn io_says_it_of_a_named_type() {
    let files = files();
    files.named().write_all(b"x").unwrap_err();
    let mut cursor = files.named_in_a_result().unwrap();
    cursor.seek(SeekFrom::Start(4)).unwrap();
    assert_eq!(all(cursor), "two");
}

#[koiled]
trait Blobs {
    async fn read(&self, name: &str) -> io::Result<impl AsyncRead + Send>;
    fn dynamic<'a>(&'a self, name: &'a str) -> Pin<Box<dyn AsyncRead + Send + 'a>>;
}

impl Blobs for Files {
    async fn read(&self, _name: &str) -> io::Result<impl AsyncRead + Send> {
        Ok(self.text.as_bytes())
    }

    fn dynamic<'a>(&'a self, name: &'a str) -> Pin<Box<dyn AsyncRead + Send + 'a>> {
        Box::pin(name.as_bytes())
    }
}

struct Fake;

impl BlockingBlobs for Fake {
    fn read(&self, _name: &str) -> io::Result<Io<impl AsyncRead + Send>> {
        Ok(Io::new(&b"fake"[..]))
    }

    fn dynamic<'a>(&'a self, name: &'a str) -> Io<Pin<Box<dyn AsyncRead + Send + 'a>>> {
        Io::new(Box::pin(name.as_bytes()))
    }
}

#[test]
fn a_trait_gives_readers_too() {
    assert_eq!(all(BlockingBlobs::read(&files(), "x").unwrap()), "one\ntwo");
    assert_eq!(all(files().dynamic("x")), all(Fake.dynamic("x")));
    assert_eq!(all(Fake.read("x").unwrap()), "fake");
}

#[koiled]
async fn connect() -> io::Result<impl AsyncRead + AsyncWrite + Unpin> {
    Ok(tokio::io::join(&b"hello"[..], Vec::new()))
}

#[test]
fn a_free_function_may_return_both_in_one() {
    let mut both = connect_blocking().unwrap();
    both.write_all(b"hi").unwrap();
    assert_eq!(all(both), "hello");
}
