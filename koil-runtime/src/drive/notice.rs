//! `Notice`: a message, once per call site, that a blocking call holds up a foreign scheduler.

use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use crate::current::LoopCore;
use crate::report::blocking_in_async::BlockingInAsync;
use crate::report::site::CallSite;

/// The time that a call may hold up a scheduler before the long-wait notice is given.
const LONG: Duration = Duration::from_secs(5);

/// The notice of one call that waits on a thread with a foreign scheduler.
pub(super) struct Notice<'a> {
    core: &'a LoopCore,
    site: CallSite,
    since: Instant,
    given: bool,
}

impl<'a> Notice<'a> {
    /// The notice of a wait that begins: calls the hook, once per call site.
    pub(super) fn begin(core: &'a LoopCore, site: CallSite) -> Notice<'a> {
        let notice = Notice::new(core, site);
        notice.tell_begin();
        notice
    }

    /// The notice of a wait that has not been reported yet.
    pub(super) fn new(core: &'a LoopCore, site: CallSite) -> Notice<'a> {
        Notice {
            core,
            site,
            since: Instant::now(),
            given: false,
        }
    }

    pub(super) fn has_hook(&self) -> bool {
        self.core.on_blocking_in_async.is_some()
    }

    /// Calls the hook at the beginning of the wait, once per call site.
    pub(super) fn tell_begin(&self) {
        if let Some(hook) = &self.core.on_blocking_in_async
            && self.is_first(false)
        {
            hook(&BlockingInAsync::new(self.site, Duration::ZERO));
        }
    }

    /// The time when the wait counts as long; `None` once the notice is given.
    pub(super) fn due(&self) -> Option<Instant> {
        (!self.given).then(|| self.since + LONG)
    }

    /// After a long wait: calls the hook, or writes to stderr if there is no hook, once per call
    /// site.
    pub(super) fn give_if_due(&mut self) {
        let waited = self.since.elapsed();
        if self.given || waited < LONG {
            return;
        }
        self.given = true;
        if !self.is_first(true) {
            return;
        }
        let notice = BlockingInAsync::new(self.site, waited);
        match &self.core.on_blocking_in_async {
            Some(hook) => hook(&notice),
            // A failed write is ignored: there is no other place to report to.
            None => drop(writeln!(io::stderr(), "koil: warning: {notice}")),
        }
    }

    fn is_first(&self, long: bool) -> bool {
        let mut noticed = self.core.noticed.lock();
        noticed.insert((self.site.location, long))
    }
}
