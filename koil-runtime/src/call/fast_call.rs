//! `FastCall`: a call on a thread without koil state, admitted and begun in a few instructions.

use std::sync::Arc;
use std::time::Duration;

use super::admission;
use crate::current::{self, LoopCore, ThreadKind};
use crate::drive::settle::FastSettling;
use crate::drive::terms::{FreeThread, Limits, Terms};
use crate::drive::thread_cache::{self, ThreadCache};
use crate::report::site::CallSite;
use crate::scope::cancel::current_cancel::Answer;
use crate::scope::flags;

/// A call on the ambient loop, on a thread without any scope, cancel or other koil state. The
/// tokio context of that loop is entered until this is dropped.
///
/// The whole cost of a ready call is here and in `drive::fast_path`. Facts known at its beginning
/// are neither read again nor restored; and it writes its flags without a read where it can, since a
/// read has to wait for the write before it.
pub(super) struct FastCall<'a> {
    core: &'a Arc<LoopCore>,
    thread: FreeThread<'a>,
}

impl<'a> FastCall<'a> {
    /// Calls `f` with a call on `home`, if that can be a fast one; see [`enter`](FastCall::enter).
    #[inline(always)]
    pub(super) fn with<T>(
        home: Option<&Arc<LoopCore>>,
        answer: Answer,
        f: impl FnOnce(&FastCall<'_>) -> T,
    ) -> Option<T> {
        let core = home.filter(|core| current::is_ambient(core) && !core.registry.is_stopped())?;
        thread_cache::with_kept(|cache| FastCall::enter(cache, core, answer, f)).flatten()
    }

    /// Calls `f` with a call on a loop that is ambient and runs; `None` if a call with this
    /// `answer` has to check more state.
    #[inline(always)]
    pub(super) fn enter<T>(
        cache: &'a ThreadCache,
        core: &'a Arc<LoopCore>,
        answer: Answer,
        f: impl FnOnce(&FastCall<'_>) -> T,
    ) -> Option<T> {
        let outer = admission::free()?;
        // A drop that runs during an unwinding has to finish; see `current_cancel::policy`.
        if answer == Answer::Error && std::thread::panicking() {
            return None;
        }
        let flags = flags::enter_first_context(outer);
        let _outermost = OutermostContext;
        // Built in its final place: a copy right after the writes of its parts is slow.
        let _tokio = core.tokio.enter();
        let _settling = FastSettling(core);
        let thread = FreeThread { cache, flags };
        Some(f(&FastCall { core, thread }))
    }

    #[inline(always)]
    pub(super) fn terms(&self, timeout: Option<Duration>, site: CallSite) -> Terms<'_> {
        Terms {
            core: self.core,
            thread: &ThreadKind::Plain,
            limits: &Limits::Stop,
            timeout,
            site,
            free: Some(self.thread),
        }
    }
}

/// As `current::ContextRecord`, for the first context on a thread without koil state.
struct OutermostContext;

impl Drop for OutermostContext {
    #[inline(always)]
    fn drop(&mut self) {
        flags::leave_first_context();
    }
}
