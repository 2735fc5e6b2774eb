//! Calls inside of calls: in drops, in the hook that hears of the call, in a forked child.

use std::cell::RefCell;
use std::future::{pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;

use koil::{Koil, try_unkoil, unkoil_task, unkoil_timeout};

use super::sets::one_in_a_set;
use super::{Case, MS, Result, nap, run, works, yields};

pub(super) const CASES: &[Case] = &[
    works("a call in a drop after a call", || {
        let held = Calls::new();
        let outcomes = held.outcomes.clone();
        run(async move {
            nap().await;
            Rc::new(held)
        })?;
        outcomes.all_work(1)
    }),
    works(
        "a call in a drop inside a future is refused, and the call goes on",
        || {
            let held = Calls::new();
            let outcomes = held.outcomes.clone();
            run(async {
                yields(2).await;
                drop(held);
                yields(2).await;
                nap().await;
            })?;
            outcomes.all_are_refused(1);
            Ok(())
        },
    ),
    works("a call in the drop of what a limit cuts short", || {
        let held = Calls::new();
        let outcomes = held.outcomes.clone();
        let cut = unkoil_timeout(5 * MS, async {
            let _held = held;
            pending::<()>().await;
        });
        assert!(cut.unwrap_err().is_timeout());
        outcomes.all_work(1)
    }),
    works("calls in drops, one in the other", || {
        let inner = Calls::new();
        let outcomes = inner.outcomes.clone();
        let cut = unkoil_timeout(2 * MS, async {
            let _outer = OnDrop(Some(move || {
                let cut = unkoil_timeout(2 * MS, async {
                    let _inner = inner;
                    pending::<()>().await;
                });
                assert!(cut.unwrap_err().is_timeout());
            }));
            pending::<()>().await;
        });
        assert!(cut.unwrap_err().is_timeout());
        outcomes.all_work(1)
    }),
    works("a call in the drop of what is refused", || {
        let held = Calls::new();
        let outcomes = held.outcomes.clone();
        let _ = try_unkoil(async move {
            let held = held;
            one_in_a_set().await;
            // Not dropped in here.
            held
        });
        outcomes.all_work(1)
    }),
    works(
        "a call in a drop while a panic of the future unwinds",
        || {
            let held = Calls::new();
            let outcomes = held.outcomes.clone();
            let caught = catch_unwind(AssertUnwindSafe(|| {
                let _held = held;
                run(async {
                    nap().await;
                    yields(1).await;
                    panic_any(7_u8)
                })
            }));
            assert_eq!(*caught.unwrap_err().downcast::<u8>().unwrap(), 7);
            outcomes.all_work(1)
        },
    ),
    works(
        "a hook that calls itself, whatever wakes the call meanwhile",
        hook,
    ),
    works("a hook that is refused, before the call goes on", || {
        let koil = Koil::builder()
            .on_blocking_in_async(|_| drop(try_unkoil(one_in_a_set())))
            .build()?;
        let _entered = koil.enter();
        run(async {
            nap().await;
            yields(100).await;
        })
    }),
    works("a hook that panics, and calls after it", || {
        let koil = Koil::builder()
            .on_blocking_in_async(|_| panic_any(7_u8))
            .build()?;
        let _entered = koil.enter();
        for _ in 0..3 {
            let _ = catch_unwind(|| run(nap()));
        }
        assert!(koil.shutdown().is_clean());
        Ok(())
    }),
    #[cfg(unix)]
    works("a forked child", forked::forked),
];

/// The outcomes of nested calls.
#[derive(Clone, Default)]
struct Outcomes(Rc<RefCell<Vec<Result>>>);

impl Outcomes {
    fn all_work(&self, count: usize) -> Result {
        assert_eq!(self.0.borrow().len(), count);
        self.0.take().into_iter().collect()
    }

    fn all_are_refused(&self, count: usize) {
        let all = self.0.take();
        assert_eq!(all.len(), count);
        for outcome in all {
            assert!(outcome.unwrap_err().would_deadlock());
        }
    }
}

/// Blocks in its drop, in each way there is.
struct Calls {
    outcomes: Outcomes,
}

impl Calls {
    fn new() -> Calls {
        Calls {
            outcomes: Outcomes::default(),
        }
    }
}

impl Drop for Calls {
    fn drop(&mut self) {
        let outcome = run(async {
            yields(20).await;
            nap().await;
            yields(20).await;
        });
        // As a call of a clean-up may, it also waits for the loop.
        let outcome = outcome.and_then(|()| unkoil_task(nap()).result());
        self.outcomes.0.borrow_mut().push(outcome);
    }
}

/// Calls `f` when it is dropped.
struct OnDrop<F: FnOnce()>(Option<F>);

impl<F: FnOnce()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        if let Some(f) = self.0.take() {
            f();
        }
    }
}

