//! Saying once that a blocking call holds up a foreign scheduler.

use std::io::{self, Write as _};
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use crate::current::LoopCore;
use crate::report::notice::BlockingInAsync;
use crate::report::site::CallSite;

/// How long a call may hold up a scheduler before that is said aloud.
const LONG: Duration = Duration::from_secs(5);

/// One call that waits on a thread with a foreign scheduler.
pub(super) struct Notice<'a> {
    core: &'a LoopCore,
    site: CallSite,
    since: Instant,
    given: bool,
}

impl<'a> Notice<'a> {
    /// Of a wait that begins: the hook hears of it, once per call site.
    pub(super) fn begin(core: &'a LoopCore, site: CallSite) -> Notice<'a> {
        let notice = Notice::new(core, site);
        notice.tell_begin();
        notice
    }

    /// Of a wait of which nobody has heard yet.
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

    /// Tells the hook that the wait has begun, once per call site.
    pub(super) fn tell_begin(&self) {
        if let Some(hook) = &self.core.on_blocking_in_async
            && self.is_first(false)
        {
            hook(&BlockingInAsync::new(self.site, Duration::ZERO));
        }
    }

    /// When the wait counts as long; `None` once that has been said.
    pub(super) fn due(&self) -> Option<Instant> {
        (!self.given).then(|| self.since + LONG)
    }

    /// After a long wait: tells the hook, or stderr where there is none, once per call site.
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
            // Without anybody to read it there is nobody left to tell.
            None => drop(writeln!(io::stderr(), "koil: warning: {notice}")),
        }
    }

    fn is_first(&self, long: bool) -> bool {
        let noticed = self.core.noticed.lock();
        noticed
            .unwrap_or_else(PoisonError::into_inner)
            .insert((self.site.location, long))
    }
}
