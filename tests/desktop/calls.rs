//! Calls from the loop to the UI thread and back: values, context, cancels, panics, dialogs.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::mpsc;
use std::thread;

use koil::CancelToken;
use koil::ui::Reply;

use crate::support::{Count, assert_told, refused};
use crate::{Log, Mark, on_a_desk, on_a_shared_loop, reported_here};

koil::context_var! { static USER: &'static str = "nobody" }

#[test]
fn a_call_runs_on_the_ui_thread_and_gives_its_value_back() {
    on_a_desk(|desk| {
        let here = thread::current().id();
        let on_ui = desk.ui.handle();
        let task = desk.ui.koil().task(async move {
            let mut sum = 0;
            for n in 0..100 {
                sum += on_ui
                    .call(move || (thread::current().id() == here).then_some(n))
                    .await?
                    .unwrap();
            }
            Ok::<_, koil::Error>(sum)
        });
        desk.pump.run_until(|| task.is_finished());
        assert_eq!(task.result().unwrap().unwrap(), 4950);
    });
}

#[test]
fn context_goes_in_and_comes_back() {
    on_a_desk(|desk| {
        let on_ui = desk.ui.handle();
        let task = desk.ui.koil().task(async move {
            USER.set("ada");
            let call = on_ui.call(|| {
                let before = USER.get();
                USER.set("grace");
                before
            });
            let seen = call.await.unwrap();
            let asked = on_ui.ask(|reply: Reply<&str>| {
                reply.send(USER.get());
                USER.set("edith");
            });
            (seen, asked.await.unwrap(), USER.get())
        });
        desk.pump.run_until(|| task.is_finished());
        assert_eq!(task.result().unwrap(), ("ada", "grace", "edith"));
        assert_eq!(USER.get(), "nobody");
    });
}

#[test]
fn values_of_the_ui_thread_are_reached_from_a_call_and_dropped_there() {
    on_a_desk(|desk| {
        let label = Rc::new(Cell::new(0));
        let (shown, on_ui) = (desk.ui.local(label.clone()), desk.ui.handle());
        let elsewhere = shown.clone();
        let missed = thread::spawn(move || elsewhere.try_with(|label| label.get()))
            .join()
            .unwrap();
        let text = missed.unwrap_err().to_string();
        assert!(
            text.contains("belongs to the UI thread") && text.contains(file!()),
            "{text}"
        );

        let task = desk
            .ui
            .koil()
            .task(async move { on_ui.call(move || shown.with(|label| label.set(42))).await });
        desk.pump
            .run_until(|| task.is_finished() && Rc::strong_count(&label) == 1);
        assert_eq!(label.get(), 42);

        let kept = desk.ui.local(label.clone());
        desk.ui.close();
        assert_eq!(Rc::strong_count(&label), 1);
        assert!(kept.try_with(|_| ()).unwrap_err().is_closed());
    });
}

#[test]
fn a_panic_of_the_closure_is_reported_there_and_resumed_where_it_is_awaited() {
    on_a_desk(|desk| {
        let before = reported_here();
        for is_ask in [false, true] {
            let on_ui = desk.ui.handle();
            let task = desk.ui.koil().task(async move {
                if is_ask {
                    let ask = on_ui.ask(|_: Reply<u8>| panic!("in the window"));
                    ask.await.map(drop)
                } else {
                    on_ui.call(|| panic!("in the window")).await
                }
            });
            desk.pump.run_until(|| task.is_finished());
            let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| task.result()));
            let payload = panic.expect_err("the panic comes here");
            assert_eq!(payload.downcast_ref(), Some(&"in the window"));
        }
        assert_eq!(reported_here(), before + 2);
    });
}

#[test]
fn a_dialog_answers_later_and_the_ui_goes_on_meanwhile() {
    on_a_desk(|desk| {
        let (dialogs, log) = (Rc::new(Log::new()), Log::new());
        let open = desk.ui.local(dialogs.clone());
        let on_ui = desk.ui.handle();
        let ask = move |wanted| {
            let (on_ui, open) = (on_ui.clone(), open.clone());
            async move {
                let ask = on_ui
                    .ask(move |reply: Reply<u8>| open.with(|dialogs| dialogs.add((wanted, reply))));
                ask.await.map_err(|error| {
                    assert_told(
                        &error.to_string(),
                        "got no answer: its reply was dropped",
                        &["call `reply.send(..)` on each way out of the dialog that is an answer"],
                    );
                    error.is_unanswered()
                })
            }
        };
        let tasks: Vec<_> = [1, 2]
            .map(|n| {
                desk.ui.spawn(
                    ask(n),
                    log.noting(|outcome: koil::ui::Outcome<_>| outcome.done().unwrap()),
                )
            })
            .into();
        desk.pump.run_until(|| dialogs.len() == 2);
        assert_eq!(log.len(), 0);
        for (wanted, reply) in dialogs.take() {
            if wanted == 1 {
                assert!(!reply.is_cancelled());
                reply.send(11);
            }
        }
        desk.pump
            .run_until(|| tasks.iter().all(koil::ui::UiTask::is_finished));
        let mut answers = log.take();
        answers.sort();
        assert_eq!(answers, [Ok(11), Err(true)]);
    });
}

