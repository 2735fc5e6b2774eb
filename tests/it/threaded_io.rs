//! Blocking readers and writers as async ones: whole, bounded, and gone when they are dropped.

use std::io::{self, Read, Write};
use std::panic::AssertUnwindSafe;
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::{FutureExt, StreamExt, TryStreamExt};
use koil::{read_threaded, unkoil, unkoil_timeout, write_threaded};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};

use crate::support::{Count, a_loop, on_a_loop, until, with_a_loop};

/// Gives endless bytes, so many at a time, and counts the reads.
struct Endless(usize, Count);

impl Read for Endless {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.1.add();
        let length = self.0.min(buf.len());
        buf[..length].fill(7);
        Ok(length)
    }
}

fn bytes(len: usize) -> Vec<u8> {
    let byte = |at| u8::try_from((at * 31 + at / 251) % 256).unwrap();
    (0..len).map(byte).collect()
}

#[test]
fn a_large_copy_through_both_comes_whole() {
    on_a_loop(|_| {
        let all = bytes(3_000_000);
        let reader = io::Cursor::new(all.clone());
        let written = unkoil(async {
            let mut reader = read_threaded(reader);
            let mut writer = write_threaded(Vec::new());
            let copied = tokio::io::copy(&mut reader, &mut writer).await?;
            assert_eq!(copied, 3_000_000);
            writer.close().await
        });
        assert!(written.unwrap() == all);
    });
}

#[test]
fn chunks_lines_and_bytes_may_be_taken_in_turn() {
    on_a_loop(|_| {
        unkoil(async {
            let mut reader = read_threaded(&b"head\nbody and tail"[..]);
            let mut line = String::new();
            reader.read_line(&mut line).await.unwrap();
            let mut four = [0; 4];
            reader.read_exact(&mut four).await.unwrap();
            assert_eq!((line.as_str(), &four), ("head\n", b"body"));
            let rest: Vec<_> = reader.by_ref().try_collect().await.unwrap();
            assert_eq!(rest.concat(), b" and tail");
            assert!(reader.next().await.is_none());
            assert_eq!(reader.read(&mut four).await.unwrap(), 0);
        });
    });
}

#[test]
fn a_reader_is_read_ahead_so_far_and_no_further() {
    on_a_loop(|_| {
        let reads = Count::default();
        let mut reader = read_threaded(Endless(100, reads.clone()));
        assert_eq!(reads.get(), 0, "nothing before it is polled");
        unkoil(reader.next()).unwrap().unwrap();
        // The one that was taken, 16 that wait, and one that the worker holds.
        until(|| reads.get() >= 17);
        unkoil(async { tokio::time::sleep(Duration::from_millis(5)).await });
        assert!(reads.get() <= 18, "{} reads", reads.get());
        unkoil(reader.close());
        let end = reads.get();
        unkoil(async { tokio::time::sleep(Duration::from_millis(2)).await });
        assert_eq!(reads.get(), end, "closed is closed");
    });
}

/// Gives some bytes, then is interrupted, then fails.
struct Failing(Vec<io::Result<&'static [u8]>>);

impl Read for Failing {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let bytes = self.0.remove(0)?;
        buf[..bytes.len()].copy_from_slice(bytes);
        Ok(bytes.len())
    }
}

#[test]
fn an_error_comes_after_the_bytes_before_it_and_ends_the_reader() {
    on_a_loop(|_| {
        let reader = Failing(vec![
            Ok(b"some "),
            Err(io::ErrorKind::Interrupted.into()),
            Ok(b"bytes"),
            Err(io::Error::other("line is cut")),
        ]);
        unkoil(async {
            let mut reader = read_threaded(reader);
            let mut all = Vec::new();
            let error = reader.read_to_end(&mut all).await.unwrap_err();
            assert_eq!(
                (error.to_string().as_str(), &all[..]),
                ("line is cut", &b"some bytes"[..])
            );
            assert!(reader.next().await.is_none());
        });
    });
}

/// Neither reads nor writes.
struct Panicking;
impl Read for Panicking {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        panic!("no read today")
    }
}
impl Write for Panicking {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        panic!("no write today")
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_panic_in_a_reader_or_writer_goes_on_where_it_is_polled() {
    on_a_loop(|_| {
        unkoil(async {
            let mut reader = read_threaded(Panicking);
            let panicked = AssertUnwindSafe(reader.next()).catch_unwind().await;
            assert_eq!(
                panicked.unwrap_err().downcast_ref::<&str>(),
                Some(&"no read today")
            );
            assert!(reader.next().await.is_none());
            let mut writer = write_threaded(Panicking);
            writer.write_all(b"bytes").await.unwrap();
            let panicked = AssertUnwindSafe(writer.flush()).catch_unwind().await;
            assert_eq!(
                panicked.unwrap_err().downcast_ref::<&str>(),
                Some(&"no write today")
            );
            assert!(writer.write_all(b"bytes").await.is_err());
        });
    });
}

/// Reads until a message comes.
struct Slow(mpsc::Receiver<()>, #[allow(dead_code)] Box<dyn Send>);
impl Read for Slow {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        // An error if the test has ended already.
        let _ = self.0.recv();
        Ok(0)
    }
}

#[test]
fn dropping_a_reader_drops_the_blocking_one_on_its_worker() {
    on_a_loop(|_| {
        let dropped = Count::default();
        let (go_on, may_go_on) = mpsc::channel();
        let mut reader = read_threaded(Slow(may_go_on, Box::new(dropped.on_drop())));
        let late = unkoil_timeout(Duration::from_millis(5), reader.next());
        assert!(late.unwrap_err().is_timeout());
        drop(reader);
        assert_eq!(
            dropped.get(),
            0,
            "the read that is going on cannot be cut short"
        );
        go_on.send(()).unwrap();
        until(|| dropped.get() == 1);
    });
}

/// A writer that shares its bytes, and can be held up.
#[derive(Clone, Default)]
struct Held {
    written: Arc<Mutex<Vec<u8>>>,
    flushes: Count,
    dropped: Arc<Mutex<()>>,
    gate: Arc<Mutex<()>>,
    fails: bool,
}

impl Held {
    fn len(&self) -> usize {
        self.written
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .len()
    }
}

impl Write for Held {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let _open = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
        if self.fails {
            return Err(io::Error::other("disk is full"));
        }
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.flushes.add();
        Ok(())
    }
}

