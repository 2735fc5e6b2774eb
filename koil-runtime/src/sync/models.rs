//! Loom models of the parker: every interleaving of two or three threads.
//!
//! Run with `RUSTFLAGS="--cfg koil_loom" cargo test -p koil-runtime --lib models`.

use std::task::{Wake, Waker};

use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, Ordering};
use loom::thread;

use super::{Parker, Unparked};

/// The condition that a poll checks: set before the waker is called.
struct Condition(AtomicBool);

impl Condition {
    fn new() -> Arc<Condition> {
        Arc::new(Condition(AtomicBool::new(false)))
    }

    fn fulfil(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_fulfilled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The caller's loop: reset, poll, park.
fn wait_for(parker: &Parker, mut done: impl FnMut() -> bool) {
    loop {
        parker.reset();
        if done() {
            return;
        }
        assert_eq!(parker.park(None), Unparked::Notified);
    }
}

/// Another thread, which makes the condition true and then notifies.
fn wake_after(parker: &Arc<Parker>, condition: &Arc<Condition>) -> thread::JoinHandle<()> {
    let (parker, condition) = (parker.clone(), condition.clone());
    thread::spawn(move || {
        condition.fulfil();
        parker.notify();
    })
}

#[test]
fn a_wake_is_never_lost() {
    loom::model(|| {
        let parker = Arc::new(Parker::new());
        let condition = Condition::new();
        let waker = wake_after(&parker, &condition);
        wait_for(&parker, || condition.is_fulfilled());
        waker.join().unwrap();
    });
}

/// Like a future that yields while another thread wakes it too.
#[test]
fn a_wake_of_ones_own_hides_no_other() {
    loom::model(|| {
        let parker = Arc::new(Parker::new());
        let condition = Condition::new();
        let waker = wake_after(&parker, &condition);
        let mut gives_way = true;
        wait_for(&parker, || {
            if std::mem::take(&mut gives_way) {
                parker.notify();
                return false;
            }
            condition.is_fulfilled()
        });
        waker.join().unwrap();
    });
}

#[test]
fn two_wakers_at_once_are_both_seen() {
    loom::model(|| {
        let parker = Arc::new(Parker::new());
        let conditions = [Condition::new(), Condition::new()];
        let wakers = conditions
            .each_ref()
            .map(|condition| wake_after(&parker, condition));
        wait_for(&parker, || {
            conditions.iter().all(|condition| condition.is_fulfilled())
        });
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
        let condition = Condition::new();
        let waker = wake_after(&parker, &condition);
        wait_for(&parker, || condition.is_fulfilled());
        waker.join().unwrap();
    });
}

/// The main future of a driver: woken by its own waker, as in tokio.
struct Driver(Arc<Parker>);

impl Driver {
    fn new() -> Driver {
        Driver(Arc::new(Parker::new()))
    }

    /// Drives until the caller's parker is notified.
    fn until_notified(&self, parker: &Parker) {
        let driving = parker.drive();
        let waker = waker_of(&self.0);
        loop {
            self.0.reset();
            if driving.is_notified(&waker) {
                return;
            }
            assert_eq!(self.0.park(None), Unparked::Notified);
        }
    }
}

/// The loop of a caller that drives: reset, poll, drive.
fn drive_for(parker: &Parker, mut done: impl FnMut() -> bool) {
    let driver = Driver::new();
    loop {
        parker.reset();
        if done() {
            return;
        }
        driver.until_notified(parker);
    }
}

#[test]
fn a_wake_finds_a_caller_that_drives() {
    loom::model(|| {
        let parker = Arc::new(Parker::new());
        let condition = Condition::new();
        let waker = wake_after(&parker, &condition);
        drive_for(&parker, || condition.is_fulfilled());
        waker.join().unwrap();
    });
}

#[test]
fn two_wakes_of_a_caller_that_drives_are_both_seen() {
    loom::model(|| {
        let parker = Arc::new(Parker::new());
        let conditions = [Condition::new(), Condition::new()];
        let wakers = conditions
            .each_ref()
            .map(|condition| wake_after(&parker, condition));
        drive_for(&parker, || {
            conditions.iter().all(|condition| condition.is_fulfilled())
        });
        for waker in wakers {
            waker.join().unwrap();
        }
    });
}

/// Like a task that runs on the thread of the caller that drives, and wakes that caller.
#[test]
fn a_wake_from_inside_the_driver_is_seen() {
    loom::model(|| {
        let parker = Arc::new(Parker::new());
        let condition = Condition::new();
        let other = wake_after(&parker, &condition);
        {
            let driving = parker.drive();
            let main = Arc::new(Parker::new());
            let waker = waker_of(&main);
            if !driving.is_notified(&waker) {
                parker.notify();
                // The driver polls its main future again before it sleeps.
                assert_eq!(main.park(None), Unparked::Notified);
                assert!(driving.is_notified(&waker));
            }
        }
        // The other wake comes before or after the caller has left.
        wait_for(&parker, || condition.is_fulfilled());
        other.join().unwrap();
    });
}

#[test]
fn a_wake_that_comes_as_the_caller_leaves_the_driver_stays() {
    loom::model(|| {
        let parker = Arc::new(Parker::new());
        let condition = Condition::new();
        let waker = wake_after(&parker, &condition);
        parker.reset();
        if !condition.is_fulfilled() {
            // It leaves for another reason: its deadline is near.
            let main = waker_of(&Arc::new(Parker::new()));
            let driving = parker.drive();
            let _is_notified = driving.is_notified(&main);
            drop(driving);
        }
        wait_for(&parker, || condition.is_fulfilled());
        waker.join().unwrap();
    });
}

/// A waker that notifies a loom parker.
pub(crate) fn waker_of(parker: &Arc<Parker>) -> Waker {
    struct Notify(Arc<Parker>);

    impl Wake for Notify {
        fn wake(self: std::sync::Arc<Notify>) {
            self.0.notify();
        }
    }

    Waker::from(std::sync::Arc::new(Notify(parker.clone())))
}
