//! A stop, a deadline, a cancel and a panic cut a waiting call short in every place.

use std::future::pending;
use std::panic::{self, AssertUnwindSafe, panic_any};
use std::sync::mpsc;
use std::thread::{self, ThreadId};
use std::time::Duration;

use futures::stream::{self, Stream};
use koil::{CancelScope, Error, Handle, deadline_unwinding, koiled, unkoil_task};

use crate::places::{self, AFTER_TOKIO, PLACES, Place, in_each};
use crate::support::{FOR_EVER, OnDrop, a_loop, until};

type Tells = mpsc::Sender<ThreadId>;

/// Waits for ever, and tells on which thread it was dropped.
#[koiled]
fn for_ever(dropped: Tells) -> impl Future<Output = ()> {
    let guard = OnDrop::new(move || dropped.send(thread::current().id()).unwrap());
    // Not in the body of an `async fn`, which begins with the first poll.
    async move {
        let _guard = guard;
        pending::<()>().await;
    }
}

#[koiled]
fn never(dropped: Tells) -> impl Stream<Item = ()> {
    stream::once(for_ever(dropped))
}

#[koiled]
async fn breaks(with: u8) {
    tokio::time::sleep(Duration::from_millis(1)).await;
    panic_any(with);
}

/// The calls that wait for ever; each gives the text of the panic or error that ended it.
type Waits = fn(Tells) -> String;

const WAITS: [(&str, Waits); 4] = [
    ("a twin", |tells| panics(|| for_ever_blocking(tells))),
    ("an iterator", |tells| {
        panics(|| assert!(never_blocking(tells).next().is_none()))
    }),
    ("a bounded iterator", |tells| {
        let item = never_blocking(tells).next_timeout(FOR_EVER);
        item.expect("an error is an item").unwrap_err().to_string()
    }),
    ("a task", |tells| {
        let result = unkoil_task(for_ever(tells)).result();
        result.unwrap_err().to_string()
    }),
];

fn panics(f: impl FnOnce()) -> String {
    let payload = panic::catch_unwind(AssertUnwindSafe(f)).unwrap_err();
    let text = payload.downcast::<String>();
    *text.expect("the bridge panics with a text")
}

/// How many callers of this file wait for the loop, as its `Debug` lists them.
fn waiting(handle: &Handle) -> usize {
    format!("{handle:?}").matches(file!()).count()
}

