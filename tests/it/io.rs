//! `koil::Io`: whole transfers through sockets, lines, buffers, and transfers that are cut short.

use std::cell::Cell;
use std::io::{self, BufRead, IoSlice, Read, Seek, SeekFrom, Write};
use std::rc::Rc;
use std::thread;
use std::time::Duration;

use futures::stream;
use koil::{Io, unkoil};
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{Count, FOR_EVER, on_a_loop, until, waiting, with_a_loop};

/// Bytes that tell where they belong.
fn bytes(len: usize) -> Vec<u8> {
    let byte = |at| u8::try_from((at * 31 + at / 251) % 256).unwrap();
    (0..len).map(byte).collect()
}

/// Both ends of a connection, as async sockets of the ambient loop.
fn connected() -> (TcpStream, TcpStream) {
    unkoil(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (client, server) = tokio::join!(TcpStream::connect(address), listener.accept());
        (client.unwrap(), server.unwrap().0)
    })
}

#[test]
fn large_transfers_come_whole_both_ways() {
    on_a_loop(|koil| {
        let (client, server) = connected();
        let sent = bytes(5_000_000);
        let expected = sent.clone();
        let echo = thread::spawn(koil.handle().wrap(move || {
            let mut server = Io::new(server);
            let mut all = vec![1, 2, 3];
            assert_eq!(server.read_to_end(&mut all).unwrap(), sent.len());
            assert!(all[3..] == sent, "appended, whole and in order");
            server.write_all(&all[3..]).unwrap();
            server.shutdown().unwrap();
        }));
        let mut client = Io::new(client);
        client.write_all(&expected).unwrap();
        client.shutdown().unwrap();
        let mut back = vec![0; expected.len()];
        client.read_exact(&mut back).unwrap();
        assert!(back == expected);
        assert_eq!(client.read(&mut back).unwrap(), 0);
        echo.join().unwrap();
    });
}

#[test]
fn reading_to_the_end_keeps_what_came_before_an_error() {
    on_a_loop(|_| {
        let chunks = [Ok("some "), Ok("bytes"), Err("line is cut"), Ok("later")];
        let mut reader = Io::from_stream(stream::iter(chunks));
        let mut all = Vec::new();
        let error = reader.read_to_end(&mut all).unwrap_err();
        assert_eq!(
            (error.to_string().as_str(), all.as_slice()),
            ("line is cut", &b"some bytes"[..])
        );
        let mut rest = String::new();
        assert_eq!(reader.read_to_string(&mut rest).unwrap(), 5);
        assert_eq!(rest, "later");
    });
}

#[test]
fn a_timeout_bounds_each_wait_and_not_the_whole_of_a_transfer() {
    on_a_loop(|_| {
        let (mut writer, reader) = tokio::io::duplex(16);
        let writing = koil::unkoil_task(async move {
            for _ in 0..20 {
                tokio::time::sleep(Duration::from_millis(2)).await;
                writer.write_all(b"0123456789").await.unwrap();
            }
            writer
        });
        let mut reader = Io::new(reader).timeout(Duration::from_millis(500));
        let mut all = vec![0; 200];
        reader.read_exact(&mut all).unwrap();
        let writer = writing.result().unwrap();
        // Now nothing comes; the reader may be asked again.
        let mut reader = reader.timeout(Duration::from_millis(5));
        let late = reader.read_to_end(&mut all).unwrap_err();
        assert_eq!((late.kind(), all.len()), (io::ErrorKind::TimedOut, 200));
        drop(writer);
        assert_eq!(reader.read_to_end(&mut all).unwrap(), 0);
    });
}

#[test]
fn lines_come_as_from_a_socket_of_std() {
    on_a_loop(|_| {
        let (client, mut server) = connected();
        let lines: Vec<String> = (0..5_000)
            .map(|n| format!("{n} {}", "x".repeat(n % 97)))
            .collect();
        let text = lines.join("\r\n");
        let writing = koil::unkoil_task(async move {
            server.write_all(text.as_bytes()).await.unwrap();
        });
        let reader = Io::new(BufReader::new(client));
        assert!(reader.lines().map(Result::unwrap).eq(lines));
        writing.result().unwrap();
    });
}

