//! Tasks whose outcomes come to the UI thread: once, in their context, and never out of date.

use std::thread;
use std::time::Duration;

use koil::CancelToken;
use koil::ui::{Outcome, UiTask};

use crate::support::{Count, OnDrop};
use crate::{Log, Mark, on_a_desk, on_a_shared_loop, reported};

koil::context_var! {
    static USER: &'static str = "nobody";
    static STEPS: u32 = 0;
}

/// The outcome in short.
fn short<T: ToString>(outcome: Outcome<T>) -> String {
    match outcome {
        Outcome::Done(value) => value.to_string(),
        Outcome::TimedOut => "timed out".to_owned(),
        Outcome::Cancelled(reason) => format!("cancelled: {reason}"),
        Outcome::Panicked(payload) => match payload.downcast::<&str>() {
            Ok(text) => format!("panicked: {text}"),
            Err(_) => "panicked".to_owned(),
        },
        Outcome::Stopped => "stopped".to_owned(),
    }
}

#[test]
fn an_outcome_comes_later_once_to_the_thread_of_the_ui() {
    on_a_desk(|desk| {
        let here = thread::current().id();
        let log = Log::new();
        let task = desk.ui.spawn(
            async move { thread::current().id() },
            log.noting(move |outcome: Outcome<_>| {
                assert_eq!(thread::current().id(), here);
                outcome.done().is_some_and(|ran_on| ran_on != here)
            }),
        );
        desk.wait_for_posts(1);
        assert_eq!((log.len(), task.is_finished()), (0, false));
        desk.pump.run_until(|| task.is_finished());
        assert_eq!(log.take(), [true]);
        assert_eq!((desk.pump.turn(), desk.posted.get()), (0, 1));
    });
}

#[test]
fn a_callback_runs_in_the_context_of_its_start_with_the_changes_of_the_future() {
    on_a_desk(|desk| {
        let log = Log::new();
        let future = async {
            tokio::task::yield_now().await;
            STEPS.set(STEPS.get() + 1);
        };
        let task = USER.scope("ada", || {
            let noting = log.noting(|_| {
                let seen = (USER.get(), STEPS.get());
                USER.set("a callback");
                seen
            });
            desk.ui.spawn(future, noting)
        });
        desk.pump.run_until(|| task.is_finished());
        assert_eq!(log.take(), [("ada", 1)]);
        assert_eq!((USER.get(), STEPS.get()), ("nobody", 0));
    });
}

#[test]
fn a_cancel_comes_with_its_reason_and_counts_once() {
    on_a_desk(|desk| {
        let log = Log::new();
        let task = desk
            .ui
            .spawn(std::future::pending::<u8>(), log.noting(short));
        assert!(task.cancel("the button") && !task.cancel("again"));
        desk.pump.run_until(|| task.is_finished());
        assert!(!task.cancel("too late"));
        assert_eq!(log.take(), ["cancelled: the button"]);
    });
}

#[test]
fn a_value_that_was_on_its_way_does_not_pass_a_cancel() {
    on_a_desk(|desk| {
        let log = Log::new();
        let ended: [fn(UiTask); 2] = [|task| assert!(task.cancel("stop")), drop];
        for (at, end) in ended.into_iter().enumerate() {
            let task = desk.ui.spawn(async { "a value" }, log.noting(short));
            desk.wait_for_posts(at + 1);
            end(task);
            desk.pump.run_until(|| log.len() == at + 1);
        }
        let dropped = "cancelled: its owner has dropped it";
        assert_eq!(log.take(), ["cancelled: stop", dropped]);
    });
}

#[test]
fn a_drop_cancels_and_a_detached_task_runs_on() {
    on_a_desk(|desk| {
        let (log, gone) = (Log::new(), Count::default());
        let on_drop = gone.on_drop();
        drop(desk.ui.spawn(
            async move {
                let _on_drop = on_drop;
                std::future::pending::<u8>().await
            },
            log.noting(short),
        ));
        desk.pump.run_until(|| log.len() == 1);
        assert_eq!(gone.get(), 1);
        desk.ui.spawn(async { 2 }, log.noting(short)).detach();
        desk.pump.run_until(|| log.len() == 2);
        assert_eq!(log.take(), ["cancelled: its owner has dropped it", "2"]);
    });
}

