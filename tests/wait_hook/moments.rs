//! Bad moments of a hook: ready calls, calls in the hook, panics, callbacks, threads of every kind.

use std::future::{pending, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use futures::stream;
use koil::{Koil, inline, set_wait_hook, try_unkoil, unkoil, unkoil_iter, unkoil_unlocked};
use tokio::sync::oneshot;

use crate::host::{
    answer, before_waits, handed, holds, hosted, install, lock, under, unlock, waits, with_lock,
};
use crate::support::{Count, alone, waiting, watched};

#[test]
fn a_call_that_is_ready_does_not_come_to_the_hook() {
    hosted(|| {
        unkoil(ready(()));
        let before = waits();
        unkoil(under(ready(1)));
        assert_eq!(unkoil_iter(stream::iter(0..100)).count(), 100);
        unkoil_unlocked(ready(1)).unwrap();
        koil::eager_task(ready(1)).result().unwrap();
        assert_eq!(waits(), before);
    });
}

struct Other(u8);
impl koil::WaitHook for Other {
    fn around(&self, wait: &mut dyn FnMut()) {
        wait();
    }
}

#[test]
fn a_second_hook_is_handed_back() {
    install();
    assert_eq!(set_wait_hook(Other(7)).err().map(|other| other.0), Some(7));
}

#[test]
fn a_call_in_an_answer_is_a_call_like_others() {
    hosted(|| {
        for round in 0..200_u64 {
            let (send, receive) = oneshot::channel();
            let mut send = Some(send);
            answer(move || {
                if let Some(send) = send.take() {
                    // The wake of the call around comes while this one waits.
                    unkoil(under(async {
                        send.send(round).unwrap();
                        tokio::task::yield_now().await;
                        handed().await;
                    }));
                }
                Ok(())
            });
            assert_eq!(unkoil(under(receive)).unwrap(), round);
        }
    });
}

#[test]
fn a_call_before_a_wait_loses_no_wake_of_the_call_around_it() {
    hosted(|| {
        for round in 0..200 {
            let (send, receive) = oneshot::channel();
            let mut send = Some(send);
            before_waits(move || {
                if let Some(send) = send.take() {
                    send.send(round).unwrap();
                    assert_eq!(try_unkoil(ready(1)).unwrap(), 1);
                    koil::sleep(Duration::from_micros(10)).unwrap();
                }
            });
            assert_eq!(unkoil(under(receive)).unwrap(), round);
        }
    });
}

#[test]
fn a_panic_of_the_host_is_a_panic_of_the_call_and_the_loop_lives() {
    hosted(|| {
        let dropped = Count::default();
        for panics_in_answer in [true, false] {
            let guard = dropped.on_drop();
            let future = async move {
                let _guard = guard;
                pending::<()>().await;
            };
            let mut panics = true;
            let mut panic_once = move || {
                assert!(!std::mem::take(&mut panics), "of the host");
            };
            if panics_in_answer {
                answer(move || {
                    panic_once();
                    Ok(())
                });
            } else {
                before_waits(panic_once);
            }
            let ended = catch_unwind(AssertUnwindSafe(|| unkoil(under(future))));
            assert_eq!(
                *ended.unwrap_err().downcast::<&str>().unwrap(),
                "of the host"
            );
            assert!(holds());
            answer(|| Ok(()));
        }
        assert_eq!(dropped.get(), 2);
        unkoil(under(handed()));
    });
}

#[test]
fn a_callback_with_the_lock_releases_it_in_its_own_calls() {
    hosted(|| {
        for is_unlocked in [true, false] {
            let called = Count::default();
            let counted = called.clone();
            let future = async move {
                handed().await;
                assert_eq!(holds(), !is_unlocked);
                let callback = || with_lock(|| unkoil(under(handed())));
                assert!(inline::blocking(callback).await.is_ok());
                counted.add();
                assert_eq!(holds(), !is_unlocked);
            };
            if is_unlocked {
                unkoil_unlocked(future).unwrap();
            } else {
                unkoil(under(future));
            }
            assert!(holds() && called.get() == 1);
        }
    });
}

#[test]
fn threads_that_compute_with_the_lock_and_threads_that_wait_take_turns() {
    hosted(|| {
        let threads: Vec<_> = (0..4)
            .map(|thread| {
                thread::spawn(move || {
                    for _ in 0..50 {
                        with_lock(|| {
                            if thread % 2 == 0 {
                                unkoil(under(async {
                                    tokio::time::sleep(Duration::from_micros(100)).await;
                                }));
                            }
                        });
                    }
                })
            })
            .collect();
        unlock();
        for thread in threads {
            thread.join().unwrap();
        }
        lock();
    });
}

#[test]
fn a_stop_releases_a_caller_that_waits_without_the_lock() {
    install();
    watched(|| {
        for is_unlocked in [false, true] {
            let koil = Koil::new().unwrap();
            let handle = koil.handle();
            let (told, tells) = mpsc::channel();
            let caller = thread::spawn(handle.wrap(move || {
                with_lock(|| {
                    let ended = if is_unlocked {
                        unkoil_unlocked(pending::<()>())
                    } else {
                        try_unkoil(under(pending::<()>()))
                    };
                    assert!(holds());
                    told.send(ended).unwrap();
                });
            }));
            crate::support::until(|| waiting(&handle) == 1);
            with_lock(|| assert!(koil.shutdown().is_clean()));
            assert!(tells.recv().unwrap().unwrap_err().is_shutdown());
            caller.join().unwrap();
        }
    });
}

#[test]
#[cfg(unix)]
fn a_forked_child_keeps_the_hook() {
    alone(|| {
        hosted(|| {
            let waits_in_the_hook = || {
                let before = waits();
                unkoil(under(async {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }));
                assert!(holds() && waits() > before);
            };
            waits_in_the_hook();
            crate::support::in_child(|| {
                waits_in_the_hook();
                answer(|| Err("an interrupt".into()));
                assert!(try_unkoil(pending::<()>()).unwrap_err().is_cancelled());
            });
            waits_in_the_hook();
        });
    });
}
