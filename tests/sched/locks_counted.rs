//! `koil::sched::{Semaphore, Condvar}`: the order of those that wait, and the ways out of a wait. The
//! tests poll by hand, as those of the mutex do.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use koil::sched::{Condvar, Mutex, Priority, Semaphore};

use crate::locks::ByHand;
use crate::support::{assert_told, on_a_loop, until, watched};

#[test]
fn permits_go_by_priority_and_among_equals_by_arrival() {
    let semaphore = Semaphore::new(1);
    let held = semaphore.try_acquire(1).unwrap();
    let wait = |priority: Priority| ByHand::waiting(priority.scope_async(semaphore.acquire(1)));
    let (low, first, second) = (
        wait(Priority::LOW),
        wait(Priority::HIGH),
        wait(Priority::HIGH),
    );
    drop(held);
    let first = first.woken();
    assert_eq!((second.wakes(), low.wakes()), (0, 0));
    drop(first);
    let second = second.woken();
    assert_eq!(low.wakes(), 0);
    drop(second);
    drop(low.woken());
    assert_eq!(semaphore.available_permits(), 1);
}

#[test]
fn nobody_overtakes_the_first_one_also_with_fewer_permits() {
    let semaphore = Semaphore::new(2);
    let held = semaphore.try_acquire(1).unwrap();
    let both = ByHand::waiting(semaphore.acquire(2));
    assert!(semaphore.try_acquire(1).is_none(), "one is free, and kept");
    let one = ByHand::waiting(semaphore.acquire(1));
    let high = ByHand::waiting(Priority::HIGH.scope_async(semaphore.acquire(2)));
    drop(held);
    drop(high.woken());
    assert_eq!(one.wakes(), 0);
    drop(both.woken());
    drop(one.woken());
    assert_eq!(semaphore.try_acquire(2).unwrap().permits(), 2);
}

#[test]
fn one_gift_serves_as_many_as_it_is_enough_for() {
    let semaphore = Semaphore::new(0);
    let waiters = [1, 2, 3].map(|permits| ByHand::waiting(semaphore.acquire(permits)));
    semaphore.add_permits(4);
    let [one, two, three] = waiters;
    let (one, two) = (one.woken(), two.woken());
    assert_eq!((three.wakes(), semaphore.available_permits()), (0, 1));
    drop(two);
    let three = three.woken();
    drop((one, three));
    assert_eq!(semaphore.available_permits(), 4);
}

#[test]
fn one_that_is_dropped_lets_the_next_one_go_whether_it_waits_or_is_chosen() {
    let semaphore = Semaphore::new(1);
    let many = ByHand::waiting(semaphore.acquire(5));
    let one = ByHand::waiting(semaphore.acquire(1));
    drop(many);
    let permit = one.woken();
    let first = ByHand::waiting(semaphore.acquire(1));
    let second = ByHand::waiting(semaphore.acquire(1));
    drop(permit);
    assert_eq!((first.wakes(), second.wakes()), (1, 0));
    drop(first);
    drop(second.woken());
    assert_eq!(semaphore.available_permits(), 1);
    drop(ByHand::waiting(semaphore.acquire(2)));
    assert!(semaphore.try_acquire(1).is_some(), "the line has ended");
}

#[test]
fn permits_are_forgotten_owned_and_limited() {
    let semaphore = Arc::new(Semaphore::new(3));
    semaphore.try_acquire(1).unwrap().forget();
    let owned = koil::unkoil(semaphore.clone().acquire_owned(2));
    assert_eq!((semaphore.available_permits(), owned.permits()), (0, 2));
    thread::spawn(move || drop(owned)).join().unwrap();
    assert_eq!(semaphore.available_permits(), 2);
    let most = Semaphore::new(Semaphore::MAX_PERMITS);
    let waiter = ByHand::waiting(most.acquire(usize::MAX));
    for _ in 0..2 {
        let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            most.add_permits(1);
        }));
        let text = refused.unwrap_err();
        let text = text.downcast_ref::<String>().unwrap();
        assert_told(text, "exceed Semaphore::MAX_PERMITS", &["add fewer"]);
    }
    drop(waiter);
    assert_eq!(most.available_permits(), Semaphore::MAX_PERMITS);
    most.try_acquire(1).unwrap().forget();
    most.add_permits(1);
    assert_eq!(most.available_permits(), Semaphore::MAX_PERMITS);
}

#[test]
fn a_blocking_acquire_has_limits_and_refusals_as_any_call() {
    on_a_loop(|_| {
        let semaphore = Semaphore::new(1);
        let held = semaphore.acquire_blocking(1);
        let late = koil::unkoil_timeout(Duration::from_millis(5), semaphore.acquire(1));
        assert!(late.unwrap_err().is_timeout());
        drop(held);
        koil::unkoil(async {
            let call = std::panic::AssertUnwindSafe(|| drop(semaphore.acquire_blocking(1)));
            assert!(std::panic::catch_unwind(call).is_err());
        });
        assert_eq!(semaphore.available_permits(), 1);
    });
}

#[test]
fn notifications_go_by_priority_and_among_equals_by_arrival() {
    let (mutex, condvar) = (Mutex::new(()), Condvar::new());
    let wait = |priority: Priority| {
        let guard = mutex.try_lock().unwrap();
        ByHand::waiting(priority.scope_async(condvar.wait(guard)))
    };
    let (low, first, second) = (
        wait(Priority::LOW),
        wait(Priority::HIGH),
        wait(Priority::HIGH),
    );
    condvar.notify_one();
    drop(first.woken());
    condvar.notify_one();
    assert_eq!(low.wakes(), 0);
    drop(second.woken());
    condvar.notify_one();
    drop(low.woken());
    condvar.notify_one();
    let late = wait(Priority::MAX);
    assert_eq!(late.wakes(), 0, "a notification is not kept");
}

