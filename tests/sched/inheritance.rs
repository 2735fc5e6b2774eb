//! Inheritance: the holder of a mutex has the level of those that wait for it, through chains. The
//! parties are scopes that the tests poll by hand.

use std::cell::Cell;
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::sync::{Arc, mpsc};
use std::task::Poll;
use std::thread;

use koil::CancelScope;
use koil::sched::{Mutex, Priority};

use crate::locks::ByHand;
use crate::support::{FOR_EVER, on_a_loop, until, watched};

/// A scope that takes mutexes one after the other, and keeps them until it is told to let go.
struct Actor<'a> {
    future: ByHand<'a, ()>,
    seen: Rc<Seen>,
}

#[derive(Default)]
struct Seen {
    level: Cell<Priority>,
    held: Cell<usize>,
    kept: Cell<usize>,
}

impl<'a> Actor<'a> {
    /// Has been polled once: it holds each of these, or waits for the first that is taken.
    fn new(base: Priority, mutexes: &[&'a Mutex<()>]) -> Actor<'a> {
        let seen = Rc::new(Seen::default());
        seen.kept.set(mutexes.len());
        let future = hold(mutexes.to_vec(), seen.clone());
        let noted = seen.clone();
        let mut future = Box::pin(future);
        let noting = poll_fn(move |cx| {
            noted.level.set(Priority::current());
            future.as_mut().poll(cx)
        });
        let future = ByHand::waiting(base.scope_async(noting));
        Actor { future, seen }
    }

    /// The level at which it would run now.
    fn level(&mut self) -> Priority {
        assert!(self.future.poll().is_none());
        self.seen.level.get()
    }

    /// How many mutexes it has taken.
    fn held(&mut self) -> usize {
        assert!(self.future.poll().is_none());
        self.seen.held.get()
    }

    /// Lets go of all but the first `kept`, the last one first.
    fn keep(&mut self, kept: usize) {
        self.seen.kept.set(kept);
        assert!(self.future.poll().is_none());
    }
}

async fn hold(mutexes: Vec<&Mutex<()>>, seen: Rc<Seen>) {
    let mut guards = Vec::new();
    for mutex in mutexes {
        guards.push(mutex.lock().await);
        seen.held.set(guards.len());
    }
    poll_fn(|_| {
        while guards.len() > seen.kept.get() {
            guards.pop();
        }
        Poll::<()>::Pending
    })
    .await;
}

#[test]
fn the_holder_has_the_level_of_the_highest_waiter_until_it_unlocks() {
    let mutex = Mutex::new(());
    let mut holder = Actor::new(Priority::LOW, &[&mutex]);
    assert_eq!(holder.level(), Priority::LOW);
    let _normal = Actor::new(Priority::NORMAL, &[&mutex]);
    assert_eq!(holder.level(), Priority::NORMAL);
    let mut high = Actor::new(Priority::HIGH, &[&mutex]);
    assert_eq!(holder.level(), Priority::HIGH);
    let _idle = Actor::new(Priority::IDLE, &[&mutex]);
    assert_eq!(holder.level(), Priority::HIGH);
    holder.keep(0);
    assert_eq!(holder.level(), Priority::LOW);
    assert_eq!((high.held(), high.level()), (1, Priority::HIGH));
}

#[test]
fn the_next_holder_inherits_from_those_that_still_wait() {
    let mutex = Mutex::new(());
    let mut first = Actor::new(Priority::NORMAL, &[&mutex]);
    let mut raised = Actor::new(Priority::LOW, &[&mutex]);
    let lows = [0; 3].map(|_| Actor::new(Priority::IDLE, &[&mutex]));
    first.keep(0);
    assert_eq!((raised.held(), raised.level()), (1, Priority::LOW));
    let _high = Actor::new(Priority::HIGH, &[&mutex]);
    assert_eq!(
        raised.level(),
        Priority::HIGH,
        "a later waiter raises it too"
    );
    drop(lows);
    assert_eq!(raised.level(), Priority::HIGH);
}

#[test]
fn a_waiter_that_is_dropped_lowers_the_holder_again() {
    let mutex = Mutex::new(());
    let mut holder = Actor::new(Priority::LOW, &[&mutex]);
    let normal = Actor::new(Priority::NORMAL, &[&mutex]);
    let high = Actor::new(Priority::HIGH, &[&mutex]);
    assert_eq!(holder.level(), Priority::HIGH);
    drop(high);
    assert_eq!(holder.level(), Priority::NORMAL);
    drop(normal);
    assert_eq!(holder.level(), Priority::LOW);
}

#[test]
fn a_chain_of_eight_mutexes_raises_and_lowers_each_holder() {
    let mutexes = [(); 8].map(Mutex::new);
    let mut actors = vec![Actor::new(Priority::IDLE, &[&mutexes[0]])];
    for link in mutexes.windows(2) {
        // Holds the later one, and waits for the earlier one.
        actors.push(Actor::new(Priority::LOW, &[&link[1], &link[0]]));
    }
    assert_eq!(actors[0].level(), Priority::LOW);
    let waiter = Actor::new(Priority::MAX, &[&mutexes[7]]);
    for actor in &mut actors {
        assert_eq!(actor.level(), Priority::MAX);
    }
    drop(waiter);
    for actor in &mut actors[1..] {
        assert_eq!(actor.level(), Priority::LOW);
    }
    assert_eq!(actors[0].level(), Priority::LOW, "one of them waits for it");
    let waiter = Actor::new(Priority::MAX, &[&mutexes[7]]);
    assert_eq!(actors[0].level(), Priority::MAX);
    // One link breaks: those behind it fall back, those before it do not.
    drop(actors.remove(3));
    let levels: Vec<_> = actors.iter_mut().map(Actor::level).collect();
    assert_eq!(levels[..3], [Priority::LOW; 3]);
    assert_eq!(levels[3..], [Priority::MAX; 4]);
    drop(waiter);
}

#[test]
fn a_waiter_that_is_raised_moves_up_in_its_own_line() {
    let (outer, inner) = (Mutex::new(()), Mutex::new(()));
    let mut holder = Actor::new(Priority::NORMAL, &[&inner]);
    let mut low = Actor::new(Priority::LOW, &[&outer, &inner]);
    let mut normal = Actor::new(Priority::NORMAL, &[&inner]);
    let high = Actor::new(Priority::HIGH, &[&outer]);
    assert_eq!(holder.level(), Priority::HIGH);
    holder.keep(0);
    assert_eq!((low.held(), normal.held()), (2, 0));
    low.keep(1);
    assert_eq!((normal.held(), low.level()), (1, Priority::HIGH));
    drop(high);
    assert_eq!(low.level(), Priority::LOW);
}

#[test]
fn a_waiter_that_falls_back_keeps_its_arrival_among_equals() {
    let (outer, inner) = (Mutex::new(()), Mutex::new(()));
    let mut holder = Actor::new(Priority::NORMAL, &[&inner]);
    let mut first = Actor::new(Priority::LOW, &[&inner]);
    let mut second = Actor::new(Priority::LOW, &[&outer, &inner]);
    let mut third = Actor::new(Priority::LOW, &[&inner]);
    let high = Actor::new(Priority::HIGH, &[&outer]);
    drop(high);
    holder.keep(0);
    assert_eq!((first.held(), second.held(), third.held()), (1, 1, 0));
    first.keep(0);
    assert_eq!((second.held(), third.held()), (2, 0));
}

#[test]
fn the_holder_of_two_mutexes_falls_back_step_by_step() {
    let (first, second) = (Mutex::new(()), Mutex::new(()));
    let mut holder = Actor::new(Priority::IDLE, &[&first, &second]);
    let _normal = Actor::new(Priority::NORMAL, &[&first]);
    let _high = Actor::new(Priority::HIGH, &[&second]);
    assert_eq!(holder.level(), Priority::HIGH);
    holder.keep(1);
    assert_eq!(holder.level(), Priority::NORMAL);
    holder.keep(0);
    assert_eq!(holder.level(), Priority::IDLE);
}

#[test]
fn a_circle_of_waits_hangs_nobody_else_and_ends_with_one_of_them() {
    watched(|| {
        let mutexes = [(); 3].map(Mutex::new);
        let mut circle: Vec<_> = (0..3)
            .map(|at| Actor::new(Priority::LOW, &[&mutexes[at]]))
            .collect();
        drop(circle.split_off(0));
        // Each takes its own, and is then told to take the next one's.
        let go = Rc::new(Cell::new(false));
        let mut circle: Vec<_> = (0..3)
            .map(|at| {
                let (go, mutexes) = (go.clone(), &mutexes);
                let both = async move {
                    let _own = mutexes[at].lock().await;
                    poll_fn(|_| {
                        if go.get() {
                            Poll::Ready(())
                        } else {
                            Poll::Pending
                        }
                    })
                    .await;
                    let _next = mutexes[(at + 1) % 3].lock().await;
                };
                ByHand::waiting(Priority::LOW.scope_async(both))
            })
            .collect();
        go.set(true);
        for actor in &mut circle {
            assert!(actor.poll().is_none());
        }
        for level in [Priority::HIGH, Priority::MAX] {
            drop(Actor::new(level, &[&mutexes[1]]));
        }
        drop(circle.remove(1));
        // The first one waited for it.
        assert!(circle[0].poll().is_some());
        assert!(circle[1].poll().is_some());
        assert!(mutexes.iter().all(|it| it.try_lock().is_some()));
    });
}

#[test]
fn one_that_waits_for_itself_ends_when_it_is_dropped() {
    let mutex = Mutex::new(());
    let twice = Actor::new(Priority::LOW, &[&mutex, &mutex]);
    let high = Actor::new(Priority::HIGH, &[&mutex]);
    drop(twice);
    drop(high);
    assert!(mutex.try_lock().is_some());
}

#[test]
fn a_blocking_thread_is_a_link_of_a_chain() {
    watched(|| {
        let (first, second) = (Arc::new(Mutex::new(())), Arc::new(Mutex::new(())));
        let mut holder = Actor::new(Priority::IDLE, &[&second]);
        let (holds, has_first) = mpsc::channel();
        let (a, b) = (first.clone(), second.clone());
        let link = thread::spawn(move || {
            Priority::LOW.scope(|| {
                let _first = a.lock_blocking();
                holds.send(()).unwrap();
                let _second = b.lock_blocking();
                Priority::current()
            })
        });
        has_first.recv().unwrap();
        let high = Actor::new(Priority::HIGH, &[&first]);
        until_level(&mut holder, Priority::HIGH);
        drop(high);
        until_level(&mut holder, Priority::LOW);
        let high = Actor::new(Priority::HIGH, &[&first]);
        holder.keep(0);
        assert_eq!(link.join().unwrap(), Priority::HIGH);
        drop(high);
    });
}

#[test]
fn the_calls_of_a_thread_without_a_scope_are_one_party() {
    watched(|| {
        let (first, second) = (Arc::new(Mutex::new(())), Arc::new(Mutex::new(())));
        let mut holder = Actor::new(Priority::IDLE, &[&second]);
        let (holds, has_first) = mpsc::channel();
        let (a, b) = (first.clone(), second.clone());
        let link = thread::spawn(move || {
            let _first = a.lock_blocking();
            holds.send(()).unwrap();
            drop(b.lock_blocking());
        });
        has_first.recv().unwrap();
        let high = Actor::new(Priority::MAX, &[&first]);
        until_level(&mut holder, Priority::MAX);
        holder.keep(0);
        link.join().unwrap();
        drop(high);
    });
}

fn until_level(actor: &mut Actor<'_>, level: Priority) {
    let actor = Cell::new(Some(actor));
    until(|| {
        let inner = actor.take().unwrap();
        let reached = inner.level() == level;
        actor.set(Some(inner));
        reached
    });
}

#[test]
fn a_mutex_that_is_taken_in_a_scope_belongs_to_it_alone() {
    let mutex = Mutex::new(());
    let mut around = Actor::new(Priority::LOW, &[]);
    let mut inner = ByHand::waiting(Priority::LOW.scope_async(async {
        let _held = Priority::IDLE.scope_async(mutex.lock()).await;
        pending::<()>().await;
    }));
    let high = Actor::new(Priority::HIGH, &[&mutex]);
    assert_eq!(around.level(), Priority::LOW);
    assert!(inner.poll().is_none());
    drop((high, inner));
}

#[test]
fn a_blocked_call_names_the_lock_and_its_holder() {
    use koil::sched::Executor;

    on_a_loop(|koil| {
        let executor = Executor::new();
        executor.run_on(&koil.handle());
        let mutex = Arc::new(Mutex::new(()));
        let (go, may_go) = tokio::sync::oneshot::channel::<()>();
        let (took, taken) = mpsc::channel();
        let held = mutex.clone();
        let task = executor.spawn(Priority::LOW, async move {
            // In a scope, which is part of the task.
            let scoped = Priority::NORMAL.scope_async(async {
                let _guard = held.lock().await;
                took.send(line!() - 1).unwrap();
                may_go.await.unwrap();
            });
            scoped.await;
        });
        let line = taken.recv().unwrap();
        let waits = thread::spawn(move || drop(mutex.lock_blocking()));
        // Other tests have blocked calls too.
        let mine = || {
            let calls = koil::blocked();
            calls
                .into_iter()
                .find(|call| call.lock().is_some_and(|it| it.task() == task.id()))
        };
        until(|| mine().is_some());
        let call = mine().unwrap();
        let lock = call.lock().unwrap();
        let place = lock.taken_at().unwrap();
        assert_eq!((place.file(), place.line()), (file!(), line));
        assert_eq!((lock.task(), lock.is_circle()), (task.id(), false));
        let id = task.id().unwrap();
        let text = call.to_string();
        assert!(
            text.ends_with(&format!("for the lock taken at {place} by task {id}")),
            "{text}"
        );
        go.send(()).unwrap();
        waits.join().unwrap();
        task.result().unwrap();
    });
}

#[test]
fn two_calls_that_wait_for_each_other_are_told_as_a_circle() {
    watched(|| {
        let mutexes = [Mutex::new(()), Mutex::new(())];
        let barrier = std::sync::Barrier::new(2);
        let both = |one: usize, other: usize| {
            let _first = mutexes[one].lock_blocking();
            barrier.wait();
            let wait = koil::unkoil_timeout(FOR_EVER, mutexes[other].lock());
            // The first to give up lets go of what the other one wants.
            assert!(wait.is_ok() || wait.is_err_and(|error| error.is_cancelled()));
        };
        let is_circle = || {
            let calls = koil::blocked();
            let told = calls
                .iter()
                .filter(|call| call.lock().is_some_and(|it| it.is_circle()));
            told.count() == 2
        };
        let scope = CancelScope::new();
        thread::scope(|threads| {
            for (one, other) in [(0, 1), (1, 0)] {
                let (scope, both) = (&scope, &both);
                threads.spawn(move || scope.run(|| both(one, other)).unwrap());
            }
            until(is_circle);
            scope.token().cancel("a dead lock");
        });
    });
}
