//! Loom models of the queue and its runners: every interleaving of two or three threads.
//!
//! Run with `RUSTFLAGS="--cfg koil_loom" cargo test -p koil-runtime --features sched --lib models`.

use std::panic::Location;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};

use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::sync::{Condvar, Mutex};
use loom::thread;

use super::{RunQueue, Runner, TaskSlot, TaskStep};
use crate::scope::cancel::token::CancelToken;
use crate::scope::priority::Priority;

/// The wait of a model's runner: until its waker is called.
struct Woken {
    called: Mutex<bool>,
    changed: Condvar,
}

impl Woken {
    fn new() -> Arc<Woken> {
        Arc::new(Woken {
            called: Mutex::new(false),
            changed: Condvar::new(),
        })
    }

    fn wait(&self) {
        let mut called = self.called.lock().unwrap();
        while !*called {
            called = self.changed.wait(called).unwrap();
        }
        *called = false;
    }
}

impl Wake for Woken {
    fn wake(self: Arc<Woken>) {
        *self.called.lock().unwrap() = true;
        self.changed.notify_one();
    }
}

/// A step that is counted.
struct Counted(Arc<AtomicUsize>);

impl TaskStep for Counted {
    fn run(self) -> Option<Counted> {
        self.0.fetch_add(1, Ordering::Relaxed);
        None
    }
}

/// A queue with tasks that have a step each, and the count of the steps that have run.
struct Scene {
    queue: Arc<RunQueue<Counted>>,
    ran: Arc<AtomicUsize>,
}

impl Scene {
    fn new() -> Scene {
        Scene {
            queue: RunQueue::new(128),
            ran: Arc::new(AtomicUsize::new(0)),
        }
    }

    fn task(&self, priority: Priority) -> TaskSlot<Counted> {
        let slot = self.queue.admit(priority, Location::caller());
        slot.expect("this process is not forked")
    }

    fn start(&self, slot: &TaskSlot<Counted>) {
        let step = Counted(self.ran.clone());
        self.queue.start(slot.id(), step, CancelToken::new());
    }

    fn ran(&self) -> usize {
        self.ran.load(Ordering::Relaxed)
    }

    /// Runs until so many steps have run, on whichever runner.
    fn run_until(&self, steps: usize) {
        let woken = Woken::new();
        let waker = Waker::from(woken.clone());
        let cx = Context::from_waker(&waker);
        let mut runner = Runner::new(self.queue.clone());
        loop {
            if !runner.turn(&cx, |_, step| step.run()) {
                if self.ran() == steps {
                    return;
                }
                woken.wait();
            }
        }
    }

    /// A runner that is polled once, and dropped.
    fn run_once(&self) {
        let woken = Woken::new();
        let waker = Waker::from(woken);
        let mut runner = Runner::new(self.queue.clone());
        runner.turn(&Context::from_waker(&waker), |_, step| step.run());
    }
}

#[test]
fn a_wake_meets_a_runner_that_goes_idle() {
    loom::model(|| {
        let scene = Arc::new(Scene::new());
        let task = scene.task(Priority::NORMAL);
        let other = {
            let scene = scene.clone();
            thread::spawn(move || {
                scene.start(&task);
                task
            })
        };
        scene.run_until(1);
        drop(other.join().unwrap());
        assert_eq!(scene.ran(), 1);
    });
}

#[test]
fn a_wake_that_went_to_a_dropped_runner_reaches_another_one() {
    loom::model(|| {
        let scene = Arc::new(Scene::new());
        let task = scene.task(Priority::NORMAL);
        let dropped = {
            let scene = scene.clone();
            thread::spawn(move || scene.run_once())
        };
        let started = {
            let scene = scene.clone();
            thread::spawn(move || {
                scene.start(&task);
                task
            })
        };
        // The step may have run on the other runner before this one is idle; else it is woken.
        let woken = Woken::new();
        let waker = Waker::from(woken.clone());
        let mut runner = Runner::new(scene.queue.clone());
        let cx = Context::from_waker(&waker);
        let mut turn = || while runner.turn(&cx, |_, step| step.run()) {};
        turn();
        dropped.join().unwrap();
        let _task = started.join().unwrap();
        if scene.ran() == 0 {
            woken.wait();
            turn();
        }
        assert_eq!(scene.ran(), 1);
    });
}

#[test]
fn a_level_that_changes_while_its_task_is_woken_is_the_level_in_the_queue() {
    loom::model(|| {
        let scene = Arc::new(Scene::new());
        let (low, middle) = (scene.task(Priority::LOW), scene.task(Priority::NORMAL));
        let party = low.party().clone();
        let raise = thread::spawn(move || party.set_base(Priority::HIGH));
        scene.start(&low);
        raise.join().unwrap();
        scene.start(&middle);
        let mut order = Vec::new();
        let mut runner = Runner::new(scene.queue.clone());
        let cx = Context::from_waker(Waker::noop());
        runner.turn(&cx, |task, _| {
            order.push(task);
            None
        });
        assert_eq!(order, [low.id(), middle.id()]);
    });
}

#[test]
fn a_task_that_ends_while_its_queue_is_closed_is_gone_once() {
    loom::model(|| {
        let scene = Arc::new(Scene::new());
        let task = scene.task(Priority::NORMAL);
        scene.start(&task);
        let closes = {
            let queue = scene.queue.clone();
            thread::spawn(move || queue.close())
        };
        scene.run_once();
        drop(task);
        closes.join().unwrap();
        assert!(scene.ran() <= 1);
        assert!(scene.queue.tasks().is_empty());
    });
}
