//! Guards of contexts that stay on their thread.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use koil::{Entered, Exit, LocalAsyncContext, LocalAsyncEntered, unkoil};
use tokio::runtime::Builder;

use crate::guards::{Does, telling};
use crate::support::{FOR_EVER, watched};

/// Stays on its thread, and holds a value that may not leave it.
pub(crate) struct Desk {
    exits: Rc<Cell<Option<Exit>>>,
    exit: Does,
}

impl LocalAsyncContext for Desk {
    type Error = Rc<str>;

    async fn aenter(&mut self) -> Result<(), Rc<str>> {
        Does::Sleeps.run("enter").await.map_err(Rc::from)
    }

    async fn aexit(&mut self, cause: Exit) -> Result<(), Rc<str>> {
        self.exit.run("exit").await.map_err(Rc::from)?;
        self.exits.set(Some(cause));
        Ok(())
    }
}

pub(crate) fn desk(exit: Does) -> (Desk, Rc<Cell<Option<Exit>>>) {
    let exits = Rc::new(Cell::new(None));
    (
        Desk {
            exits: exits.clone(),
            exit,
        },
        exits,
    )
}

#[test]
fn a_local_context_is_left_on_its_thread() {
    watched(|| {
        let (fine, exits) = desk(Does::Sleeps);
        drop(Entered::enter_local(fine).unwrap());
        assert_eq!(exits.take(), Some(Exit::Dropped));

        let (fine, exits) = desk(Does::Sleeps);
        assert!(Entered::enter_local(fine).unwrap().close().is_ok());
        assert_eq!(exits.take(), Some(Exit::Closed));

        let (fine, exits) = desk(Does::Sleeps);
        let guard = unkoil(LocalAsyncEntered::enter(fine)).unwrap();
        assert!(unkoil(guard.close()).is_ok());
        assert_eq!(exits.take(), Some(Exit::Closed));

        // On a plain thread its drop waits, though it was entered by async code.
        let (fine, exits) = desk(Does::Sleeps);
        drop(unkoil(LocalAsyncEntered::enter(fine)).unwrap());
        assert_eq!(exits.take(), Some(Exit::Dropped));
    });
}

#[test]
fn a_local_context_that_cannot_be_left_is_told_of() {
    watched(|| {
        let (koil, told) = telling(FOR_EVER, |error| {
            let refused = error
                .bridge_error()
                .is_some_and(koil::Error::would_deadlock);
            (refused, error.to_string())
        });
        let _entered = koil.enter();
        let (fine, exits) = desk(Does::Sleeps);
        unkoil(async { drop(LocalAsyncEntered::enter(fine).await.unwrap()) });
        assert!(told.recv().unwrap().0);

        let (fine, _) = desk(Does::Hangs);
        // Entered before the time runs: the exit has begun when it is up.
        let guard = unkoil(LocalAsyncEntered::enter(fine)).unwrap();
        let closing = koil::unkoil_timeout(Duration::from_millis(5), guard.close());
        assert!(closing.is_err());
        assert!(told.recv().unwrap().1.contains("was dropped before"));

        let (fails, _) = desk(Does::Fails);
        drop(Entered::enter_local(fails).unwrap());
        assert!(told.recv().unwrap().1.ends_with("failed: \"exit\""));
        assert_eq!(exits.take(), None);
    });
}

/// It cannot be handed over, and a drop in async code does not wait.
#[test]
fn a_local_context_that_is_dropped_in_foreign_async_code_is_told_of() {
    watched(|| {
        let (koil, told) = telling(FOR_EVER, |error| (error.is_shutdown(), error.to_string()));
        let _entered = koil.enter();
        let runtime = Builder::new_current_thread().enable_time().build().unwrap();
        let (fine, exits) = desk(Does::Sleeps);
        runtime.block_on(async { drop(LocalAsyncEntered::enter(fine).await.unwrap()) });
        let (is_shutdown, text) = told.recv().unwrap();
        assert!(!is_shutdown, "no loop has ended: {text}");
        assert!(text.contains("await `close`"), "{text}");
        assert_eq!(exits.take(), None);
    });
}
