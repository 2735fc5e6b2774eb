//! Loom models of the registry: every interleaving of two or three threads.
//!
//! Run with `RUSTFLAGS="--cfg koil_loom" cargo test -p koil-runtime --lib models`.

use std::time::Duration;

use loom::sync::Arc;
use loom::thread;

use super::{Members, Registry};
use crate::report::blocked::BlockedWait;
use crate::report::site::CallSite;
use crate::sync::models::waker_of;
use crate::sync::{Parker, Unparked};

/// A caller whose future stays pending forever: it can only leave because the loop stops.
fn wait_for_ever(registry: &Registry) {
    let parker = Arc::new(Parker::new());
    let Some(_listed) = registry.enlist(&waker_of(&parker), CallSite::here(), BlockedWait::Parked)
    else {
        return;
    };
    while !registry.is_stopped() {
        assert_eq!(parker.park(None), Unparked::Notified);
        parker.reset();
    }
}

#[test]
fn a_stop_releases_every_caller_and_waits_for_it() {
    loom::model(|| {
        let registry = Arc::new(Registry::new());
        let callers = [(); 2].map(|()| {
            let registry = registry.clone();
            thread::spawn(move || wait_for_ever(&registry))
        });
        registry.stop();
        assert_eq!(
            registry.wait_until_all_left(Members::Callers, Duration::MAX),
            0
        );
        for caller in callers {
            caller.join().unwrap();
        }
    });
}

#[test]
fn of_two_stops_one_counts_and_both_mean_it() {
    loom::model(|| {
        let registry = Arc::new(Registry::new());
        let other = {
            let registry = registry.clone();
            thread::spawn(move || registry.stop())
        };
        let caller = {
            let registry = registry.clone();
            thread::spawn(move || wait_for_ever(&registry))
        };
        let mine = registry.stop();
        let theirs = other.join().unwrap();
        assert!(mine.is_some() != theirs.is_some());
        caller.join().unwrap();
    });
}
