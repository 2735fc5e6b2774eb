//! The order in which an `Executor` polls its tasks, event by event.

use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use koil::sched::{
    Executor, Mutex, NotRunnable, Position, Priority, TaskId, TaskState, switch_to, yield_to,
};
use koil::unkoil;

use crate::locks::ByHand;
use crate::stage::{Stage, id_of};
use crate::support::{assert_told, on_a_loop};

/// A test with a strict executor, whose one runner it polls.
#[track_caller]
fn staged(test: impl FnOnce(&mut Stage) + Send + 'static) {
    on_a_loop(|_| test(&mut Stage::new(Executor::with_patience(u32::MAX))));
}

#[test]
fn tasks_are_polled_by_priority_and_equals_by_arrival() {
    staged(|stage| {
        for (priority, name) in [
            (Priority::LOW, "low 1"),
            (Priority::HIGH, "high 1"),
            (Priority::LOW, "low 2"),
            (Priority::HIGH, "high 2"),
            (Priority::NORMAL, "normal"),
        ] {
            stage.spawn_steps(priority, name, 1).detach();
        }
        let happened = stage.run();
        assert_eq!(
            happened,
            [
                "high 1", "high 2", "high 1", "high 2", "normal", "normal", "low 1", "low 2",
                "low 1", "low 2"
            ]
        );
    });
}

#[test]
fn a_task_has_the_level_that_it_was_started_with_and_its_own_work_too() {
    staged(|stage| {
        let levels = stage.executor.spawn(Priority::HIGH, async {
            let inner = koil::unkoil_task(async { Priority::current() });
            (Priority::current(), inner.await.unwrap())
        });
        stage.run();
        // The inner task is one of the loop, and may end after the first turn.
        let mut levels = levels;
        while !levels.is_finished() {
            stage.run();
            std::thread::yield_now();
        }
        let levels = levels.result_timeout(crate::support::LIMIT).unwrap();
        assert_eq!(levels, (Priority::HIGH, Priority::HIGH));
    });
}

/// S60: a task steps back to a position of the queue.
#[test]
fn a_task_that_yields_takes_the_position_that_it_asks_for() {
    for (me, expected) in [
        (Position::Front, ["me", "me again", "a", "b", "c"]),
        (Position::At(0), ["me", "me again", "a", "b", "c"]),
        (Position::At(1), ["me", "a", "me again", "b", "c"]),
        (Position::At(2), ["me", "a", "b", "me again", "c"]),
        (Position::At(9), ["me", "a", "b", "c", "me again"]),
        (Position::Back, ["me", "a", "b", "c", "me again"]),
    ] {
        staged(move |stage| {
            let events = stage.events.clone();
            let yields = stage.executor.spawn(Priority::NORMAL, async move {
                events.add("me");
                yield_to(me).await;
                events.add("me again");
            });
            yields.detach();
            for name in ["a", "b", "c"] {
                stage.spawn_steps(Priority::NORMAL, name, 0).detach();
            }
            assert_eq!(stage.run(), expected, "{me:?}");
        });
    }
}

#[test]
fn a_yield_outside_of_an_executor_lets_the_runtime_decide() {
    let mut yields = ByHand::waiting(yield_to(Position::Front));
    assert_eq!(yields.wakes(), 1);
    assert_eq!(yields.poll(), Some(()));
}

/// S61: a runnable task is moved; for another one that is an error.
#[test]
fn a_runnable_task_can_be_moved_within_its_level() {
    staged(|stage| {
        let tasks = ["a", "b", "c"].map(|name| stage.spawn_steps(Priority::LOW, name, 0));
        stage.spawn_steps(Priority::NORMAL, "other", 0).detach();
        let [a, _, c] = tasks.each_ref().map(id_of);
        stage.executor.reposition(c, Position::Front).unwrap();
        stage.executor.reposition(a, Position::At(1)).unwrap();
        assert_eq!(stage.run(), ["other", "c", "a", "b"]);
        let ended = stage.executor.reposition(c, Position::Front).unwrap_err();
        assert_eq!(ended.task(), c);
        let text = ended.to_string();
        assert!(text.contains("has no such task, or it has ended"), "{text}");
    });
}

