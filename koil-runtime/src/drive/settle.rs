//! `Settling`: a call waits for the work that drops have handed over in it, after its future has gone.

use std::sync::Arc;
use std::task::{Context, Poll};

use super::block_on::block_on_apart;
use super::terms::{Limits, Terms};
use super::work::{Work, Workload};
use crate::current::handed_over::{self, Collecting, Handed, Works};
use crate::current::{LoopCore, ThreadKind};
use crate::report::error::Error;

/// Collects the work that is handed over on this thread; the drop waits for it, under the tokio
/// context of the loop.
#[must_use = "the work is waited for when this is dropped"]
pub(crate) struct Settling<'a> {
    core: &'a Arc<LoopCore>,
    thread: &'a ThreadKind,
    /// `None` only during the drop.
    collecting: Option<Collecting>,
}

impl<'a> Settling<'a> {
    #[inline]
    pub(crate) fn begin(core: &'a Arc<LoopCore>, thread: &'a ThreadKind) -> Settling<'a> {
        Settling {
            core,
            thread,
            collecting: Some(Collecting::begin()),
        }
    }
}

impl Drop for Settling<'_> {
    #[inline]
    fn drop(&mut self) {
        let handed = self.collecting.take().and_then(Collecting::end);
        if let Some(handed) = handed {
            settle(self.core, self.thread, handed);
        }
    }
}

/// As [`Settling`], for a thread whose flags say already that it collects: the fast path of a call.
#[must_use = "the work is waited for when this is dropped"]
pub(crate) struct FastSettling<'a>(pub(crate) &'a Arc<LoopCore>);

impl Drop for FastSettling<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        if handed_over::is_any() {
            settle(self.0, &ThreadKind::Plain, handed_over::take());
        }
    }
}

/// Waits until the work has ended, at most for what is left of one `cancel_grace`; work that takes
/// longer goes on, and the error hook is told.
///
/// Neither a cancel nor a stop of the loop ends this wait: the loop drives until such work has
/// ended, too.
#[cold]
#[inline(never)]
pub(crate) fn settle(core: &Arc<LoopCore>, thread: &ThreadKind, handed: Handed) {
    let Handed { works, cut_at, .. } = handed;
    let Some(site) = works.first().map(|work| work.site()) else {
        return;
    };
    let grace = core.cancel_grace;
    let used = cut_at.map(|at| at.elapsed()).unwrap_or_default();
    let terms = Terms {
        core,
        thread,
        limits: &Limits::Exit,
        timeout: Some(grace.saturating_sub(used)),
        site,
        free: None,
    };
    let mut ends = Ends(works);
    let waited = block_on_apart(&terms, Workload::LoopBound(&mut ends));
    if waited.as_ref().is_err_and(Error::is_timeout) {
        ends.0.iter().for_each(|work| work.tell_late(grace));
    }
}

/// The work that has not ended yet. Other threads end it, so its wakes never come from a scheduler of
/// this thread.
struct Ends(Works);

impl Work for Ends {
    fn __rust_begin_short_backtrace(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.0.retain(|work| work.poll_end(cx).is_pending());
        if self.0.is_empty() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }

    /// The work goes on.
    fn abandon(&mut self) {}
}
