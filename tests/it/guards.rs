//! Guards of async contexts: how they are entered, closed and dropped, and where errors go.

use std::fmt;
use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use koil::{
    AsyncContext, AsyncEntered, CancelToken, Entered, Exit, ExitError, Koil, try_unkoil, unkoil,
};

use crate::support::{FOR_EVER, refused, watched};

/// The behaviour of a context when it is entered or left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Does {
    Fine,
    /// Needs the loop.
    Sleeps,
    Fails,
    Panics,
    Hangs,
    /// Waits until it is cancelled.
    Listens,
}

impl Does {
    pub(crate) async fn run(self, what: &'static str) -> Result<(), &'static str> {
        match self {
            Does::Fine => Ok(()),
            Does::Sleeps => {
                tokio::time::sleep(Duration::from_millis(1)).await;
                Ok(())
            }
            Does::Fails => {
                tokio::task::yield_now().await;
                Err(what)
            }
            Does::Panics => {
                tokio::task::yield_now().await;
                panic_any(what)
            }
            Does::Hangs => pending().await,
            Does::Listens => {
                let token = CancelToken::current().expect("a call has a token");
                token.cancelled().await;
                Ok(())
            }
        }
    }
}

/// A context that sends its name and the cause when it is left.
pub(crate) struct Room {
    pub(crate) name: &'static str,
    pub(crate) enter: Does,
    pub(crate) exit: Does,
    pub(crate) log: Sender<(&'static str, Exit)>,
}

impl AsyncContext for Room {
    type Error = &'static str;

    async fn aenter(&mut self) -> Result<(), &'static str> {
        self.enter.run("enter").await
    }

    async fn aexit(&mut self, cause: Exit) -> Result<(), &'static str> {
        let _ = self.log.send((self.name, cause));
        self.exit.run("exit").await
    }
}

pub(crate) fn room(enter: Does, exit: Does) -> (Room, Receiver<(&'static str, Exit)>) {
    let (log, exits) = mpsc::channel();
    let name = "room";
    (
        Room {
            name,
            enter,
            exit,
            log,
        },
        exits,
    )
}

/// Too short for anything that needs the loop, on a busy machine: for exits that hang.
pub(crate) const SOON: Duration = Duration::from_millis(100);

/// A loop with this grace, and the errors that its hook gets.
pub(crate) fn telling<T: Send + 'static>(
    grace: Duration,
    what: impl Fn(&ExitError) -> T + Send + Sync + 'static,
) -> (Koil, Receiver<T>) {
    let (tells, told) = mpsc::channel();
    let koil = Koil::builder()
        .join_timeout(FOR_EVER)
        .cancel_grace(grace)
        .on_error(move |error| drop(tells.send(what(error))))
        .build()
        .unwrap();
    (koil, told)
}

pub(crate) fn text(error: &ExitError) -> String {
    error.to_string()
}

/// All exits of a channel whose senders are gone.
pub(crate) fn all<T>(of: Receiver<T>) -> Vec<T> {
    of.iter().collect()
}

#[test]
fn an_error_of_the_enter_is_the_contexts_own_and_there_is_no_exit() {
    watched(|| {
        let (fails, exits) = room(Does::Fails, Does::Fine);
        assert_eq!(Entered::enter(fails).err(), Some("enter"));
        assert_eq!(all(exits), []);

        let (fails, exits) = room(Does::Fails, Does::Fine);
        assert_eq!(unkoil(AsyncEntered::enter(fails)).err(), Some("enter"));
        assert_eq!(all(exits), []);
    });
}

#[test]
fn a_panic_of_the_enter_goes_on_and_there_is_no_exit() {
    watched(|| {
        let (panics, exits) = room(Does::Panics, Does::Fine);
        let payload = catch_unwind(AssertUnwindSafe(|| Entered::enter(panics))).err();
        assert_eq!(payload.unwrap().downcast_ref(), Some(&"enter"));
        assert_eq!(all(exits), []);

        let (panics, exits) = room(Does::Panics, Does::Fine);
        let payload = catch_unwind(AssertUnwindSafe(|| unkoil(AsyncEntered::enter(panics)))).err();
        assert_eq!(payload.unwrap().downcast_ref(), Some(&"enter"));
        assert_eq!(all(exits), []);
    });
}

