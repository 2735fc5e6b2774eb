//! `err!`: errors at a token, with messages in one style.

pub(crate) use darling::{Error, Result, error::Accumulator};

/// An error at a token. The message says what is wrong and, after `; `, what to write instead:
/// lower case, no full stop, code in backticks.
macro_rules! err {
    ($spanned:expr, $($message:tt)*) => {
        ::darling::Error::custom(::core::format_args!($($message)*)).with_span(&$spanned)
    };
}

pub(crate) use err;

/// Returns the value if the checks passed too; otherwise the mistakes of both.
pub(crate) fn checked<T>(checks: Result<()>, value: Result<T>) -> Result<T> {
    match (checks, value) {
        (Ok(()), value) => value,
        (Err(checks), Ok(_)) => Err(checks),
        (Err(checks), Err(value)) => Err(Error::multiple(vec![checks, value])),
    }
}