#[test]
fn all_are_notified_once_and_get_the_mutex_one_after_the_other() {
    let (mutex, condvar) = (Mutex::new(0), Condvar::new());
    let wait = || {
        let guard = mutex.try_lock().unwrap();
        ByHand::waiting(async {
            *condvar.wait(guard).await += 1;
        })
    };
    let waiters = [wait(), wait(), wait()];
    let held = mutex.try_lock().unwrap();
    condvar.notify_all();
    let mut waiters = waiters.map(|mut it| {
        assert_eq!(it.wakes(), 1);
        assert!(it.poll().is_none(), "the mutex is held");
        it
    });
    drop(held);
    for waiter in &mut waiters {
        assert!(waiter.poll().is_some());
    }
    assert_eq!(*mutex.try_lock().unwrap(), 3);
}

#[test]
fn a_notified_one_that_is_dropped_notifies_the_next() {
    let (mutex, condvar) = (Mutex::new(()), Condvar::new());
    let wait = || {
        let guard = mutex.try_lock().unwrap();
        ByHand::waiting(condvar.wait(guard))
    };
    let (first, mut second, third) = (wait(), wait(), wait());
    condvar.notify_one();
    assert_eq!(first.wakes(), 1);
    drop(first);
    // It knows of its notification, and waits for the mutex.
    let held = mutex.try_lock().unwrap();
    assert!(second.poll().is_none());
    assert_eq!((second.wakes(), third.wakes()), (1, 0));
    drop(second);
    drop(held);
    drop(third.woken());
}

#[test]
fn of_all_that_are_notified_none_is_owed_to_a_later_one() {
    let (mutex, condvar) = (Mutex::new(()), Condvar::new());
    let wait = || {
        let guard = mutex.try_lock().unwrap();
        ByHand::waiting(condvar.wait(guard))
    };
    let first = wait();
    condvar.notify_all();
    let later = wait();
    drop(first);
    assert_eq!(later.wakes(), 0);
    drop(later);
    assert!(mutex.try_lock().is_some());
}

#[test]
fn a_wait_that_is_never_polled_unlocks_when_it_is_dropped() {
    let (mutex, condvar) = (Mutex::new(()), Condvar::new());
    let wait = condvar.wait(mutex.try_lock().unwrap());
    assert!(mutex.try_lock().is_none());
    drop(wait);
    assert!(mutex.try_lock().is_some());
}

#[test]
fn a_queue_between_threads_and_tasks_loses_no_item() {
    watched(|| {
        const ITEMS: usize = 300;
        let shared = Arc::new((Mutex::new(Vec::new()), Condvar::new()));
        let take = |shared: Arc<(Mutex<Vec<usize>>, Condvar)>| async move {
            let (mutex, pushed) = &*shared;
            let mut sum = 0;
            loop {
                let mut queue = mutex.lock().await;
                let item = loop {
                    match queue.pop() {
                        Some(item) => break item,
                        None => queue = pushed.wait(queue).await,
                    }
                };
                drop(queue);
                match item {
                    0 => return sum,
                    item => sum += item,
                }
            }
        };
        let tasks = [Priority::LOW, Priority::HIGH].map(|priority| {
            let taking = priority.scope_async(take(shared.clone()));
            koil::unkoil_task(taking)
        });
        let threads = [(); 2].map(|()| {
            let taking = take(shared.clone());
            thread::spawn(move || koil::unkoil(taking))
        });
        for item in (1..=ITEMS).chain([0; 4]) {
            let mut queue = shared.0.lock_blocking();
            if item == 0 {
                // Behind all others.
                queue.insert(0, item);
            } else {
                queue.push(item);
            }
            drop(queue);
            shared.1.notify_one();
        }
        let sums = tasks.map(|task| task.result().unwrap());
        let sum: usize = sums.into_iter().sum();
        let sum = threads
            .into_iter()
            .fold(sum, |sum, it| sum + it.join().unwrap());
        assert_eq!(sum, ITEMS * (ITEMS + 1) / 2);
    });
}

#[test]
fn permits_limit_threads_and_tasks_together() {
    watched(|| {
        let semaphore = Arc::new(Semaphore::new(2));
        let inside = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let enter = move || {
            use std::sync::atomic::Ordering::SeqCst;
            assert!(inside.fetch_add(1, SeqCst) < 2, "two at a time");
            thread::yield_now();
            inside.fetch_sub(1, SeqCst);
        };
        let threads = [(); 3].map(|()| {
            let (semaphore, enter) = (semaphore.clone(), enter.clone());
            thread::spawn(move || {
                for _ in 0..200 {
                    let _permit = semaphore.acquire_blocking(1);
                    enter();
                }
            })
        });
        let tasks = [(); 3].map(|()| {
            let (semaphore, enter) = (semaphore.clone(), enter.clone());
            koil::unkoil_task(async move {
                for round in 0..200 {
                    if round % 5 == 0 {
                        drop(futures::FutureExt::now_or_never(semaphore.acquire(2)));
                    }
                    let _permit = semaphore.acquire(1).await;
                    enter();
                }
            })
        });
        for thread in threads {
            thread.join().unwrap();
        }
        for task in tasks {
            task.result().unwrap();
        }
        until(|| semaphore.available_permits() == 2);
    });
}
