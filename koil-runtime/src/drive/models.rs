//! Loom models of the state machines in `drive`: every interleaving of two or three threads.
//!
//! Run with `RUSTFLAGS="--cfg koil_loom" cargo test -p koil-runtime --lib models`.

use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, Ordering};
use loom::thread;

use super::park::{Parker, Unparked};

/// What a poll would look at: set before the waker is called.
struct Event(AtomicBool);

impl Event {
    fn new() -> Arc<Event> {
        Arc::new(Event(AtomicBool::new(false)))
    }

    fn happen(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn has_happened(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The caller's loop: reset, poll, park.
fn wait_for(parker: &Parker, done: impl Fn() -> bool) {
    loop {
        parker.reset();
        if done() {
            return;
        }
        assert_eq!(parker.park(None), Unparked::Notified);
    }
}

#[test]
fn a_wake_is_never_lost() {
    loom::model(|| {
        let parker = Arc::new(Parker::new());
        let event = Event::new();
        let waker = {
            let (parker, event) = (parker.clone(), event.clone());
            thread::spawn(move || {
                event.happen();
                parker.notify();
            })
        };
        wait_for(&parker, || event.has_happened());
        waker.join().unwrap();
    });
}

#[test]
fn two_wakers_at_once_are_both_seen() {
    loom::model(|| {
        let parker = Arc::new(Parker::new());
        let events = [Event::new(), Event::new()];
        let wakers = events.clone().map(|event| {
            let parker = parker.clone();
            thread::spawn(move || {
                event.happen();
                parker.notify();
            })
        });
        wait_for(&parker, || events.iter().all(|event| event.has_happened()));
        for waker in wakers {
            waker.join().unwrap();
        }
    });
}

#[test]
fn a_stale_wake_costs_a_poll_and_nothing_else() {
    loom::model(|| {
        let parker = Arc::new(Parker::new());
        parker.notify();
        let event = Event::new();
        let waker = {
            let (parker, event) = (parker.clone(), event.clone());
            thread::spawn(move || {
                event.happen();
                parker.notify();
            })
        };
        wait_for(&parker, || event.has_happened());
        waker.join().unwrap();
    });
}
