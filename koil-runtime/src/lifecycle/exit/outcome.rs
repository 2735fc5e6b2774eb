//! The outcome of an enter or exit: the context's answer, its panic, or a failure of the bridge.

use crate::report::error::Error;
use crate::report::unwind::{self, Payload};

/// The reason why an enter or exit failed.
pub enum Fault<E> {
    /// The error that the context returned.
    Own(E),
    Panicked(Payload),
    Bridge(Error),
}

pub(in crate::lifecycle) type ContextResult<E> = Result<(), Fault<E>>;

impl<E> Fault<E> {
    /// Ends a call whose context has not returned an error: resumes its panic, or panics because of
    /// the bridge.
    #[track_caller]
    pub(in crate::lifecycle) fn throw(self) -> ! {
        match self {
            Fault::Own(_) => unreachable!("the context's own error is returned"),
            Fault::Panicked(payload) => unwind::resume(payload),
            Fault::Bridge(error) => error.throw(),
        }
    }
}

/// The answer of a context, once it is there.
pub(in crate::lifecycle) type Answered<E> = Option<Result<(), E>>;

/// The outcome of a blocking enter: one that was ready too late counts as cut short.
pub(in crate::lifecycle) fn of_enter<E>(
    wait: impl FnOnce(&mut Answered<E>) -> Result<(), Error>,
) -> ContextResult<E> {
    let mut answer = None;
    match (unwind::halt(|| wait(&mut answer)), answer) {
        (Err(payload), _) => Err(Fault::Panicked(payload)),
        (Ok(Err(error)), _) => Err(Fault::Bridge(error)),
        (Ok(Ok(())), Some(answer)) => answer.map_err(Fault::Own),
        (Ok(Ok(())), None) => unreachable!("a wait ends well only with an answer"),
    }
}

/// The outcome of a blocking exit: its answer counts, however late it is.
pub(in crate::lifecycle) fn of_exit<E>(
    wait: impl FnOnce(&mut Answered<E>) -> Result<(), Error>,
) -> ContextResult<E> {
    let mut answer = None;
    match (unwind::halt(|| wait(&mut answer)), answer) {
        (Err(payload), _) => Err(Fault::Panicked(payload)),
        (Ok(_), Some(answer)) => answer.map_err(Fault::Own),
        (Ok(Err(error)), None) => Err(Fault::Bridge(error)),
        (Ok(Ok(())), None) => unreachable!("a wait ends well only with an answer"),
    }
}
