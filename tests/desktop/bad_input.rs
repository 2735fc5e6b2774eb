//! Bad input: a `post` that fails, panics or is wrong; use after close; callbacks on a wrong thread.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;

use koil::ui::testing::Pump;
use koil::ui::{Closed, Reply, Ui};

use crate::support::{Count, LIMIT, assert_told, until, watched};
use crate::{Mark, on_a_desk, reported, reported_here};

fn text_of<T>(panicked: thread::Result<T>) -> String {
    let payload = panicked.err().expect("it panics");
    *payload
        .downcast::<String>()
        .expect("koil's panics have a text")
}

#[test]
fn a_post_that_fails_ends_the_tasks_and_calls() {
    watched(|| {
        let pump = Pump::new();
        let ui = Ui::new(pump.post()).unwrap();
        let (gone, on_ui) = (Count::default(), ui.handle());
        let on_drop = gone.on_drop();
        let task = ui.spawn(
            async move {
                let _stays = on_drop;
                std::future::pending::<()>().await;
            },
            |_| unreachable!("there is no event loop"),
        );
        let waits = ui
            .koil()
            .task(async move { on_ui.ask(|_: Reply<u8>| ()).await.is_err() });
        pump.run_until(|| waits.is_finished());
        pump.close();
        let on_ui = ui.handle();
        let error = ui
            .koil()
            .task(async move { on_ui.call(|| ()).await })
            .result()
            .unwrap();
        let error = error.unwrap_err();
        assert!(
            error.is_closed() && error.to_string().contains("has ended"),
            "{error}"
        );
        until(|| gone.get() == 1);
        assert!(task.is_finished() && ui.is_closed());
        // It is still closed without a hang, and its callback is dropped.
        assert!(ui.join(LIMIT));
    });
}

#[test]
fn events_that_are_dropped_end_the_calls_in_them() {
    watched(|| {
        // An event loop that takes events and never runs one.
        let ui = Ui::new(|event| {
            drop(event);
            Ok(())
        })
        .unwrap();
        let on_ui = ui.handle();
        let task = ui.koil().task(async move { on_ui.call(|| ()).await });
        assert!(task.result().unwrap().unwrap_err().is_closed());
        ui.spawn(async {}, |_| unreachable!("no event runs"))
            .detach();
        assert!(ui.join(LIMIT));
    });
}

#[test]
fn a_post_that_panics_counts_as_one_that_fails() {
    watched(|| {
        let before = reported().len();
        let ui = Ui::new(|_| panic!("no event loop")).unwrap();
        let on_ui = ui.handle();
        let task = ui.koil().task(async move { on_ui.call(|| ()).await });
        assert!(task.result().unwrap().unwrap_err().is_closed());
        assert!(ui.is_closed() && reported().len() > before);
    });
}

#[test]
fn a_post_that_runs_the_event_at_once_is_told_and_runs_no_callback_elsewhere() {
    watched(|| {
        let before = reported().len();
        let (panics, panicked) = mpsc::channel();
        let ui = Ui::new(move |event| {
            let ran = catch_unwind(AssertUnwindSafe(event));
            drop(panics.send(text_of(ran)));
            panic!("as if nobody had caught it");
            #[allow(unreachable_code)] // Tells the type.
            Ok::<(), Closed>(())
        })
        .unwrap();
        let ended = ui.spawn(async {}, |_| unreachable!("on another thread"));
        until(|| ended.is_finished());
        assert!(ui.is_closed() && reported().len() > before);
        assert_told(
            &panicked.recv().unwrap(),
            "on another thread than the one on which the `Ui` was made",
            &[
                "hand the closure to the event loop of the toolkit, and make the `Ui` on the thread that runs \
               this loop",
            ],
        );
        let pump = Pump::new();
        let ui = Ui::new(pump.post()).unwrap();
        let here = thread::current().id();
        let task = ui.spawn(async {}, move |_| assert_eq!(thread::current().id(), here));
        pump.run_until(|| task.is_finished());
        assert!(!ui.is_closed());
    });
}

