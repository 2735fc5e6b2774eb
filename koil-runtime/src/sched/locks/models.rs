//! Loom models of the locks: every interleaving of two or three threads at one mutex or semaphore.
//!
//! Run with `RUSTFLAGS="--cfg koil_loom" cargo test -p koil-runtime --features sched --lib models`.

use std::panic::Location;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use loom::cell::UnsafeCell;
use loom::sync::{Condvar, Mutex};
use loom::thread;

use super::mutex_core::MutexCore;
use super::semaphore_core::SemaphoreCore;

/// The wait of a model's thread: until its waker is called.
struct Call {
    woken: Mutex<bool>,
    changed: Condvar,
}

impl Call {
    fn new() -> Arc<Call> {
        Arc::new(Call {
            woken: Mutex::new(false),
            changed: Condvar::new(),
        })
    }

    fn wait(&self) {
        let mut woken = self.woken.lock().unwrap();
        while !*woken {
            woken = self.changed.wait(woken).unwrap();
        }
        *woken = false;
    }
}

impl Wake for Call {
    fn wake(self: Arc<Call>) {
        *self.woken.lock().unwrap() = true;
        self.changed.notify_one();
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let call = Call::new();
    let waker = Waker::from(call.clone());
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => call.wait(),
        }
    }
}

/// Polls once and drops: a waiter that gives up, or gets what it asked for. True if it has it.
fn poll_once<F: Future>(future: F) -> bool {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    future.as_mut().poll(&mut cx).is_ready()
}

/// A number that one thread at a time may change.
struct Guarded {
    mutex: MutexCore,
    number: UnsafeCell<u32>,
}

// SAFETY: the number is changed by the holder of the mutex alone, which is what the models look at.
#[allow(unsafe_code)]
unsafe impl Sync for Guarded {}

impl Guarded {
    fn new() -> Arc<Guarded> {
        Arc::new(Guarded {
            mutex: MutexCore::new(),
            number: UnsafeCell::new(0),
        })
    }

    /// As the holder of the mutex: adds one, and gives the mutex back.
    fn add_and_unlock(&self) {
        // SAFETY: this thread holds the mutex; loom tells where another one does too.
        #[allow(unsafe_code)]
        self.number.with_mut(|number| unsafe { *number += 1 });
        self.mutex.unlock();
    }

    fn lock_and_add(&self) {
        block_on(self.mutex.acquire(Location::caller()));
        self.add_and_unlock();
    }

    fn try_to_add(&self) {
        if self.mutex.try_take(Location::caller()) {
            self.add_and_unlock();
        }
    }

    /// Gives up if the mutex is not free.
    fn add_or_give_up(&self) {
        if poll_once(self.mutex.acquire(Location::caller())) {
            self.add_and_unlock();
        }
    }

    /// After all others have ended: the mutex is free.
    fn is_free(&self) {
        assert!(self.mutex.try_take(Location::caller()));
        self.mutex.unlock();
    }
}

/// Runs these at the same time as this thread's part.
fn beside<T: Send + Sync + 'static>(shared: &Arc<T>, others: &[fn(&T)], mine: fn(&T)) {
    let threads: Vec<_> = others
        .iter()
        .map(|other| {
            let (shared, other) = (shared.clone(), *other);
            thread::spawn(move || other(&shared))
        })
        .collect();
    mine(shared);
    threads.into_iter().for_each(|it| it.join().unwrap());
}

#[test]
fn a_mutex_has_one_holder_and_every_waiter_gets_it() {
    loom::model(|| {
        let guarded = Guarded::new();
        let add = Guarded::lock_and_add;
        beside(&guarded, &[add, Guarded::try_to_add], add);
        guarded.is_free();
    });
}

#[test]
fn an_unlock_meets_the_drop_of_a_waiter() {
    loom::model(|| {
        let guarded = Guarded::new();
        beside(
            &guarded,
            &[Guarded::add_or_give_up, Guarded::lock_and_add],
            Guarded::lock_and_add,
        );
        guarded.is_free();
    });
}

#[test]
fn two_waiters_that_give_up_leave_a_free_mutex() {
    loom::model(|| {
        let guarded = Guarded::new();
        let give_up = Guarded::add_or_give_up;
        beside(&guarded, &[give_up, give_up], Guarded::lock_and_add);
        guarded.is_free();
    });
}

/// Takes one permit, and gives it back.
fn take_and_give(semaphore: &SemaphoreCore) {
    block_on(semaphore.acquire(1, Location::caller()));
    semaphore.give(1);
}

fn take_or_give_up(semaphore: &SemaphoreCore) {
    if poll_once(semaphore.acquire(1, Location::caller())) {
        semaphore.give(1);
    }
}

#[test]
fn a_permit_that_is_given_meets_the_drop_of_a_waiter() {
    loom::model(|| {
        let semaphore = Arc::new(SemaphoreCore::new(1));
        beside(&semaphore, &[take_or_give_up, take_and_give], take_and_give);
        assert_eq!(semaphore.available(), 1);
    });
}

#[test]
fn no_permit_is_lost_between_a_try_and_a_wait() {
    loom::model(|| {
        let semaphore = Arc::new(SemaphoreCore::new(1));
        let try_it: fn(&SemaphoreCore) = |semaphore| {
            if semaphore.try_take(1) {
                semaphore.give(1);
            }
        };
        beside(&semaphore, &[try_it], take_and_give);
        assert_eq!(semaphore.available(), 1);
    });
}