#[test]
fn close_hands_back_the_value_with_the_error_and_resumes_a_panic() {
    watched(|| {
        let (fine, exits) = room(Does::Sleeps, Does::Sleeps);
        let closed = Entered::enter(fine).unwrap().close();
        assert_eq!(closed.map(|room| room.name).ok(), Some("room"));
        assert_eq!(all(exits), [("room", Exit::Closed)]);

        let (fails, exits) = room(Does::Fine, Does::Fails);
        let (room_again, error) = Entered::enter(fails).unwrap().close().err().unwrap();
        assert_eq!((room_again.name, error), ("room", "exit"));
        drop(room_again);
        assert_eq!(all(exits), [("room", Exit::Closed)]);

        let (panics, exits) = room(Does::Fine, Does::Panics);
        let guard = Entered::enter(panics).unwrap();
        let payload = catch_unwind(AssertUnwindSafe(|| guard.close())).err();
        assert_eq!(payload.unwrap().downcast_ref(), Some(&"exit"));
        assert_eq!(all(exits), [("room", Exit::Closed)]);
    });
}

#[test]
fn an_async_close_does_the_same() {
    watched(|| {
        let (fails, exits) = room(Does::Sleeps, Does::Fails);
        let (room_again, error) = unkoil(async {
            let guard = AsyncEntered::enter(fails).await.unwrap();
            guard.close().await.err().unwrap()
        });
        assert_eq!((room_again.name, error), ("room", "exit"));
        drop(room_again);
        assert_eq!(all(exits), [("room", Exit::Closed)]);

        let (panics, exits) = room(Does::Sleeps, Does::Panics);
        let payload = catch_unwind(AssertUnwindSafe(|| {
            unkoil(async { AsyncEntered::enter(panics).await.unwrap().close().await })
        }));
        assert_eq!(payload.err().unwrap().downcast_ref(), Some(&"exit"));
        assert_eq!(all(exits), [("room", Exit::Closed)]);
    });
}

#[test]
fn errors_and_panics_that_nobody_receives_go_to_the_hook() {
    watched(|| {
        let (koil, told) = telling(FOR_EVER, |error| {
            let own = error.downcast_ref::<&'static str>().copied();
            (error.cause(), own, error.is_panic(), error.to_string())
        });
        let _entered = koil.enter();
        for (exit, is_panic, end) in [
            (Does::Fails, false, "failed: \"exit\""),
            (Does::Panics, true, "panicked: exit"),
        ] {
            let (context, exits) = room(Does::Fine, exit);
            drop(Entered::enter(context).unwrap());
            assert_eq!(all(exits), [("room", Exit::Dropped)]);
            let (cause, own, panicked, text) = told.recv().unwrap();
            assert_eq!((cause, panicked), (Exit::Dropped, is_panic));
            assert_eq!(own, (!is_panic).then_some("exit"));
            assert!(
                text.contains("guards::Room") && text.contains(file!()),
                "{text}"
            );
            assert!(text.ends_with(end), "{text}");

            // The same where the loop runs the exit.
            let (context, exits) = room(Does::Fine, exit);
            unkoil(async { drop(AsyncEntered::enter(context).await.unwrap()) });
            assert_eq!(told.recv().unwrap().2, is_panic);
            assert_eq!(all(exits), [("room", Exit::Dropped)]);
        }
    });
}

