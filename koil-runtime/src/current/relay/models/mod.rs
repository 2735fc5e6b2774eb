//! Loom models of the relay: the loop thread against callers that drive, need a driver or ask.
//!
//! Tokio's driver is not modelled: a thread in `block_on` drives or waits for its turn there, which
//! is tokio's promise. Koil's promise is that the loop thread is in it when it has to be, and out
//! of it when a caller may have it. Loom reports a thread that sleeps forever as a deadlock.
//!
//! A caller that panics or is cut short leaves as any other does, by the drop of its guard.

mod gates;

use std::task::{Wake, Waker};

use loom::sync::atomic::{AtomicBool, Ordering};
use loom::sync::{Arc, Mutex};
use loom::thread;

use super::state::{DriverState, InsideDriver, LoopStep};
use crate::sync::{Parker, Unparked};

/// A thread that sleeps until something has happened.
struct Sleeper(Arc<Parker>);

impl Sleeper {
    fn new() -> Sleeper {
        Sleeper(Arc::new(Parker::new()))
    }

    fn waker(&self) -> Waker {
        struct Notify(Arc<Parker>);

        impl Wake for Notify {
            fn wake(self: std::sync::Arc<Notify>) {
                self.0.notify();
            }
        }

        Waker::from(std::sync::Arc::new(Notify(self.0.clone())))
    }

    fn until(&self, condition: impl Fn() -> bool) {
        loop {
            self.0.reset();
            if condition() {
                return;
            }
            assert_eq!(self.0.park(None), Unparked::Notified);
        }
    }
}

/// An event that happens once, and the waker of its waiter.
#[derive(Default)]
struct Event(Mutex<(bool, Option<Waker>)>);

impl Event {
    fn happen(&self) {
        let waker = {
            let mut event = self.0.lock().unwrap();
            event.0 = true;
            event.1.take()
        };
        waker.into_iter().for_each(Waker::wake);
    }

    fn wait(&self) {
        let me = Sleeper::new();
        me.until(|| {
            let mut event = self.0.lock().unwrap();
            event.1 = Some(me.waker());
            event.0
        });
    }
}

struct World {
    state: DriverState,
    /// The loop thread has driven.
    driven: Event,
    /// The loop thread has released the driver.
    out: Event,
    /// Callers that drive have been woken to leave.
    told: Event,
    done: AtomicBool,
}

/// A caller enters to drive, in a world without gates.
fn enter(world: &World) -> InsideDriver<'_> {
    world.state.enter().expect("there is no gate")
}

/// The current thread is the loop thread.
fn a_world() -> Arc<World> {
    Arc::new(World {
        state: DriverState::new(),
        driven: Event::default(),
        out: Event::default(),
        told: Event::default(),
        done: AtomicBool::new(false),
    })
}

fn spawn(world: &Arc<World>, caller: impl FnOnce(&World) + 'static) -> thread::JoinHandle<()> {
    let world = world.clone();
    thread::spawn(move || caller(&world))
}

impl World {
    /// The loop thread stays out until it has to drive. No timer ever fires.
    fn keep_out(&self, is_quiet: bool) {
        loop {
            self.state.out().reset();
            match self.state.step(is_quiet) {
                LoopStep::Drive if self.state.begin_driving() => return,
                LoopStep::Drive => {}
                LoopStep::Deep | LoopStep::Linger => {
                    assert_eq!(self.state.out().park(None), Unparked::Notified);
                }
            }
        }
    }

    /// The loop thread drives until a caller may have the driver.
    fn drive(&self, me: &Sleeper) {
        me.until(|| self.state.is_released(&me.waker()));
    }

    /// The loop thread drives and stays out by turns, until it is stopped.
    fn until_done(&self) {
        let me = Sleeper::new();
        let done = || self.done.load(Ordering::Acquire);
        while !done() {
            self.state.out().reset();
            match self.state.step(true) {
                LoopStep::Drive if self.state.begin_driving() => {
                    me.until(|| self.state.is_released(&me.waker()) || done());
                }
                LoopStep::Drive => {}
                LoopStep::Linger | LoopStep::Deep => {
                    self.out.happen();
                    if !done() {
                        assert_eq!(self.state.out().park(None), Unparked::Notified);
                    }
                }
            }
        }
    }

    fn needs_it_driven(&self) {
        let _need = self.state.need();
        self.driven.wait();
    }
}

#[test]
fn who_needs_the_loop_thread_gets_it_without_a_timer() {
    loom::model(|| {
        let world = a_world();
        let caller = spawn(&world, World::needs_it_driven);
        world.keep_out(false);
        world.driven.happen();
        caller.join().unwrap();
    });
}

