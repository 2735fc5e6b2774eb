//! Readers and writers of tokio and of futures, in odd but legal places.
#![allow(dead_code)]

use std::io::{BufRead, Read, Seek, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use koil::koiled;

/// A re-export, as crates have it that wrap their dependencies.
mod deps {
    pub(crate) use ::futures;
    pub(crate) use ::tokio;
}

#[koiled]
fn by_a_path() -> impl deps::futures::io::AsyncRead + deps::futures::io::AsyncSeek {
    deps::futures::io::Cursor::new("ab")
}

#[koiled]
fn by_one_of_two(text: &str) -> impl deps::tokio::io::AsyncBufRead + Unpin + '_ {
    text.as_bytes()
}

mod imported {
    use super::deps::futures::io::*;
    use super::koiled;

    /// One trait is named by a path, so the other one is of that crate too.
    #[koiled]
    pub(crate) async fn both() -> Option<impl AsyncWrite + futures::io::AsyncRead> {
        Some(Cursor::new(vec![7]))
    }

    #[koiled]
    #[koil(io = "futures")]
    pub(crate) fn only_seeks() -> impl AsyncSeek {
        Cursor::new([1, 2, 3])
    }
}

#[koiled]
#[koil(io = "tokio")]
fn generic<T: deps::tokio::io::AsyncRead>(reader: T) -> T {
    reader
}

#[koiled]
#[koil(io = "futures")]
fn hidden(text: &'static str) -> impl Reader + use<> {
    futures::io::Cursor::new(text)
}

trait Reader: futures::io::AsyncRead {}
impl<T: futures::io::AsyncRead> Reader for T {}

#[koiled]
trait Blobs {
    type Reader: futures::io::AsyncBufRead;

    #[koil(io = "futures")]
    async fn open(&self) -> Result<Self::Reader, String>;
}

impl Blobs for u8 {
    type Reader = futures::io::Cursor<[u8; 1]>;

    async fn open(&self) -> Result<Self::Reader, String> {
        Ok(futures::io::Cursor::new([*self]))
    }
}

/// A reader of futures, generic and borrowing.
#[koiled(io = "futures")]
struct Body<'a, T: ?Sized>(&'a mut T);

impl<T: futures::io::AsyncRead + Unpin + ?Sized> futures::io::AsyncRead for Body<'_, T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut *self.0).poll_read(cx, buf)
    }
}

/// Listed traits are checked, also of a type with lifetimes.
#[koiled(forward(Clone, Debug, Copy, PartialEq, Display, Hash, FromStr, Default))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
struct Name<'a>(&'a str);

impl std::fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::str::FromStr for Name<'_> {
    type Err = ();
    fn from_str(_: &str) -> Result<Self, ()> {
        Ok(Name("x"))
    }
}

fn all(mut from: impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes).unwrap();
    bytes
}

pub(crate) fn main() {
    let mut reader = by_a_path_blocking();
    reader.seek_relative(1).unwrap();
    assert_eq!(all(reader), b"b");
    assert_eq!(by_one_of_two_blocking("a\nb").lines().count(), 2);
    let mut both = imported::both_blocking().unwrap();
    both.write_all(b"").unwrap();
    assert_eq!(all(both), [7]);
    assert_eq!(imported::only_seeks_blocking().stream_position().unwrap(), 0);
    assert_eq!(all(generic_blocking(&b"x"[..])), b"x");
    assert_eq!(all(hidden_blocking("tea")), b"tea");
    let nine = koil::Blocking::new(9);
    assert_eq!(all(BlockingBlobs::open(&nine).unwrap()), [9]);
    let mut cursor = futures::io::Cursor::new("body");
    let body: Body<'_, dyn futures::io::AsyncRead + Unpin> = Body(&mut cursor);
    assert_eq!(all(body.into_blocking()), b"body");
    let name = Name("a").into_blocking();
    let copy = name;
    assert_eq!(name.to_string(), copy.to_string());
}
