//! Blocking calls on a UI thread: allowed, told once per line, or refused; never where tasks run.

use std::sync::{Mutex, mpsc};
use std::time::Duration;

use koil::ui::testing::Pump;
use koil::ui::{BlockingOnUi, Ui};
use koil::{BlockingInAsync, CancelToken, Koil};

use crate::support::{assert_told, refused, until, waiting, watched};

/// A loop that sends its notices, and a call on it that waits.
fn a_loop() -> (Koil, mpsc::Receiver<BlockingInAsync>) {
    let (told, notices) = mpsc::channel();
    let koil = Koil::builder().on_blocking_in_async(move |notice| drop(told.send(notice.clone())));
    (koil.build().unwrap(), notices)
}

/// A future that has to wait.
async fn sleeps(time: Duration) {
    tokio::time::sleep(time).await;
}

/// A future that is ready once a thread has blocked on it.
fn when_blocked(koil: &Koil) -> impl Future<Output = ()> + Send + use<> {
    let handle = koil.handle();
    let (blocked, is_blocked) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        until(|| waiting(&handle) == 1);
        blocked.send(())
    });
    async move { is_blocked.await.unwrap() }
}

fn waits(koil: &Koil) {
    koil.unkoil(sleeps(Duration::from_millis(5)));
}

#[test]
fn a_call_that_waits_is_told_once_per_line_with_its_time() {
    watched(|| {
        let (koil, notices) = a_loop();
        waits(&koil);
        let pump = Pump::new();
        let ui = Ui::builder(pump.post())
            .handle(&koil.handle())
            .build()
            .unwrap();
        let line = line!() + 2;
        for _ in 0..3 {
            koil.unkoil(sleeps(Duration::from_millis(5)));
        }
        // One that is ready does not block the window.
        koil.unkoil(async {});
        let notice = notices.try_recv().expect("it is told when it is over");
        assert!(notice.is_on_ui_thread() && !notice.is_loop_stuck());
        assert_eq!(notice.call_site().line(), line);
        assert!(notice.waited() >= Duration::from_millis(5));
        assert_told(
            &notice.to_string(),
            "has blocked a UI thread for",
            &["give the future to `ui.spawn(future, |outcome| ..)` instead"],
        );
        assert!(notices.try_recv().is_err());
        let task = ui.spawn(sleeps(Duration::from_millis(5)), |outcome| {
            outcome.done().unwrap();
        });
        pump.run_until(|| task.is_finished());
        assert!(notices.try_recv().is_err());

        // Each way to wait: items, tasks, lent futures.
        let items = futures::stream::once(when_blocked(&koil));
        assert_eq!(koil.iter(items).count(), 1);
        koil.task(when_blocked(&koil)).result().unwrap();
        let entered = koil.enter();
        koil::unkoil_lend(when_blocked(&koil));
        drop(entered);
        let told = notices.try_iter().filter(BlockingInAsync::is_on_ui_thread);
        assert_eq!(told.count(), 3);

        ui.close();
        waits(&koil);
        assert!(notices.try_recv().is_err());
    });
}

#[test]
fn a_call_that_waits_for_a_task_that_asks_the_window_is_told_while_it_waits() {
    watched(|| {
        let (told, notices) = mpsc::channel();
        let (give, given) = mpsc::channel::<CancelToken>();
        let given = Mutex::new(given);
        // The hook gets the task out of its deadlock.
        let koil = Koil::builder().on_blocking_in_async(move |notice| {
            drop(told.send(notice.clone()));
            if let Ok(token) = given.lock().unwrap().try_recv() {
                token.cancel("it would never end");
            }
        });
        let koil = koil.build().unwrap();
        let pump = Pump::new();
        let ui = Ui::builder(pump.post())
            .handle(&koil.handle())
            .build()
            .unwrap();
        let on_ui = ui.handle();
        let task = koil.task(async move { on_ui.call(|| 7).await });
        give.send(task.token().clone()).unwrap();
        let line = line!() + 1;
        let error = task.result().unwrap_err();
        assert_eq!(error.cancel_reason().unwrap(), "it would never end");
        let notice = notices.try_recv().expect("it is told while the call waits");
        assert!(notice.is_on_ui_thread() && !notice.is_loop_stuck());
        assert_eq!(notice.call_site().line(), line);
        assert!(notice.waited() >= Duration::from_secs(5));
        assert_told(
            &notice.to_string(),
            "and its window stands still",
            &[
                "if the call waits for a task that asks the window (`ui.call`, `ui.ask`), it never ends: give \
               the future to `ui.spawn(future, |outcome| ..)` instead",
            ],
        );
        let over = notices.try_recv().expect("it is told when it is over");
        assert!(over.to_string().contains("has blocked a UI thread for"));
        let on_ui = ui.handle();
        let task = ui.spawn(async move { on_ui.call(|| 7).await.unwrap() }, |outcome| {
            assert_eq!(outcome.done(), Some(7));
        });
        pump.run_until(|| task.is_finished());
    });
}

