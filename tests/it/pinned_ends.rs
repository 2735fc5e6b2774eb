//! Pinned objects at the end of their loop, and in a forked child.

use std::rc::Rc;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use futures::executor::block_on;
use koil::{Koil, Pinned, unkoil};

use crate::support::{Count, FOR_EVER, OnDrop, shut_down, until, watched, with_a_loop};

/// Polls once, so that the call is made.
fn start<F: Future + Unpin>(future: &mut F) {
    block_on(async { assert!(futures::poll!(future).is_pending()) });
}

/// An object that counts its drop and cannot leave its thread.
fn counted(dropped: &Count) -> Pinned<(OnDrop<impl FnOnce() + Send + use<>>, Rc<u8>)> {
    let guard = dropped.on_drop();
    unkoil(Pinned::new(move || (guard, Rc::new(1))))
}

#[test]
fn a_stop_drops_objects_that_are_idle_and_later_calls_are_refused() {
    with_a_loop(|koil| {
        let dropped = Count::default();
        let entered = koil.enter();
        let object = counted(&dropped);
        drop(entered);
        assert!(koil.shutdown().is_clean());
        assert_eq!(dropped.get(), 1, "the stop has waited for the drop");
        shut_down(object.try_with_blocking(|object| *object.1));
        shut_down(block_on(object.with(|object| *object.1).fallible()));
        // It is gone, and its drop has no panic to tell.
        block_on(object.close());
    });
}

#[test]
fn a_stop_ends_the_job_that_runs_and_no_call_waits_for_ever() {
    with_a_loop(|koil| {
        let (begun, dropped) = (Count::default(), Count::default());
        let entered = koil.enter();
        let object = counted(&dropped);
        let counts = begun.clone();
        let mut running = object.with(move |_| {
            counts.add();
            koil::sleep(FOR_EVER)
        });
        let mut queued = Box::pin(object.with(|object| *object.1).fallible());
        let mut closing = Box::pin(object.clone().close());
        start(&mut running);
        start(&mut queued);
        start(&mut closing);
        until(|| begun.get() == 1);
        drop(entered);
        assert!(koil.shutdown().is_clean());
        assert_eq!(dropped.get(), 1);
        assert!(block_on(running).unwrap_err().is_cancelled());
        // While the loop ends, calls may still run.
        match block_on(queued) {
            Ok(value) => assert_eq!(value, 1),
            Err(error) => assert!(error.is_shutdown(), "{error}"),
        }
        block_on(closing);
    });
}

#[test]
fn a_caller_that_waits_for_an_object_is_released_by_a_stop() {
    with_a_loop(|koil| {
        let entered = koil.enter();
        let object = unkoil(Pinned::new(|| ()));
        drop(entered);
        let (release, held) = mpsc::channel::<()>();
        let caller = thread::spawn(move || {
            let result = object.try_with_blocking(move |()| held.recv().is_ok());
            // The stop waits for the job, which obeys nothing.
            drop(release);
            result
        });
        until(|| format!("{koil:?}").contains("Pinned::try_with_blocking"));
        let report = koil.shutdown();
        assert!(report.is_clean(), "{report:?}");
        assert_eq!(report.released(), 1);
        shut_down(caller.join().unwrap());
    });
}

#[test]
fn a_job_that_obeys_nothing_is_counted_as_a_worker_that_is_left() {
    watched(|| {
        let koil = Koil::builder()
            .join_timeout(Duration::from_millis(50))
            .build()
            .unwrap();
        let (begun, dropped) = (Count::default(), Count::default());
        let (release, held) = mpsc::channel::<()>();
        let entered = koil.enter();
        let object = counted(&dropped);
        let counts = begun.clone();
        let mut busy = object.with(move |_| {
            counts.add();
            held.recv().is_ok()
        });
        let mut queued = Box::pin(object.with(|object| *object.1).fallible());
        start(&mut busy);
        start(&mut queued);
        until(|| begun.get() == 1);
        drop(entered);
        let report = koil.shutdown();
        assert_eq!((report.workers_left(), dropped.get()), (1, 0));
        release.send(()).unwrap();
        assert!(block_on(busy), "the result of the job is not lost");
        shut_down(block_on(queued));
        until(|| dropped.get() == 1);
    });
}

#[test]
fn no_object_is_made_on_a_loop_that_has_been_stopped() {
    with_a_loop(|koil| {
        let made = Count::default();
        let entered = koil.enter();
        let counts = made.clone();
        let making = Pinned::new(move || counts.add());
        drop(entered);
        koil.shutdown();
        shut_down(block_on(making.fallible()));
        assert_eq!(made.get(), 0);
    });
}

#[test]
fn the_stop_of_an_adopted_runtime_waits_for_its_objects() {
    watched(|| {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let koil = Koil::from_handle(runtime.handle().clone()).unwrap();
        let dropped = Count::default();
        let entered = koil.enter();
        let object = counted(&dropped);
        assert_eq!(object.with_blocking(|object| *object.1), 1);
        drop(entered);
        assert!(koil.shutdown().is_clean());
        assert_eq!(dropped.get(), 1);
        shut_down(object.try_with_blocking(|object| *object.1));
    });
}

#[test]
fn calls_and_stops_meet_in_any_order() {
    watched(|| {
        for _ in 0..20 {
            let koil = Koil::new().unwrap();
            let dropped = Count::default();
            let entered = koil.enter();
            let object = counted(&dropped);
            drop(entered);
            let callers: Vec<_> = (0..4)
                .map(|_| {
                    let object = object.clone();
                    thread::spawn(move || {
                        loop {
                            match object.try_with_blocking(|object| *object.1) {
                                Ok(value) => assert_eq!(value, 1),
                                Err(error) => return error,
                            }
                        }
                    })
                })
                .collect();
            assert!(koil.shutdown().is_clean());
            assert_eq!(dropped.get(), 1);
            for caller in callers {
                assert!(caller.join().unwrap().is_shutdown());
            }
        }
    });
}

#[cfg(unix)]
#[test]
fn in_a_forked_child_every_call_is_refused_and_nothing_hangs() {
    use crate::forks::{forked, in_child};
    use crate::support::alone;

    alone(|| {
        let dropped = Count::default();
        let (object, clone) = (counted(&dropped), counted(&dropped));
        let unpolled = object.with(|object| *object.1);
        in_child(|| {
            forked(object.try_with_blocking(|object| *object.1));
            forked(block_on(object.clone().with(|object| *object.1).fallible()));
            forked(block_on(unpolled.fallible()));
            block_on(clone.close());
            drop(object);
            assert_eq!(dropped.get(), 0, "the objects are the parent's");
        });
    });
}
