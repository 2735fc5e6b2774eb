//! The process-wide loop: each test has a process of its own.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use koil::{Koil, global, is_running, set_global, shutdown_global, try_unkoil, unkoil};

use crate::support::{OnDrop, a_loop, alone, refused, shut_down, until, waiting, watch, watched};

#[test]
fn the_first_call_starts_it_and_nothing_else_does() {
    alone(|| {
        watched(|| {
            assert!(!is_running());
            assert!(shutdown_global().is_none());
            drop(a_loop());
            assert!(!is_running());
            unkoil(async {});
            assert!(is_running());
        });
    });
}

#[test]
fn asking_for_it_starts_it() {
    alone(|| {
        watched(|| {
            let handle = global();
            assert!(is_running());
            assert_eq!(handle, global());
            assert_eq!(handle, koil::Handle::current());
        });
    });
}

#[test]
fn a_loop_of_ones_own_may_take_its_place_before_the_first_call() {
    alone(|| {
        watched(|| {
            let (send, hooked) = mpsc::channel();
            let mine = Koil::builder()
                .thread_name("mine")
                .on_thread_stop(move || send.send(()).unwrap());
            let mine = mine.build().unwrap();
            let handle = mine.handle();
            set_global(mine).unwrap();
            assert!(is_running());
            assert_eq!(global(), handle);
            unkoil(async {});
            assert!(shutdown_global().unwrap().is_clean());
            hooked.recv().unwrap();
        });
    });
}

#[test]
fn a_loop_that_comes_too_late_is_handed_back_untouched() {
    alone(|| {
        watched(|| {
            unkoil(async {});
            let line = line!() + 1;
            let (mine, error) = set_global(a_loop()).unwrap_err();
            let text = error.to_string();
            assert!(
                text.contains("too late") && text.contains("shutdown_global"),
                "{text}"
            );
            assert_eq!(
                (error.call_site().file(), error.call_site().line()),
                (file!(), line)
            );
            let _entered = mine.enter();
            assert_eq!(unkoil(async { 1 }), 1);
        });
    });
}

#[test]
fn after_a_shutdown_old_handles_say_so_and_the_next_call_starts_afresh() {
    alone(|| {
        watched(|| {
            let old = global();
            unkoil(async {});
            assert!(shutdown_global().unwrap().is_clean());
            assert!(!is_running());
            shut_down(old.wrap(|| try_unkoil(async {}))());
            unkoil(async { tokio::time::sleep(Duration::from_millis(1)).await });
            assert!(is_running());
            assert_ne!(old, global());
        });
    });
}

#[test]
fn what_other_threads_remember_of_it_is_forgotten_at_the_shutdown() {
    alone(|| {
        watched(|| {
            let (ask, asked) = mpsc::channel();
            let (answer, answered) = mpsc::channel();
            let other = thread::spawn(move || {
                for () in asked {
                    answer
                        .send(unkoil(async { tokio::runtime::Handle::current().id() }))
                        .unwrap();
                }
            });
            for _ in 0..5 {
                ask.send(()).unwrap();
                assert_eq!(answered.recv(), Ok(global().tokio().id()));
                assert!(shutdown_global().unwrap().is_clean());
            }
            drop(ask);
            other.join().unwrap();
        });
    });
}

#[test]
fn its_shutdown_releases_who_waits_for_it() {
    alone(|| {
        watched(|| {
            let handle = global();
            watch(&handle);
            let caller = thread::spawn(|| try_unkoil(std::future::pending::<()>()));
            until(|| waiting(&handle) == 1);
            assert_eq!(shutdown_global().unwrap().released(), 1);
            shut_down(caller.join().unwrap());
        });
    });
}

#[test]
fn its_shutdown_inside_a_call_only_asks() {
    alone(|| {
        watched(|| {
            let report = unkoil(async { shutdown_global() }).unwrap();
            assert!(!report.loop_ended());
            assert!(!is_running());
            assert_eq!(unkoil(async { 1 }), 1, "on a fresh loop");
        });
    });
}

#[test]
fn threads_that_call_while_it_is_shut_down_get_an_answer_or_a_fresh_loop() {
    alone(|| {
        watched(|| {
            let callers: Vec<_> = (0..4)
                .map(|_| {
                    thread::spawn(|| {
                        for round in 0..200_u32 {
                            match try_unkoil(async {
                                tokio::task::yield_now().await;
                                tokio::time::sleep(Duration::from_micros(50)).await;
                                round
                            }) {
                                Ok(answer) => assert_eq!(answer, round),
                                Err(error) => assert!(error.is_shutdown(), "{error}"),
                            }
                        }
                    })
                })
                .collect();
            while !callers.iter().all(thread::JoinHandle::is_finished) {
                if let Some(report) = shutdown_global() {
                    assert!(report.is_clean(), "{report:?}");
                }
                thread::yield_now();
            }
            for caller in callers {
                caller.join().unwrap();
            }
        });
    });
}

#[test]
fn a_call_inside_a_call_is_refused_there_too() {
    alone(|| {
        watched(|| {
            drop(refused(unkoil(async { try_unkoil(async {}) })));
        });
    });
}

#[test]
fn the_process_ends_although_it_runs() {
    alone(|| {
        unkoil(async {});
        // Returning from here ends the process; the parent sees that it does.
        drop(koil::unkoil_task(std::future::pending::<()>()));
    });
}

#[test]
fn what_remembers_an_old_one_stays_under_it_to_the_end() {
    alone(|| {
        watched(|| {
            let old = global();
            let (send, found) = mpsc::channel();
            let kept = OnDrop::new(move || send.send(koil::Handle::current()).unwrap());
            let iter = koil::unkoil_iter(futures::stream::repeat_with(move || {
                let _kept = &kept;
            }));
            shutdown_global();
            drop(iter);
            assert_eq!(found.recv(), Ok(old));
            assert!(!is_running(), "and no fresh one was started for it");
        });
    });
}

#[test]
fn a_caller_that_its_shutdown_releases_drops_its_future_under_it() {
    alone(|| {
        watched(|| {
            let old = global();
            watch(&old);
            let (send, found) = mpsc::channel();
            let kept = OnDrop::new(move || send.send(koil::Handle::current()).unwrap());
            let caller = thread::spawn(|| {
                try_unkoil(async move {
                    let _kept = kept;
                    std::future::pending::<()>().await;
                })
            });
            until(|| waiting(&old) == 1);
            shutdown_global();
            shut_down(caller.join().unwrap());
            assert_eq!(found.recv(), Ok(old));
            assert!(!is_running(), "and no fresh one was started for it");
        });
    });
}
