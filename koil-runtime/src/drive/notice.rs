//! `Notice`: a message that a blocking call holds up a foreign scheduler, that it has waited for long in a
//! callback, or that its loop is stuck; once per place.
//!
//! ```text
//! state    meaning                                           leaves to
//! FRESH    the wait has not been long                        ASKED: after 5 s, if no stuck work is known;
//!                                                            GIVEN: in a callback, or beside a scheduler
//! ASKED    the loop has been given a task to run             GIVEN: after 5 s more
//! GIVEN    the wait has been told of, or the loop has run    -
//!          the task
//! ```
//!
//! A call that waits for less pays nothing but the time at which it began. One that waits longer
//! wakes twice, and its loop once.

use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;

use super::blocked_calls::long_polls;
use crate::current::{self, LoopCore, NoticeKind};
use crate::report::blocking_in_async::{BlockingInAsync, StuckLoop, UiWait};
use crate::report::site::CallSite;
use crate::report::unwind;
use crate::scope::flags::{self, UI_TELLS};

/// The time that a call may hold up a scheduler, and that a loop may stay away, before the notice is
/// given.
const LONG: Duration = Duration::from_secs(5);

/// The notice of one call that waits.
pub(super) struct Notice<'a> {
    core: &'a LoopCore,
    site: CallSite,
    since: Instant,
    /// The call holds up a foreign scheduler.
    is_in_scheduler: bool,
    /// The call is in a callback of another one.
    is_in_callback: bool,
    state: State,
}

enum State {
    Fresh,
    Asked(JoinHandle<()>),
    Given,
}

impl<'a> Notice<'a> {
    /// The notice of a wait that begins on a thread with a foreign scheduler: calls the hook, once
    /// per call site.
    pub(super) fn begin(core: &'a LoopCore, site: CallSite) -> Notice<'a> {
        let notice = Notice::new(core, site);
        notice.tell_begin();
        notice
    }

    /// The notice of a wait on a thread with a foreign scheduler that has not been reported yet.
    pub(super) fn new(core: &'a LoopCore, site: CallSite) -> Notice<'a> {
        Notice {
            is_in_scheduler: true,
            ..Notice::of_wait(core, site)
        }
    }

    /// The notice of a wait that holds up no scheduler: it tells of a loop that is stuck.
    pub(super) fn of_wait(core: &'a LoopCore, site: CallSite) -> Notice<'a> {
        let since = Instant::now();
        core.see_polls(since);
        Notice {
            core,
            site,
            since,
            is_in_scheduler: false,
            is_in_callback: current::is_in_callback(),
            state: State::Fresh,
        }
    }

    /// True if the beginning of the wait has to be told.
    pub(super) fn has_hook(&self) -> bool {
        self.is_in_scheduler && self.core.on_blocking_in_async.is_some()
    }

    /// Calls the hook at the beginning of the wait, once per call site.
    pub(super) fn tell_begin(&self) {
        if let Some(hook) = &self.core.on_blocking_in_async
            && self.is_first(NoticeKind::Begin)
        {
            hook(&BlockingInAsync::new(self.site, Duration::ZERO, None));
        }
    }

    /// The time when there is something to do; `None` once the notice is given.
    pub(super) fn due(&self) -> Option<Instant> {
        match self.state {
            State::Fresh => Some(self.since + LONG),
            State::Asked(_) => Some(self.since + 2 * LONG),
            State::Given => None,
        }
    }

    /// After a long wait: calls the hook, or writes to stderr if there is no hook, once per place.
    /// True if the hook may have run.
    pub(super) fn give_if_due(&mut self) -> bool {
        let now = Instant::now();
        if self.due().is_none_or(|due| now < due) {
            return false;
        }
        let polls = long_polls(self.core, now, LONG);
        let stuck = polls.into_iter().max_by_key(|poll| poll.waited);
        let stuck = stuck.map(|poll| StuckLoop::inside(self.core.name.clone(), poll));
        match (&self.state, stuck) {
            (_, Some(stuck)) => self.give(now, Some(stuck)),
            (State::Fresh, None)
                if self.is_in_scheduler || self.is_in_callback || flags::any(UI_TELLS) =>
            {
                self.give(now, None)
            }
            (State::Fresh, None) => {
                // A loop that is not stuck runs this at once.
                self.state = State::Asked(self.core.tokio.spawn(async {}));
                false
            }
            (State::Asked(task), None) if !task.is_finished() => {
                self.give(now, Some(StuckLoop::unknown(self.core.name.clone(), LONG)))
            }
            (State::Asked(_) | State::Given, None) => {
                self.state = State::Given;
                false
            }
        }
    }

    fn give(&mut self, now: Instant, stuck: Option<StuckLoop>) -> bool {
        self.state = State::Given;
        let (place, kind) = match &stuck {
            Some(stuck) => (
                stuck.place().unwrap_or(self.site.location),
                NoticeKind::Stuck,
            ),
            None => (self.site.location, NoticeKind::Long),
        };
        if !self.core.noticed.lock().insert((place, kind)) {
            return false;
        }
        let notice = BlockingInAsync::new(self.site, now - self.since, stuck)
            .in_callback(self.is_in_callback && !self.is_in_scheduler)
            .on_ui(flags::any(UI_TELLS).then_some(UiWait::Long));
        tell(self.core, &notice);
        true
    }

    fn is_first(&self, kind: NoticeKind) -> bool {
        let mut noticed = self.core.noticed.lock();
        noticed.insert((self.site.location, kind))
    }
}

/// Calls the hook, or writes to stderr if there is no hook.
fn tell(core: &LoopCore, notice: &BlockingInAsync) {
    match &core.on_blocking_in_async {
        Some(hook) => hook(notice),
        // A failed write is ignored: there is no other place to report to.
        None => drop(writeln!(io::stderr(), "koil: warning: {notice}")),
    }
}

/// A call that waits on the thread of a `Ui`: told when the wait is over, once per line.
pub(super) struct UiNotice<'a> {
    core: &'a LoopCore,
    site: CallSite,
    since: Instant,
}

impl<'a> UiNotice<'a> {
    /// `None` on other threads, and where it is not told.
    #[inline]
    pub(super) fn begin(core: &'a LoopCore, site: CallSite) -> Option<UiNotice<'a>> {
        flags::any(UI_TELLS).then(|| UiNotice {
            core,
            site,
            since: Instant::now(),
        })
    }
}

impl Drop for UiNotice<'_> {
    fn drop(&mut self) {
        let is_first = |kind| {
            let mut noticed = self.core.noticed.lock();
            noticed.insert((self.site.location, kind))
        };
        if is_first(NoticeKind::Ui) {
            let notice = BlockingInAsync::new(self.site, self.since.elapsed(), None);
            let notice = notice.on_ui(Some(UiWait::Over));
            // A drop may run while the thread unwinds.
            unwind::swallow(|| tell(self.core, &notice));
        }
    }
}
