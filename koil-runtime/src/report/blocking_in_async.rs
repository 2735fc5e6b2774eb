//! `BlockingInAsync`: a blocking call that holds up the scheduler of another runtime or a window, waits
//! for a loop that code on it holds up, or waits for long in a callback.

use std::fmt;
use std::panic::Location;
use std::time::Duration;

use super::blocked::{Blocked, StartedWork};
use super::site::{CallSite, Names};

/// A blocking call that waits on a thread which runs tasks of another tokio runtime; or one that has
/// waited long for a loop that does not come back from code which runs on it
/// ([`is_loop_stuck`](BlockingInAsync::is_loop_stuck)), or in a callback of another call; or one on a UI
/// thread ([`is_on_ui_thread`](BlockingInAsync::is_on_ui_thread)).
///
/// Passed to the hook of
/// [`KoilBuilder::on_blocking_in_async`](crate::KoilBuilder::on_blocking_in_async).
#[derive(Debug, Clone)]
pub struct BlockingInAsync {
    site: CallSite,
    waited: Duration,
    stuck: Option<StuckLoop>,
    is_in_callback: bool,
    on_ui: Option<UiWait>,
}

/// A wait on the thread of a `Ui`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UiWait {
    /// The call still waits.
    Long,
    Over,
}

/// A loop that does not come back, and the code that it is in.
#[derive(Debug, Clone)]
pub(crate) struct StuckLoop {
    name: String,
    lasts: Duration,
    /// `None`: koil has not started the work.
    poll: Option<Blocked>,
}

impl StuckLoop {
    /// A loop in a poll of known work.
    pub(crate) fn inside(name: String, poll: Blocked) -> StuckLoop {
        StuckLoop {
            name,
            lasts: poll.waited,
            poll: Some(poll),
        }
    }

    /// A loop that has not run a task for `lasts`.
    pub(crate) fn unknown(name: String, lasts: Duration) -> StuckLoop {
        StuckLoop {
            name,
            lasts,
            poll: None,
        }
    }

    /// Where the work was started.
    pub(crate) fn place(&self) -> Option<&'static Location<'static>> {
        self.poll.as_ref().map(Blocked::call_site)
    }
}

impl BlockingInAsync {
    pub(crate) fn new(
        site: CallSite,
        waited: Duration,
        stuck: Option<StuckLoop>,
    ) -> BlockingInAsync {
        BlockingInAsync {
            site,
            waited,
            stuck,
            is_in_callback: false,
            on_ui: None,
        }
    }

    /// Notes that the call is made on the thread of a `Ui`.
    pub(crate) fn on_ui(self, on_ui: Option<UiWait>) -> BlockingInAsync {
        BlockingInAsync { on_ui, ..self }
    }

    /// Notes whether the call is in a callback of another call.
    pub(crate) fn in_callback(self, is_in_callback: bool) -> BlockingInAsync {
        BlockingInAsync {
            is_in_callback,
            ..self
        }
    }

    /// True if the call was made on the thread of a [`Ui`](crate::ui::Ui), which stood still meanwhile
    /// ([`BlockingOnUi::Told`](crate::ui::BlockingOnUi::Told)).
    pub fn is_on_ui_thread(&self) -> bool {
        self.on_ui.is_some()
    }

    /// True if the call waits for a loop whose thread has been inside other code for 5 s: code in a
    /// task that blocks the thread or computes for long. Then not the call is wrong, but that code.
    pub fn is_loop_stuck(&self) -> bool {
        self.stuck.is_some()
    }

    /// The work that the thread of the stuck loop polls; `None` if the loop is not stuck, or if koil
    /// did not start that work: a task of `tokio::spawn`, a waker, a drop.
    pub fn stuck_work(&self) -> Option<&Blocked> {
        self.stuck.as_ref()?.poll.as_ref()
    }

    /// Where the call was written.
    pub fn call_site(&self) -> &'static Location<'static> {
        self.site.location
    }

    /// The twin that was called, `BlockingShop::open`; `None` for `unkoil` and its siblings.
    pub fn twin(&self) -> Option<&'static str> {
        self.site.names.map(Names::twin)
    }

    /// The time that the call has waited: zero when it begins to wait, 5 s or more for a long wait; on a
    /// UI thread all of it.
    pub fn waited(&self) -> Duration {
        self.waited
    }
}

impl fmt::Display for BlockingInAsync {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let BlockingInAsync {
            site,
            waited,
            stuck,
            is_in_callback,
            on_ui,
        } = self;
        if let Some(stuck) = stuck {
            return write_stuck(f, *site, stuck);
        }
        match on_ui {
            Some(UiWait::Over) => {
                return write!(
                    f,
                    "{site} has blocked a UI thread for {waited:.1?}, and its window stood still; give the \
                     future to `ui.spawn(future, |outcome| ..)` instead"
                );
            }
            Some(UiWait::Long) => {
                return write!(
                    f,
                    "{site} has blocked a UI thread for {} s, and its window stands still; if the call waits \
                     for a task that asks the window (`ui.call`, `ui.ask`), it never ends: give the future \
                     to `ui.spawn(future, |outcome| ..)` instead",
                    waited.as_secs()
                );
            }
            None => {}
        }
        if *is_in_callback {
            return write!(
                f,
                "{site} has waited for {} s in a callback of another call; if it waits for something that \
                 the code around the callback holds, such as an async lock, it never ends: release \
                 that before the callback is called, and give the call a deadline",
                waited.as_secs()
            );
        }
        if waited.is_zero() {
            return write!(
                f,
                "{site} blocks a thread that runs tasks of another tokio runtime; {} there instead",
                site.remedy()
            );
        }
        write!(
            f,
            "the tasks, timers and sockets of the tokio runtime on this thread have stood still for {} s, \
             since {site} blocks the thread; if the call waits for one of them, it never ends: {} there, \
             or make the call in `tokio::task::spawn_blocking`, and give it a deadline",
            waited.as_secs(),
            site.remedy()
        )
    }
}

fn write_stuck(f: &mut fmt::Formatter<'_>, site: CallSite, stuck: &StuckLoop) -> fmt::Result {
    let StuckLoop { name, lasts, poll } = stuck;
    write!(
        f,
        "loop `{name}` has stood still for {} s: ",
        lasts.as_secs()
    )?;
    match poll {
        Some(poll) => {
            let thread = poll.thread_name().unwrap_or("without a name");
            write!(f, "its thread `{thread}` is inside one poll of {}", StartedWork(poll.site))?;
        }
        None => f.write_str(
            "it is inside code that koil did not start, such as a task of `tokio::spawn`, a waker or a \
             drop",
        )?,
    }
    write!(
        f,
        "; {site} waits for that loop. Code in a task must not block its thread (by a lock, a join, a \
         sleep of std, a long computation): run it by `koil::run_threaded`, and await what can be \
         awaited"
    )
}
