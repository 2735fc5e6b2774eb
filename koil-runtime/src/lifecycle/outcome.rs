//! The outcome of an enter or exit: the context's answer, its panic, or a failure of the bridge.

use crate::report::error::Error;
use crate::report::unwind::Payload;

/// The reason why an enter or exit failed.
pub(super) enum Fault<E> {
    /// The error that the context returned.
    Own(E),
    Panicked(Payload),
    Bridge(Error),
}

pub(super) type Outcome<E> = Result<(), Fault<E>>;

/// The result of a blocking wait: `Ok`, a failure of the bridge, or a panic.
pub(super) type Waited = Result<Result<(), Error>, Payload>;

/// The outcome of an enter: one that was ready too late counts as cut short.
pub(super) fn of_enter<E>(waited: Waited, answer: Option<Result<(), E>>) -> Outcome<E> {
    match (waited, answer) {
        (Err(payload), _) => Err(Fault::Panicked(payload)),
        (Ok(Err(error)), _) => Err(Fault::Bridge(error)),
        (Ok(Ok(())), Some(answer)) => answer.map_err(Fault::Own),
        (Ok(Ok(())), None) => unreachable!("a wait ends well only with an answer"),
    }
}

/// The outcome of an exit: its answer counts, however late it is.
pub(super) fn of_exit<E>(waited: Waited, answer: Option<Result<(), E>>) -> Outcome<E> {
    match (waited, answer) {
        (Err(payload), _) => Err(Fault::Panicked(payload)),
        (_, Some(answer)) => answer.map_err(Fault::Own),
        (Ok(Err(error)), None) => Err(Fault::Bridge(error)),
        (Ok(Ok(())), None) => unreachable!("a wait ends well only with an answer"),
    }
}
