//! `Stage`: an executor whose one runner the test polls by hand, and the events in their order.

use std::convert::Infallible;
use std::ops::Deref;
use std::sync::{Arc, Mutex};

use koil::KoilTask;
use koil::sched::{Executor, Priority, TaskId};

use crate::locks::ByHand;

pub(crate) struct Stage {
    spawner: Spawner,
    runner: ByHand<'static, Infallible>,
}

/// Starts tasks on a stage, also from the tasks there.
#[derive(Clone)]
pub(crate) struct Spawner {
    pub(crate) executor: Executor,
    pub(crate) events: Events,
}

impl Spawner {
    /// Starts a task of which nobody wants the result.
    pub(crate) fn spawn(
        &self,
        priority: Priority,
        future: impl Future<Output = ()> + Send + 'static,
    ) {
        self.executor.spawn(priority, future).detach();
    }

    /// A task that is an event each time it is polled, and yields `times` times.
    pub(crate) fn spawn_steps(
        &self,
        priority: Priority,
        name: &'static str,
        times: usize,
    ) -> KoilTask<()> {
        let events = self.events.clone();
        self.executor.spawn(priority, async move {
            events.add(name);
            for _ in 0..times {
                koil::sched::yield_to(koil::sched::Position::Back).await;
                events.add(name);
            }
        })
    }
}

impl Deref for Stage {
    type Target = Spawner;

    fn deref(&self) -> &Spawner {
        &self.spawner
    }
}

/// The events, in their order.
#[derive(Clone, Default)]
pub(crate) struct Events(Arc<Mutex<Vec<String>>>);

impl Events {
    pub(crate) fn add(&self, event: impl Into<String>) {
        self.0.lock().unwrap().push(event.into());
    }

    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Stage {
    pub(crate) fn new(executor: Executor) -> Stage {
        let runner = executor.clone();
        let spawner = Spawner {
            executor,
            events: Events::default(),
        };
        Stage {
            spawner,
            runner: ByHand::new(async move { runner.run().await }),
        }
    }

    pub(crate) fn spawner(&self) -> Spawner {
        self.spawner.clone()
    }

    /// Runs until no task is runnable; returns the events.
    pub(crate) fn run(&mut self) -> Vec<String> {
        loop {
            let wakes = self.runner.wakes();
            assert!(self.runner.poll().is_none());
            // A runner that hands its thread back has woken itself.
            if self.runner.wakes() == wakes {
                return self.spawner.events.take();
            }
        }
    }
}

/// The number of a task of an executor.
pub(crate) fn id_of<T>(task: &KoilTask<T>) -> TaskId {
    task.id().expect("an executor runs it")
}
