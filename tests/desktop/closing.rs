//! The end: close never blocks, nothing runs after it, and everything of the `Ui` ends.

use std::rc::Rc;
use std::sync::mpsc;
use std::time::Duration;

use futures::stream;
use koil::CancelToken;
use koil::ui::Ui;
use koil::ui::testing::Pump;

use crate::support::{Count, LIMIT, OnDrop, watched};
use crate::{Mark, on_a_desk, on_a_shared_loop, reported_here};

#[test]
fn no_callback_runs_after_close_whatever_was_on_its_way() {
    on_a_desk(|desk| {
        let (ran, widget) = (Mark::default(), Rc::new(()));
        let callback = || {
            let (ran, widget) = (ran.clone(), widget.clone());
            move || {
                assert!(Rc::strong_count(&widget) > 1);
                ran.set();
            }
        };
        let (on_value, on_outcome, on_item, at_end) =
            (callback(), callback(), callback(), callback());
        let progress = desk.ui.progress(move |_: u8| on_value());
        progress.set(1);
        let task = desk.ui.spawn(async { 1 }, move |_| on_outcome());
        let filling = desk
            .ui
            .each(stream::repeat(1), move |_| on_item())
            .on_end(move |_| at_end());
        desk.wait_for_posts(3);
        desk.ui.close();
        // Callbacks have been dropped, on their thread.
        assert_eq!(Rc::strong_count(&widget), 1);
        assert!(task.is_finished() && filling.is_finished() && desk.ui.is_closed());
        desk.pump.turn();
        progress.set(2);
        desk.ui
            .spawn(async { 1 }, {
                let ran = ran.clone();
                move |_| ran.set()
            })
            .detach();
        desk.pump.turn();
        assert!(!ran.is_set());
        desk.ui.close();
    });
}

#[test]
fn close_does_not_wait_for_a_future_that_never_comes_back() {
    on_a_desk(|desk| {
        let (release, released) = mpsc::channel::<()>();
        let (begun, has_begun) = mpsc::channel();
        // The loop thread is stuck in this until the test ends.
        desk.ui
            .spawn(
                async move {
                    begun.send(()).unwrap();
                    let _ = released.recv();
                },
                |_| unreachable!("closed before"),
            )
            .detach();
        has_begun.recv().unwrap();
        let ended = Mark::default();
        let seen = ended.clone();
        desk.ui.on_closed(move |report| {
            assert!(report.expect("the loop is its own").loop_ended());
            seen.set();
        });
        desk.ui.close();
        desk.pump.turn();
        // Close has returned, and the loop cannot have ended yet.
        assert!(!ended.is_set());
        drop(release);
        desk.pump.run_until(|| ended.is_set());
    });
}

#[test]
fn futures_that_listen_clean_up_before_on_closed_and_all_are_dropped() {
    on_a_desk(|desk| {
        let (begun, has_begun) = mpsc::channel();
        let order = Count::default();
        for _ in 0..3 {
            let (begun, order) = (begun.clone(), order.clone());
            let future = async move {
                let token = CancelToken::current().expect("a task has a token");
                begun.send(()).unwrap();
                token.cancelled().await;
                tokio::time::sleep(Duration::from_millis(1)).await;
                order.add();
            };
            desk.ui
                .spawn(future, |_| unreachable!("closed before"))
                .detach();
        }
        for _ in 0..3 {
            has_begun.recv().unwrap();
        }
        let ended = Mark::default();
        let (seen, cleaned) = (ended.clone(), order.clone());
        desk.ui.on_closed(move |report| {
            assert!(report.unwrap().is_clean());
            assert_eq!(cleaned.get(), 3);
            seen.set();
        });
        desk.ui.close();
        desk.pump.run_until(|| ended.is_set());
    });
}

