//! `Handle::within`: futures on other executors use the sockets, timers and tasks of a loop.

use std::cell::Cell;
use std::convert::Infallible;
use std::future::pending;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use futures::executor::block_on;
use futures::poll;
use koil::inline::{self, StdIo};
use koil::{AsyncContext, AsyncEntered, Exit, Handle, Koil, try_unkoil, unkoil, unkoil_task};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{self, Builder};

use crate::support::{Count, LIMIT, OnDrop, alone, watched, with_a_loop};

/// Uses a timer, sockets and a task of the loop.
async fn uses_everything() -> u32 {
    tokio::time::sleep(Duration::from_millis(1)).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let byte = socket.read_u8().await.unwrap();
        socket.write_u8(byte + 1).await.unwrap();
    });
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_u8(1).await.unwrap();
    let byte = socket.read_u8().await.unwrap();
    server.await.unwrap();
    let task = unkoil_task(async { 40 });
    task.await.unwrap() + u32::from(byte)
}

/// The runtime and the ambient loop at this place.
fn surroundings() -> (Option<runtime::Id>, Handle) {
    let runtime = runtime::Handle::try_current().ok();
    (runtime.map(|runtime| runtime.id()), Handle::current())
}

fn surroundings_of(koil: &Koil) -> (Option<runtime::Id>, Handle) {
    (Some(koil.handle().tokio().id()), koil.handle())
}

#[test]
fn a_borrowing_future_that_is_not_send_runs_on_the_executor_of_futures() {
    with_a_loop(|koil| {
        let (sum, borrowed) = (Rc::new(Cell::new(0)), String::from("two"));
        block_on(koil.handle().within(async {
            sum.set(uses_everything().await);
            assert_eq!(borrowed.len(), 3);
        }));
        assert_eq!(sum.get(), 42);
        assert!(
            runtime::Handle::try_current().is_err(),
            "the context is left"
        );
    });
}

#[test]
fn smol_polls_many_of_them() {
    with_a_loop(|koil| {
        let executor = smol::LocalExecutor::new();
        let tasks: Vec<_> = (0..8)
            .map(|_| executor.spawn(koil.handle().within(uses_everything())))
            .collect();
        smol::block_on(executor.run(async {
            for task in tasks {
                assert_eq!(task.await, 42);
            }
        }));
    });
}

#[test]
fn inside_another_tokio_runtime_it_is_under_the_loop_and_nothing_else_is() {
    with_a_loop(|koil| {
        let runtimes = [
            Builder::new_current_thread().enable_all().build(),
            Builder::new_multi_thread().enable_all().build(),
        ];
        for runtime in runtimes {
            let runtime = runtime.unwrap();
            let (handle, inside) = (koil.handle(), surroundings_of(&koil));
            let task = runtime.spawn(async move {
                let here = runtime::Handle::current().id();
                let value = handle
                    .within(async move {
                        for _ in 0..3 {
                            assert!(surroundings() == inside);
                            tokio::task::yield_now().await;
                        }
                        uses_everything().await
                    })
                    .await;
                assert_eq!(runtime::Handle::current().id(), here);
                value
            });
            assert_eq!(runtime.block_on(task).unwrap(), 42);
        }
    });
}

#[test]
fn the_innermost_loop_counts() {
    with_a_loop(|outer| {
        let inner = crate::support::a_loop();
        let seen = outer.handle().within(async {
            let inside = inner.handle().within(async { surroundings() }).await;
            (inside, surroundings())
        });
        let (inside, outside) = block_on(seen);
        assert!(inside == surroundings_of(&inner));
        assert!(outside == surroundings_of(&outer));
    });
}

#[test]
fn blocking_code_in_it_is_refused() {
    with_a_loop(|koil| {
        block_on(koil.handle().within(async {
            assert!(try_unkoil(async {}).unwrap_err().would_deadlock());
            let refused = StdIo::new(io::empty()).read(&mut [0]).await.unwrap_err();
            assert_eq!(refused.kind(), io::ErrorKind::Deadlock);
            // An inline call knows whose thread this is.
            let inline = inline::run(inline::blocking(|| ())).unwrap();
            assert!(inline.is_err());
            assert_eq!(koil::run_threaded(|| unkoil(async { 1 })).await, 1);
        }));
        assert_eq!(
            koil.unkoil_here(),
            2,
            "outside of the future the thread is as before"
        );
    });
}

/// A blocking call on a loop.
trait UnkoilHere {
    fn unkoil_here(&self) -> u32;
}

impl UnkoilHere for Koil {
    fn unkoil_here(&self) -> u32 {
        let _entered = self.enter();
        unkoil(async { 2 })
    }
}

#[test]
fn a_blocking_call_that_polls_it_may_be_blocked() {
    with_a_loop(|koil| {
        let _entered = koil.enter();
        let within = koil
            .handle()
            .within(async { StdIo::new(io::empty()).read(&mut [0]).await });
        assert_eq!(unkoil(within).unwrap(), 0, "its own caller polls it");
    });
}

