//! `BlockingInAsync`: a blocking call that holds up the scheduler of another runtime.

use std::fmt;
use std::panic::Location;
use std::time::Duration;

use super::site::{CallSite, Names};

/// A blocking call that waits on a thread which runs tasks of another tokio runtime.
///
/// Passed to the hook of
/// [`KoilBuilder::on_blocking_in_async`](crate::KoilBuilder::on_blocking_in_async).
#[derive(Debug, Clone)]
pub struct BlockingInAsync {
    site: CallSite,
    waited: Duration,
}

impl BlockingInAsync {
    pub(crate) fn new(site: CallSite, waited: Duration) -> BlockingInAsync {
        BlockingInAsync { site, waited }
    }

    /// Where the call was written.
    pub fn call_site(&self) -> &'static Location<'static> {
        self.site.location
    }

    /// The twin that was called, `BlockingShop::open`; `None` for `unkoil` and its siblings.
    pub fn twin(&self) -> Option<&'static str> {
        self.site.names.map(Names::twin)
    }

    /// The time that the call has waited: zero when it begins to wait, 5 s or more for a long wait.
    pub fn waited(&self) -> Duration {
        self.waited
    }
}

impl fmt::Display for BlockingInAsync {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let BlockingInAsync { site, waited } = self;
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
