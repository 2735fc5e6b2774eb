//! A priority inversion, step by step: polled by hand, so that each run is the same.

use std::cell::Cell;
use std::future::poll_fn;
use std::task::{Context, Poll, Waker};

use futures::future::{Future, FutureExt, LocalBoxFuture};
use koil::sched::{self, Priority};

use crate::timeline::{Step, Timeline};

pub(crate) fn with_inheritance() -> Timeline {
    let (cache, disk) = (sched::Mutex::new(()), sched::Mutex::new(()));
    run("koil::sched::Mutex", || cache.lock(), || disk.lock())
}

pub(crate) fn without_inheritance() -> Timeline {
    let (cache, disk) = (tokio::sync::Mutex::new(()), tokio::sync::Mutex::new(()));
    run("tokio::sync::Mutex", || cache.lock(), || disk.lock())
}

/// The clock of a run, and the present work of one task.
struct Place<'a> {
    clock: &'a Cell<u32>,
    step: &'a Cell<Step>,
}

impl Place<'_> {
    /// Does this for some columns of the timeline.
    async fn spend(&self, step: Step, columns: u32) {
        self.step.set(step);
        let end = self.clock.get() + columns;
        poll_fn(|_| {
            if self.clock.get() >= end {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }
}

/// Wants the cache a little later.
async fn high<C: Future>(at: Place<'_>, cache: &impl Fn() -> C) {
    at.spend(Step::Absent, 2).await;
    at.step.set(Step::WaitsForCache);
    let _cache = cache().await;
    at.spend(Step::HoldsCache, 2).await;
    at.step.set(Step::Absent);
}

async fn normal<D: Future>(at: Place<'_>, disk: &impl Fn() -> D) {
    at.step.set(Step::WaitsForDisk);
    let _disk = disk().await;
    at.spend(Step::UsesDisk, 3).await;
    at.step.set(Step::Absent);
}

/// Holds the cache, and has to write to the disk, which three others use as well.
async fn low<C: Future, D: Future>(at: Place<'_>, cache: &impl Fn() -> C, disk: &impl Fn() -> D) {
    let _cache = cache().await;
    at.spend(Step::HoldsCache, 1).await;
    at.step.set(Step::HoldsCacheAndWaits);
    let _disk = disk().await;
    at.spend(Step::HoldsCache, 2).await;
    at.step.set(Step::Absent);
}

fn run<C: Future, D: Future>(
    name: &'static str,
    cache: impl Fn() -> C,
    disk: impl Fn() -> D,
) -> Timeline {
    let clock = Cell::new(0);
    let steps = [const { Cell::new(Step::Absent) }; 5];
    let place = |task: usize| Place {
        clock: &clock,
        step: &steps[task],
    };
    let normal = |task| {
        Priority::NORMAL
            .scope_async(normal(place(task), &disk))
            .boxed_local()
    };
    let mut tasks: [LocalBoxFuture<'_, ()>; 5] = [
        Priority::HIGH
            .scope_async(high(place(0), &cache))
            .boxed_local(),
        normal(1),
        normal(2),
        normal(3),
        Priority::LOW
            .scope_async(low(place(4), &cache, &disk))
            .boxed_local(),
    ];
    let mut timeline = Timeline::new(name, ["HIGH", "NORMAL", "NORMAL", "NORMAL", "LOW"]);
    let mut are_over = [false; 5];
    while !are_over.iter().all(|is_over| *is_over) {
        // Each column lasts until all have done what they can do in it.
        for _ in 0..tasks.len() {
            for (task, is_over) in tasks.iter_mut().zip(&mut are_over) {
                let mut cx = Context::from_waker(Waker::noop());
                *is_over = *is_over || task.poll_unpin(&mut cx).is_ready();
            }
        }
        timeline.add(steps.each_ref().map(Cell::get));
        clock.set(clock.get() + 1);
    }
    timeline
}
