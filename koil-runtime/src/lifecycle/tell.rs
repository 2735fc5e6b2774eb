//! Telling the error hook what nobody else was told.

use std::any::Any;
use std::fmt::Debug;
use std::io::{self, Write as _};
use std::panic::Location;
use std::sync::Arc;

use super::outcome::Fault;
use crate::current::LoopCore;
use crate::global;
use crate::report::exit::{Exit, ExitError, Failure};
use crate::report::unwind;

/// Who tells: which context was left, and why.
#[derive(Clone)]
pub(super) struct Teller {
    /// Whose hook; if it is not known, that of the ambient loop.
    pub(super) core: Option<Arc<LoopCore>>,
    pub(super) context: &'static str,
    pub(super) at: Option<&'static Location<'static>>,
    pub(super) cause: Exit,
}

impl Teller {
    /// Tells the hook, or stderr where there is none. Never panics.
    pub(super) fn tell(&self, failure: Failure) {
        let error = ExitError::new(self.context, self.at, self.cause, failure);
        let core = self.core.clone().or_else(global::ambient_if_running);
        // Drops come here, also while the thread unwinds: the panic of a hook has to end here, and
        // that of an error which is dropped.
        unwind::swallow(move || match core.and_then(|core| core.on_error.clone()) {
            Some(hook) => {
                let error = error;
                hook(&error);
            }
            // Without anybody to read it there is nobody left to tell.
            None => drop(writeln!(io::stderr(), "koil: error: {error}")),
        });
    }
}

impl<E> Fault<E> {
    pub(super) fn failure(self, own: impl FnOnce(E) -> Failure) -> Failure {
        match self {
            Fault::Own(error) => own(error),
            Fault::Panicked(payload) => Failure::Panicked(payload),
            Fault::Bridge(error) => Failure::Bridge(error),
        }
    }
}

/// An error that may be given to others.
pub(super) fn moved<E: Debug + Send + 'static>(error: E) -> Failure {
    Failure::Own(shown(&error), Some(Box::new(error) as Box<dyn Any + Send>))
}

/// An error of which only the text may leave.
pub(super) fn text<E: Debug>(error: E) -> Failure {
    Failure::Own(shown(&error), None)
}

/// The drop of a guard comes here: an error that cannot show itself must not panic out of it.
fn shown(error: &impl Debug) -> String {
    let mut text = String::from("an error whose `Debug` panicked");
    unwind::swallow(|| text = format!("{error:?}"));
    text
}
