//! `CallSite`: the source location of a blocking call and the names of its two sides. Private:
//! public types such as `Blocked` show it by `call_site` and `twin`.

use std::fmt;
use std::panic::Location;

/// The names of a twin and of its original, for error texts, one per line.
///
/// One literal, since each twin has one, and a struct takes longer to compile in the crate of the
/// twin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Names(&'static str);

impl Names {
    /// The blocking side, `BlockingShop::open`.
    pub(crate) fn twin(self) -> &'static str {
        self.0.split_once('\n').map_or(self.0, |(twin, _)| twin)
    }

    /// The async side that the twin is made of, `Shop::open`: the function to await instead.
    pub(crate) fn original(self) -> &'static str {
        self.0
            .split_once('\n')
            .map_or(self.0, |(_, original)| original)
    }
}

/// The place of a blocking call in the source, and the function that it calls.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CallSite {
    pub(crate) location: &'static Location<'static>,
    pub(crate) names: Option<Names>,
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

    /// As [`CallSite::here`], for a twin and its original, whose names are given one per line.
    #[track_caller]
    pub(crate) fn of(names: &'static str) -> CallSite {
        CallSite {
            location: Location::caller(),
            names: Some(Names(names)),
        }
    }

    /// The same place, with the names of another twin.
    pub(crate) fn renamed(self, names: Option<&'static str>) -> CallSite {
        CallSite {
            names: names.map(Names),
            ..self
        }
    }

    /// The code to write instead of blocking, as the end of a sentence.
    pub(crate) fn remedy(&self) -> Remedy {
        Remedy(self.names)
    }
}

/// The async side of a call, as advice.
pub(crate) struct Remedy(Option<Names>);

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(names) => write!(f, "await `{}`", names.original()),
            None => f.write_str("await the future"),
        }
    }
}

impl fmt::Display for CallSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.names {
            Some(names) => write!(f, "`{}` at {}", names.twin(), self.location),
            None => write!(f, "the blocking call at {}", self.location),
        }
    }
}
