//! Parts of `Call` that only twins use: begin with an error, begin on a given loop, and panic on a
//! failure.

use super::call::Call;
use crate::drive::ready;
use crate::drive::work::Workload;
use crate::handle::Handle;
use crate::report::error::Error;
use crate::report::site::CallSite;
use crate::scope::cancel::ambient::Answer;

impl Call {
    /// As [`Call::begin`], for a twin that returns its failures.
    ///
    /// # Errors
    ///
    /// If this thread may not block, or the loop has been stopped or cannot be started.
    #[track_caller]
    pub fn try_begin(names: &'static str) -> Result<Call, Error> {
        Call::admit(CallSite::of(names), Answer::Error)
    }

    /// As [`Call::begin`], on this loop.
    ///
    /// # Panics
    ///
    /// If this thread may not block, or the loop has been stopped.
    #[track_caller]
    pub fn begin_on(handle: &Handle, names: &'static str) -> Call {
        match Call::admit_on(handle.core(), CallSite::of(names), Answer::Output) {
            Ok(call) => call,
            Err(error) => error.throw(),
        }
    }

    /// As [`Call::try_begin`], on this loop.
    ///
    /// # Errors
    ///
    /// If this thread may not block, or the loop has been stopped.
    #[track_caller]
    pub fn try_begin_on(handle: &Handle, names: &'static str) -> Result<Call, Error> {
        Call::admit_on(handle.core(), CallSite::of(names), Answer::Error)
    }

    /// Blocks until `work` is done; panics if the bridge fails.
    ///
    /// Named for short backtraces, see `report::backtrace`.
    #[track_caller]
    #[inline(never)]
    pub(crate) fn __rust_end_short_backtrace_or_throw(&self, work: Workload<'_>) {
        if let Err(error) = ready::drive(self.terms(None), work) {
            error.throw();
        }
    }

    /// As [`Call::open`], on this loop.
    #[track_caller]
    pub fn open_on(handle: &Handle, names: &'static str) -> Call {
        Call::on_home(Some(handle.core()), CallSite::of(names))
    }
}
