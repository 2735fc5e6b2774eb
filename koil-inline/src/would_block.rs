//! `WouldBlock`: the error of a future that had to wait where nothing waits.

use core::error::Error;
use core::fmt;
use core::panic::Location;

use crate::site::{CallSite, Names};

/// The future had to wait, and an inline call never waits. The future has been dropped.
///
/// The text names the line of the call, its twin and the original of it, and says what to write
/// instead.
#[derive(Debug, Clone, Copy)]
pub struct WouldBlock {
    pub(crate) site: CallSite,
    pub(crate) polls: u32,
}

impl WouldBlock {
    /// The line of the call.
    #[must_use]
    pub fn place(&self) -> &'static Location<'static> {
        self.site.location
    }

    /// How often the future was polled. More than once if it woke itself while it was polled, as
    /// `yield_now` does.
    #[must_use]
    pub fn polls(&self) -> u32 {
        self.polls
    }

    /// The twin that was called, such as `BlockingShop::open`; `None` for [`run`](crate::run()).
    #[must_use]
    pub fn twin(&self) -> Option<&'static str> {
        self.site.names.map(Names::twin)
    }

    /// The async function behind the twin, such as `Shop::open`.
    #[must_use]
    pub fn original(&self) -> Option<&'static str> {
        self.site.names.map(Names::original)
    }

    /// Panics with this text, at the line of the caller.
    #[doc(hidden)]
    #[track_caller]
    #[cold]
    pub fn throw(self) -> ! {
        panic!("{self}")
    }
}

impl fmt::Display for WouldBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let times = if self.polls == 1 { "poll" } else { "polls" };
        write!(
            f,
            "{} would have to wait ({} {times}), and an inline call never waits. A source that blocks, \
             such as `koil::inline::StdIo`, is always ready; a timer, a socket of an async runtime, two \
             directions at once or an async lock that another thread holds need a loop: ",
            self.site, self.polls
        )?;
        let looping = match self.site.names {
            Some(_) => "make its twin without `inline`",
            None => "call `koil::unkoil`",
        };
        write!(f, "{}, or {looping}", self.site.remedy())
    }
}

impl Error for WouldBlock {}