#[track_caller]
fn in_every_place_that_waits(f: fn(&'static Place)) {
    in_each(places::that_wait(), f);
}

/// Also where futures are polled as long as they ask for no runtime.
#[track_caller]
fn in_every_place_that_polls(f: fn(&'static Place)) {
    in_each(that_poll(), f);
}

/// No scope cuts a call short while its thread unwinds: drops may clean up.
#[track_caller]
fn in_every_place_but_while_unwinding(f: fn(&'static Place)) {
    in_each(
        that_poll().filter(|place| !place.name.contains("unwinds")),
        f,
    );
}

fn that_poll() -> impl Iterator<Item = &'static Place> {
    let after_tokio = PLACES.iter().filter(|place| place.name == AFTER_TOKIO);
    places::that_wait().chain(after_tokio)
}

#[test]
fn a_stop_releases_whoever_waits() {
    in_every_place_that_polls(|place| {
        for (name, wait) in WAITS {
            let koil = a_loop();
            let handle = koil.handle();
            let (tells, dropped) = mpsc::channel();
            let call = handle.wrap(move || (wait(tells), thread::current().id()));
            let (job, answer) = places::job(call);
            let visitor = thread::spawn(|| (place.visit)(job));
            until(|| waiting(&handle) == 1);
            let report = koil.shutdown();
            assert_eq!((report.released(), report.left_behind()), (1, 0), "{name}");
            assert!(report.is_clean(), "{name}: {report:?}");
            let (text, caller) = answer.recv().unwrap();
            assert!(
                text.contains("shut down") && text.contains(file!()),
                "{text}"
            );
            // A task belongs to the loop.
            if name != "a task" {
                assert_eq!(
                    dropped.recv(),
                    Ok(caller),
                    "{name} is dropped by its caller"
                );
            }
            visitor.join().unwrap();
        }
    });
}

/// The outcome of a call, its caller, and the thread on which its future has been dropped by then.
type CutShort = (
    Result<(), Error>,
    ThreadId,
    Result<ThreadId, mpsc::TryRecvError>,
);

fn cut_short(call: impl FnOnce(Tells) -> Result<(), Error>) -> CutShort {
    let (tells, dropped) = mpsc::channel();
    let outcome = call(tells);
    (outcome, thread::current().id(), dropped.try_recv())
}

#[test]
fn a_deadline_ends_what_waits_and_its_future_is_gone_by_then() {
    in_every_place_but_while_unwinding(|place| {
        let koil = a_loop();
        let call = koil.handle().wrap(|| {
            cut_short(|tells| {
                deadline_unwinding(Duration::from_millis(50), || for_ever_blocking(tells))
            })
        });
        let (job, answer) = places::job(call);
        (place.visit)(job);
        let (outcome, caller, dropped) = answer.recv().unwrap();
        assert!(outcome.unwrap_err().is_timeout());
        assert_eq!(
            dropped,
            Ok(caller),
            "dropped by its caller, before it returned"
        );
    });
}

#[test]
fn a_cancel_from_another_thread_does_too() {
    in_every_place_but_while_unwinding(|place| {
        let koil = a_loop();
        let handle = koil.handle();
        let (send, token) = mpsc::channel();
        let call = handle.wrap(move || {
            let scope = CancelScope::new().unwinding();
            send.send(scope.token().clone()).unwrap();
            cut_short(|tells| scope.run(|| for_ever_blocking(tells)))
        });
        let (job, answer) = places::job(call);
        let visitor = thread::spawn(|| (place.visit)(job));
        until(|| waiting(&handle) == 1);
        token.recv().unwrap().cancel("enough");
        let (outcome, caller, dropped) = answer.recv().unwrap();
        assert!(outcome.unwrap_err().is_cancelled());
        assert_eq!(
            dropped,
            Ok(caller),
            "dropped by its caller, before it returned"
        );
        visitor.join().unwrap();
    });
}

#[test]
fn a_panic_comes_back_to_its_caller_with_its_payload() {
    in_every_place_that_waits(|place| {
        let koil = a_loop();
        let call = koil.handle().wrap(|| {
            let payload = panic::catch_unwind(|| breaks_blocking(7)).unwrap_err();
            payload.downcast::<u8>().map(|number| *number)
        });
        let (job, answer) = places::job(call);
        (place.visit)(job);
        assert!(matches!(answer.recv().unwrap(), Ok(7)));
        assert!(koil.shutdown().is_clean(), "the loop has survived");
    });
}

#[test]
fn an_item_that_came_too_late_is_the_next_one() {
    #[koiled]
    fn late() -> impl Stream<Item = u32> {
        Box::pin(stream::unfold(0, |n| async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            Some((n, n + 1))
        }))
    }
    in_every_place_that_waits(|place| {
        let koil = a_loop();
        let call = koil.handle().wrap(|| {
            let mut items = late_blocking();
            let first = items.next_timeout(Duration::from_millis(1)).unwrap();
            let was_late = first.is_err_and(|error| error.is_timeout());
            (was_late, items.next(), items.next())
        });
        let (job, answer) = places::job(call);
        (place.visit)(job);
        let (was_late, first, second) = answer.recv().unwrap();
        // A busy machine may be late to look, and find the item there.
        let expected = if was_late { (0, 1) } else { (1, 2) };
        assert_eq!((first.unwrap(), second.unwrap()), expected);
    });
}
