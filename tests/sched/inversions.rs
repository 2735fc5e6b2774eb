//! The classical inversions of priority, with inheritance and without it, event by event.
//!
//! Without: the lock is a `Semaphore` of one permit, which has an order and no inheritance.

use std::sync::Arc;

use koil::sched::{
    Executor, Mutex, MutexGuard, Position, Priority, Semaphore, SemaphorePermit, yield_to,
};

use crate::stage::{Events, Stage};
use crate::support::on_a_loop;

/// A lock, with inheritance or without it.
#[derive(Clone)]
enum Lock {
    Inherits(Arc<Mutex<()>>),
    Plain(Arc<Semaphore>),
}

/// Unlocks when it is dropped.
#[allow(dead_code)] // Held, and not read.
enum Locked<'a> {
    Inherits(MutexGuard<'a, ()>),
    Plain(SemaphorePermit<'a>),
}

impl Lock {
    fn both() -> [Lock; 2] {
        [
            Lock::Inherits(Arc::new(Mutex::new(()))),
            Lock::Plain(Arc::new(Semaphore::new(1))),
        ]
    }

    /// Another lock of the same kind.
    fn another(&self) -> Lock {
        let [inherits, plain] = Lock::both();
        match self {
            Lock::Inherits(_) => inherits,
            Lock::Plain(_) => plain,
        }
    }

    async fn locked(&self) -> Locked<'_> {
        match self {
            Lock::Inherits(mutex) => Locked::Inherits(mutex.lock().await),
            Lock::Plain(semaphore) => Locked::Plain(semaphore.acquire(1).await),
        }
    }
}

/// Takes the lock, works for so many turns in it, and is an event at each point. `locked` runs once it
/// has the lock, and `worked` after each turn.
struct Holder<L, W> {
    name: &'static str,
    turns: usize,
    locked: L,
    worked: W,
}

type Nothing = fn();

/// Takes the lock and lets it go.
fn takes_it(name: &'static str) -> Holder<Nothing, Nothing> {
    Holder {
        name,
        turns: 0,
        locked: || (),
        worked: || (),
    }
}

/// Has the lock first, works for one turn, and starts the others meanwhile.
fn works<L: FnOnce()>(name: &'static str, locked: L) -> Holder<L, Nothing> {
    Holder {
        name,
        turns: 1,
        locked,
        worked: || (),
    }
}

impl<L: FnOnce(), W: FnMut()> Holder<L, W> {
    async fn run(mut self, lock: Lock, events: Events) {
        let name = self.name;
        events.add(format!("{name} wants it"));
        let guard = lock.locked().await;
        events.add(format!("{name} has it"));
        (self.locked)();
        for _ in 0..self.turns {
            yield_to(Position::Back).await;
            events.add(format!("{name} works"));
            (self.worked)();
        }
        drop(guard);
        events.add(format!("{name} is done"));
    }
}

/// Runs `test` with a lock that inherits, and with one that does not; returns both event lists.
fn with_and_without(test: impl Fn(&Stage, Lock) + Send + 'static) -> [String; 2] {
    let (done, lists) = std::sync::mpsc::channel();
    on_a_loop(move |_| {
        for lock in Lock::both() {
            let mut stage = Stage::new(Executor::with_patience(u32::MAX));
            test(&stage, lock);
            done.send(stage.run().join(", ")).unwrap();
        }
    });
    [lists.recv().unwrap(), lists.recv().unwrap()]
}

/// The inversion of the Mars Pathfinder: a task in the middle keeps the holder from its work.
#[test]
fn a_middle_task_does_not_delay_a_high_one_that_waits_for_a_low_one() {
    let [with, without] = with_and_without(|stage, lock| {
        let (spawner, wanted) = (stage.spawner(), lock.clone());
        let low = works("low", move || {
            let high = takes_it("high").run(wanted, spawner.events.clone());
            spawner.spawn(Priority::HIGH, high);
            spawner.spawn_steps(Priority::NORMAL, "middle", 2).detach();
        });
        stage
            .spawner()
            .spawn(Priority::LOW, low.run(lock, stage.events.clone()));
    });
    assert_eq!(
        with,
        "low wants it, low has it, high wants it, low works, low is done, high has it, high is done, \
         middle, middle, middle"
    );
    assert_eq!(
        without,
        "low wants it, low has it, high wants it, middle, middle, middle, low works, low is done, \
         high has it, high is done"
    );
}

