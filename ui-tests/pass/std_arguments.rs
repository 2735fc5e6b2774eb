//! Readers and writers of std as arguments, in odd but legal signatures.
#![allow(dead_code)]
#![deny(warnings)]

use std::cell::Cell;
use std::io::{self, BufReader, Cursor, Read as _};
use std::pin::Pin;
use std::rc::Rc;

use koil::koiled;
use tokio::io::{
    AsyncBufRead, AsyncBufReadExt as _, AsyncRead, AsyncReadExt, AsyncSeek, AsyncSeekExt as _,
    AsyncWrite, AsyncWriteExt,
};

#[koiled]
#[derive(Default)]
pub(crate) struct Store {
    bytes: Vec<u8>,
}

#[koiled]
impl Store {
    /// Between other parameters, generics and a pattern.
    pub(crate) async fn put<const N: usize, T: Default>(
        &mut self,
        (left, right): (u8, u8),
        #[koil(std)] mut body: impl AsyncRead + Unpin,
        more: [T; N],
    ) -> io::Result<usize> {
        self.bytes.extend([left, right]);
        let read = body.read_to_end(&mut self.bytes).await?;
        Ok(read + more.len())
    }

    /// Bounds in two places, an extension trait, one unsized parameter.
    #[allow(clippy::multiple_bound_locations)]
    pub(crate) async fn copy<'a, R: AsyncRead + ?Sized, W>(
        &self,
        #[koil(std)] from: &'a mut R,
        #[koil(std)] into: W,
        name: &'a str,
    ) -> io::Result<&'static str>
    where
        R: Unpin,
        W: AsyncWriteExt + AsyncWrite,
        W: Unpin + 'a,
    {
        let mut into = into;
        tokio::io::copy(from, &mut into).await?;
        into.write_all(name.as_bytes()).await?;
        Ok("copied")
    }

    /// Two of one type.
    pub(crate) async fn join<R>(&self, #[koil(std)] one: R, #[koil(std)] other: R) -> io::Result<String>
    where
        R: AsyncRead + Unpin,
    {
        let mut text = String::new();
        one.chain(other).read_to_string(&mut text).await?;
        Ok(text)
    }

    pub(crate) async fn objects(
        &self,
        #[koil(std)] from: &mut (dyn AsyncBufRead + Unpin + '_),
        #[koil(std)] into: Pin<&mut dyn AsyncWrite>,
    ) -> io::Result<()> {
        let mut into = into;
        while let Some(line) = from.lines().next_line().await? {
            into.write_all(line.as_bytes()).await?;
        }
        into.flush().await
    }

    pub(crate) async fn pinned(&self, #[koil(std)] from: Pin<&mut (impl AsyncRead + AsyncSeek)>) -> io::Result<u64> {
        let mut from = from;
        from.seek(io::SeekFrom::End(0)).await
    }

    /// Of futures; its twin has no loop.
    #[koil(inline)]
    pub(crate) async fn of_futures(
        &self,
        #[koil(std)] from: &mut (impl futures::AsyncRead + Unpin),
    ) -> io::Result<usize> {
        futures::AsyncReadExt::read(from, &mut [0; 8]).await
    }

    pub(crate) fn words<'r>(
        &self,
        #[koil(std)] from: impl AsyncBufRead + Unpin + 'r,
    ) -> futures::stream::LocalBoxStream<'r, usize> {
        Box::pin(futures::stream::once(async move {
            let mut from = from;
            from.read_until(b' ', &mut Vec::new()).await.unwrap()
        }))
    }

    #[koil(fallible)]
    pub(crate) async unsafe fn tried(
        self,
        #[cfg(any())] #[koil(std)] gone: impl AsyncRead,
        #[koil(std)] r#in: &mut impl AsyncReadExt,
    ) -> Result<u8, Failure> {
        let mut pinned = std::pin::pin!(r#in);
        let _ = &mut pinned;
        Ok(7)
    }
}