#[test]
fn other_threads_and_tasks_are_not_told() {
    watched(|| {
        let (koil, notices) = a_loop();
        let pump = Pump::new();
        let ui = Ui::builder(pump.post())
            .handle(&koil.handle())
            .build()
            .unwrap();
        let handle = koil.handle();
        std::thread::spawn(move || handle.unkoil(sleeps(Duration::from_millis(1))))
            .join()
            .unwrap();
        let job = koil::run_threaded(|| koil::unkoil(sleeps(Duration::from_millis(1))));
        let _entered = koil.enter();
        let task = ui.spawn(job, |_| {});
        pump.run_until(|| task.is_finished());
        assert!(notices.try_recv().is_err());
    });
}

#[test]
fn a_ui_may_allow_or_refuse_them_and_the_strictest_counts() {
    watched(|| {
        let (koil, notices) = a_loop();
        let pump = Pump::new();
        let over = |blocking| {
            let ui = Ui::builder(pump.post())
                .handle(&koil.handle())
                .blocking(blocking);
            ui.build().unwrap()
        };
        let _allowed = over(BlockingOnUi::Allowed);
        waits(&koil);
        assert!(notices.try_recv().is_err());

        let refusing = over(BlockingOnUi::Refused);
        let telling = over(BlockingOnUi::Told);
        let error = refused(koil.try_unkoil(async { "ready" }));
        assert_told(
            &error.to_string(),
            "whose `Ui` refuses that (`BlockingOnUi::Refused`)",
            &[
                "give the future to `ui.spawn(future, |outcome| ..)` instead",
                "or make the call on another thread",
            ],
        );
        let task = refusing.spawn(sleeps(Duration::from_millis(1)), |outcome| {
            outcome.done().unwrap();
        });
        pump.run_until(|| task.is_finished());
        refused(koil::sleep(Duration::ZERO));
        refused(koil.task(async {}).result());
        let _entered = koil.enter();
        assert!(koil::may_block().unwrap_err().would_deadlock());
        // Elsewhere they work on.
        let handle = koil.handle();
        std::thread::spawn(move || handle.unkoil(async {}))
            .join()
            .unwrap();

        drop(refusing);
        waits(&koil);
        assert!(
            notices
                .try_recv()
                .expect("the next one tells")
                .is_on_ui_thread()
        );
        drop(telling);
        koil.unkoil(sleeps(Duration::from_millis(1)));
        assert!(notices.try_recv().is_err());
    });
}

#[test]
fn a_blocked_ui_thread_that_drives_runs_no_callback_and_is_no_ui_thread_for_tasks() {
    watched(|| {
        let koil = Koil::builder()
            .drivers(koil::Drivers::Callers)
            .build()
            .unwrap();
        let pump = Pump::new();
        let ui = Ui::builder(pump.post())
            .handle(&koil.handle())
            .build()
            .unwrap();
        // Tasks of tokio may run on this thread while it waits; a call of theirs waits for its event.
        let on_ui = ui.handle();
        let (posted, is_posted) = tokio::sync::oneshot::channel();
        let task = koil.handle().tokio().spawn(async move {
            let mut call = Box::pin(on_ui.call(|| 7));
            assert!(futures::poll!(&mut call).is_pending());
            posted.send(()).unwrap();
            call.await.unwrap()
        });
        koil.unkoil(is_posted).unwrap();
        pump.turn();
        assert_eq!(koil.unkoil(task).unwrap(), 7);
    });
}