/// A chain: high waits for middle, and middle waits for low.
#[test]
fn inheritance_goes_through_a_chain_of_two_locks() {
    let [with, without] = with_and_without(|stage, lock| {
        let (spawner, inner, outer) = (stage.spawner(), lock.clone(), lock.another());
        let low = works("low", move || {
            let (starts, events) = (spawner.clone(), spawner.events.clone());
            let middle = async move {
                let _outer = outer.locked().await;
                let high = takes_it("high").run(outer.clone(), events.clone());
                starts.spawn(Priority::HIGH, high);
                starts.spawn_steps(Priority::NORMAL, "busy", 1).detach();
                takes_it("middle").run(inner, events).await;
            };
            spawner.spawn(Priority::NORMAL, middle);
        });
        stage
            .spawner()
            .spawn(Priority::LOW, low.run(lock, stage.events.clone()));
    });
    assert_eq!(
        with,
        "low wants it, low has it, middle wants it, high wants it, low works, low is done, \
         middle has it, middle is done, high has it, high is done, busy, busy"
    );
    assert_eq!(
        without,
        "low wants it, low has it, middle wants it, high wants it, busy, busy, low works, \
         low is done, middle has it, middle is done, high has it, high is done"
    );
}

/// The level goes with the lock: after its unlock the holder is behind those in the middle again.
#[test]
fn the_level_ends_with_the_unlock() {
    let [with, without] = with_and_without(|stage, lock| {
        let (spawner, wanted, events) = (stage.spawner(), lock.clone(), stage.events.clone());
        let low = works("low", move || {
            let high = takes_it("high").run(wanted, spawner.events.clone());
            spawner.spawn(Priority::HIGH, high);
            spawner.spawn_steps(Priority::NORMAL, "middle", 0).detach();
        });
        let low = async move {
            low.run(lock, events.clone()).await;
            yield_to(Position::Back).await;
            events.add("low goes on");
        };
        stage.spawner().spawn(Priority::LOW, low);
    });
    assert_eq!(
        with,
        "low wants it, low has it, high wants it, low works, low is done, high has it, high is done, \
         middle, low goes on"
    );
    assert_eq!(
        without,
        "low wants it, low has it, high wants it, middle, low works, low is done, high has it, \
         high is done, low goes on"
    );
}

/// The waiter gives up: the holder falls back to its own level at once.
#[test]
fn a_waiter_that_is_cancelled_lowers_the_holder_again() {
    let [with, without] = with_and_without(|stage, lock| {
        let (spawner, wanted) = (stage.spawner(), lock.clone());
        let high = Arc::new(Mutex::new(None));
        let started = high.clone();
        let low = Holder {
            name: "low",
            turns: 2,
            locked: move || {
                let task = takes_it("high").run(wanted, spawner.events.clone());
                let task = spawner.executor.spawn(Priority::HIGH, task);
                *started.try_lock().unwrap() = Some(task);
                spawner.spawn_steps(Priority::NORMAL, "middle", 1).detach();
            },
            worked: move || {
                if let Some(task) = high.try_lock().unwrap().take() {
                    task.cancel("not needed any more");
                }
            },
        };
        stage
            .spawner()
            .spawn(Priority::LOW, low.run(lock, stage.events.clone()));
    });
    assert_eq!(
        with,
        "low wants it, low has it, high wants it, low works, middle, middle, low works, low is done"
    );
    assert_eq!(
        without,
        "low wants it, low has it, high wants it, middle, middle, low works, low works, low is done"
    );
}

/// A scope inside a task holds the lock: the task is raised with it, since it is the task that is
/// polled.
#[test]
fn a_task_is_raised_with_the_scope_in_it_that_holds_the_lock() {
    let [with, without] = with_and_without(|stage, lock| {
        let (spawner, wanted) = (stage.spawner(), lock.clone());
        let low = works("low", move || {
            let high = takes_it("high").run(wanted, spawner.events.clone());
            spawner.spawn(Priority::HIGH, high);
            spawner.spawn_steps(Priority::NORMAL, "middle", 1).detach();
        });
        let low = low.run(lock, stage.events.clone());
        let scoped = Priority::LOW.scope_async(Priority::LOW.scope_async(low));
        stage.spawner().spawn(Priority::LOW, scoped);
    });
    assert_eq!(
        with,
        "low wants it, low has it, high wants it, low works, low is done, high has it, high is done, \
         middle, middle"
    );
    assert_eq!(
        without,
        "low wants it, low has it, high wants it, middle, middle, low works, low is done, high has it, \
         high is done"
    );
}