#[test]
fn what_is_buffered_is_handed_out_until_it_is_consumed_or_read_past() {
    on_a_loop(|_| {
        let inner = BufReader::with_capacity(8, &b"0123456789abcdef"[..]);
        let mut reader = Io::new(inner);
        reader.consume(0);
        assert_eq!(reader.fill_buf().unwrap(), b"01234567");
        reader.consume(3);
        assert_eq!(reader.fill_buf().unwrap(), b"34567");
        let mut two = [0; 2];
        reader.read_exact(&mut two).unwrap();
        assert_eq!((&two, reader.fill_buf().unwrap()), (b"34", &b"567"[..]));
        reader.consume(3);
        assert_eq!(reader.fill_buf().unwrap(), b"89abcdef");
        reader.consume(8);
        assert_eq!(reader.fill_buf().unwrap(), b"");
    });
}

#[test]
fn a_seek_forgets_what_was_buffered() {
    on_a_loop(|_| {
        let mut reader = Io::new(BufReader::new(io::Cursor::new(b"0123456789".to_vec())));
        assert_eq!(reader.fill_buf().unwrap().len(), 10);
        assert_eq!(reader.seek(SeekFrom::Start(7)).unwrap(), 7);
        let mut rest = String::new();
        reader.read_line(&mut rest).unwrap();
        assert_eq!(rest, "789");
    });
}

#[test]
fn buffered_bytes_are_refused_where_waiting_would_be() {
    on_a_loop(|_| {
        let mut reader = Io::new(BufReader::new(&b"some text"[..]));
        assert_eq!(reader.fill_buf().unwrap(), b"some text");
        let refused = unkoil(async { reader.fill_buf().map(<[u8]>::len) });
        assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::Deadlock);
        assert_eq!(reader.fill_buf().unwrap(), b"some text");
    });
}

#[test]
fn a_vectored_write_is_one_write() {
    on_a_loop(|_| {
        let (client, mut server) = connected();
        let mut client = Io::new(client);
        let parts = [
            IoSlice::new(b"head "),
            IoSlice::new(b"body "),
            IoSlice::new(b"tail"),
        ];
        assert_eq!(client.write_vectored(&parts).unwrap(), 14);
        let mut all = [0; 14];
        unkoil(server.read_exact(&mut all)).unwrap();
        assert_eq!(&all, b"head body tail");
    });
}

#[test]
fn a_stop_releases_a_reader_with_an_error() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let reader = thread::spawn(handle.wrap(|| {
            let (_writer, reader) = tokio::io::duplex(16);
            let mut all = Vec::new();
            Io::new(reader)
                .timeout(FOR_EVER)
                .read_to_end(&mut all)
                .unwrap_err()
                .kind()
        }));
        until(|| waiting(&handle) == 1);
        drop(koil);
        assert_eq!(reader.join().unwrap(), io::ErrorKind::NotConnected);
    });
}

/// A reader that panics when it is asked for the second time.
struct Brittle<T>(u8, T);

impl<T: Unpin> tokio::io::AsyncRead for Brittle<T> {
    fn poll_read(
        mut self: std::pin::Pin<&mut Self>,
        _cx: &mut std::task::Context<'_>,
        buf: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<io::Result<()>> {
        assert!(self.0 == 0, "asked too often");
        self.0 += 1;
        buf.put_slice(b"once");
        std::task::Poll::Ready(Ok(()))
    }
}

#[test]
fn a_panic_goes_on_at_the_reader_and_the_async_side_is_dropped() {
    on_a_loop(|_| {
        let dropped = Count::default();
        let mut reader = Io::new(Brittle(0, dropped.on_drop()));
        let mut four = [0; 4];
        reader.read_exact(&mut four).unwrap();
        let again = std::panic::AssertUnwindSafe(|| reader.read(&mut four));
        let panicked = std::panic::catch_unwind(again).unwrap_err();
        assert_eq!(panicked.downcast_ref::<&str>(), Some(&"asked too often"));
        assert_eq!(dropped.get(), 1);
        assert!(reader.read(&mut four).is_err());
    });
}

#[test]
fn what_is_not_send_can_be_read_too() {
    on_a_loop(|_| {
        let asked = Rc::new(Cell::new(0));
        let counted = asked.clone();
        let chunks = stream::repeat_with(move || {
            counted.set(counted.get() + 1);
            io::Result::Ok(Rc::<[u8]>::from(&b"abc"[..]))
        });
        let mut reader = Io::from_stream(chunks);
        let mut seven = [0; 7];
        reader.read_exact(&mut seven).unwrap();
        assert_eq!((&seven, asked.get()), (b"abcabca", 3));
    });
}
