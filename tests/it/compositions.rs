//! Contexts of several parts: in order, in reverse, and nothing left open whatever happens.

use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};

use koil::{AsyncContext, CancelScope, Exit, ExitError, koilable, koiled, unkoil, unkoil_task};

use crate::guards::{Does, Room, SOON, all, telling, text};
use crate::support::{FOR_EVER, on_a_loop, watched};

type Log = Sender<(&'static str, Exit)>;
type Exits = Receiver<(&'static str, Exit)>;

/// Three rooms in a row, the last of them in a house of its own.
#[koiled]
#[koilable]
struct House {
    #[koil(context)]
    hall: Room,
    #[koil(context)]
    kitchen: Room,
    #[koil(context)]
    annex: Annex,
}

#[koilable(suffix = "_blocking")]
struct Annex {
    #[koil(context)]
    stairs: Room,
    #[koil(context)]
    attic: Room,
}

fn room(name: &'static str, enter: Does, exit: Does, log: &Log) -> Room {
    Room {
        name,
        enter,
        exit,
        log: log.clone(),
    }
}

/// All parts are fine, except where `change` says otherwise.
fn house(change: impl FnOnce(&mut House)) -> (House, Exits) {
    let (log, exits) = mpsc::channel();
    let fine = |name| room(name, Does::Sleeps, Does::Sleeps, &log);
    let mut house = House {
        hall: fine("hall"),
        kitchen: fine("kitchen"),
        annex: Annex {
            stairs: fine("stairs"),
            attic: fine("attic"),
        },
    };
    change(&mut house);
    (house, exits)
}

fn left(names: &[&'static str], cause: Exit) -> Vec<(&'static str, Exit)> {
    names.iter().map(|name| (*name, cause)).collect()
}

const REVERSE: [&str; 4] = ["attic", "stairs", "kitchen", "hall"];

#[test]
fn parts_are_left_in_reverse() {
    watched(|| {
        let (fine, exits) = house(|_| ());
        drop(fine.into_blocking().enter().unwrap());
        assert_eq!(all(exits), left(&REVERSE, Exit::Dropped));

        let (fine, exits) = house(|_| ());
        let closed = unkoil(async { fine.enter().await.unwrap().close().await });
        drop(closed.map_err(|(_, error)| error).unwrap());
        assert_eq!(all(exits), left(&REVERSE, Exit::Closed));
    });
}

#[test]
fn what_was_entered_before_a_failure_is_left_again() {
    watched(|| {
        let fails = |house: &mut House| house.annex.attic.enter = Does::Fails;
        let (fails_last, exits) = house(fails);
        assert_eq!(fails_last.into_blocking().enter().err(), Some("enter"));
        assert_eq!(all(exits), left(&REVERSE[1..], Exit::Dropped));

        let (fails_last, exits) = house(fails);
        let entered = unkoil(async {
            let error = fails_last.enter().await.err();
            // It has been undone by now.
            (error, exits.try_iter().collect::<Vec<_>>())
        });
        let expected = left(&REVERSE[1..], Exit::Dropped);
        assert_eq!(entered, (Some("enter"), expected.clone()));

        // By hand, as one part of something else.
        let (mut fails_last, exits) = house(fails);
        let error = unkoil(AsyncContext::aenter(&mut fails_last)).err();
        drop(fails_last);
        assert_eq!((error, all(exits)), (Some("enter"), expected));
    });
}

#[test]
fn what_was_entered_before_a_panic_is_left_again() {
    watched(|| {
        let panics = |house: &mut House| house.annex.stairs.enter = Does::Panics;
        let (panics_late, exits) = house(panics);
        let payload = catch_unwind(AssertUnwindSafe(|| panics_late.into_blocking().enter()));
        assert_eq!(payload.err().unwrap().downcast_ref(), Some(&"enter"));
        assert_eq!(all(exits), left(&REVERSE[2..], Exit::Panicking));

        let (panics_late, exits) = house(panics);
        let payload = catch_unwind(AssertUnwindSafe(|| unkoil(panics_late.enter())));
        assert_eq!(payload.err().unwrap().downcast_ref(), Some(&"enter"));
        assert_eq!(all(exits), left(&REVERSE[2..], Exit::Panicking));
    });
}

#[test]
fn what_was_entered_before_a_cancel_is_left_again() {
    on_a_loop(|_| {
        for hangs in [Does::Hangs, Does::Listens] {
            // In blocking code; it may be cancelled before it begins, too.
            let (hung, exits) = house(|house| house.annex.attic.enter = hangs);
            let scope = CancelScope::new().unwinding();
            let token = scope.token().clone();
            let cancels = std::thread::spawn(move || token.cancel("enough"));
            let outcome = scope.run(|| hung.into_blocking().enter().map(drop));
            cancels.join().unwrap();
            assert!(outcome.unwrap_err().is_cancelled());
            let exits = all(exits);
            let expected = left(&REVERSE, Exit::Cancelled);
            assert!(expected.ends_with(&exits), "{exits:?}");
        }
        // In a task, which is cancelled while the last part is being entered.
        let (begins, begun) = mpsc::channel();
        let (fine, exits) = house(|_| ());
        let hall = fine.hall.log.clone();
        let task = unkoil_task(async move {
            let hangs = koil::context_fn(
                move || async move {
                    begins.send(()).unwrap();
                    pending::<Result<(), &str>>().await
                },
                |(), _| async { Ok(()) },
            );
            let both = Both(fine, hangs);
            both.enter().await.map(drop)
        });
        begun.recv().unwrap();
        task.cancel("enough");
        assert!(task.result().unwrap_err().is_cancelled());
        drop(hall);
        assert_eq!(all(exits), left(&REVERSE, Exit::Cancelled));
    });
}

#[koilable(suffix = "_blocking")]
struct Both<C: AsyncContext<Error = &'static str> + Send>(
    #[koil(context)] House,
    #[koil(context)] C,
);

#[test]
fn every_exit_runs_and_the_first_error_is_returned() {
    watched(|| {
        let (koil, told) = telling(FOR_EVER, text);
        let entered = koil.enter();
        let (fails, exits) = house(|house| {
            house.annex.stairs.exit = Does::Fails;
            house.kitchen.exit = Does::Fails;
        });
        let closed = fails.into_blocking().enter().unwrap().close();
        let (closed, error) = closed.err().unwrap();
        assert_eq!((closed.hall.name, error), ("hall", "exit"));
        drop(closed);
        assert_eq!(all(exits), left(&REVERSE, Exit::Closed));
        assert!(told.recv().unwrap().ends_with("failed: \"exit\""));

        // A panic is resumed rather than an error returned; the error goes to the hook.
        let (panics, exits) = house(|house| {
            house.annex.attic.exit = Does::Fails;
            house.annex.stairs.exit = Does::Panics;
            house.kitchen.exit = Does::Panics;
        });
        let guard = panics.into_blocking().enter().unwrap();
        let payload = catch_unwind(AssertUnwindSafe(|| drop(guard.close())));
        assert_eq!(payload.err().unwrap().downcast_ref(), Some(&"exit"));
        assert_eq!(all(exits), left(&REVERSE, Exit::Closed));
        drop(entered);
        drop(koil);
        let told = all(told);
        assert_eq!(told.len(), 2, "{told:?}");
    });
}

/// The error of a part, as the hook gets it.
fn own_error(error: &ExitError) -> Option<&'static str> {
    error.downcast_ref().copied()
}

#[test]
fn the_hook_gets_the_errors_of_parts_as_values() {
    watched(|| {
        let (koil, told) = telling(FOR_EVER, own_error);
        let entered = koil.enter();
        // Undone by hand: the error of the enter is returned, that of the exit is told.
        let (mut fails, _exits) = house(|house| {
            house.annex.attic.enter = Does::Fails;
            house.hall.exit = Does::Fails;
        });
        let error = unkoil(AsyncContext::aenter(&mut fails)).err();
        assert_eq!((error, told.recv().unwrap()), (Some("enter"), Some("exit")));

        // A panic is resumed, the error is told.
        let (fails, _exits) = house(|house| {
            house.annex.attic.exit = Does::Fails;
            house.annex.stairs.exit = Does::Panics;
        });
        let guard = fails.into_blocking().enter().unwrap();
        let panic = catch_unwind(AssertUnwindSafe(|| drop(guard.close())));
        assert_eq!(panic.err().unwrap().downcast_ref(), Some(&"exit"));
        assert_eq!(told.recv().unwrap(), Some("exit"));
        drop(entered);
        drop(koil);
    });
}

#[test]
fn an_exit_that_hangs_does_not_cost_the_others_theirs() {
    watched(|| {
        let (koil, told) = telling(SOON, text);
        let entered = koil.enter();
        for blocking in [true, false] {
            let (hangs, exits) = house(|house| {
                house.annex.attic.exit = Does::Hangs;
                house.kitchen.exit = Does::Hangs;
                house.annex.stairs.exit = Does::Fine;
                house.hall.exit = Does::Fine;
            });
            if blocking {
                drop(hangs.into_blocking().enter().unwrap());
            } else {
                unkoil(async { drop(hangs.enter().await.unwrap()) });
            }
            assert_eq!(all(exits), left(&REVERSE, Exit::Dropped));
            // The call on the async side waits for one grace in all, and tells that the rest goes on.
            let reports = if blocking { 2 } else { 3 };
            let texts: Vec<_> = told.iter().take(reports).collect();
            let count = |end: &str| texts.iter().filter(|text| text.contains(end)).count();
            assert_eq!(count("timed out after 100ms"), 2, "{texts:?}");
            assert_eq!(count("it goes on"), reports - 2, "{texts:?}");
        }
        drop(entered);
    });
}
