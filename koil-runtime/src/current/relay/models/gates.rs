//! Loom models of gates: work that only the loop thread may poll, against callers that drive.

use loom::sync::atomic::Ordering;
use loom::thread;

use super::{Sleeper, World, a_world, enter, spawn};

/// The thread that spawns gated work, and wakes the callers inside to leave.
fn begins_a_gate(world: &World) {
    if world.state.begin_gate() {
        world.told.happen();
    }
}

#[test]
fn gated_work_gets_the_loop_thread_and_the_callers_out_of_its_way() {
    loom::model(|| {
        let world = a_world();
        let caller = spawn(&world, |world| {
            let Some(inside) = world.state.enter() else {
                return;
            };
            // It drives until it is woken to leave.
            world.told.wait();
            drop(inside);
        });
        let task = spawn(&world, |world| {
            begins_a_gate(world);
            world.driven.wait();
            world.state.end_gate();
            // A caller that comes after the gate drives until its own work is ready.
            world.told.happen();
        });
        world.keep_out(true);
        if world.state.needs() == 0 {
            // The loop thread had come back before the gate, since no caller drove.
            world.keep_out(true);
        }
        world.driven.happen();
        task.join().unwrap();
        caller.join().unwrap();
    });
}

#[test]
fn a_gate_brings_the_loop_thread_back_however_deep_it_is_out() {
    loom::model(|| {
        let world = a_world();
        // A caller that never leaves by itself.
        let inside = enter(&world);
        let task = {
            let world = world.clone();
            thread::spawn(move || {
                assert!(world.state.begin_gate());
                world.driven.wait();
                world.state.end_gate();
            })
        };
        world.keep_out(true);
        world.driven.happen();
        task.join().unwrap();
        drop(inside);
    });
}

#[test]
fn while_there_is_a_gate_the_loop_thread_lets_nobody_drive() {
    loom::model(|| {
        let world = a_world();
        let task = spawn(&world, |world| {
            let _told = world.state.begin_gate();
            world.done.store(true, Ordering::Release);
            world.state.end_gate();
            world.state.ask();
        });
        let caller = spawn(&world, |world| {
            if let Some(inside) = world.state.enter() {
                world.out.wait();
                drop(inside);
            }
        });
        // Whichever caller has asked, the driver is released once the gate has ended.
        world.drive(&Sleeper::new());
        world.out.happen();
        task.join().unwrap();
        caller.join().unwrap();
    });
}