#[test]
fn on_a_loop_of_others_only_its_own_tasks_end() {
    on_a_shared_loop(|desk, koil| {
        let gone = Count::default();
        let on_drop = gone.on_drop();
        let other = koil.task(std::future::pending::<()>());
        let neighbour = Ui::builder(desk.pump.post())
            .handle(&koil.handle())
            .build()
            .unwrap();
        let seen = Mark::default();
        let mark = seen.clone();
        desk.ui
            .spawn(
                async move {
                    let _stays = on_drop;
                    std::future::pending::<()>().await;
                },
                |_| unreachable!("closed before"),
            )
            .detach();
        let (ended, count) = (Mark::default(), gone.clone());
        let of_end = ended.clone();
        desk.ui.on_closed(move |report| {
            assert!(report.is_none());
            assert_eq!(count.get(), 1);
            of_end.set();
        });
        desk.ui.close();
        desk.pump.run_until(|| ended.is_set());
        // The second `Ui` of the loop and of the thread works on.
        neighbour.spawn(async { 1 }, move |_| mark.set()).detach();
        desk.pump.run_until(|| seen.is_set());
        assert!(!other.is_finished() && !neighbour.is_closed());
        assert!(neighbour.join(LIMIT));
        drop(other);
    });
}

#[test]
fn close_inside_a_callback_and_a_drop_that_panics_are_survived() {
    watched(|| {
        let pump = Pump::new();
        let ui = Rc::new(Ui::new(pump.post()).unwrap());
        let before = reported_here();
        let bomb = OnDrop::new(|| panic!("the drop of a widget"));
        ui.spawn(std::future::pending::<()>(), move |_| drop(bomb))
            .detach();
        let closing = ui.clone();
        let ended = Mark::default();
        let seen = ended.clone();
        ui.on_closed(move |_| seen.set());
        ui.spawn(async {}, move |_| closing.close()).detach();
        pump.run_until(|| ended.is_set());
        assert_eq!(reported_here(), before + 1);
    });
}

#[test]
fn a_drop_is_a_close_and_join_waits_at_the_end_of_main() {
    watched(|| {
        let pump = Pump::new();
        let gone = Count::default();
        for is_joined in [false, true] {
            let ui = Ui::new(pump.post()).unwrap();
            let (begun, has_begun) = mpsc::channel();
            let on_drop = gone.on_drop();
            let future = async move {
                let _stays = on_drop;
                begun.send(()).unwrap();
                std::future::pending::<()>().await;
            };
            ui.spawn(future, |_| unreachable!("closed before")).detach();
            has_begun.recv().unwrap();
            let handle = ui.handle();
            if is_joined {
                assert!(ui.join(LIMIT));
                assert_eq!(gone.get(), 2);
            } else {
                drop(ui);
                crate::support::until(|| gone.get() == 1);
            }
            assert!(handle.is_closed());
        }
    });
}

#[test]
fn join_gives_up_at_its_limit() {
    on_a_shared_loop(|desk, koil| {
        let ui = Ui::builder(desk.pump.post())
            .handle(&koil.handle())
            .build()
            .unwrap();
        let (release, released) = mpsc::channel::<()>();
        let (begun, has_begun) = mpsc::channel();
        let stuck = async move {
            begun.send(()).unwrap();
            let _ = released.recv();
        };
        ui.spawn(stuck, |_| {}).detach();
        has_begun.recv().unwrap();
        assert!(!ui.join(Duration::from_millis(5)));
        drop(release);
    });
}

#[test]
fn two_hundred_windows_open_and_close_with_a_request_on_its_way() {
    watched(|| {
        let pump = Pump::new();
        let (ended, gone) = (Count::default(), Count::default());
        for round in 0..200 {
            let ui = Ui::new(pump.post()).unwrap();
            let (ended, on_drop) = (ended.clone(), gone.on_drop());
            ui.on_closed(move |_| ended.add());
            let on_ui = ui.handle();
            let request = async move {
                let _stays = on_drop;
                on_ui.call(|| ()).await?;
                std::future::pending::<Result<(), koil::Error>>().await
            };
            let _request = ui.spawn(request, |_| unreachable!("closed before"));
            if round % 2 == 0 {
                pump.run_one(LIMIT);
            }
            ui.close();
        }
        pump.run_until(|| ended.get() == 200);
        assert_eq!(gone.get(), 200);
    });
}