#[test]
fn callbacks_are_taken_on_the_ui_thread_alone() {
    on_a_desk(|desk| {
        let handle = desk.ui.handle();
        let text = thread::spawn(move || {
            let spawn = || handle.spawn(async {}, |_| {}).detach();
            let each = || handle.each(futures::stream::iter(0..1), |_| {}).detach();
            let progress = || drop(handle.progress(|_: u8| {}));
            let local = || drop(handle.local(1));
            let tried: [&dyn Fn(); 4] = [&spawn, &each, &progress, &local];
            tried.map(|call| text_of(catch_unwind(AssertUnwindSafe(call))))
        });
        for (text, name) in text
            .join()
            .unwrap()
            .into_iter()
            .zip(["spawn", "each", "progress", "local"])
        {
            assert!(text.contains(&format!("UiHandle::{name}")), "{text}");
            assert_told(
                &text,
                "belongs to the UI thread",
                &["in async code get there by `ui.call(move || ..).await`"],
            );
            assert!(text.contains(file!()), "{text}");
        }
        let on_ui = desk.ui.handle();
        let task = desk.ui.koil().task(async move {
            let ui = on_ui.clone();
            on_ui
                .call(move || *ui.local(1).try_with(|one| *one).as_ref().unwrap())
                .await
        });
        desk.pump.run_until(|| task.is_finished());
        assert_eq!(task.result().unwrap().unwrap(), 1);
        assert!(!desk.ui.is_closed());
    });
}

#[test]
fn a_callback_that_panics_is_reported_once_and_the_ui_lives_on() {
    on_a_desk(|desk| {
        let before = reported_here();
        let task = desk.ui.spawn(async {}, |_| panic!("in the callback"));
        desk.pump.run_until(|| task.is_finished());
        assert_eq!(reported_here(), before + 1);
        let seen = Mark::default();
        let mark = seen.clone();
        desk.ui.spawn(async {}, move |_| mark.set()).detach();
        desk.pump.run_until(|| seen.is_set());
    });
}

#[test]
fn a_ui_that_is_used_after_close_answers() {
    on_a_desk(|desk| {
        desk.ui.close();
        let gone = Count::default();
        let (in_future, in_callback) = (gone.on_drop(), gone.on_drop());
        let task = desk
            .ui
            .spawn(async move { drop(in_future) }, move |_| drop(in_callback));
        assert_eq!(gone.get(), 2);
        assert!(task.is_finished() && !task.cancel("late"));
        let task = task.timeout(LIMIT).latest("name");
        task.detach();
        let stream = desk
            .ui
            .each(futures::stream::iter(0..1), |_| unreachable!("closed"));
        assert!(stream.is_finished());
        stream
            .in_flight(2)
            .on_end(|_| unreachable!("closed"))
            .detach();
        desk.ui.progress(|_: u8| unreachable!("closed")).set(1);
        assert!(desk.ui.local(1).try_with(|n| *n).unwrap_err().is_closed());
        desk.ui.on_closed(|_| unreachable!("set too late"));
        while desk.pump.run_one(std::time::Duration::from_millis(1)) {}
    });
}

#[test]
fn in_flight_0_is_told() {
    on_a_desk(|desk| {
        let each = || desk.ui.each(futures::stream::pending::<u8>(), |_| {});
        let text = *catch_unwind(AssertUnwindSafe(|| each().in_flight(0).detach()))
            .unwrap_err()
            .downcast::<&str>()
            .expect("koil's panics have a text");
        assert_told(
            text,
            "`in_flight` needs room for 1 item at least",
            &["drop the `UiStream` to stop it"],
        );
        let gone = Count::default();
        let on_drop = gone.on_drop();
        drop(desk.ui.each(futures::stream::pending::<u8>(), move |_| {
            let _owned = &on_drop;
        }));
        desk.pump.run_until(|| gone.get() == 1);
    });
}

#[test]
fn a_pump_that_waits_in_vain_fails_its_test_and_a_thread_that_ends_drops_its_callbacks() {
    watched(|| {
        let dropped = Count::default();
        let on_drop = dropped.on_drop();
        let ui_thread = thread::spawn(move || {
            let pump = Pump::new();
            let ui = Ui::new(pump.post()).unwrap();
            ui.spawn(std::future::pending::<()>(), move |_| drop(on_drop))
                .detach();
            // Never closed: its thread ends first.
            std::mem::forget(ui);
            assert!(!pump.run_one(std::time::Duration::ZERO) && pump.turn() == 0);
        });
        ui_thread.join().unwrap();
        assert_eq!(dropped.get(), 1);
    });
}
