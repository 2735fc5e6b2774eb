//! `HandedOver`: work that a drop has handed to a loop or to workers, from then until its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use super::reporter::Reporter;
use crate::current::handed_over::{self, HandedWork};
use crate::drive::wait_hook;
use crate::report::exit::Failure;
use crate::report::site::CallSite;
use crate::sync::Event;

/// The exit of a context, or the rest of a writer.
pub(crate) struct HandedOver {
    reporter: Reporter,
    site: CallSite,
    end: Event<()>,
    /// The error hook has been told that this takes long.
    is_told: AtomicBool,
}

impl HandedOver {
    /// The work, and its end: for the code that runs the work.
    pub(crate) fn new(reporter: Reporter, site: CallSite) -> (Arc<HandedOver>, WorkEnd) {
        let work = Arc::new(HandedOver {
            reporter,
            site,
            end: Event::new(),
            is_told: AtomicBool::new(false),
        });
        (work.clone(), WorkEnd(work))
    }

    pub(crate) fn reporter(&self) -> &Reporter {
        &self.reporter
    }

    /// Makes the call or task that runs on this thread wait for the work.
    pub(crate) fn keep(self: Arc<HandedOver>) {
        handed_over::keep(self);
    }

    /// Sleeps until the work has ended, at most for `limit`.
    pub(crate) fn wait(&self, limit: Duration) {
        // Work that takes longer tells that itself.
        let _ = wait_hook::around(|| self.end.wait(limit));
    }
}

impl HandedWork for HandedOver {
    fn poll_end(&self, cx: &Context<'_>) -> Poll<()> {
        self.end.poll(cx)
    }

    fn tell_late(&self, grace: Duration) {
        // ORDERING: Relaxed; only the first call counts, and nothing else is published.
        if !self.is_told.swap(true, Ordering::Relaxed) {
            self.reporter.report(Failure::Late(grace));
        }
    }

    fn site(&self) -> CallSite {
        self.site
    }
}

/// The end of some work: it has ended when this is dropped.
pub(crate) struct WorkEnd(Arc<HandedOver>);

impl WorkEnd {
    pub(crate) fn reporter(&self) -> &Reporter {
        &self.0.reporter
    }

    /// Tells the error hook, once, that the work takes longer than `grace`.
    pub(crate) fn tell_late(&self, grace: Duration) {
        self.0.tell_late(grace);
    }
}

impl Drop for WorkEnd {
    fn drop(&mut self) {
        self.0.end.set(());
    }
}
