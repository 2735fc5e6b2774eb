//! `koil::sched::Mutex`: the order of its waiters, and the ways out of a wait. No executor: the tests
//! poll by hand, so each order is exact.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

use koil::sched::{Mutex, MutexGuard, OwnedMutexGuard, Priority};

use crate::support::{a_loop, on_a_loop, until, watched};

/// A future that the test polls, with its own count of wakes.
pub(crate) struct ByHand<'a, T> {
    future: Pin<Box<dyn Future<Output = T> + 'a>>,
    wakes: Arc<Wakes>,
}

#[derive(Default)]
struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Wakes>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl<'a, T> ByHand<'a, T> {
    pub(crate) fn new(future: impl Future<Output = T> + 'a) -> ByHand<'a, T> {
        ByHand {
            future: Box::pin(future),
            wakes: Arc::default(),
        }
    }

    /// A future that has been polled once, and is pending.
    #[track_caller]
    pub(crate) fn waiting(future: impl Future<Output = T> + 'a) -> ByHand<'a, T> {
        let mut by_hand = ByHand::new(future);
        assert!(by_hand.poll().is_none(), "it has to wait");
        by_hand
    }

    pub(crate) fn poll(&mut self) -> Option<T> {
        let waker = Waker::from(self.wakes.clone());
        match self.future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => Some(value),
            Poll::Pending => None,
        }
    }

    pub(crate) fn wakes(&self) -> usize {
        self.wakes.0.load(Ordering::Relaxed)
    }

    /// The value of a future that has been woken.
    #[track_caller]
    pub(crate) fn woken(mut self) -> T {
        assert_eq!(self.wakes(), 1, "woken once");
        self.poll().expect("it was woken because it is ready")
    }
}

/// Locks with a priority, and answers with its own name.
async fn named<'a>(
    mutex: &'a Mutex<Vec<&'static str>>,
    priority: Priority,
    name: &'static str,
) -> MutexGuard<'a, Vec<&'static str>> {
    let mut guard = priority.scope_async(mutex.lock()).await;
    guard.push(name);
    guard
}

/// Polls all until each has had its turn; a guard is dropped at once.
fn run_out<T>(mut waiters: Vec<ByHand<'_, T>>) {
    while !waiters.is_empty() {
        let before = waiters.len();
        waiters.retain_mut(|it| it.poll().is_none());
        assert!(waiters.len() < before, "one of them is next");
    }
}

#[test]
fn waiters_get_the_mutex_by_priority_and_equals_by_arrival() {
    let mutex = Mutex::new(Vec::new());
    let held = mutex.try_lock().unwrap();
    let waiters = [
        (Priority::LOW, "low 1"),
        (Priority::NORMAL, "normal 1"),
        (Priority::HIGH, "high 1"),
        (Priority::LOW, "low 2"),
        (Priority::MAX, "max"),
        (Priority::HIGH, "high 2"),
        (Priority::NORMAL, "normal 2"),
    ];
    let waiters = waiters.map(|(level, name)| ByHand::waiting(named(&mutex, level, name)));
    drop(held);
    run_out(waiters.into());
    let order = [
        "max", "high 1", "high 2", "normal 1", "normal 2", "low 1", "low 2",
    ];
    assert_eq!(mutex.into_inner(), order);
}

#[test]
fn an_unlock_hands_over_and_nobody_gets_in_between() {
    let mutex = Mutex::new(0);
    let held = mutex.try_lock().unwrap();
    let first = ByHand::waiting(mutex.lock());
    drop(held);
    assert!(mutex.try_lock().is_none(), "it belongs to the first");
    let later = Priority::MAX.scope_async(mutex.lock());
    let later = ByHand::waiting(later);
    drop(first.woken());
    drop(later.woken());
    assert!(mutex.try_lock().is_some());
}

