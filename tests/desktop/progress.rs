//! Progress: the newest value comes, the last one always, and one event at a time is on its way.

use std::cell::Cell;
use std::rc::Rc;
use std::thread;

use koil::ui::Outcome;

use crate::{Log, Mark, on_a_desk, reported_here};

#[test]
fn the_newest_value_comes_by_one_event() {
    on_a_desk(|desk| {
        let log = Log::new();
        let progress = desk.ui.progress(log.noting(|n: u32| n));
        for n in 0..1000 {
            progress.clone().set(n);
        }
        assert_eq!((desk.posted.get(), desk.pump.turn()), (1, 1));
        assert_eq!(log.take(), [999]);
        progress.set(1000);
        desk.pump.turn();
        assert_eq!((log.take(), desk.posted.get()), (vec![1000], 2));
    });
}

#[test]
fn values_of_many_threads_grow_and_the_last_ones_arrive() {
    on_a_desk(|desk| {
        let log = Log::new();
        let progress = desk.ui.progress(log.noting(|n: u32| n));
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let progress = progress.clone();
                thread::spawn(move || (0..=500).for_each(|n| progress.set(n)))
            })
            .collect();
        desk.pump
            .run_until(|| threads.iter().all(thread::JoinHandle::is_finished));
        desk.pump.turn();
        // The last value to be set is the last that is shown; each thread ends with 500.
        assert_eq!(log.take().last(), Some(&500));
        assert!(desk.posted.get() <= 4 * 501);
    });
}

#[test]
fn the_last_value_comes_before_the_outcome_of_its_task() {
    on_a_desk(|desk| {
        let log = Log::new();
        let progress = desk.ui.progress(log.noting(|n: u32| n));
        let download = async move {
            for percent in 0..=100 {
                progress.set(percent);
            }
            101
        };
        let task = desk.ui.spawn(
            download,
            log.noting(|outcome: Outcome<u32>| outcome.done().unwrap()),
        );
        desk.pump.run_until(|| task.is_finished());
        let shown = log.take();
        assert_eq!(shown[shown.len() - 2..], [100, 101]);
    });
}

#[test]
fn the_callback_is_dropped_with_the_last_reporter_after_the_last_value() {
    on_a_desk(|desk| {
        let (log, widget) = (Log::new(), Rc::new(()));
        let (mut note, kept) = (log.noting(|n: u32| n), widget.clone());
        let progress = desk.ui.progress(move |n| {
            assert!(Rc::strong_count(&kept) > 1);
            note(n);
        });
        progress.set(1);
        let clone = progress.clone();
        drop(progress);
        thread::spawn(move || {
            clone.set(2);
            drop(clone);
        })
        .join()
        .unwrap();
        desk.pump.run_until(|| Rc::strong_count(&widget) == 1);
        assert_eq!(log.take(), [2]);
    });
}

#[test]
fn a_panic_of_the_callback_is_reported_and_the_next_value_comes() {
    on_a_desk(|desk| {
        let (shown, before) = (Rc::new(Cell::new(0)), reported_here());
        let seen = shown.clone();
        let progress = desk.ui.progress(move |n| {
            assert!(n != 1, "the bar panics");
            shown.set(n);
        });
        for n in [1, 2] {
            progress.set(n);
            desk.pump.turn();
        }
        assert_eq!((seen.get(), reported_here()), (2, before + 1));
    });
}

#[test]
fn after_close_values_are_dropped() {
    on_a_desk(|desk| {
        let shown = Mark::default();
        let mark = shown.clone();
        let progress = desk.ui.progress(move |_: u8| mark.set());
        progress.set(1);
        desk.ui.close();
        progress.set(2);
        desk.pump.turn();
        assert!(!shown.is_set());
    });
}
