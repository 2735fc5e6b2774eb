//! `TokioContext`: the tokio context of a loop, entered on a caller's thread.

use std::sync::Arc;

use tokio::runtime;

use crate::current::{self, ContextRecord, Entry, LoopCore, ThreadKind};

/// Tokio's context of a loop, entered on this thread until this is dropped.
#[must_use = "the context is left when this is dropped"]
pub(crate) struct TokioContext<'a> {
    // Field order is drop order: tokio's context is left first, then koil's record of it.
    _tokio: runtime::EnterGuard<'a>,
    _noted: ContextRecord,
    _entry: Option<Entry>,
}

impl<'a> TokioContext<'a> {
    /// Enters the context of `core`, which is the ambient loop until the guard is dropped; `None`
    /// if tokio's thread-locals are destroyed.
    #[inline(always)]
    pub(crate) fn enter(core: &'a Arc<LoopCore>, thread: &ThreadKind) -> Option<TokioContext<'a>> {
        TokioContext::collecting(core, thread, 0)
    }

    /// As [`enter`](TokioContext::enter); see [`ContextRecord::begin`].
    #[inline(always)]
    pub(crate) fn collecting(
        core: &'a Arc<LoopCore>,
        thread: &ThreadKind,
        collects: u32,
    ) -> Option<TokioContext<'a>> {
        if matches!(thread, ThreadKind::Ending) {
            return None;
        }
        Some(TokioContext {
            _entry: (!current::is_ambient(core)).then(|| Entry::push(core.clone())),
            _noted: ContextRecord::begin(thread, collects),
            _tokio: core.tokio.enter(),
        })
    }
}

impl std::fmt::Debug for TokioContext<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokioContext")
    }
}