#[test]
fn one_that_is_dropped_after_it_was_chosen_hands_on() {
    let mutex = Mutex::new(0);
    let held = mutex.try_lock().unwrap();
    let first = ByHand::waiting(mutex.lock());
    let second = ByHand::waiting(mutex.lock());
    drop(held);
    assert_eq!((first.wakes(), second.wakes()), (1, 0));
    drop(first);
    drop(second.woken());
    assert!(mutex.try_lock().is_some());
}

#[test]
fn one_that_is_dropped_while_it_waits_leaves_the_line() {
    let mutex = Mutex::new(0);
    let held = mutex.try_lock().unwrap();
    let first = ByHand::waiting(mutex.lock());
    let second = ByHand::waiting(mutex.lock());
    drop(first);
    drop(held);
    drop(second.woken());
    let held = mutex.try_lock().unwrap();
    drop(ByHand::waiting(mutex.lock()));
    drop(held);
    assert!(mutex.try_lock().is_some(), "the last one has left too");
}

#[test]
fn the_place_is_taken_in_the_first_poll_also_with_a_spent_budget() {
    // tokio#8365: a task without budget was pending without a place in the line.
    watched(|| {
        let tokio = tokio::runtime::Builder::new_current_thread().build();
        tokio.unwrap().block_on(async {
            let mutex = Mutex::new(0);
            std::future::poll_fn(|cx| {
                while let Poll::Ready(unit) = tokio::task::coop::poll_proceed(cx) {
                    unit.made_progress();
                }
                Poll::Ready(())
            })
            .await;
            assert!(!tokio::task::coop::has_budget_remaining());
            let held = ByHand::new(mutex.lock()).poll().unwrap();
            let first = ByHand::waiting(mutex.lock());
            tokio::task::yield_now().await;
            assert!(tokio::task::coop::has_budget_remaining());
            let second = ByHand::waiting(mutex.lock());
            drop(held);
            drop(first.woken());
            drop(second.woken());
        });
    });
}

#[test]
fn a_panic_unlocks_and_poisons_nothing() {
    let mutex = Mutex::new(1);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _held = mutex.try_lock().unwrap();
        std::panic::resume_unwind(Box::new("with the lock"));
    }));
    assert!(panicked.is_err());
    assert_eq!(*mutex.try_lock().unwrap(), 1);
    let mut held = Some(mutex.try_lock().unwrap());
    let waiter = ByHand::waiting(mutex.lock());
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _held = held.take();
        std::panic::resume_unwind(Box::new("with the lock, and a waiter"));
    }));
    assert!(panicked.is_err());
    assert_eq!(*waiter.woken(), 1);
}

#[test]
fn a_guard_may_be_dropped_on_another_thread() {
    watched(|| {
        let mutex = Arc::new(Mutex::new(1));
        let guard: OwnedMutexGuard<i32> = koil::unkoil(mutex.clone().lock_owned());
        let shared = mutex.clone();
        let waiter = thread::spawn(move || *shared.lock_blocking());
        until(|| format!("{:?}", koil::blocked()).contains("locks.rs"));
        thread::spawn(move || drop(guard)).join().unwrap();
        assert_eq!(waiter.join().unwrap(), 1);
    });
}

#[test]
fn a_blocking_wait_ends_with_its_time_limit_and_with_its_scope() {
    on_a_loop(|_| {
        let mutex = Mutex::new(0);
        let held = mutex.lock_blocking();
        let late = koil::unkoil_timeout(Duration::from_millis(5), mutex.lock());
        assert!(late.unwrap_err().is_timeout());
        let scope = koil::CancelScope::new();
        let token = scope.token().clone();
        thread::scope(|threads| {
            threads.spawn(move || {
                until(|| !koil::blocked().is_empty());
                token.cancel("enough");
            });
            let cancelled = scope.run(|| koil::try_unkoil(mutex.lock()).map(drop));
            assert!(cancelled.unwrap().unwrap_err().is_cancelled());
        });
        drop(held);
        assert!(mutex.try_lock().is_some(), "both have left the line");
    });
}

