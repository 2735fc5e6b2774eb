//! Tests with every short sequence of wakers that a poll may defer, against the real list of tokio.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Poll, Wake, Waker};
use std::thread;

use tokio::runtime::Builder;
use tokio::task::{LocalSet, yield_now};

use super::{Added, Deferred, Polled, defer};

/// One action of a future in a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Nothing,
    /// It yields: its waker is given by reference.
    Own,
    /// It gives a clone of its waker, as an executor does that passes on its own waker.
    OwnClone,
    /// The same, with a clone that another thread has made.
    CloneFromAfar,
    /// An executor inside it gives a waker of its own.
    Foreign,
    /// The same, another executor.
    OtherForeign,
    /// A call in a callback asks whether a scheduler runs here.
    Look,
    /// A call in a callback polls twice, in which its future yields and an executor inside it, too.
    Call,
}

impl Deed {
    const PLAIN: [Deed; 4] = [Deed::Nothing, Deed::Own, Deed::OwnClone, Deed::Foreign];
    const ALL: [Deed; 6] = [
        Deed::Nothing,
        Deed::Own,
        Deed::OwnClone,
        Deed::CloneFromAfar,
        Deed::Foreign,
        Deed::OtherForeign,
    ];

    fn is_owed(self) -> bool {
        !matches!(self, Deed::Nothing | Deed::Own | Deed::Look | Deed::Call)
    }
}

/// A waker that counts.
#[derive(Default)]
struct Wakes(AtomicU32);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// The mark of the thread, and the wakers of two executors inside the future.
struct World {
    wakes: Arc<Wakes>,
    deferred: Deferred,
    foreign: [Waker; 2],
}

impl World {
    fn new() -> World {
        let wakes = Arc::new(Wakes::default());
        World {
            deferred: Deferred::new(&Waker::from(wakes.clone())),
            wakes,
            foreign: [(); 2].map(|()| Waker::from(Arc::new(Wakes::default()))),
        }
    }

    fn wakes(&self) -> u32 {
        self.wakes.0.load(Ordering::Relaxed)
    }

    fn poll(&self, deeds: &[Deed], end: Poll<()>) -> Polled {
        self.deferred.poll(|own| {
            for deed in deeds {
                match deed {
                    Deed::Nothing => {}
                    Deed::Own => defer(own),
                    Deed::OwnClone => defer(&own.clone()),
                    Deed::CloneFromAfar => {
                        let clone = thread::scope(|scope| scope.spawn(|| own.clone()).join());
                        defer(&clone.expect("a clone does not panic"));
                    }
                    Deed::Foreign => defer(&self.foreign[0]),
                    Deed::OtherForeign => defer(&self.foreign[1]),
                    Deed::Look => assert!(self.deferred.is_inside_scheduler()),
                    Deed::Call => {
                        self.check(&[Deed::Own, Deed::Foreign]);
                        self.check(&[Deed::Own]);
                    }
                }
            }
            end
        })
    }

    /// Polls once, and compares the answer with the expected one.
    fn check(&self, deeds: &[Deed]) {
        let polled = self.poll(deeds, Poll::Pending);
        let is_owed = deeds.iter().any(|deed| deed.is_owed());
        assert_eq!(polled.is_owed, is_owed, "{deeds:?}");
        let clones = deeds.contains(&Deed::OwnClone) || deeds.contains(&Deed::CloneFromAfar);
        // An own entry after a foreign one is added, by a clone.
        let registers = clones || is_added_behind(deeds);
        assert_eq!(polled.has_registered, registers, "{deeds:?}");
    }
}

/// True if an own waker follows a foreign one: the mark is then not the last entry, so the list
/// clones the waker.
fn is_added_behind(deeds: &[Deed]) -> bool {
    // A call adds the mark behind all others.
    let mut between_calls = deeds.split(|deed| matches!(deed, Deed::Look | Deed::Call));
    between_calls.any(|deeds| {
        let mut deeds = deeds.iter().filter(|deed| **deed != Deed::Nothing);
        deeds.any(|deed| deed.is_owed()) && deeds.any(|deed| *deed == Deed::Own)
    })
}

/// Calls `f` with each sequence of `length` deeds.
fn sequences(deeds: &[Deed], length: usize, f: &mut impl FnMut(&[Deed])) {
    fn extend(deeds: &[Deed], length: usize, so_far: &mut Vec<Deed>, f: &mut dyn FnMut(&[Deed])) {
        if so_far.len() == length {
            return f(so_far);
        }
        for deed in deeds {
            so_far.push(*deed);
            extend(deeds, length, so_far, f);
            so_far.pop();
        }
    }
    extend(deeds, length, &mut Vec::new(), f);
}

/// Runs `f` in a task of a current-thread runtime.
fn inside(f: impl FnOnce()) {
    let runtime = Builder::new_current_thread().build();
    let runtime = runtime.expect("a runtime can be started");
    runtime.block_on(async { f() });
}

#[test]
fn something_is_owed_if_and_only_if_another_identity_was_deferred() {
    inside(|| {
        let world = World::new();
        for length in 0..=6 {
            sequences(&Deed::PLAIN, length, &mut |deeds| world.check(deeds));
        }
    });
}

#[test]
fn the_same_with_two_executors_and_clones_from_another_thread() {
    inside(|| {
        let world = World::new();
        for length in 0..=4 {
            sequences(&Deed::ALL, length, &mut |deeds| world.check(deeds));
        }
    });
}

