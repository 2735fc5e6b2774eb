//! `ContextStep`: an enter or an exit, and its outcome.

use crate::report::error::Error;
use crate::report::exit::Exit;
use crate::report::unwind::{self, Payload};

/// A step in the life of a context.
#[derive(Debug, Clone, Copy)]
pub enum ContextStep {
    Enter,
    Exit(Exit),
}

/// The reason why an enter or exit failed.
pub enum Fault<E> {
    /// The error that the context returned.
    Own(E),
    Panicked(Payload),
    Bridge(Error),
}

pub(super) type ContextResult<E> = Result<(), Fault<E>>;

impl ContextStep {
    pub(super) fn is_exit(self) -> bool {
        matches!(self, ContextStep::Exit(_))
    }

    /// Runs `wait`, which stores the context's answer, and returns the outcome of this step.
    pub(super) fn outcome<E>(
        self,
        wait: impl FnOnce(&mut Option<Result<(), E>>) -> Result<(), Error>,
    ) -> ContextResult<E> {
        let mut answer = None;
        let waited = unwind::halt(|| wait(&mut answer));
        match (waited, answer) {
            (Err(payload), _) => Err(Fault::Panicked(payload)),
            // An enter that is ready too late counts as cut short; the answer of an exit counts,
            // however late it is.
            (Ok(Err(error)), Some(_)) if !self.is_exit() => Err(Fault::Bridge(error)),
            (Ok(_), Some(answer)) => answer.map_err(Fault::Own),
            (Ok(Err(error)), None) => Err(Fault::Bridge(error)),
            (Ok(Ok(())), None) => unreachable!("a wait ends well only with an answer"),
        }
    }
}

impl<E> Fault<E> {
    /// Ends a call whose context has not returned an error: resumes its panic, or panics because of
    /// the bridge.
    #[track_caller]
    pub(super) fn throw(self) -> ! {
        match self {
            Fault::Own(_) => unreachable!("the context's own error is returned"),
            Fault::Panicked(payload) => unwind::resume(payload),
            Fault::Bridge(error) => error.throw(),
        }
    }
}
