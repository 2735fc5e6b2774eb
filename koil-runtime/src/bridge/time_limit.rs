//! `TimeLimit`: the values that `timeout = ..` takes, for generated code.

use std::time::Duration;

use super::io::Io;

/// A time limit, or none.
#[diagnostic::on_unimplemented(
    message = "`timeout` takes a `Duration` or an `Option<Duration>`, and this is a `{Self}`",
    label = "not a time limit",
    note = "write `Duration::from_secs(5)`, `self.timeout` or `self.timeout.unwrap_or(..)`; without a limit it is `None`"
)]
pub trait TimeLimit {
    /// The limit, if there is one.
    fn limit(self) -> Option<Duration>;
}

impl TimeLimit for Duration {
    fn limit(self) -> Option<Duration> {
        Some(self)
    }
}

impl TimeLimit for Option<Duration> {
    fn limit(self) -> Option<Duration> {
        self
    }
}

/// The limit in the value of a twin's `timeout = ..`.
pub fn limit(value: impl TimeLimit) -> Option<Duration> {
    value.limit()
}

/// A reader or writer whose operations take at most this time.
pub fn io_within<T>(io: Io<T>, limit: Option<Duration>) -> Io<T> {
    match limit {
        Some(limit) => io.timeout(limit),
        None => io,
    }
}
