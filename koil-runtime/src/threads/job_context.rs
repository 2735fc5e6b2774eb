//! `JobContext`: the token, deadline and context of a job, carried over to the thread that runs
//! it.

use std::sync::Arc;

use crate::current::{LoopCore, WorkMark};
use crate::pool::JobLevel;
use crate::report::backtrace::__rust_begin_short_backtrace_job;
use crate::report::error::Error;
use crate::report::unwind::{self, Payload};
use crate::scope::cancel::current_cancel::{self, Due, Inside, Scope};
use crate::scope::cancel::token::{AdoptedToken, CancelToken};
use crate::scope::cancel::unwinding::Unwinding;
use crate::scope::context::snapshot::{Base, Changes, Snapshot};

/// The options of a job that its context needs.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct JobOptions {
    /// The changes of the job to its context are returned with its end.
    pub(crate) brings_context: bool,
    /// A plain call that is cut short unwinds to the end of the job.
    pub(crate) unwinds: bool,
}

/// Why a job, or a part of one, has not returned.
pub(crate) enum Halted {
    Panic(Payload),
    /// A plain call was cut short, and has unwound to the end of the job.
    CutShort(Error),
}

/// The token of a job, with the deadline and the context that it inherits.
pub(crate) struct JobContext {
    token: CancelToken,
    due: Option<Arc<Due>>,
    /// The scope to which plain calls of the job unwind, if they are cut short too.
    unwinding: Option<Arc<Unwinding>>,
    context: Snapshot,
    /// The context before the job, if the changes of the job are to be returned.
    base: Option<Base>,
    /// The loop lists the job until its last part has run.
    mark: Option<WorkMark>,
    _stopped_with_loop: Option<AdoptedToken>,
}

impl JobContext {
    /// The context of a job that is started here, on `core`: its token is cancelled with the
    /// scope or call around this place, and with the loop. The context is that of the place where
    /// the call was made.
    pub(crate) fn capture(core: &LoopCore, context: Snapshot, options: JobOptions) -> JobContext {
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
        // Where panics abort no call can unwind, so plain calls wait on there.
        let unwinds = options.unwinds && !cfg!(panic = "abort");
        JobContext {
            unwinding: unwinds.then(|| Unwinding::new(token.clone(), due.clone(), None)),
            token,
            due,
            base: options.brings_context.then(|| context.base()),
            context,
            mark: None,
            _stopped_with_loop: stopped_with_loop,
        }
    }

    /// Lists the job by `mark`. False if there is none: the loop does not take the job.
    pub(crate) fn set_mark(&mut self, mark: Option<WorkMark>) -> bool {
        self.mark = mark;
        self.mark.is_some()
    }

    /// Whether a thread runs the job, or it rests between two parts.
    pub(crate) fn set_rests(&self, rests: bool) {
        if let Some(mark) = &self.mark {
            mark.set_rests(rests);
        }
    }

    /// The place of the job in the queue of a pool.
    pub(crate) fn level(&self) -> JobLevel {
        JobLevel::of(&self.context)
    }

    pub(crate) fn token(&self) -> &CancelToken {
        &self.token
    }

    /// Runs a job, or a part of one.
    pub(crate) fn run<T>(&mut self, job: impl FnOnce() -> T) -> Result<T, Halted> {
        let unwinding = self.unwinding.clone();
        unwind::halt(|| self.enter(unwinding, job)).map_err(|payload| {
            let Some(unwinding) = &self.unwinding else {
                return Halted::Panic(payload);
            };
            match unwinding.caught(payload) {
                Ok(error) => Halted::CutShort(error),
                Err(payload) => Halted::Panic(payload),
            }
        })
    }

    /// Runs a part of a job in which plain calls are not cut short, such as its drops.
    pub(crate) fn run_plainly<T>(&mut self, part: impl FnOnce() -> T) -> T {
        self.enter(None, part)
    }

    fn enter<T>(&mut self, unwinding: Option<Arc<Unwinding>>, f: impl FnOnce() -> T) -> T {
        let _inside = Inside::scope(Scope {
            token: self.token.clone(),
            due: self.due.clone(),
            unwinding,
        });
        let _within = self.context.enter();
        __rust_begin_short_backtrace_job(f)
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