#[test]
fn a_writer_takes_so_much_while_the_blocking_one_is_busy() {
    on_a_loop(|_| {
        let held = Held::default();
        let gate = held.gate.clone();
        let closed = gate.lock().unwrap();
        let mut writer = write_threaded(held.clone());
        let chunk = vec![1; 64 * 1024];
        let mut taken = 0;
        while let Ok(written) = unkoil_timeout(Duration::from_millis(20), writer.write(&chunk)) {
            taken += written.unwrap();
        }
        // The bytes that the worker holds and the ones that wait: never more than twice the room.
        assert!((256 * 1024..=512 * 1024).contains(&taken), "{taken} bytes");
        assert_eq!(held.len(), 0);
        drop(closed);
        unkoil(writer.flush()).unwrap();
        assert_eq!(held.len(), taken);
        assert!(held.flushes.get() >= 1);
    });
}

#[test]
fn what_was_taken_is_written_and_flushed_also_if_the_writer_is_dropped() {
    on_a_loop(|_| {
        let held = Held::default();
        unkoil(async {
            let mut writer = write_threaded(held.clone());
            writer.write_all(&vec![1; 100_000]).await.unwrap();
        });
        // Held by us alone once the worker has dropped its own.
        until(|| Arc::strong_count(&held.dropped) == 1);
        assert_eq!(held.len(), 100_000);
        assert!(held.flushes.get() >= 1);
    });
}

#[test]
fn an_error_of_the_writer_comes_from_the_next_operation() {
    on_a_loop(|_| {
        let held = Held {
            fails: true,
            ..Held::default()
        };
        unkoil(async {
            let mut writer = write_threaded(held.clone());
            writer.write_all(b"bytes").await.unwrap();
            assert_eq!(
                writer.flush().await.unwrap_err().to_string(),
                "disk is full"
            );
            writer.flush().await.unwrap();
            writer.write_all(b"bytes").await.unwrap();
            let closed = writer.close().await;
            assert_eq!(closed.err().unwrap().to_string(), "disk is full");
        });
        until(|| Arc::strong_count(&held.dropped) == 1);
    });
}

#[test]
fn a_writer_is_a_sink_of_chunks() {
    on_a_loop(|_| {
        let held = Held::default();
        unkoil(async {
            let chunks = futures::stream::iter((0..200).map(|_| Ok(vec![2; 5_000])));
            chunks.forward(write_threaded(held.clone())).await.unwrap();
            let mut sink = write_threaded(held.clone());
            futures::SinkExt::send(&mut sink, "as text").await.unwrap();
        });
        assert_eq!(held.len(), 200 * 5_000 + 7);
    });
}

#[test]
fn a_stopped_loop_is_an_error_and_no_hang() {
    with_a_loop(|koil| {
        let held = Held::default();
        let (mut reader, mut writer) = {
            let _entered = koil.enter();
            (read_threaded(&b"bytes"[..]), write_threaded(held.clone()))
        };
        drop(koil);
        let other = a_loop();
        let _entered = other.enter();
        let mut all = Vec::new();
        let read = unkoil(reader.read_to_end(&mut all)).unwrap_err();
        assert_eq!(read.kind(), io::ErrorKind::NotConnected);
        let written = unkoil(async {
            writer.write_all(b"bytes").await?;
            writer.flush().await
        });
        assert_eq!(written.unwrap_err().kind(), io::ErrorKind::NotConnected);
        drop(writer);
        assert_eq!(Arc::strong_count(&held.dropped), 1);
    });
}

#[test]
fn they_work_on_executors_that_are_not_tokio() {
    on_a_loop(|_| {
        let all = bytes(500_000);
        let reader = read_threaded(io::Cursor::new(all.clone()));
        let written = futures::executor::block_on(async {
            let chunks: Vec<_> = reader.try_collect().await.unwrap();
            let mut writer = write_threaded(Vec::new());
            for chunk in chunks {
                writer.write_all(&chunk).await.unwrap();
            }
            writer.close().await.unwrap()
        });
        assert!(written == all);
    });
}
