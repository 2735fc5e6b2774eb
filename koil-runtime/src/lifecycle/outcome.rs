//! How an enter or an exit went: the context's own answer, its panic, or a failure of the bridge.

use crate::report::error::Error;
use crate::report::unwind::Payload;

/// What went wrong.
pub(super) enum Fault<E> {
    /// The context says so.
    Own(E),
    Panicked(Payload),
    Bridge(Error),
}

pub(super) type Outcome<E> = Result<(), Fault<E>>;

/// What became of a blocking wait.
pub(super) type Waited = Result<Result<(), Error>, Payload>;

/// Of an enter: one that was ready too late to be wanted counts as cut short.
pub(super) fn of_enter<E>(waited: Waited, answer: Option<Result<(), E>>) -> Outcome<E> {
    match (waited, answer) {
        (Err(payload), _) => Err(Fault::Panicked(payload)),
        (Ok(Err(error)), _) => Err(Fault::Bridge(error)),
        (Ok(Ok(())), Some(answer)) => answer.map_err(Fault::Own),
        (Ok(Ok(())), None) => unreachable!("a wait ends well only with an answer"),
    }
}

/// Of an exit: its answer counts, however late.
pub(super) fn of_exit<E>(waited: Waited, answer: Option<Result<(), E>>) -> Outcome<E> {
    match (waited, answer) {
        (Err(payload), _) => Err(Fault::Panicked(payload)),
        (_, Some(answer)) => answer.map_err(Fault::Own),
        (Ok(Err(error)), None) => Err(Fault::Bridge(error)),
        (Ok(Ok(())), None) => unreachable!("a wait ends well only with an answer"),
    }
}
