//! Who is calling: the source location of a blocking call and the names of its two sides.

use std::fmt;
use std::panic::Location;

/// The names of a twin and of its original, for error texts.
///
/// Part of every expansion; not meant to be written by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Names {
    /// The blocking side, `BlockingShop::open`.
    pub twin: &'static str,
    /// The async side, `Shop::open`: what to await instead.
    pub original: &'static str,
}

/// Where a blocking call was written, and what it calls.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CallSite {
    pub(crate) location: &'static Location<'static>,
    pub(crate) names: Option<&'static Names>,
}

impl CallSite {
    /// The site of the function that called the `#[track_caller]` function that calls this.
    #[track_caller]
    pub(crate) fn here() -> CallSite {
        CallSite {
            location: Location::caller(),
            names: None,
        }
    }

    /// As [`CallSite::here`], for a twin.
    #[track_caller]
    pub(crate) fn of(names: &'static Names) -> CallSite {
        CallSite {
            location: Location::caller(),
            names: Some(names),
        }
    }

    /// What to write instead of blocking, as the end of a sentence.
    pub(crate) fn remedy(&self) -> Remedy {
        Remedy(self.names)
    }
}

/// The async side of a call, as advice.
pub(crate) struct Remedy(Option<&'static Names>);

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(names) => write!(f, "await `{}`", names.original),
            None => f.write_str("await the future"),
        }
    }
}

impl fmt::Display for CallSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.names {
            Some(names) => write!(f, "`{}` at {}", names.twin, self.location),
            None => write!(f, "the blocking call at {}", self.location),
        }
    }
}
