//! Cancelling a task: before it starts, while it runs, after its end, and by dropping its handle.

use std::future::pending;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use koil::{CancelScope, CancelToken, KoilTask, try_unkoil, unkoil, unkoil_task};

use crate::support::{Count, LIMIT, on_a_loop, with_a_loop};

const SOON: Duration = Duration::from_millis(2);

/// A task that runs, and says when it has been dropped.
fn endless(dropped: &Count) -> KoilTask<()> {
    let guard = dropped.on_drop();
    let (began, beginning) = mpsc::channel();
    let task = unkoil_task(async move {
        let _guard = guard;
        began.send(()).unwrap();
        pending::<()>().await;
    });
    beginning.recv().unwrap();
    task
}

#[test]
fn a_task_that_was_cancelled_before_it_began_never_begins() {
    on_a_loop(|_| {
        let (hold, waits) = mpsc::channel::<()>();
        let blocker = unkoil_task(async move { waits.recv().unwrap_err() });
        let (polled, dropped) = (Count::default(), Count::default());
        let (seen, guard) = (polled.clone(), dropped.on_drop());
        let task = unkoil_task(async move {
            let _guard = guard;
            seen.add();
        });
        assert!(task.cancel("never mind"));
        assert!(!task.cancel("again"), "once");
        drop(hold);
        let error = task.result().unwrap_err();
        assert_eq!(error.cancel_reason().unwrap(), "never mind");
        assert!(!error.acknowledged());
        assert_eq!((polled.get(), dropped.get()), (0, 1));
        blocker.result().unwrap();
    });
}

#[test]
fn a_running_task_is_gone_when_its_error_is_there() {
    on_a_loop(|_| {
        let (dropped, other) = (Count::default(), Count::default());
        let (task, sibling) = (endless(&dropped), endless(&other));
        assert!(task.cancel(String::from("enough")));
        let error = task.result().unwrap_err();
        assert!(error.is_cancelled() && !error.is_shutdown());
        assert_eq!((dropped.get(), other.get()), (1, 0));
        assert!(!sibling.is_finished());
        assert_eq!(unkoil(async { 1 }), 1);
    });
}

#[test]
fn a_task_that_is_done_keeps_its_value() {
    on_a_loop(|_| {
        let task = unkoil_task(async { 7 });
        crate::support::until(|| task.is_finished());
        assert!(!task.cancel("too late"));
        assert_eq!(task.result().unwrap(), 7);
    });
}

#[test]
fn a_drop_detaches_or_cancels_as_was_asked_for() {
    on_a_loop(|_| {
        let (cancelled, detached) = (Count::default(), Count::default());
        drop(endless(&detached));
        drop(endless(&cancelled).cancel_on_drop());
        crate::support::until(|| cancelled.get() == 1);
        assert_eq!(detached.get(), 0);
        let (said, hears) = mpsc::channel();
        let (began, beginning) = mpsc::channel();
        let polite = unkoil_task(async move {
            let token = CancelToken::current().unwrap();
            let listening = async {
                began.send(()).unwrap();
                pending::<()>().await;
            };
            tokio::select! { biased; () = token.cancelled() => {}, () = listening => {} }
            tokio::time::sleep(SOON).await;
            said.send(token.reason().unwrap().to_string()).unwrap();
        });
        beginning.recv().unwrap();
        drop(polite.cancel_on_drop());
        assert_eq!(hears.recv().unwrap(), "its owner has dropped it");
    });
}

#[test]
fn a_result_taken_disarms_nothing_and_cancels_nothing() {
    on_a_loop(|_| {
        let mut task = unkoil_task(async { 7 }).cancel_on_drop();
        assert_eq!(task.result_timeout(LIMIT).unwrap(), 7);
        assert!(!task.cancel("over"));
    });
}

#[test]
fn a_cancel_reaches_who_awaits_the_task() {
    on_a_loop(|_| {
        let dropped = Count::default();
        let task = endless(&dropped);
        let error = unkoil(async {
            task.cancel("from inside");
            task.await
        });
        assert_eq!(error.unwrap_err().cancel_reason().unwrap(), "from inside");
    });
}

#[test]
fn waiting_for_a_task_in_a_scope_is_cut_short_and_the_task_goes_on() {
    on_a_loop(|_| {
        let (finish, finished) = tokio::sync::oneshot::channel::<u8>();
        let mut task = unkoil_task(finished);
        let waited = koil::deadline(SOON, || task.result_timeout(LIMIT)).unwrap();
        assert!(waited.unwrap_err().is_timeout());
        finish.send(7).unwrap();
        assert_eq!(task.result().unwrap().unwrap(), 7);
    });
}

#[test]
fn a_value_that_comes_after_the_cancel_is_dropped_whoever_has_seen_it_first() {
    on_a_loop(|_| {
        for _ in 0..50 {
            let (started, has_started) = mpsc::channel();
            let task = unkoil_task(koil::run_threaded(move || {
                started.send(()).unwrap();
                while koil::check_cancelled().is_ok() {
                    thread::yield_now();
                }
                7
            }));
            has_started.recv().unwrap();
            assert!(task.cancel("not needed any more"));
            let error = task.result().unwrap_err();
            assert!(error.is_cancelled(), "{error}");
            assert!(!error.acknowledged(), "the task has not listened: {error}");
        }
    });
}

#[test]
fn cancels_that_race_with_the_end_never_mix_the_two() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let _entered = koil.enter();
        for _ in 0..200 {
            let (finish, finished) = tokio::sync::oneshot::channel::<u8>();
            let task = unkoil_task(async move { finished.await.unwrap_or_default() });
            let scope = CancelScope::new();
            let token = scope.token().clone();
            let other = thread::spawn(move || finish.send(7));
            let canceller = thread::spawn(move || token.cancel("stop"));
            let call = scope
                .run(|| try_unkoil(async { tokio::task::yield_now().await }))
                .unwrap();
            assert!(call.is_ok() || call.unwrap_err().is_cancelled());
            task.cancel("stop");
            match handle.wrap(|| task.result())() {
                Ok(value) => assert_eq!(value, 7),
                Err(error) => assert!(error.is_cancelled()),
            }
            let _ = other.join().unwrap();
            canceller.join().unwrap();
        }
    });
}
