//! Forks in bad moments: while other threads hold locks, start threads or wait.
#![cfg(unix)]

use std::future::pending;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use koil::{CancelScope, CancelToken, try_unkoil, unkoil, unkoil_task};

use crate::forks::{assert_usable, forked, in_child};
use crate::support::{OnDrop, alone, until, watched};

/// Other threads hold every lock of koil's, most of the time. They start no threads: std has a lock
/// for that, and the child could start none.
#[test]
fn no_lock_of_another_thread_is_taken_whatever_it_did_in_that_moment() {
    static OVER: AtomicBool = AtomicBool::new(false);
    let busy: [fn(); 5] = [
        || drop(koil::blocked()),
        || {
            let _ = koil::is_running();
        },
        || {
            let gives_up = || koil::unkoil_timeout(Duration::from_micros(10), pending::<()>());
            drop(CancelScope::new().run(gives_up));
        },
        || unkoil(async { tokio::task::yield_now().await }),
        || drop(unkoil_task(async {}).result()),
    ];
    alone(|| {
        let root = CancelToken::new();
        let threads: Vec<_> = busy
            .into_iter()
            .map(|busy| {
                thread::spawn(move || {
                    while !OVER.load(Ordering::Relaxed) {
                        busy();
                    }
                })
            })
            .collect();
        let tokens = thread::spawn({
            let root = root.clone();
            move || {
                while !OVER.load(Ordering::Relaxed) {
                    drop(root.child().child());
                    let _ = koil::unkoil_timeout(Duration::ZERO, root.cancelled());
                }
            }
        });
        let handle = koil::global();
        for _ in 0..60 {
            in_child(|| {
                assert!(koil::blocked().is_empty() && !koil::is_running());
                drop(root.child());
                root.cancel("in the child");
                drop(format!("{root:?} {handle:?}"));
                handle.wrap(|| forked(try_unkoil(async {})))();
                assert!(CancelScope::new().run(|| try_unkoil(async { 7 })).is_ok());
                assert_usable();
            });
        }
        OVER.store(true, Ordering::Relaxed);
        for thread in threads.into_iter().chain([tokens]) {
            thread.join().unwrap();
        }
    });
}

#[test]
fn a_fork_while_callers_wait_harms_neither_side() {
    watched(|| {
        alone(|| {
            let (send, receive) = tokio::sync::oneshot::channel();
            let caller = thread::spawn(|| unkoil(receive));
            until(|| koil::blocked().len() == 1);
            let (left, has_left) = mpsc::channel();
            let guard = OnDrop::new(move || left.send(()).unwrap());
            in_child(|| {
                assert!(koil::blocked().is_empty(), "they stayed behind");
                assert_usable();
            });
            assert_eq!(koil::blocked().len(), 1);
            send.send(8).unwrap();
            assert_eq!(caller.join().unwrap(), Ok(8));
            drop(guard);
            has_left.recv().unwrap();
        });
    });
}

/// A child that stays inside a future of its parent: not recommended, but no hang.
#[test]
fn a_child_inside_a_poll_of_its_parent_is_told_that_it_is_there() {
    alone(|| {
        unkoil(async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            in_child(|| {
                assert!(try_unkoil(async {}).unwrap_err().would_deadlock());
                // A thread of its own is in no poll.
                thread::spawn(assert_usable).join().unwrap();
            });
        });
    });
}