#[test]
fn a_dialog_learns_that_the_code_that_asked_has_gone() {
    on_a_desk(|desk| {
        let dialog = Rc::new(Cell::new(None));
        let open = desk.ui.local(dialog.clone());
        let on_ui = desk.ui.handle();
        let asking = async move {
            on_ui
                .ask(move |reply: Reply<u8>| open.with(|dialog| dialog.set(Some(reply))))
                .await
        };
        let task = desk.ui.spawn(asking, |_| {});
        let mut reply = None;
        desk.pump.run_until(|| {
            reply = dialog.take();
            reply.is_some()
        });
        let reply = reply.expect("the dialog is open");
        assert!(!reply.is_cancelled());
        task.cancel("the user has gone on");
        desk.pump.run_until(|| task.is_finished());
        assert!(reply.is_cancelled() && reply.token().is_cancelled());
        reply.send(1);
    });
}

#[test]
fn a_dropped_call_is_not_begun_and_a_begun_one_is_told_by_its_token() {
    on_a_desk(|desk| {
        // Dropped before its event runs.
        let (on_ui, ran, gone) = (desk.ui.handle(), Count::default(), Count::default());
        let (count, on_drop) = (ran.clone(), gone.on_drop());
        let task = desk.ui.koil().task(async move {
            on_ui
                .call(move || {
                    let _stays = &on_drop;
                    count.add();
                })
                .await
        });
        desk.wait_for_posts(1);
        task.cancel("not needed");
        assert!(task.result().unwrap_err().is_cancelled());
        desk.pump.turn();
        assert_eq!((ran.get(), gone.get()), (0, 1));

        // Dropped while its event runs.
        let on_ui = desk.ui.handle();
        let (cancelled, was_cancelled) = mpsc::channel();
        let (begun, has_begun) = mpsc::channel();
        let task = desk.ui.koil().task(async move {
            let call = on_ui.call(move || {
                let token = CancelToken::current().expect("the closure has a token");
                begun.send(()).unwrap();
                let ended = koil::try_unkoil(std::future::pending::<()>()).unwrap_err();
                cancelled
                    .send(token.is_cancelled() && ended.is_cancelled())
                    .unwrap();
            });
            call.await
        });
        let other = thread::spawn(move || {
            has_begun.recv().unwrap();
            task.cancel("not needed");
            task.result().unwrap_err().is_cancelled()
        });
        desk.pump.run_until(|| was_cancelled.try_recv() == Ok(true));
        assert!(other.join().unwrap());
    });
}

#[test]
fn calls_end_with_an_error_when_the_window_closes_and_never_hang() {
    on_a_shared_loop(|desk, koil| {
        let on_ui = desk.ui.handle();
        let waiting = {
            let on_ui = on_ui.clone();
            koil.task(async move { on_ui.call(|| ()).await })
        };
        let opened = Mark::default();
        let kept = desk.ui.local((opened.clone(), Cell::new(None)));
        let _stays = kept.clone();
        let asking = {
            let on_ui = on_ui.clone();
            koil.task(async move {
                on_ui
                    .ask(move |reply: Reply<u8>| {
                        kept.with(|(opened, slot)| {
                            slot.set(Some(reply));
                            opened.set();
                        });
                    })
                    .await
            })
        };
        // One of them may have been posted first; both have, and one event has run.
        desk.wait_for_posts(2);
        while !opened.is_set() {
            assert!(desk.pump.run_one(crate::support::LIMIT));
        }
        let queued = {
            let on_ui = on_ui.clone();
            koil.task(async move { on_ui.call(|| unreachable!("the window is gone")).await })
        };
        desk.wait_for_posts(3);
        desk.ui.close();
        assert!(queued.result().unwrap().unwrap_err().is_closed());
        assert!(asking.result().unwrap().unwrap_err().is_closed());
        drop(waiting);
        let late = koil
            .task(async move { on_ui.call(|| ()).await })
            .result()
            .unwrap();
        let text = late.unwrap_err().to_string();
        assert!(
            text.contains("the window has been closed") && text.contains(file!()),
            "{text}"
        );
        desk.pump.turn();
    });
}

#[test]
fn a_call_from_the_ui_thread_itself_is_an_error_that_says_so() {
    on_a_desk(|desk| {
        let error = refused(koil::unkoil(desk.ui.call(|| 1)));
        let text = error.to_string();
        assert!(text.contains(file!()), "{text}");
        assert_told(
            &text,
            "is awaited on the UI thread",
            &["call the closure, or await this in a future of `ui.spawn`"],
        );
        let on_ui = desk.ui.handle();
        let outcome = Log::new();
        let note = outcome.noting(|outcome: koil::ui::Outcome<_>| outcome.done().unwrap());
        let task = desk
            .ui
            .spawn(async move { on_ui.call(|| 1).await.unwrap() }, note);
        desk.pump.run_until(|| task.is_finished());
        assert_eq!(outcome.take(), [1]);
        let asked = futures::executor::block_on(desk.ui.ask(|reply: Reply<u8>| reply.send(1)));
        refused(asked);
    });
}

#[test]
fn values_of_the_ui_thread_reach_async_code_by_a_channel_and_none_is_lost() {
    on_a_desk(|desk| {
        let (clicks, mut clicked) = koil::channel(64);
        let sum = async move {
            let mut sum = 0;
            while let Some(n) = clicked.recv().await {
                sum += n;
            }
            sum
        };
        let log = Log::new();
        let task = desk.ui.spawn(
            sum,
            log.noting(|outcome: koil::ui::Outcome<u32>| outcome.done()),
        );
        for n in 0..64 {
            clicks.try_send(n).unwrap();
        }
        drop(clicks);
        desk.pump.run_until(|| task.is_finished());
        assert_eq!(log.take(), [Some((0..64).sum())]);
    });
}
