//! Guards of async contexts may be dropped in every place, and each exit runs once.

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use koil::{AsyncContext, AsyncEntered, Entered, Exit, Koil, try_unkoil, unkoil};
use tokio::runtime::{Handle as Tokio, Id};

use crate::drops::in_every_place;
use crate::places::{self, AFTER_TOKIO, PLACES, Place, at, in_each};
use crate::support::{FOR_EVER, a_loop, until};

/// An event in the life of a context.
#[derive(Debug, PartialEq, Eq)]
enum Event {
    Left(Exit, Id),
    Gone,
}

/// A context that reports its exit, which takes a while, and its drop.
struct Room(Sender<Event>);

impl AsyncContext for Room {
    type Error = Infallible;

    async fn aenter(&mut self) -> Result<(), Infallible> {
        tokio::time::sleep(Duration::from_millis(1)).await;
        Ok(())
    }

    async fn aexit(&mut self, cause: Exit) -> Result<(), Infallible> {
        tokio::time::sleep(Duration::from_millis(1)).await;
        let _ = self.0.send(Event::Left(cause, Tokio::current().id()));
        Ok(())
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = self.0.send(Event::Gone);
    }
}

/// A room that has been entered on `koil`, on this thread.
fn entered(koil: &Koil) -> (Entered<Room>, Receiver<Event>) {
    let (tells, events) = mpsc::channel();
    let _entered = koil.enter();
    let Ok(guard) = Entered::enter(Room(tells));
    (guard, events)
}

fn entered_async(koil: &Koil) -> (AsyncEntered<Room>, Receiver<Event>) {
    let (tells, events) = mpsc::channel();
    let _entered = koil.enter();
    let Ok(guard) = unkoil(AsyncEntered::enter(Room(tells)));
    (guard, events)
}

/// Where a guard may be entered and left: also where the loop has to poll for the thread.
fn that_wait() -> impl Iterator<Item = &'static Place> {
    let after_tokio = PLACES.iter().filter(|place| place.name == AFTER_TOKIO);
    places::that_wait().chain(after_tokio)
}

fn waits(place: &Place) -> bool {
    that_wait().any(|waits| waits.name == place.name)
}

/// The cause with which a guard is left that is dropped there.
fn cause(place: &Place) -> Exit {
    if place.name.contains("unwind") {
        Exit::Panicking
    } else {
        Exit::Dropped
    }
}

#[test]
fn a_guard_is_left_before_its_drop_returns_or_else_by_the_loop() {
    in_every_place(|place| {
        let koil = a_loop();
        let (guard, events) = entered(&koil);
        at(place, move || drop(guard));
        if waits(place) {
            let id = koil.handle().tokio().id();
            assert_eq!(events.try_recv(), Ok(Event::Left(cause(place), id)));
            assert_eq!(events.try_recv(), Ok(Event::Gone));
        } else {
            assert!(matches!(events.recv(), Ok(Event::Left(Exit::Dropped, _))));
        }
        assert!(koil.shutdown().is_clean());
        assert!(events.iter().all(|event| event == Event::Gone));
    });
}

#[test]
fn an_async_guard_is_left_as_well() {
    in_every_place(|place| {
        let koil = a_loop();
        let (guard, events) = entered_async(&koil);
        at(place, move || drop(guard));
        let id = koil.handle().tokio().id();
        assert_eq!(events.recv(), Ok(Event::Left(cause(place), id)));
        // The loop waits for the exits that it runs.
        assert!(koil.shutdown().is_clean());
        assert_eq!(events.iter().collect::<Vec<_>>(), [Event::Gone]);
    });
}

#[test]
fn a_guard_that_lives_inside_an_unwinding_drop_is_not_dropped_by_the_panic() {
    in_each(that_wait(), |place| {
        let koil = a_loop();
        let enters = koil.handle().wrap(|| {
            let (tells, events) = mpsc::channel();
            let Ok(guard) = Entered::enter(Room(tells));
            drop(guard);
            events
        });
        let events = at(place, enters);
        assert!(matches!(events.recv(), Ok(Event::Left(Exit::Dropped, _))));
        assert!(koil.shutdown().is_clean());
    });
}

#[test]
fn close_waits_where_a_call_may_and_panics_elsewhere_without_losing_the_exit() {
    in_every_place(|place| {
        let koil = a_loop();
        let (guard, events) = entered(&koil);
        let closed = at(place, move || {
            // The drop of a guard that could not be closed is part of the unwinding.
            catch_unwind(AssertUnwindSafe(|| guard.close().map_err(|_| ()))).map_err(|_| ())
        });
        if waits(place) {
            assert!(matches!(closed, Ok(Ok(_))));
            assert!(matches!(events.recv(), Ok(Event::Left(Exit::Closed, _))));
        } else {
            assert!(closed.is_err());
            assert!(matches!(events.recv(), Ok(Event::Left(Exit::Panicking, _))));
        }
        drop(closed);
        assert_eq!(events.recv(), Ok(Event::Gone));
        assert!(koil.shutdown().is_clean());
    });
}

#[test]
fn a_guard_whose_loop_has_gone_before_is_reported() {
    in_every_place(|place| {
        let (tells, errors) = mpsc::channel();
        let koil = Koil::builder()
            .join_timeout(FOR_EVER)
            .on_error(move |error| tells.send((error.cause(), error.is_shutdown())).unwrap())
            .build()
            .unwrap();
        let (guard, events) = entered(&koil);
        let (async_guard, async_events) = entered_async(&koil);
        // Both are open on this thread, so the stop does not wait for them.
        assert_eq!(koil.shutdown().left_open(), 2);
        at(place, move || drop(guard));
        at(place, move || drop(async_guard));
        for events in [events, async_events] {
            assert_eq!(events.iter().collect::<Vec<_>>(), [Event::Gone]);
            assert_eq!(errors.recv(), Ok((Exit::Shutdown, true)));
        }
    });
}

#[test]
fn a_stop_waits_for_guards_on_other_threads() {
    in_every_place(|place| {
        let koil = a_loop();
        let (guard, events) = entered(&koil);
        let handle = koil.handle();
        let stopped = std::thread::spawn(move || koil.shutdown());
        until(|| handle.wrap(|| try_unkoil(async {}))().is_err());
        at(place, move || drop(guard));
        assert!(stopped.join().unwrap().is_clean());
        assert!(matches!(events.recv(), Ok(Event::Left(Exit::Shutdown, _))));
        assert_eq!(events.iter().collect::<Vec<_>>(), [Event::Gone]);
    });
}