#[test]
fn a_deadline_is_kept_by_the_loop_and_says_so() {
    on_a_desk(|desk| {
        let log = Log::new();
        let pending = || std::future::pending::<u8>();
        for _ in 0..2 {
            desk.ui
                .spawn(pending(), log.noting(short))
                .timeout(Duration::from_millis(5))
                .timeout(Duration::from_secs(600))
                .detach();
        }
        desk.wait_for_posts(2);
        desk.pump.run_until(|| log.len() == 2);
        assert_eq!(log.take(), ["timed out", "timed out"]);
    });
}

#[test]
fn a_value_that_was_in_time_is_no_timeout_however_late_its_callback_runs() {
    on_a_desk(|desk| {
        let log = Log::new();
        let short_time = Duration::from_millis(20);
        let task = desk
            .ui
            .spawn(async { 1 }, log.noting(short))
            .timeout(short_time);
        desk.wait_for_posts(1);
        let later = desk
            .ui
            .koil()
            .task(async move { tokio::time::sleep(2 * short_time).await });
        later.result().unwrap();
        desk.pump.run_until(|| task.is_finished());
        assert_eq!(log.take(), ["1"]);
    });
}

#[test]
fn a_future_that_listens_cleans_up_before_its_callback_runs() {
    on_a_desk(|desk| {
        let (log, cleaned) = (Log::new(), Count::default());
        let count = cleaned.clone();
        let seen = cleaned.clone();
        let (begun, has_begun) = std::sync::mpsc::channel();
        let task = desk.ui.spawn(
            async move {
                let token = CancelToken::current().expect("a task has a token");
                begun.send(()).unwrap();
                token.cancelled().await;
                tokio::task::yield_now().await;
                count.add();
                "cleaned up"
            },
            log.noting(move |outcome| (short(outcome), seen.get())),
        );
        has_begun.recv().unwrap();
        task.cancel("enough");
        desk.pump.run_until(|| task.is_finished());
        assert_eq!(log.take(), [("cancelled: enough".to_owned(), 1)]);
    });
}

#[test]
fn the_newest_of_a_name_cancels_the_one_before_and_no_other() {
    on_a_desk(|desk| {
        let log = Log::new();
        let other = desk
            .ui
            .spawn(std::future::pending::<u8>(), log.noting(short))
            .latest("other");
        for n in 0..5 {
            desk.ui
                .spawn(async move { n }, log.noting(short))
                .latest("search")
                .detach();
        }
        desk.pump.run_until(|| log.len() == 5);
        let mut seen = log.take();
        seen.sort();
        let older = "cancelled: a newer task has taken its place";
        assert_eq!(seen, ["4", older, older, older, older]);
        assert!(!other.is_finished());

        // A name is free again when its task has ended.
        let task = desk
            .ui
            .spawn(async { 7 }, log.noting(short))
            .latest("search")
            .latest("search");
        desk.pump.run_until(|| task.is_finished());
        assert_eq!(log.take(), ["7"]);
    });
}

#[test]
fn a_panic_of_the_future_is_an_outcome_wherever_it_comes_from() {
    on_a_desk(|desk| {
        let before = reported().len();
        let log = Log::new();
        let _first = desk
            .ui
            .spawn(async { panic!("in a poll") }, log.noting(short::<u8>));
        desk.pump.run_until(|| log.len() == 1);
        let future = async {
            let _bomb = OnDrop::new(|| panic!("in a drop"));
            tokio::task::yield_now().await;
            1
        };
        let _second = desk.ui.spawn(future, log.noting(short));
        desk.pump.run_until(|| log.len() == 2);
        assert_eq!(log.take(), ["panicked: in a poll", "panicked: in a drop"]);
        assert!(reported().len() >= before + 2);
    });
}

#[test]
fn a_stop_of_the_loop_is_an_outcome_also_for_tasks_that_begin_after_it() {
    on_a_shared_loop(|desk, koil| {
        let log = Log::new();
        let task = desk
            .ui
            .spawn(std::future::pending::<u8>(), log.noting(short));
        assert!(koil.shutdown().loop_ended());
        desk.pump.run_until(|| task.is_finished());
        let late = desk.ui.spawn(async { 1 }, log.noting(short));
        assert!(!late.is_finished());
        desk.pump.run_until(|| late.is_finished());
        assert_eq!(log.take(), ["stopped", "stopped"]);
    });
}

#[test]
fn a_callback_may_start_the_next_task() {
    on_a_desk(|desk| {
        let (done, ui) = (Mark::default(), desk.ui.handle());
        let inner = done.clone();
        desk.ui
            .spawn(async { 1 }, move |_| {
                ui.spawn(async { 2 }, move |_| inner.set()).detach();
            })
            .detach();
        desk.pump.run_until(|| done.is_set());
    });
}
