//! Dropped writers: the call in which they are dropped waits for their rest, and so does a stop.

use std::io::{self, Write};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};

use koil::{Io, Koil, koiled, run_threaded, unkoil, unkoil_task, write_threaded};
use tokio::io::AsyncWriteExt;

use crate::guards::{SOON, telling};
use crate::support::{FOR_EVER, LIMIT, on_a_loop, on_loop, watched, with_a_loop};

/// A blocking writer whose bytes outlive it.
#[derive(Clone, Default)]
struct Shelf {
    bytes: Arc<Mutex<Vec<u8>>>,
    fails: bool,
}

impl Shelf {
    fn len(&self) -> usize {
        let bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        bytes.len()
    }
}

impl Write for Shelf {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.fails {
            return Err(io::Error::other("disk is full"));
        }
        // So slowly that a call which does not wait would be faster.
        std::thread::sleep(std::time::Duration::from_millis(2));
        let mut all = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

const ALL: usize = 100_000;

async fn write(shelf: Shelf) {
    let mut writer = write_threaded(shelf);
    writer.write_all(&vec![1; ALL]).await.unwrap();
}

#[koiled]
struct Log {
    writer: koil::ThreadedWriter<Shelf>,
}

#[koiled]
impl Log {
    async fn put(&mut self) -> io::Result<()> {
        self.writer.write_all(&vec![1; ALL]).await
    }
}

#[track_caller]
fn whole(call: impl FnOnce(Shelf)) {
    let shelf = Shelf::default();
    call(shelf.clone());
    assert_eq!(
        shelf.len(),
        ALL,
        "the call returns after the bytes are there"
    );
    assert_eq!(
        Arc::strong_count(&shelf.bytes),
        1,
        "and after the writer has been dropped"
    );
}

#[test]
fn a_call_waits_for_the_rest_of_the_writers_that_it_drops() {
    on_a_loop(|_| {
        whole(|shelf| unkoil(write(shelf)));
        whole(|shelf| koil::unkoil_lend(write(shelf)));
        whole(|shelf| unkoil_task(write(shelf)).result().unwrap());
        whole(|shelf| unkoil(async { unkoil_task(write(shelf)).await.unwrap() }));
        whole(|shelf| {
            let mut io = Io::new(write_threaded(shelf));
            io.write_all(&vec![1; ALL]).unwrap();
        });
        whole(|shelf| {
            // The drop of a twin drops its original.
            let mut log = BlockingLog::from(Log {
                writer: write_threaded(shelf),
            });
            log.put().unwrap();
        });
        // On workers as well, of which there may be one alone.
        whole(|shelf| unkoil(run_threaded(|| unkoil(write(shelf)))));
    });
    on_loop(
        || Koil::builder().max_blocking_threads(1).build().unwrap(),
        |_| whole(|shelf| unkoil(run_threaded(|| unkoil(write(shelf))))),
    );
}

#[test]
fn calls_wait_for_writers_again_and_again() {
    on_a_loop(|_| {
        for _ in 0..50 {
            whole(|shelf| unkoil(write(shelf)));
        }
    });
}

#[test]
fn an_error_that_no_operation_returns_goes_to_the_hook() {
    watched(|| {
        let (koil, told) = telling(FOR_EVER, |error| {
            let own = error.downcast_ref::<io::Error>().map(ToString::to_string);
            (error.to_string(), own)
        });
        let _entered = koil.enter();
        let fails = || Shelf {
            fails: true,
            ..Shelf::default()
        };
        unkoil(write(fails()));
        let (text, own) = told.try_recv().expect("it is told before the call returns");
        let made = "the rest of the writer `it::handed_over_writers::Shelf`, made at tests/it/";
        assert!(text.starts_with(made), "{text}");
        assert_eq!(own.as_deref(), Some("disk is full"));
        // One that was waiting for the next operation.
        unkoil(async {
            let mut writer = write_threaded(fails());
            writer.write_all(b"bytes").await.unwrap();
            while !format!("{writer:?}").contains("waiting: 0") {
                tokio::task::yield_now().await;
            }
        });
        assert_eq!(told.recv().unwrap().1.as_deref(), Some("disk is full"));
    });
}

/// A writer that says that it writes, and does so when it may.
struct Gated(Sender<()>, Receiver<()>, Shelf);

impl Write for Gated {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let _ = self.0.send(());
        let _ = self.1.recv();
        self.2.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_writer_that_takes_longer_than_the_grace_goes_on() {
    watched(|| {
        let (koil, told) = telling(SOON, |error| (error.is_late(), error.to_string()));
        let _entered = koil.enter();
        let (begins, _begun) = mpsc::channel();
        let (lets_go, gate) = mpsc::channel();
        let shelf = Shelf::default();
        unkoil({
            let shelf = shelf.clone();
            async move {
                let mut writer = write_threaded(Gated(begins, gate, shelf));
                writer.write_all(&vec![1; ALL]).await.unwrap();
            }
        });
        let (is_late, text) = told.recv().unwrap();
        assert!(is_late && text.contains("goes on"), "{text}");
        assert_eq!(shelf.len(), 0);
        drop(lets_go);
        koil.shutdown();
        assert_eq!(shelf.len(), ALL);
        assert!(told.try_recv().is_err());
    });
}

#[test]
fn a_stop_waits_for_a_rest_that_no_worker_has_begun() {
    with_a_loop(|_| {
        let koil = Koil::builder()
            .max_blocking_threads(1)
            .join_timeout(FOR_EVER)
            .build()
            .unwrap();
        let shelf = Shelf::default();
        let (begins, begun) = mpsc::channel();
        let (lets_go, gate) = mpsc::channel();
        let busy = Shelf::default();
        let writers = {
            let _entered = koil.enter();
            let mut first = write_threaded(Gated(begins, gate, busy.clone()));
            let mut second = write_threaded(shelf.clone());
            unkoil(async {
                first.write_all(&vec![1; ALL]).await.unwrap();
                second.write_all(&vec![1; ALL]).await.unwrap();
            });
            (first, second)
        };
        begun.recv().unwrap();
        // Outside of calls; the only worker is busy with the first.
        drop(writers);
        assert_eq!(shelf.len(), 0);
        let stops = std::thread::spawn(move || koil.shutdown());
        drop(lets_go);
        assert!(stops.join().unwrap().is_clean());
        assert_eq!((busy.len(), shelf.len()), (ALL, ALL));
    });
}

#[test]
fn a_drain_waits_for_the_rest_of_a_writer() {
    with_a_loop(|koil| {
        let shelf = Shelf::default();
        {
            let _entered = koil.enter();
            let mut writer = write_threaded(shelf.clone());
            unkoil(writer.write_all(&vec![1; ALL])).unwrap();
            drop(writer);
        }
        koil.drain(LIMIT);
        assert_eq!(shelf.len(), ALL);
    });
}

#[test]
fn a_rest_that_no_worker_may_begin_is_told() {
    watched(|| {
        let (koil, told) = telling(FOR_EVER, |error| (error.is_shutdown(), error.to_string()));
        let mut writer = {
            let _entered = koil.enter();
            write_threaded(Shelf::default())
        };
        let handle = koil.handle();
        koil.shutdown();
        let _entered = handle.enter();
        let written = futures::executor::block_on(writer.write_all(b"bytes"));
        drop(writer);
        written.unwrap();
        let (is_shutdown, text) = told.recv().unwrap();
        assert!(
            is_shutdown && text.contains("the rest of the writer"),
            "{text}"
        );
    });
}
