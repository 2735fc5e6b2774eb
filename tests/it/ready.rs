//! Calls on the process-wide loop from a thread without any context: the fast path, which must
//! leave the thread as it was. Each test has a process of its own.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use futures::stream::{self, StreamExt};
use koil::{
    CancelScope, CancelToken, EnterGuard, Handle, Koil, global, koiled, shutdown_global,
    try_unkoil, unkoil, unkoil_iter, unkoil_timeout,
};
use tokio::task::yield_now;

use crate::support::{a_loop, alone, watched};

/// Checks that the calls made on this thread have left nothing behind.
fn nothing_is_left() {
    assert!(tokio::runtime::Handle::try_current().is_err());
    assert!(CancelToken::current().is_none());
    assert_eq!(Handle::current(), global());
    // Each of these is refused if a call is still marked as in progress.
    assert_eq!(try_unkoil(async { 1 }).unwrap(), 1);
}

#[koiled]
#[allow(clippy::unused_async)] // Its being ready at once is the point.
async fn twice(value: &Cell<u32>) -> u32 {
    value.set(value.get() * 2);
    value.get()
}

#[test]
fn a_ready_call_leaves_nothing() {
    alone(|| {
        watched(|| {
            let value = Cell::new(21);
            assert_eq!(twice_blocking(&value), 42);
            assert_eq!(twice_blocking(&value), 84);
            nothing_is_left();
            let inside = unkoil(async { (Handle::current(), tokio::runtime::Handle::current()) });
            assert_eq!(inside.0, global());
            nothing_is_left();
        });
    });
}

#[test]
fn the_loop_may_be_replaced_inside_a_ready_call() {
    alone(|| {
        watched(|| {
            let old = global();
            let inside = unkoil(async {
                thread::spawn(shutdown_global).join().unwrap();
                Handle::current()
            });
            assert_ne!(inside, old);
            assert_eq!(inside, global());
            nothing_is_left();
        });
    });
}

#[test]
fn a_loop_that_is_stopped_between_yields_ends_its_call() {
    alone(|| {
        watched(|| {
            unkoil(async {});
            let stopped = try_unkoil(async {
                yield_now().await;
                thread::spawn(shutdown_global).join().unwrap();
                std::future::pending::<()>().await;
            });
            assert!(stopped.unwrap_err().is_shutdown());
            nothing_is_left();
        });
    });
}

#[test]
fn a_token_that_a_ready_future_asks_for_is_its_own() {
    alone(|| {
        watched(|| {
            unkoil(async {});
            let first = unkoil(async { CancelToken::current().unwrap() });
            nothing_is_left();
            first.cancel("it is not the second's");
            let second = unkoil(async {
                yield_now().await;
                let token = CancelToken::current().unwrap();
                yield_now().await;
                token.is_cancelled()
            });
            assert!(!second);
            nothing_is_left();
        });
    });
}

#[test]
fn a_loop_that_a_ready_future_enters_stays_entered() {
    alone(|| {
        watched(|| {
            unkoil(async {});
            let (mine, process_wide) = (a_loop(), global());
            let entered: EnterGuard<'_> = unkoil(async { mine.enter() });
            assert_eq!(Handle::current(), mine.handle());
            assert_eq!(unkoil(async { Handle::current() }), mine.handle());
            drop(entered);
            assert_eq!(Handle::current(), process_wide);
            nothing_is_left();
        });
    });
}

#[test]
fn a_panic_in_the_first_polls_goes_on_and_leaves_nothing() {
    alone(|| {
        watched(|| {
            unkoil(async {});
            for yields in 0..3 {
                let broken = catch_unwind(AssertUnwindSafe(|| {
                    unkoil(async {
                        for _ in 0..yields {
                            yield_now().await;
                        }
                        panic!("broken");
                    });
                }));
                assert_eq!(broken.unwrap_err().downcast_ref::<&str>(), Some(&"broken"));
                nothing_is_left();
            }
        });
    });
}

/// Ready at once, and blocks when it is dropped.
struct BlocksInDrop<'a>(&'a Cell<u32>);

impl Future for BlocksInDrop<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }
}

impl Drop for BlocksInDrop<'_> {
    fn drop(&mut self) {
        assert!(tokio::runtime::Handle::try_current().is_ok());
        unkoil(tokio::time::sleep(Duration::from_millis(1)));
        self.0.set(self.0.get() + 1);
    }
}

