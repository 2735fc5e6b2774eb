//! Inline calls beside koil's loops: what is refused there, and what a scheduler keeps back.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use koil::inline::{self, StdIo, is_running};
use koil::{try_unkoil, unkoil, unkoil_lend, unkoil_task};
use tokio::io::AsyncReadExt;
use tokio::runtime::Builder;

use crate::support::{on_a_loop, watched};

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