#[test]
fn a_drop_during_an_unwinding_never_panics_again() {
    watched(|| {
        let (koil, told) = telling(FOR_EVER, text);
        let _entered = koil.enter();
        let (panics, exits) = room(Does::Fine, Does::Panics);
        let (also, more) = room(Does::Fine, Does::Panics);
        let payload = catch_unwind(AssertUnwindSafe(|| {
            let _one = Entered::enter(panics).unwrap();
            let _other = Entered::enter(also).unwrap();
            panic_any("first");
        }));
        assert_eq!(payload.unwrap_err().downcast_ref(), Some(&"first"));
        assert_eq!(all(exits), [("room", Exit::Panicking)]);
        assert_eq!(all(more), [("room", Exit::Panicking)]);
        assert!(told.recv().unwrap().ends_with("panicked: exit"));
        assert!(told.recv().unwrap().ends_with("panicked: exit"));
    });
}

/// Panics when it is shown, and panics when it is dropped.
struct Unspeakable;

impl fmt::Debug for Unspeakable {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic_any("shown")
    }
}

impl Drop for Unspeakable {
    fn drop(&mut self) {
        panic_any("dropped");
    }
}

struct Cellar;

impl AsyncContext for Cellar {
    type Error = Unspeakable;

    async fn aenter(&mut self) -> Result<(), Unspeakable> {
        Ok(())
    }

    async fn aexit(&mut self, cause: Exit) -> Result<(), Unspeakable> {
        match cause {
            Exit::Dropped => panic_any(Unspeakable),
            _ => Err(Unspeakable),
        }
    }
}

#[test]
fn an_error_that_panics_when_it_is_shown_or_dropped_goes_nowhere() {
    watched(|| {
        let (koil, told) = telling(FOR_EVER, text);
        let _entered = koil.enter();
        // A second panic would abort the process.
        let payload = catch_unwind(|| {
            let _guard = Entered::enter(Cellar);
            panic_any("first");
        });
        assert_eq!(payload.unwrap_err().downcast_ref(), Some(&"first"));
        assert!(told.recv().unwrap().ends_with("whose `Debug` panicked"));
        drop(Entered::enter(Cellar));
        assert!(told.recv().unwrap().ends_with("panicked"));
        // On the loop.
        unkoil(async { drop(AsyncEntered::enter(Cellar).await) });
        assert!(told.recv().unwrap().ends_with("panicked"));
        assert_eq!(koil::unkoil_task(async { 1 }).result().unwrap(), 1);
    });
}

#[test]
fn a_hook_that_panics_goes_nowhere() {
    watched(|| {
        let (koil, _told) = telling(FOR_EVER, |_| panic_any("hook"));
        let _entered = koil.enter();
        let (fails, exits) = room(Does::Fine, Does::Fails);
        drop(Entered::enter(fails).unwrap());
        assert_eq!(all(exits), [("room", Exit::Dropped)]);
    });
}

#[test]
fn a_drop_waits_no_longer_than_the_grace() {
    watched(|| {
        let (koil, told) = telling(SOON, text);
        let entered = koil.enter();
        let (hangs, _exits) = room(Does::Fine, Does::Hangs);
        drop(Entered::enter(hangs).unwrap());
        let text = told.recv().unwrap();
        assert!(text.ends_with("timed out after 100ms"), "{text}");

        // An exit that listens hears of the cancel, and ends.
        let (listens, exits) = room(Does::Fine, Does::Listens);
        drop(Entered::enter(listens).unwrap());
        assert_eq!(all(exits), [("room", Exit::Dropped)]);
        drop(entered);
        assert!(koil.shutdown().is_clean());
        assert_eq!(all(told), [""; 0]);
    });
}

#[test]
fn entering_is_refused_where_a_call_is() {
    watched(|| {
        unkoil(async {
            let (fine, exits) = room(Does::Fine, Does::Fine);
            let refusal = catch_unwind(AssertUnwindSafe(|| Entered::enter(fine)));
            let text = *refusal.err().unwrap().downcast::<String>().unwrap();
            assert!(
                text.contains("inside a future that koil is polling"),
                "{text}"
            );
            assert!(text.contains(file!()), "{text}");
            assert_eq!(all(exits), []);
        });
        refused(unkoil(async { try_unkoil(async {}) }));
    });
}
