//! Types that are streams, readers or writers themselves: their twins have the traits of std.

use std::fmt::Debug;
use std::hash::{BuildHasher, Hash, RandomState};
use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::stream::{self, BoxStream, Stream, StreamExt};
use koil::koiled;
use tokio::io::{AsyncBufRead, AsyncRead, AsyncSeek, AsyncWrite, DuplexStream, ReadBuf};

#[koiled]
struct Rows<'a, T> {
    rows: BoxStream<'a, T>,
    polls: usize,
}

#[koiled]
impl<T> Rows<'_, T> {
    async fn skip_one(&mut self) -> bool {
        self.next().await.is_some()
    }

    fn polls(&self) -> usize {
        self.polls
    }
}

impl<T> Stream for Rows<'_, T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        self.polls += 1;
        self.rows.poll_next_unpin(cx)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rows.size_hint()
    }
}

fn rows<'a>(words: &'a [&'a str]) -> BlockingRows<'a, &'a str> {
    let slow = stream::iter(words).then(|word| async move {
        tokio::task::yield_now().await;
        *word
    });
    let rows = slow.boxed();
    BlockingRows::from(Rows { rows, polls: 0 })
}

#[test]
fn the_twin_of_a_stream_is_an_iterator() {
    let mut all = rows(&["a", "b", "c"]);
    assert!(all.skip_one());
    assert_eq!(Iterator::size_hint(&all), (2, Some(2)));
    assert_eq!(all.by_ref().collect::<Vec<_>>(), ["b", "c"]);
    assert_eq!(all.polls(), 7); // one more for each wait
    for row in rows(&["x"]) {
        assert_eq!(row, "x");
    }
}

#[koiled(twins(Rows))]
async fn query(sql: &str) -> Result<Rows<'_, u8>, String> {
    let rows = stream::iter(sql.bytes()).boxed();
    Ok(Rows { rows, polls: 0 })
}

#[test]
fn a_function_may_give_it() {
    assert_eq!(query_blocking("ab").unwrap().collect::<Vec<_>>(), *b"ab");
}

/// A connection that is everything.
#[koiled]
struct Conn {
    wire: DuplexStream,
    text: io::Cursor<Vec<u8>>,
}

impl AsyncRead for Conn {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.text).poll_read(cx, buf)
    }
}

impl AsyncBufRead for Conn {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        Pin::new(&mut self.get_mut().text).poll_fill_buf(cx)
    }

    fn consume(mut self: Pin<&mut Self>, amount: usize) {
        AsyncBufRead::consume(Pin::new(&mut self.text), amount);
    }
}

impl AsyncSeek for Conn {
    fn start_seek(mut self: Pin<&mut Self>, position: SeekFrom) -> io::Result<()> {
        Pin::new(&mut self.text).start_seek(position)
    }

    fn poll_complete(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        Pin::new(&mut self.text).poll_complete(cx)
    }
}

impl AsyncWrite for Conn {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.wire).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_shutdown(cx)
    }
}

fn conn(text: &str) -> (BlockingConn, koil::Io<DuplexStream>) {
    let (wire, peer) = tokio::io::duplex(4);
    let text = io::Cursor::new(text.as_bytes().to_vec());
    (Conn { wire, text }.into_blocking(), koil::Io::new(peer))
}

#[test]
fn the_twin_of_a_reader_reads_and_seeks() {
    let (mut conn, _peer) = conn("one\ntwo\nthree");
    let mut line = String::new();
    conn.read_line(&mut line).unwrap();
    assert_eq!(line, "one\n");
    assert_eq!(conn.seek(SeekFrom::Current(4)).unwrap(), 8);
    let mut rest = String::new();
    conn.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "three");
    assert_eq!(conn.fill_buf().unwrap(), b"");
    conn.rewind().unwrap();
    assert_eq!(conn.lines().count(), 3);
}

#[test]
fn the_twin_of_a_writer_writes_and_waits_for_its_peer() {
    let (mut conn, mut peer) = conn("");
    let reader = std::thread::spawn(move || {
        let mut all = String::new();
        peer.read_to_string(&mut all).map(|_| all)
    });
    conn.write_all(b"more than fits").unwrap();
    conn.flush().unwrap();
    drop(conn);
    assert_eq!(reader.join().unwrap().unwrap(), "more than fits");
}

/// Hand-written impls stand beside the generated ones where the original is nothing of the kind.
#[koiled]
struct List(Vec<u8>);

impl IntoIterator for BlockingList {
    type Item = u8;
    type IntoIter = std::vec::IntoIter<u8>;

    fn into_iter(self) -> Self::IntoIter {
        self.into_aio().0.into_iter()
    }
}

#[koiled(forward(-Iterator, -Read))]
struct Hand(u8);

impl Iterator for BlockingHand {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        self.aio_mut().0.checked_sub(1)
    }
}

impl Read for BlockingHand {
    fn read(&mut self, _buf: &mut [u8]) -> io::Result<usize> {
        Ok(0)
    }
}

#[test]
fn one_may_write_them_by_hand() {
    assert_eq!(List(vec![1, 2]).into_blocking().into_iter().count(), 2);
    let mut hand = Hand(1).into_blocking();
    assert_eq!(hand.next(), Some(0));
    assert_eq!(hand.read(&mut []).unwrap(), 0);
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[koiled]
struct Above(u32);

#[koiled]
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Below(u32);

fn forwarded<T: Clone + Debug + Default + Ord + Hash>(twin: &T) -> (T, String, bool, u64) {
    let hash = RandomState::new();
    let is_same = hash.hash_one(twin) == hash.hash_one(T::default());
    assert!(!is_same, "the hash is that of the content");
    let size = u64::from(*twin > T::default());
    (
        twin.clone(),
        format!("{twin:?}"),
        *twin == T::default(),
        size,
    )
}

#[test]
fn a_derive_above_the_attribute_is_forwarded_as_one_below() {
    let (above, below) = (Above(3).into_blocking(), Below(3).into_blocking());
    let (copy, text, is_default, size) = forwarded(&above);
    assert_eq!((copy, is_default, size), (above, false, 1));
    let (copy, other, is_default, size) = forwarded(&below);
    assert_eq!((copy, is_default, size), (below, false, 1));
    assert_eq!(text.replace("Above", "Below"), other);
}