#[test]
fn a_ready_future_is_dropped_under_its_loop_and_may_block_there() {
    alone(|| {
        watched(|| {
            unkoil(async {});
            let dropped = Cell::new(0);
            unkoil(BlocksInDrop(&dropped));
            assert_eq!(dropped.get(), 1);
            nothing_is_left();
        });
    });
}

/// Wakes itself in each of the ways there are, and once from another thread; then it is ready.
struct WakesItself {
    left: u32,
}

impl Future for WakesItself {
    type Output = u32;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> {
        let waker = cx.waker().clone();
        match self.left {
            0 => return Poll::Ready(1),
            left if left % 3 == 0 => cx.waker().wake_by_ref(),
            left if left % 3 == 1 => waker.wake(),
            _ => drop(thread::spawn(move || Waker::wake_by_ref(&waker))),
        }
        self.left -= 1;
        Poll::Pending
    }
}

#[test]
fn a_wake_counts_whoever_gives_it() {
    alone(|| {
        watched(|| {
            unkoil(async {});
            assert_eq!(unkoil(WakesItself { left: 300 }), 1);
            let limit = Duration::from_secs(60);
            assert_eq!(unkoil_timeout(limit, WakesItself { left: 30 }).unwrap(), 1);
            let items = unkoil_iter(stream::once(WakesItself { left: 30 }));
            assert_eq!(items.sum::<u32>(), 1);
            nothing_is_left();
        });
    });
}

#[test]
fn a_timeout_ends_a_future_that_keeps_waking_itself() {
    alone(|| {
        watched(|| {
            unkoil(async {});
            let busy = async {
                loop {
                    yield_now().await;
                }
            };
            let error = unkoil_timeout(Duration::from_millis(5), busy).unwrap_err();
            assert!(error.is_timeout());
            nothing_is_left();
        });
    });
}

#[test]
fn a_scope_is_minded_where_a_call_before_it_had_nothing_to_mind() {
    alone(|| {
        watched(|| {
            unkoil(async {});
            let scope = CancelScope::new();
            let cut = scope.run(|| {
                assert_eq!(try_unkoil(async { 1 }).unwrap(), 1);
                scope.token().cancel("enough");
                try_unkoil(async { 2 })
            });
            assert!(cut.unwrap().unwrap_err().is_cancelled());
            nothing_is_left();
        });
    });
}

#[test]
fn an_iterator_takes_its_items_on_the_loop_it_was_made_on() {
    alone(|| {
        watched(|| {
            let process_wide = global();
            let mut iter = unkoil_iter(stream::repeat_with(Handle::current).take(3));
            assert_eq!(iter.next(), Some(process_wide.clone()));
            nothing_is_left();
            let mine: Koil = a_loop();
            {
                let _entered = mine.enter();
                assert_eq!(iter.next(), Some(process_wide.clone()));
            }
            thread::spawn(shutdown_global).join().unwrap();
            let gone = iter.next_timeout(Duration::from_secs(60)).unwrap();
            assert!(gone.unwrap_err().is_shutdown());
            nothing_is_left();
        });
    });
}

#[test]
fn threads_find_a_new_loop_each_after_the_old_one_has_been_stopped() {
    alone(|| {
        watched(|| {
            let turn = Arc::new(std::sync::Barrier::new(5));
            let threads = [(); 4].map(|()| {
                let turn = turn.clone();
                thread::spawn(move || {
                    for _ in 0..20 {
                        turn.wait();
                        assert_eq!(unkoil(async { Handle::current() }), global());
                        turn.wait();
                    }
                })
            });
            for _ in 0..20 {
                turn.wait();
                turn.wait();
                shutdown_global();
            }
            for thread in threads {
                thread.join().unwrap();
            }
        });
    });
}

#[test]
fn an_entered_loop_is_left_as_it_was_entered() {
    alone(|| {
        watched(|| {
            let (outer, inner) = (a_loop(), a_loop());
            let _outer = outer.enter();
            {
                let _inner = inner.enter();
                let there = unkoil(async {
                    yield_now().await;
                    Handle::current()
                });
                assert_eq!(there, inner.handle());
            }
            assert_eq!(unkoil(async { Handle::current() }), outer.handle());
            let broken = catch_unwind(|| unkoil(async { panic!("broken") }));
            assert!(broken.is_err());
            assert!(tokio::runtime::Handle::try_current().is_err());
            assert_eq!(unkoil(async { Handle::current() }), outer.handle());
            assert!(inner.shutdown().is_clean());
            assert_eq!(unkoil(async { 1 }), 1);
        });
    });
}
