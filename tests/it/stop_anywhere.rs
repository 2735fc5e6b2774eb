//! A `Koil` may be dropped anywhere: it never hangs there and never panics twice.

use std::future::pending;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc;
use std::thread;

use koil::{Koil, unkoil, unkoil_task};

use crate::support::{FOR_EVER, OnDrop, a_loop, shut_down, watched};

/// A loop, and a channel that closes when its thread has ended.
fn a_loop_that_tells() -> (Koil, mpsc::Receiver<()>) {
    let (send, ended) = mpsc::channel();
    let koil = Koil::builder()
        .join_timeout(FOR_EVER)
        .on_thread_stop(move || {
            if thread::current().name() == Some("koil-loop") {
                send.send(()).unwrap();
            }
        })
        .build();
    (koil.unwrap(), ended)
}

#[test]
fn on_its_own_loop_thread() {
    watched(|| {
        let (koil, ended) = a_loop_that_tells();
        koil.handle().tokio().spawn(async move { drop(koil) });
        ended.recv().unwrap();
    });
}

#[test]
fn on_its_own_loop_thread_the_report_says_that_it_goes_on() {
    watched(|| {
        let (koil, ended) = a_loop_that_tells();
        let (send, report) = mpsc::channel();
        koil.handle()
            .tokio()
            .spawn(async move { send.send(koil.shutdown()).unwrap() });
        assert!(!report.recv().unwrap().loop_ended());
        ended.recv().unwrap();
    });
}

#[test]
fn on_a_worker_of_its_own() {
    watched(|| {
        let (koil, ended) = a_loop_that_tells();
        koil.handle().tokio().spawn_blocking(move || drop(koil));
        ended.recv().unwrap();
    });
}

#[test]
fn on_the_loop_thread_of_another() {
    watched(|| {
        let (koil, ended) = a_loop_that_tells();
        let other = a_loop();
        let _entered = other.enter();
        unkoil_task(async move { drop(koil) }).result().unwrap();
        ended.recv().unwrap();
    });
}

#[test]
fn on_a_worker_of_another() {
    watched(|| {
        let (koil, ended) = a_loop_that_tells();
        let other = a_loop();
        let _entered = other.enter();
        unkoil(async {
            tokio::task::spawn_blocking(move || drop(koil))
                .await
                .unwrap();
        });
        assert_eq!(
            ended.try_recv(),
            Ok(()),
            "a worker can wait for another loop"
        );
    });
}

#[test]
fn inside_a_future_on_it_that_is_ready_then() {
    watched(|| {
        let (koil, ended) = a_loop_that_tells();
        let answer = koil
            .handle()
            .wrap(|| koil::try_unkoil(async move { drop(koil) }))();
        assert!(answer.is_ok());
        ended.recv().unwrap();
    });
}

#[test]
fn inside_a_future_on_it_that_goes_on_waiting() {
    watched(|| {
        let (koil, ended) = a_loop_that_tells();
        let handle = koil.handle();
        let waits = || {
            koil::try_unkoil(async move {
                drop(koil);
                pending::<()>().await;
            })
        };
        shut_down(handle.wrap(waits)());
        ended.recv().unwrap();
    });
}

#[test]
fn inside_a_future_of_another() {
    watched(|| {
        let (koil, ended) = a_loop_that_tells();
        let other = a_loop();
        let _entered = other.enter();
        unkoil(async move { drop(koil) });
        ended.recv().unwrap();
        assert_eq!(unkoil(async { 1 }), 1);
    });
}

#[test]
fn while_its_thread_unwinds() {
    watched(|| {
        let (koil, ended) = a_loop_that_tells();
        let unwound = panic::catch_unwind(AssertUnwindSafe(move || {
            let _koil = koil;
            panic!("the first panic");
        }));
        assert_eq!(
            unwound.unwrap_err().downcast_ref(),
            Some(&"the first panic")
        );
        assert_eq!(ended.try_recv(), Ok(()), "the drop has waited for its loop");
    });
}

#[test]
fn while_a_future_on_it_unwinds() {
    watched(|| {
        let (koil, ended) = a_loop_that_tells();
        let unwound = panic::catch_unwind(AssertUnwindSafe(|| {
            koil.handle().wrap(|| {
                unkoil(async move {
                    let _koil = koil;
                    panic!("the first panic");
                })
            })()
        }));
        assert_eq!(
            unwound.unwrap_err().downcast_ref(),
            Some(&"the first panic")
        );
        ended.recv().unwrap();
    });
}

#[test]
fn while_it_is_entered() {
    watched(|| {
        let (koil, ended) = a_loop_that_tells();
        let handle = koil.handle();
        let entered = handle.enter();
        drop(koil);
        ended.recv().unwrap();
        shut_down(koil::try_unkoil(async {}));
        drop(entered);
    });
}

#[test]
fn in_the_destructor_of_a_thread_local() {
    thread_local!(static KEPT: std::cell::Cell<Option<Koil>> = const { std::cell::Cell::new(None) });
    watched(|| {
        let (koil, ended) = a_loop_that_tells();
        let owner = thread::spawn(move || {
            koil.handle().wrap(|| unkoil(async {}))();
            KEPT.set(Some(koil));
        });
        ended.recv().unwrap();
        owner.join().unwrap();
    });
}

#[test]
fn with_a_task_whose_drop_blocks() {
    watched(|| {
        let (koil, ended) = a_loop_that_tells();
        let (send, answer) = mpsc::channel();
        let guard = OnDrop::new(move || send.send(koil::try_unkoil(async {})).unwrap());
        let start = || {
            unkoil_task(async move {
                let _guard = guard;
                pending::<()>().await;
            })
        };
        drop(koil.handle().wrap(start)());
        drop(koil);
        ended.recv().unwrap();
        assert!(answer.recv().unwrap().unwrap_err().would_deadlock());
    });
}