#[test]
fn who_needs_it_gets_it_though_a_driver_comes_and_goes() {
    loom::model(|| {
        let world = a_world();
        let driver = spawn(&world, |world| drop(enter(world)));
        let caller = spawn(&world, World::needs_it_driven);
        world.keep_out(true);
        // It may have come back because no caller drove; then the need is not seen yet.
        if world.state.needs() == 0 {
            world.keep_out(false);
        }
        world.driven.happen();
        driver.join().unwrap();
        caller.join().unwrap();
    });
}

#[test]
fn when_the_last_driver_has_left_the_loop_thread_drives() {
    loom::model(|| {
        let world = a_world();
        let drivers = [(); 2].map(|()| spawn(&world, |world| drop(enter(world))));
        world.keep_out(true);
        for driver in drivers {
            driver.join().unwrap();
        }
    });
}

#[test]
fn who_comes_to_drive_gets_the_loop_thread_out() {
    loom::model(|| {
        let world = a_world();
        let caller = spawn(&world, |world| {
            let _inside = enter(world);
            world.out.wait();
        });
        world.drive(&Sleeper::new());
        world.out.happen();
        caller.join().unwrap();
    });
}

/// The caller waits outside of `block_on` until the loop thread has released the driver.
fn waits_in_the_queue(world: &World) {
    let inside = enter(world);
    let me = Sleeper::new();
    let waker = me.waker();
    let queued = inside.queue(&waker);
    me.until(|| !queued.has_to_wait());
}

#[test]
fn who_waits_in_the_queue_is_told_when_the_loop_thread_is_out() {
    loom::model(|| {
        let world = a_world();
        let caller = spawn(&world, waits_in_the_queue);
        world.drive(&Sleeper::new());
        // It comes back when that caller has gone inside, and left.
        world.keep_out(true);
        caller.join().unwrap();
    });
}

#[test]
fn who_waits_in_the_queue_is_told_though_another_needs_the_loop_thread() {
    // Three threads that all loop: with three preemptions it takes eight minutes (and passes).
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(1);
    model.check(|| {
        let world = a_world();
        let caller = spawn(&world, |world| {
            waits_in_the_queue(world);
            world.done.store(true, Ordering::Release);
            world.state.notify_loop();
        });
        let need = spawn(&world, |world| drop(world.state.need()));
        world.until_done();
        need.join().unwrap();
        caller.join().unwrap();
    });
}

#[test]
fn a_stop_finds_the_loop_thread_wherever_it_is() {
    loom::model(|| {
        let world = a_world();
        let driver = spawn(&world, |world| drop(enter(world)));
        let owner = spawn(&world, |world| {
            world.done.store(true, Ordering::Release);
            world.state.notify_loop();
        });
        world.until_done();
        driver.join().unwrap();
        owner.join().unwrap();
    });
}

#[test]
fn the_last_to_need_the_loop_thread_lets_it_go() {
    loom::model(|| {
        let world = a_world();
        let need = spawn(&world, |world| drop(world.state.need()));
        let caller = spawn(&world, |world| {
            let _inside = enter(world);
            world.out.wait();
        });
        world.drive(&Sleeper::new());
        world.out.happen();
        need.join().unwrap();
        caller.join().unwrap();
    });
}

#[test]
fn who_comes_while_it_takes_the_driver_back_gets_it_out_all_the_same() {
    loom::model(|| {
        let world = a_world();
        let caller = spawn(&world, |world| {
            let inside = enter(world);
            world.out.wait();
            drop(inside);
            world.done.store(true, Ordering::Release);
            world.state.notify_loop();
        });
        world.until_done();
        caller.join().unwrap();
    });
}

#[test]
fn an_ask_that_nobody_follows_up_costs_the_loop_thread_a_round() {
    loom::model(|| {
        let world = a_world();
        // Like the end of a call that came soon after another.
        let asks = spawn(&world, |world| world.state.ask());
        world.drive(&Sleeper::new());
        world.keep_out(true);
        asks.join().unwrap();
    });
}

#[test]
fn a_loop_thread_that_has_only_looked_in_is_out_for_the_next_caller() {
    loom::model(|| {
        let world = a_world();
        let caller = spawn(&world, |world| {
            let _inside = enter(world);
            world.out.wait();
        });
        // It checks once, runs the ready work, and stays out again.
        let _may_stay = world.state.begin_driving();
        let _step = world.state.step(false);
        world.out.happen();
        caller.join().unwrap();
        world.keep_out(true);
    });
}