#[test]
fn a_blocking_lock_is_refused_in_async_code_also_if_the_mutex_is_free() {
    on_a_loop(|_| {
        let mutex = Mutex::new(0);
        let refused = koil::unkoil(async {
            let refused = catch_unwind(AssertUnwindSafe(|| drop(mutex.lock_blocking())));
            refused.unwrap_err()
        });
        let text = refused.downcast_ref::<String>().unwrap();
        assert!(text.contains("locks.rs"), "{text}");
        assert!(mutex.try_lock().is_some());
    });
}

#[test]
fn a_stop_of_the_loop_releases_a_blocking_wait() {
    watched(|| {
        let mutex = Arc::new(Mutex::new(0));
        let held = mutex.try_lock().unwrap();
        let koil = a_loop();
        let (handle, shared) = (koil.handle(), mutex.clone());
        let waiter = thread::spawn(move || {
            let _entered = handle.enter();
            koil::try_unkoil(shared.lock()).map(drop)
        });
        until(|| crate::support::waiting(&koil.handle()) == 1);
        koil.shutdown();
        assert!(waiter.join().unwrap().unwrap_err().is_shutdown());
        drop(held);
        assert!(mutex.try_lock().is_some());
    });
}

#[test]
fn threads_and_tasks_of_several_runtimes_exclude_each_other() {
    watched(|| {
        const ROUNDS: usize = 500;
        let mutex = Arc::new(Mutex::new((0_usize, false)));
        let step = |value: &mut (usize, bool)| {
            assert!(!std::mem::replace(&mut value.1, true), "one at a time");
            value.0 += 1;
            value.1 = false;
        };
        let threads: Vec<_> = [Priority::LOW, Priority::HIGH]
            .into_iter()
            .map(|priority| {
                let mutex = mutex.clone();
                thread::spawn(move || {
                    priority.scope(|| (0..ROUNDS).for_each(|_| step(&mut mutex.lock_blocking())));
                })
            })
            .collect();
        let tokio = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .build()
            .unwrap();
        let tasks = [Priority::IDLE, Priority::NORMAL, Priority::MAX].map(|priority| {
            let mutex = mutex.clone();
            tokio.spawn(priority.scope_async(async move {
                for round in 0..ROUNDS {
                    // Some give up: after one poll, whatever has become of it.
                    if round % 7 == 0 {
                        drop(futures::FutureExt::now_or_never(mutex.lock()));
                    }
                    let mut guard = mutex.lock().await;
                    step(&mut guard);
                    if round % 3 == 0 {
                        tokio::task::yield_now().await;
                    }
                }
            }))
        });
        for task in tasks {
            tokio.block_on(task).unwrap();
        }
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(mutex.try_lock().unwrap().0, 5 * ROUNDS);
    });
}

#[test]
fn a_forgotten_guard_costs_the_mutex_alone() {
    let value = Arc::new(());
    let mut mutex = Mutex::new(value.clone());
    std::mem::forget(mutex.try_lock().unwrap());
    drop(ByHand::waiting(mutex.lock()));
    let _ = mutex.get_mut();
    drop(mutex.into_inner());
    assert_eq!(Arc::strong_count(&value), 1);
}

#[test]
fn its_text_shows_the_value_or_that_it_is_locked() {
    let mutex = Mutex::new(1);
    assert_eq!(format!("{mutex:?}"), "Mutex { value: 1 }");
    let held = mutex.try_lock().unwrap();
    assert_eq!(format!("{mutex:?}"), "Mutex { value: <locked> }");
    assert_eq!(format!("{held:?} {held}"), "1 1");
}

#[cfg(unix)]
#[test]
fn a_child_locks_what_was_free_and_what_its_own_thread_held() {
    crate::support::alone(|| {
        let (free, mine) = (Mutex::new(1), Mutex::new(2));
        let held = mine.try_lock().unwrap();
        let waiter = ByHand::waiting(mine.lock());
        crate::support::in_child(|| {
            assert_eq!(*free.try_lock().unwrap(), 1);
            let again = ByHand::waiting(mine.lock());
            drop(waiter);
            drop(held);
            assert_eq!(*again.woken(), 2);
        });
    });
}
