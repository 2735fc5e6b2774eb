//! Streams whose items come to the UI thread: in order, no faster than it takes them, and not after
//! the stop.

use std::cell::Cell;
use std::time::Duration;

use futures::stream::{self, Stream, StreamExt};
use koil::ui::Outcome;

use crate::support::Count;
use crate::{Log, Mark, on_a_desk, on_a_shared_loop, reported_here};

koil::context_var! { static ROW: u32 = 0 }

/// The numbers, with a count of those that have been asked for.
fn counted(polled: &Count) -> impl Stream<Item = u32> + Send + use<> {
    let polled = polled.clone();
    stream::iter(0..).inspect(move |_| polled.add())
}

#[test]
fn all_items_come_in_order_and_then_the_end() {
    on_a_desk(|desk| {
        for in_flight in [1, 2, 64] {
            let log = Log::new();
            let filling = desk
                .ui
                .each(stream::iter(0..500), log.noting(Some))
                .in_flight(in_flight)
                .on_end({
                    let log = log.clone();
                    move |outcome| {
                        assert!(matches!(outcome, Outcome::Done(())));
                        log.add(None);
                    }
                });
            desk.pump.run_until(|| filling.is_finished());
            assert!(log.take().into_iter().eq((0..500).map(Some).chain([None])));
        }
    });
}

#[test]
fn the_stream_is_not_polled_on_while_the_ui_is_behind() {
    for in_flight in [1, 3] {
        on_a_desk(move |desk| {
            let (polled, log) = (Count::default(), Log::new());
            let items = counted(&polled);
            let _filling = desk.ui.each(items, log.noting(|n| n)).in_flight(in_flight);
            desk.wait_for_posts(in_flight);
            // A task that comes later has its turn: the stream had one before, and did not use it.
            let turn = desk.ui.koil().task(tokio::task::yield_now());
            turn.result().unwrap();
            assert_eq!((polled.get(), log.len()), (in_flight, 0));
            assert!(desk.pump.run_one(Duration::ZERO));
            desk.wait_for_posts(in_flight + 1);
            assert_eq!((polled.get(), log.len()), (in_flight + 1, 1));
        });
    }
}

#[test]
fn after_a_stop_no_item_comes_that_was_on_its_way() {
    on_a_desk(|desk| {
        for why in ["its owner has dropped it", "enough"] {
            let (log, gone, posted) = (Log::new(), Count::default(), desk.posted.get());
            let on_drop = gone.on_drop();
            let items = stream::iter(0..).inspect(move |_| {
                let _stays = &on_drop;
            });
            let filling = desk.ui.each(items, log.noting(|n: u32| n)).in_flight(3);
            let ended = Mark::default();
            let filling = filling.on_end({
                let ended = ended.clone();
                move |outcome| {
                    assert!(
                        matches!(outcome, Outcome::Cancelled(reason) if reason.to_string() == why)
                    );
                    ended.set();
                }
            });
            desk.wait_for_posts(posted + 3);
            if why == "enough" {
                assert!(filling.cancel(why));
            } else {
                drop(filling);
            }
            desk.pump.run_until(|| ended.is_set());
            assert_eq!((log.len(), gone.get()), (0, 1));
        }
    });
}

#[test]
fn a_detached_stream_runs_on_and_a_name_replaces_it() {
    on_a_desk(|desk| {
        let log = Log::new();
        let numbers = |from: u32| stream::iter(from..from + 3).chain(stream::pending());
        desk.ui
            .each(numbers(0), log.noting(|n| n))
            .latest("list")
            .detach();
        desk.pump.run_until(|| log.len() == 3);
        desk.ui
            .each(numbers(10), log.noting(|n| n))
            .latest("list")
            .detach();
        desk.pump.run_until(|| log.len() == 6);
        assert_eq!(log.take(), [0, 1, 2, 10, 11, 12]);
    });
}

#[test]
fn a_deadline_bounds_the_whole_stream() {
    on_a_desk(|desk| {
        let ended = Mark::default();
        let seen = ended.clone();
        desk.ui
            .each(stream::pending::<u8>(), |_| {})
            .timeout(Duration::from_millis(5))
            .on_end(move |outcome| {
                assert!(matches!(outcome, Outcome::TimedOut));
                seen.set();
            })
            .detach();
        desk.pump.run_until(|| ended.is_set());
    });
}

#[test]
fn a_panic_of_the_stream_is_its_end() {
    on_a_desk(|desk| {
        let (log, ended) = (Log::new(), Mark::default());
        let items = stream::iter(0..).inspect(|n| assert!(*n < 2, "the third"));
        let seen = ended.clone();
        desk.ui
            .each(items, log.noting(|n: u32| n))
            .on_end(move |outcome| {
                assert!(matches!(outcome, Outcome::Panicked(_)));
                seen.set();
            })
            .detach();
        desk.pump.run_until(|| ended.is_set());
        assert_eq!(log.take(), [0, 1]);
    });
}

#[test]
fn a_panic_of_the_callback_is_reported_and_the_next_item_comes() {
    on_a_desk(|desk| {
        let (log, before) = (Log::new(), reported_here());
        let mut note = log.noting(|n: u32| n);
        let filling = desk.ui.each(stream::iter(0..4), move |n| {
            assert!(n != 1, "the callback panics");
            note(n);
        });
        desk.pump.run_until(|| filling.is_finished());
        assert_eq!(log.take(), [0, 2, 3]);
        assert_eq!(reported_here(), before + 1);
    });
}

#[test]
fn items_wait_while_a_callback_runs_an_event_loop_of_its_own() {
    on_a_desk(|desk| {
        let (log, ended) = (Log::new(), Mark::default());
        let (depth, mut note) = (Cell::new(0), log.noting(|n: u32| n));
        let (pump, end) = (desk.pump.clone(), (ended.clone(), log.clone()));
        let filling = desk
            .ui
            .each(stream::iter(0..4), move |n| {
                assert_eq!(depth.replace(1), 0, "one callback runs inside another");
                pump.turn();
                note(n);
                depth.set(0);
            })
            .in_flight(8)
            .on_end(move |_| {
                assert_eq!(end.1.len(), 4);
                end.0.set();
            });
        // Four items and the end; the callback of the first item runs the other events.
        desk.wait_for_posts(5);
        assert!(desk.pump.run_one(Duration::ZERO));
        assert!(ended.is_set() && filling.is_finished());
        assert_eq!((log.take(), desk.pump.turn()), (vec![0, 1, 2, 3], 0));
    });
}

#[test]
fn each_item_has_the_context_of_the_stream() {
    on_a_desk(|desk| {
        let log = Log::new();
        let items = stream::iter(1..4).inspect(|n| ROW.set(ROW.get() + n));
        let filling = desk.ui.each(items, log.noting(|_: u32| ROW.get()));
        desk.pump.run_until(|| filling.is_finished());
        assert_eq!((log.take(), ROW.get()), (vec![1, 3, 6], 0));
    });
}

#[test]
fn a_stop_of_the_loop_is_the_end_of_the_stream() {
    on_a_shared_loop(|desk, koil| {
        let ended = Mark::default();
        let seen = ended.clone();
        desk.ui
            .each(stream::pending::<u8>(), |_| {})
            .on_end(move |outcome| {
                assert!(matches!(outcome, Outcome::Stopped));
                seen.set();
            })
            .detach();
        koil.shutdown();
        desk.pump.run_until(|| ended.is_set());
    });
}
