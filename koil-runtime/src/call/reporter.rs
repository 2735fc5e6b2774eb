//! `Reporter`: sends failures of work that drops hand over, which no caller receives, to the error
//! hook.

use std::any::Any;
use std::fmt::Debug;
use std::io::{self, Write as _};
use std::sync::Arc;

use crate::current::LoopCore;
use crate::global;
use crate::report::exit::{Exit, ExitError, Failure, Origin};
use crate::report::unwind;

/// The sender of reports about one exit, or one writer: where it comes from, and why it was left.
#[derive(Clone)]
pub(crate) struct Reporter {
    /// The loop whose hook is called; if it is not known, the ambient loop.
    pub(crate) core: Option<Arc<LoopCore>>,
    pub(crate) origin: Origin,
    pub(crate) cause: Exit,
}

impl Reporter {
    /// Calls the hook, or writes to stderr if there is none. Never panics.
    pub(crate) fn report(&self, failure: Failure) {
        let error = ExitError::new(self.origin, self.cause, failure);
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

    /// Reports an error: its text, and the error itself where it may go to other threads.
    pub(crate) fn report_error<E: Debug>(
        &self,
        error: E,
        into_any: impl FnOnce(E) -> Option<Box<dyn Any + Send>>,
    ) {
        let text = shown(&error);
        self.report(Failure::Own(text, into_any(error)));
    }
}

/// The error as text. The drop of a guard calls this: a panic of `Debug` must not get out of it.
fn shown(error: &impl Debug) -> String {
    let mut text = String::from("an error whose `Debug` panicked");
    unwind::swallow(|| text = format!("{error:?}"));
    text
}