#[test]
fn a_task_that_runs_or_waits_cannot_be_moved() {
    staged(|stage| {
        let waits = stage.executor.spawn(Priority::LOW, pending::<()>());
        stage.run();
        let moved = stage.executor.reposition(id_of(&waits), Position::Front);
        let text = moved.unwrap_err().to_string();
        assert!(text.contains("it waits until it is woken"), "{text}");

        let executor = stage.executor.clone();
        let itself = stage.executor.spawn(Priority::LOW, async move {
            executor.reposition(TaskId::current().unwrap(), Position::Front)
        });
        stage.run();
        let text = itself.result().unwrap().unwrap_err().to_string();
        assert!(text.contains("it is running"), "{text}");
    });
}

/// S62: a switch to a task, with a position for the caller.
#[test]
fn a_switch_picks_its_task_next_whatever_the_level() {
    for (me, expected) in [
        (Position::Front, ["me", "target", "me again", "a", "b"]),
        (Position::At(1), ["me", "target", "a", "me again", "b"]),
        (Position::Back, ["me", "target", "a", "b", "me again"]),
    ] {
        staged(move |stage| {
            let target = id_of(&stage.spawn_steps(Priority::IDLE, "target", 0));
            let events = stage.events.clone();
            let switches = stage.executor.spawn(Priority::NORMAL, async move {
                events.add("me");
                switch_to(target, me).await.unwrap();
                events.add("me again");
            });
            switches.detach();
            for name in ["a", "b"] {
                stage.spawn_steps(Priority::NORMAL, name, 0).detach();
            }
            assert_eq!(stage.run(), expected, "{me:?}");
        });
    }
}

#[test]
fn a_switch_that_cannot_be_made_keeps_the_turn() {
    staged(|stage| {
        let waits = stage.executor.spawn(Priority::HIGH, pending::<()>());
        let waits = id_of(&waits);
        let events = stage.events.clone();
        let switches = stage.executor.spawn(Priority::NORMAL, async move {
            let refused = switch_to(waits, Position::Back).await;
            events.add("still here");
            refused
        });
        stage.spawn_steps(Priority::NORMAL, "other", 0).detach();
        assert_eq!(stage.run(), ["still here", "other"]);
        assert_eq!(switches.result().unwrap().unwrap_err().task(), waits);

        let outside: NotRunnable = unkoil(switch_to(waits, Position::Back)).unwrap_err();
        assert_told(
            &outside.to_string(),
            "this code is no task of its `Executor`",
            &["call `Executor::reposition` here"],
        );
        let late = stage.spawn_steps(Priority::NORMAL, "late", 0);
        stage.spawn_steps(Priority::NORMAL, "later", 0).detach();
        stage
            .executor
            .reposition(id_of(&late), Position::Back)
            .unwrap();
        assert_eq!(stage.run(), ["later", "late"]);
    });
}

/// S63: a task is started depth first.
#[test]
fn a_spawn_and_a_switch_start_a_task_depth_first() {
    staged(|stage| {
        let (executor, events) = (stage.executor.clone(), stage.events.clone());
        let parent = stage.executor.spawn(Priority::NORMAL, async move {
            for name in ["child 1", "child 2"] {
                let inner = events.clone();
                let child = executor.spawn(Priority::NORMAL, async move {
                    inner.add(name);
                    yield_to(Position::Back).await;
                    inner.add(name);
                });
                switch_to(id_of(&child), Position::Front).await.unwrap();
                events.add("parent");
            }
        });
        parent.detach();
        let happened = stage.run();
        assert_eq!(
            happened,
            [
                "child 1", "parent", "child 2", "parent", "child 1", "child 2"
            ]
        );
    });
}

