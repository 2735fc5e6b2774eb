//! `Teller`: reports failures of exits that no caller receives to the error hook.

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

/// The sender of reports about one exit: which context was left, and why.
#[derive(Clone)]
pub(super) struct Teller {
    /// The loop whose hook is called; if it is not known, the ambient loop.
    pub(super) core: Option<Arc<LoopCore>>,
    pub(super) context: &'static str,
    pub(super) at: Option<&'static Location<'static>>,
    pub(super) cause: Exit,
}

impl Teller {
    /// Calls the hook, or writes to stderr if there is none. Never panics.
    pub(super) fn tell(&self, failure: Failure) {
        let error = ExitError::new(self.context, self.at, self.cause, failure);
        let core = self.core.clone().or_else(global::ambient_if_running);
        // Drops call this, also while the thread unwinds: a panic of a hook has to end here, and so
        // has a panic in the drop of an error.
        unwind::swallow(move || match core.and_then(|core| core.on_error.clone()) {
            Some(hook) => {
                let error = error;
                hook(&error);
            }
            // A failed write is ignored: there is no other place to report to.
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

/// The failure for an error that may be moved to other threads.
pub(super) fn moved<E: Debug + Send + 'static>(error: E) -> Failure {
    Failure::Own(shown(&error), Some(Box::new(error) as Box<dyn Any + Send>))
}

/// The failure for an error of which only the text may leave its thread.
pub(super) fn text<E: Debug>(error: E) -> Failure {
    Failure::Own(shown(&error), None)
}

/// The error as text. The drop of a guard calls this: a panic of `Debug` must not get out of it.
fn shown(error: &impl Debug) -> String {
    let mut text = String::from("an error whose `Debug` panicked");
    unwind::swallow(|| text = format!("{error:?}"));
    text
}