/// The hook blocks on the thread that waits. It may take the wake of the call for its own, so the call
/// has to look again.
fn hook() -> Result {
    for round in 0..20 {
        let heard = Arc::new(AtomicU32::new(0));
        let count = heard.clone();
        let (wake, mut is_woken) = tokio::sync::mpsc::unbounded_channel();
        let koil = Koil::builder()
            .on_blocking_in_async(move |_| {
                count.fetch_add(1, Ordering::Relaxed);
                wake.send(()).expect("the call waits");
                run(yields(round)).expect("the hook may block");
                run(nap()).expect("and wait");
            })
            .build()?;
        let _entered = koil.enter();
        let mut polls = 0;
        run(async {
            // Without a scheduler on the thread the hook is not called.
            let fallback = tokio::time::sleep(20 * MS);
            tokio::select! {
                _ = is_woken.recv() => {}
                () = fallback => {}
            }
            poll_fn(|_| {
                polls += 1;
                Poll::Ready(())
            })
            .await;
        })?;
        assert_eq!(polls, 1);
        // The hook hears at most once of each of its own calls.
        assert!(heard.load(Ordering::Relaxed) <= 3);
    }
    Ok(())
}

#[cfg(unix)]
mod forked {
    use std::panic::{self, AssertUnwindSafe};
    use std::thread;
    use std::time::Instant;

    use koil::{try_unkoil, unkoil_task};
    use tokio::runtime::Handle;

    use super::super::{LONG, MS, Result, nap, run, yields};
    use super::one_in_a_set;

    /// The child may wait where no scheduler of the parent's is on its thread, and is refused elsewhere:
    /// at once, never after a hang.
    pub(super) fn forked() -> Result {
        run(yields(10))?;
        // SAFETY: the child runs koil and std only, and ends without going back.
        let child = unsafe { libc::fork() };
        assert!(child >= 0);
        if child == 0 {
            let outcome = panic::catch_unwind(AssertUnwindSafe(in_the_child));
            // SAFETY: ends the process at once, with none of what its parent would do at its end.
            unsafe { libc::_exit(i32::from(outcome.is_err())) };
        }
        let begun = Instant::now();
        let mut status = 0;
        // SAFETY: it is our child, and the place for its status is ours.
        while unsafe { libc::waitpid(child, &raw mut status, libc::WNOHANG) } == 0 {
            if begun.elapsed() > LONG / 4 {
                // SAFETY: it is our child.
                unsafe { libc::kill(child, libc::SIGKILL) };
                panic!("the child hangs");
            }
            thread::sleep(MS);
        }
        assert_eq!(status, 0, "the child failed");
        // The parent is not disturbed.
        run(async {
            nap().await;
            yields(10).await;
        })
    }

    fn in_the_child() {
        run(async {}).expect("what is ready is ready");
        let is_plain = Handle::try_current().is_err();
        let outcomes = [
            run(nap()),
            run(async { tokio::spawn(async {}).await.expect("it does not panic") }),
            unkoil_task(nap()).result(),
            try_unkoil(one_in_a_set()),
        ];
        for outcome in outcomes {
            match outcome {
                Ok(()) => {}
                // The thread is in the middle of a task that will never be resumed.
                Err(error) => assert!(!is_plain && error.is_forked(), "{error}"),
            }
        }
    }
}
