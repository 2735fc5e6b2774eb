//! Inline calls beside koil's loops: what is refused there, and what a scheduler keeps back.

use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use koil::inline::{self, StdIo, is_running};
use koil::{Handle, try_unkoil, unkoil, unkoil_lend, unkoil_task};
use tokio::io::{AsyncBufReadExt, AsyncReadExt};
use tokio::runtime::Builder;

use crate::support::{a_loop, on_a_loop, watched};

/// A std reader that counts its calls.
#[derive(Clone, Default)]
struct Counting(Arc<AtomicU32>);

impl Read for Counting {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        // ORDERING: read after a join or on the same thread.
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(0)
    }
}

impl Counting {
    fn calls(&self) -> u32 {
        // ORDERING: as above.
        self.0.load(Ordering::Relaxed)
    }
}

async fn read_std(reader: Counting) -> Result<usize, io::ErrorKind> {
    let mut buf = [0; 4];
    let read = StdIo::new(reader).read(&mut buf).await;
    read.map_err(|error| error.kind())
}

#[test]
fn blocking_calls_in_an_inline_call_are_refused_but_not_in_blocking_code() {
    on_a_loop(|_| {
        let refused = inline::run(async { try_unkoil(async { 1 }) }).unwrap();
        assert!(refused.unwrap_err().would_deadlock());
        let allowed = inline::run(inline::blocking(|| {
            assert!(!is_running());
            unkoil(tokio::task::yield_now());
            2
        }));
        assert_eq!(allowed.unwrap(), Ok(2));
        // And afterwards the thread is as before.
        assert_eq!(unkoil(async { 3 }), 3);
        assert!(!is_running());
    });
}

#[test]
fn a_std_source_is_used_where_its_thread_may_be_blocked() {
    on_a_loop(|_| {
        let reader = Counting::default();
        assert_eq!(inline::run(read_std(reader.clone())).unwrap(), Ok(0));
        // Polled by its own caller.
        assert_eq!(unkoil(read_std(reader.clone())), Ok(0));
        // An inline call in there.
        let inside = unkoil(async { inline::run(read_std(reader.clone())).unwrap() });
        assert_eq!(inside, Ok(0));
        let job = koil::run_threaded({
            let reader = reader.clone();
            move || unkoil(read_std(reader))
        });
        assert_eq!(unkoil(job), Ok(0));
        assert_eq!(reader.calls(), 4);
    });
}

#[test]
fn a_std_source_is_not_called_where_others_would_wait() {
    on_a_loop(|_| {
        let reader = Counting::default();
        let refused = Err(io::ErrorKind::Deadlock);
        assert_eq!(unkoil_lend(read_std(reader.clone())), refused);
        assert_eq!(
            unkoil_task(read_std(reader.clone())).result().unwrap(),
            refused
        );
        let inside = reader.clone();
        let task = unkoil_task(async { inline::run(read_std(inside)).unwrap() });
        assert_eq!(task.result().unwrap(), refused);
        let tokios = unkoil(async { tokio::spawn(read_std(reader.clone())).await.unwrap() });
        assert_eq!(tokios, refused);
        assert_eq!(
            futures::executor::block_on(read_std(reader.clone())),
            refused
        );
        assert_eq!(reader.calls(), 0);
    });
}

/// A std reader and buffered reader that calls blocking code.
struct Calling<F>(F);

impl<F: FnMut()> Read for Calling<F> {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        (self.0)();
        Ok(0)
    }
}

impl<F: FnMut()> BufRead for Calling<F> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        (self.0)();
        Ok(&[])
    }

    fn consume(&mut self, _: usize) {}
}

#[test]
fn a_std_reader_may_make_blocking_calls_in_each_of_its_operations() {
    on_a_loop(|_| {
        let mut calls = 0;
        let reader = Calling(|| {
            assert!(!is_running());
            unkoil(tokio::task::yield_now());
            let nested = inline::run(read_std(Counting::default()));
            assert_eq!(nested.unwrap(), Ok(0));
            calls += 1;
        });
        inline::run(async {
            let mut reader = StdIo::new(reader);
            for _ in 0..2 {
                let _ = reader.read(&mut [0; 4]).await.unwrap();
                assert!(is_running());
                assert!(try_unkoil(async {}).unwrap_err().would_deadlock());
                reader.fill_buf().await.unwrap();
                assert!(try_unkoil(async {}).unwrap_err().would_deadlock());
            }
        })
        .unwrap();
        assert!(calls >= 4, "{calls}");
    });
}

#[test]
fn tasks_that_a_std_reader_waits_for_may_not_block() {
    on_a_loop(|_| {
        let reader = Calling(|| {
            let inner = Counting::default();
            let task = unkoil_task(async { inline::run(read_std(inner)).unwrap() });
            let refused = Err(io::ErrorKind::Deadlock);
            assert_eq!(unkoil(async { task.await.unwrap() }), refused);
        });
        inline::run(async { StdIo::new(reader).read(&mut [0; 4]).await })
            .unwrap()
            .unwrap();
    });
}

#[test]
fn a_loop_that_a_std_reader_enters_stays_entered() {
    on_a_loop(|outer| {
        let inner = a_loop();
        let mut entered = None;
        let reader = Calling(|| entered = Some(inner.enter()));
        inline::run(async { StdIo::new(reader).read(&mut [0; 4]).await })
            .unwrap()
            .unwrap();
        assert_eq!(Handle::current(), inner.handle());
        drop(entered);
        assert_eq!(Handle::current(), outer.handle());
    });
}

#[test]
fn a_yield_and_a_spent_budget_pass_in_a_task() {
    watched(|| {
        let runtimes = [
            Builder::new_current_thread().build(),
            Builder::new_multi_thread().build(),
        ];
        for runtime in runtimes {
            let runtime = runtime.unwrap();
            let task = runtime.spawn(async {
                let yielded = inline::run(tokio::task::yield_now());
                let spent = inline::run(async {
                    for _ in 0..1000 {
                        tokio::task::coop::consume_budget().await;
                    }
                });
                (yielded, spent)
            });
            let (yielded, spent) = runtime.block_on(task).unwrap();
            assert!(yielded.is_ok() && spent.is_ok(), "{yielded:?} {spent:?}");
        }
    });
}

#[test]
fn an_inline_call_is_never_refused() {
    on_a_loop(|_| {
        assert_eq!(unkoil(async { inline::run(async { 1 }).unwrap() }), 1);
        let task = unkoil_task(async { inline::run(async { 2 }).unwrap() });
        assert_eq!(task.result().unwrap(), 2);
    });
}