/// S64: tasks are running, runnable or waiting.
#[test]
fn each_task_can_be_looked_at() {
    staged(|stage| {
        let line = line!() + 1;
        let waits = stage.executor.spawn(Priority::HIGH, pending::<()>());
        stage.run();
        let queued = [0, 1].map(|_| stage.spawn_steps(Priority::LOW, "queued", 0));
        let executor = stage.executor.clone();
        let looks = stage
            .executor
            .spawn(Priority::NORMAL, async move { executor.tasks() });
        stage.run();
        let tasks = looks.result().unwrap();
        let states: Vec<String> = tasks
            .iter()
            .map(|task| format!("{:?}", task.state()))
            .collect();
        assert_eq!(
            states,
            [
                "Waiting",
                "Runnable { position: 0 }",
                "Runnable { position: 1 }",
                "Running"
            ]
        );
        let first = &tasks[0];
        assert_eq!(Some(first.id()), waits.id());
        assert_eq!((first.place().line(), first.polls()), (line, 1));
        assert_eq!(
            (first.priority(), first.effective()),
            (Priority::HIGH, Priority::HIGH)
        );
        assert_eq!(tasks[1].polls(), 0);
        drop(queued);
        assert_eq!(stage.executor.tasks().len(), 1);
        assert_eq!(stage.executor.tasks()[0].state(), TaskState::Waiting);
    });
}

/// S70: nothing starves, and the order is the same in each run.
#[test]
fn ageing_serves_a_low_task_in_every_so_many_picks() {
    on_a_loop(|_| {
        let mut stage = Stage::new(Executor::with_patience(4));
        stage.spawn_steps(Priority::HIGH, "high", 14).detach();
        stage.spawn_steps(Priority::LOW, "low", 1).detach();
        stage.spawn_steps(Priority::IDLE, "idle", 0).detach();
        let happened = stage.run();
        let picks: String = happened.iter().map(|name| &name[..1]).collect();
        assert_eq!(picks, "hhhlhhhihhhlhhhhhh");
    });
}

/// The level of a queued task changes: a queue in which it kept its old place would be out of order
/// from then on.
#[test]
fn a_queued_task_that_is_raised_goes_to_the_back_and_one_that_falls_to_the_front() {
    staged(|stage| {
        let mutex = Arc::new(Mutex::new(()));
        let executor = stage.executor.clone();
        let (events, held) = (stage.events.clone(), mutex.clone());
        let holder = stage.executor.spawn(Priority::LOW, async move {
            let _guard = held.lock().await;
            let me = TaskId::current();
            let looks = events.clone();
            let (inner, wanted) = (executor.clone(), mutex.clone());
            // Runs while the holder is queued behind the other low ones.
            let waiter = executor.spawn(Priority::MAX, async move {
                let place = || {
                    let tasks = inner.tasks();
                    let holder = tasks.iter().find(|task| Some(task.id()) == me).unwrap();
                    format!("{} {:?}", holder.effective(), holder.state())
                };
                looks.add(place());
                let mut wait = Box::pin(Priority::HIGH.scope_async(wanted.lock()));
                assert!(poll_once(wait.as_mut()).await.is_pending());
                looks.add(place());
                drop(wait);
                looks.add(place());
            });
            waiter.detach();
            yield_to(Position::Back).await;
            events.add("holder");
        });
        holder.detach();
        for _ in 0..2 {
            stage.spawn_steps(Priority::LOW, "low", 0).detach();
            stage.spawn_steps(Priority::HIGH, "high", 0).detach();
        }
        assert_eq!(
            stage.run(),
            [
                "high",
                "high",
                "16 Runnable { position: 2 }",
                "48 Runnable { position: 0 }",
                "16 Runnable { position: 0 }",
                "holder",
                "low",
                "low"
            ]
        );
    });
}

async fn poll_once<F: Future + Unpin>(mut future: F) -> Poll<F::Output> {
    poll_fn(|cx| Poll::Ready(Pin::new(&mut future).poll(cx))).await
}

#[test]
fn a_priority_that_is_set_moves_a_queued_task() {
    staged(|stage| {
        let tasks = [
            (Priority::LOW, "a"),
            (Priority::NORMAL, "b"),
            (Priority::NORMAL, "c"),
        ]
        .map(|(priority, name)| stage.spawn_steps(priority, name, 0));
        let [a, b, _] = tasks.each_ref().map(id_of);
        assert!(stage.executor.set_priority(a, Priority::NORMAL));
        assert!(stage.executor.set_priority(b, Priority::LOW));
        stage.spawn_steps(Priority::LOW, "d", 0).detach();
        assert_eq!(stage.run(), ["c", "a", "b", "d"]);
        assert!(!stage.executor.set_priority(a, Priority::LOW));
    });
}