#[test]
fn a_call_in_a_callback_hides_nothing_that_is_owed_and_adds_nothing() {
    const WITH_CALLS: [Deed; 5] = [
        Deed::Nothing,
        Deed::Own,
        Deed::Foreign,
        Deed::Look,
        Deed::Call,
    ];
    inside(|| {
        let world = World::new();
        for length in 0..=5 {
            sequences(&WITH_CALLS, length, &mut |deeds| world.check(deeds));
        }
        assert!(!world.deferred.is_watching());
    });
}

#[test]
fn the_list_is_judged_alike_however_it_was_left() {
    // A new list for each pair: it holds only the entries that the first poll leaves.
    for length in 0..=3 {
        sequences(&Deed::PLAIN, length, &mut |before| {
            inside(|| {
                let world = World::new();
                world.check(before);
                for length in 0..=2 {
                    sequences(&Deed::PLAIN, length, &mut |deeds| world.check(deeds));
                }
            });
        });
    }
}

#[test]
fn the_answer_is_the_same_in_every_order_of_two_callers() {
    // A hook that blocks while its caller waits makes a poll of its own in between.
    inside(|| {
        let (outer, inner) = (World::new(), World::new());
        for length in 0..=3 {
            sequences(&Deed::PLAIN, length, &mut |deeds| {
                outer.check(deeds);
                inner.check(deeds);
                outer.check(deeds);
            });
        }
    });
}

#[test]
fn a_ready_future_is_owed_nothing() {
    inside(|| {
        let world = World::new();
        sequences(&Deed::PLAIN, 3, &mut |deeds| {
            assert!(!world.poll(deeds, Poll::Ready(())).is_owed, "{deeds:?}");
        });
    });
}

#[test]
fn a_panic_in_a_poll_changes_no_later_answer() {
    inside(|| {
        let world = World::new();
        sequences(&Deed::PLAIN, 3, &mut |deeds| {
            let panic = std::panic::AssertUnwindSafe(|| {
                world.deferred.poll(|own| {
                    defer(own);
                    defer(&world.foreign[0]);
                    std::panic::resume_unwind(Box::new(()))
                })
            });
            assert!(std::panic::catch_unwind(panic).is_err());
            world.check(deeds);
        });
    });
}

#[test]
fn the_list_of_tokio_keeps_the_rule_and_says_where_there_is_none() {
    let check = || {
        let world = World::new();
        assert!(world.deferred.is_inside_scheduler());
        assert!(world.deferred.is_exact());
        assert_eq!(world.deferred.add_mark(), Added::WasLast);
        assert_eq!(world.wakes(), 0);
    };
    inside(check);
    let local = LocalSet::new();
    let runtime = Builder::new_current_thread().build().unwrap();
    runtime.block_on(local.run_until(async {
        tokio::task::spawn_local(async move { check() })
            .await
            .unwrap();
    }));
    let workers = Builder::new_multi_thread()
        .worker_threads(1)
        .build()
        .unwrap();
    let task = workers.spawn(async move { check() });
    workers.block_on(task).unwrap();

    let nowhere = || {
        let world = World::new();
        assert!(!world.deferred.is_inside_scheduler());
        assert_eq!(world.wakes(), 0, "a question wakes nobody");
    };
    nowhere();
    let _entered = runtime.enter();
    nowhere();
    workers.block_on(async { nowhere() });
}

#[test]
fn a_mark_in_the_list_wakes_the_thread_and_goes_with_the_list() {
    let world = World::new();
    let (mark, plain) = (Arc::downgrade(&world.deferred.mark), world.wakes.clone());
    let runtime = Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let polled = world.poll(&[Deed::Own], Poll::Pending);
        assert!(!polled.is_owed && world.wakes() == 0);
        yield_now().await;
        assert_ne!(
            world.wakes(),
            0,
            "the scheduler has given what it kept back"
        );
        // The runtime drops the entries that are still in the list when it ends.
        world.check(&[Deed::OwnClone, Deed::Foreign, Deed::Own]);
    });
    drop(runtime);
    drop(world);
    assert_eq!(mark.strong_count(), 0);
    assert_eq!(Arc::strong_count(&plain), 1);
}

#[test]
fn a_clone_outlives_the_poll_and_wakes_the_thread_from_anywhere() {
    inside(|| {
        let world = World::new();
        let mut clone = None;
        let polled = world.deferred.poll(|own| {
            clone = Some(own.clone());
            Poll::Pending
        });
        assert!(polled.has_registered && !polled.is_owed);
        let clone = clone.expect("it has been polled");
        thread::spawn(move || clone.wake()).join().unwrap();
        assert_eq!(world.wakes(), 1);
        // By reference, inside the poll.
        let polled = world.deferred.poll(|own| {
            own.wake_by_ref();
            let clone = own.clone();
            clone.wake_by_ref();
            drop(clone);
            Poll::Pending
        });
        assert!(!polled.is_owed);
        assert_eq!(world.wakes(), 3);
    });
}

#[test]
fn a_real_yield_is_own_and_a_set_of_yields_is_owed() {
    use futures_util::stream::{FuturesUnordered, StreamExt};
    use std::pin::pin;
    use std::task::Context;

    inside(|| {
        let world = World::new();
        let poll = |future: &mut dyn FnMut(&mut Context<'_>) -> Poll<()>| {
            world
                .deferred
                .poll(|waker| future(&mut Context::from_waker(waker)))
        };
        let mut yields = pin!(yield_now());
        assert!(!poll(&mut |cx| yields.as_mut().poll(cx)).is_owed);
        let mut set = pin!(FuturesUnordered::from_iter([yield_now()]).collect::<Vec<_>>());
        assert!(poll(&mut |cx| set.as_mut().poll(cx).map(drop)).is_owed);
        let mut nothing = pin!(poll_fn(|_| Poll::<()>::Pending));
        assert!(!poll(&mut |cx| nothing.as_mut().poll(cx)).is_owed);
    });
}