#[derive(Debug)]
pub(crate) struct Failure;

impl From<koil::Error> for Failure {
    fn from(_: koil::Error) -> Self {
        Failure
    }
}

#[koiled(suffix = "_blocking")]
impl Failure {
    pub(crate) async fn beside(&self, #[koil(std)] from: &mut (impl AsyncRead + Unpin)) -> u8 {
        from.read_u8().await.unwrap()
    }
}

#[koiled]
pub(crate) trait Sink {
    async fn take(&mut self, #[koil(std)] from: impl AsyncRead + Unpin) -> io::Result<usize>;
    async fn give<W: AsyncWrite + Unpin>(&self, #[koil(std)] into: &mut W) -> io::Result<()>;
    async fn give_dyn(&self, #[koil(std)] into: &mut (dyn AsyncWrite + Unpin)) -> io::Result<()>;
}

impl Sink for Store {
    async fn take(&mut self, mut from: impl AsyncRead + Unpin) -> io::Result<usize> {
        from.read_to_end(&mut self.bytes).await
    }

    async fn give<W: AsyncWrite + Unpin>(&self, into: &mut W) -> io::Result<()> {
        into.write_all(&self.bytes).await
    }

    async fn give_dyn(&self, into: &mut (dyn AsyncWrite + Unpin)) -> io::Result<()> {
        into.write_all(&self.bytes).await
    }
}

/// A mock is blocking to begin with.
struct Null;

impl BlockingSink for Null {
    fn take(&mut self, mut from: impl io::Read) -> io::Result<usize> {
        from.read(&mut [0])
    }

    fn give<W: io::Write>(&self, into: &mut W) -> io::Result<()> {
        into.write_all(b"null")
    }

    fn give_dyn(&self, into: &mut dyn io::Write) -> io::Result<()> {
        into.write_all(b"null")
    }
}

/// Neither `Send` nor `'static`.
struct Local<'a>(&'a Cell<u32>, Rc<()>);

impl io::Read for Local<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0.set(self.0.get() + 1);
        io::Read::read(&mut &b"abc"[..], buf)
    }
}

pub(crate) fn main() {
    let mut store = BlockingStore::default();
    let reads = Cell::new(0);
    let local = Local(&reads, Rc::default()).take(6);
    assert_eq!(store.put((1, 2), local, [0_u64; 3]).unwrap(), 9);
    assert_eq!(store.bytes, *b"\x01\x02abcabc");
    assert_eq!(reads.get(), 2);
    let mut into = Vec::new();
    let from: &mut dyn io::Read = &mut &b"x"[..];
    assert_eq!(store.copy(from, &mut into, "y").unwrap(), "copied");
    assert_eq!(into, b"xy");
    assert_eq!(store.join(&b"a"[..], &b"b"[..]).unwrap(), "ab");
    let mut file = Cursor::new(Vec::new());
    store.objects(&mut BufReader::new(&b"a\nb\n"[..]), &mut file).unwrap();
    assert_eq!(store.pinned(&mut file).unwrap(), 2);
    assert_eq!(store.of_futures(&mut &b"abc"[..]).unwrap(), 3);
    assert_eq!(store.words(&b"tea time"[..]).collect::<Vec<_>>(), [4]);
    assert_eq!(Failure.beside_blocking(&mut &b"\x07"[..]), 7);
    assert_eq!(BlockingSink::take(&mut store, io::empty()).unwrap(), 0);
    store.give(&mut into).unwrap();
    store.give_dyn(&mut into).unwrap();
    assert_eq!(into.len(), 18);
    assert_eq!(Null.take(&b"z"[..]).unwrap(), 1);
    let mut into = Vec::new();
    Null.give(&mut into).unwrap();
    Null.give_dyn(&mut into).unwrap();
    // SAFETY: it does nothing that is unsafe.
    assert_eq!(unsafe { store.tried(&mut io::empty()) }.unwrap(), 7);
}