#[test]
fn a_future_is_dropped_under_the_loop_when_ready_when_dropped_and_after_a_panic() {
    with_a_loop(|koil| {
        let (sender, seen) = mpsc::channel();
        let witness = || {
            let sender = sender.clone();
            OnDrop::new(move || {
                sender
                    .send((surroundings(), try_unkoil(async {}).is_err()))
                    .unwrap();
            })
        };
        let expect_one = || {
            let (place, is_refused) = seen.try_recv().expect("it has been dropped");
            assert!(place == surroundings_of(&koil) && is_refused);
            assert!(seen.try_recv().is_err(), "it is dropped once");
        };
        let held = witness();
        let mut ready = koil.handle().within(async move { drop(held) });
        block_on(&mut ready);
        expect_one();
        drop(ready);

        let held = witness();
        let unfinished = koil.handle().within(async move {
            pending::<()>().await;
            drop(held);
        });
        block_on(async {
            let mut unfinished = unfinished;
            assert!(poll!(&mut unfinished).is_pending());
            drop(unfinished);
        });
        expect_one();

        let held = witness();
        drop(koil.handle().within(async move { drop(held) }));
        expect_one();

        let held = witness();
        let panics = koil.handle().within(async move {
            let _held = held;
            panic!("in the future");
        });
        let payload = catch_unwind(AssertUnwindSafe(|| block_on(panics))).unwrap_err();
        assert_eq!(*payload.downcast_ref::<&str>().unwrap(), "in the future");
        expect_one();
        assert!(runtime::Handle::try_current().is_err());
    });
}

/// A context whose exit needs the loop.
struct Room(Count);

impl AsyncContext for Room {
    type Error = Infallible;

    async fn aenter(&mut self) -> Result<(), Infallible> {
        Ok(())
    }

    async fn aexit(&mut self, _: Exit) -> Result<(), Infallible> {
        tokio::time::sleep(Duration::from_millis(1)).await;
        self.0.add();
        Ok(())
    }
}

#[test]
fn a_guard_that_is_dropped_with_it_leaves_on_the_loop() {
    with_a_loop(|koil| {
        let left = Count::default();
        let room = Room(left.clone());
        let mut within = koil.handle().within(async {
            let _room = AsyncEntered::enter(room).await.unwrap();
            pending::<()>().await;
        });
        block_on(async {
            assert!(poll!(&mut within).is_pending());
        });
        drop(within);
        koil.shutdown();
        assert_eq!(left.get(), 1);
    });
}

#[allow(clippy::unused_async)] // It is refused before its first poll.
async fn never_polled() {
    unreachable!("its loop is stopped");
}

#[test]
fn after_a_stop_it_says_so_and_is_not_polled() {
    with_a_loop(|koil| {
        let (plain, line) = (koil.handle().within(never_polled()), line!());
        let fallible = koil.handle().within(never_polled()).fallible();
        koil.shutdown();
        assert!(block_on(fallible).unwrap_err().is_shutdown());
        let payload = catch_unwind(AssertUnwindSafe(|| block_on(plain))).unwrap_err();
        let text = payload.downcast_ref::<String>().unwrap();
        for part in [
            "`koil::Handle::within` at ",
            &format!("{}:{line}", file!()),
            "shut down",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    });
}

#[test]
fn a_stop_wakes_those_that_wait_for_the_loop() {
    with_a_loop(|koil| {
        let dropped = Count::default();
        let waits = |handle: Handle, held| {
            let (begun, has_begun) = mpsc::channel();
            let thread = thread::spawn(move || {
                block_on(
                    handle
                        .within(async move {
                            let _held = held;
                            begun.send(()).unwrap();
                            tokio::time::sleep(LIMIT * 10).await;
                        })
                        .fallible(),
                )
            });
            has_begun.recv().unwrap();
            thread
        };
        let waiting: Vec<_> = (0..4)
            .map(|_| waits(koil.handle(), dropped.on_drop()))
            .collect();
        koil.shutdown();
        for thread in waiting {
            assert!(thread.join().unwrap().unwrap_err().is_shutdown());
        }
        assert_eq!(dropped.get(), 4);
    });
}

#[cfg(unix)]
#[test]
fn in_a_forked_child_it_says_so() {
    alone(|| {
        let koil = Koil::new().unwrap();
        let mut within = koil.handle().within(async {
            tokio::time::sleep(LIMIT * 10).await;
        });
        block_on(async {
            assert!(poll!(&mut within).is_pending());
        });
        crate::forks::in_child(|| {
            let forked = block_on(within.fallible());
            assert!(forked.unwrap_err().is_forked());
            std::mem::forget(koil);
        });
    });
}

#[test]
fn a_call_beside_it_that_drives_the_loop_serves_it() {
    watched(|| {
        let koil = crate::support::a_loop();
        let handle = koil.handle();
        let other = thread::spawn(move || block_on(handle.within(uses_everything())));
        let _entered = koil.enter();
        while !other.is_finished() {
            unkoil(async { tokio::time::sleep(Duration::from_millis(1)).await });
        }
        assert_eq!(other.join().unwrap(), 42);
    });
}
