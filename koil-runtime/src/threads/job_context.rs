//! `JobContext`: the token, deadline and context of a job, carried over to the thread that runs
//! it.

use std::sync::Arc;

use crate::current::LoopCore;
use crate::scope::cancel::current_cancel::{self, Due, Inside, Scope};
use crate::scope::cancel::token::{AdoptedToken, CancelToken};
use crate::scope::context::snapshot::{Base, Changes, Snapshot};

/// The token of a job, with the deadline and the context that it inherits.
pub(crate) struct JobContext {
    token: CancelToken,
    due: Option<Arc<Due>>,
    context: Snapshot,
    /// The context before the job, if the changes of the job are to be returned.
    base: Option<Base>,
    _stopped_with_loop: Option<AdoptedToken>,
}

impl JobContext {
    /// The context of a job that is started here, on `core`: its token is cancelled with the
    /// scope or call around this place, and with the loop. The context is that of the place where
    /// the call was made.
    pub(crate) fn capture(core: &LoopCore, context: Snapshot, brings_context: bool) -> JobContext {
        let due = current_cancel::scope().and_then(|scope| scope.due);
        let (token, stopped_with_loop) = match current_cancel::token() {
            None => (core.token.child(), None),
            Some(around) => {
                let token = around.child();
                let is_under_loop = around.is_under(&core.token);
                let adopted = (!is_under_loop).then(|| core.token.adopt(&token));
                (token, adopted)
            }
        };
        JobContext {
            token,
            due,
            base: brings_context.then(|| context.base()),
            context,
            _stopped_with_loop: stopped_with_loop,
        }
    }

    pub(crate) fn token(&self) -> &CancelToken {
        &self.token
    }

    /// Runs a job, or a part of one.
    pub(crate) fn run<T>(&mut self, job: impl FnOnce() -> T) -> T {
        let _inside = Inside::scope(Scope {
            token: self.token.clone(),
            due: self.due.clone(),
            unwinding: None,
        });
        let _within = self.context.enter();
        job()
    }

    /// The changes that the job has made to its context, if they were requested.
    pub(crate) fn changes(&self) -> Changes {
        let changes = self
            .base
            .as_ref()
            .map(|base| self.context.changes_since(base));
        changes.unwrap_or_default()
    }
}
