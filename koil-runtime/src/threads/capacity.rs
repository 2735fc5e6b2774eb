//! The default capacity of a stream: how many items a producer may be ahead.

use std::env;
use std::sync::OnceLock;

const VARIABLE: &str = "KOIL_THREADED_ITERABLE_CAPACITY";

/// The default of aiothreads.
const DEFAULT: usize = 1024;

/// The given capacity, or the default of this process.
///
/// # Panics
///
/// If it is 0, or if the environment variable is not a valid capacity.
#[track_caller]
pub(crate) fn or_default(capacity: Option<usize>) -> usize {
    match capacity {
        Some(capacity) => checked(capacity),
        None => default(),
    }
}

/// # Panics
///
/// If it is 0.
#[track_caller]
pub(crate) fn checked(capacity: usize) -> usize {
    assert!(capacity > 0, "`capacity` must be at least 1");
    capacity
}

/// Read once, so that the behaviour of a program does not change while it runs.
#[track_caller]
fn default() -> usize {
    static FOUND: OnceLock<Result<usize, String>> = OnceLock::new();
    let found = FOUND.get_or_init(|| match env::var_os(VARIABLE) {
        None => Ok(DEFAULT),
        Some(text) => match text.to_str().and_then(|text| text.trim().parse().ok()) {
            Some(capacity) if capacity > 0 => Ok(capacity),
            _ => Err(text.to_string_lossy().into_owned()),
        },
    });
    match found {
        Ok(capacity) => *capacity,
        Err(text) => panic!("{VARIABLE} is `{text}`; it must be a whole number, at least 1"),
    }
}
