//! `blocking` and `is_running`: blocking code in async code, for inline calls only.

use core::error::Error;
use core::fmt;

use crate::running::{self, Suspended};

/// True in a future that an inline call polls on this thread, at this moment.
///
/// ```
/// use koil::inline;
///
/// assert!(!inline::is_running());
/// assert!(inline::run(async { inline::is_running() })?);
/// # Ok::<(), inline::WouldBlock>(())
/// ```
#[must_use]
pub fn is_running() -> bool {
    running::is_running()
}

/// Runs `f`, which may block, if this future is polled by an inline call; elsewhere it is refused
/// and dropped.
///
/// So an adapter that presents blocking code as async code cannot block the thread of an executor
/// by mistake. It also runs where a blocking call of koil's runtime polls on the thread of its
/// caller. In `f` blocking calls are allowed.
///
/// # Errors
///
/// [`OnLoop`] if the future is polled by anything else, or the inline call itself runs inside of a
/// future that koil polls or on a loop thread.
///
/// ```
/// use koil::inline;
///
/// async fn config() -> Result<String, inline::OnLoop> {
///     inline::blocking(|| "read from a file".to_owned()).await
/// }
///
/// assert_eq!(inline::run(config())??, "read from a file");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "leavesync")]
#[allow(clippy::unused_async)] // The place where this is allowed is known at the poll.
pub async fn blocking<R>(f: impl FnOnce() -> R) -> Result<R, OnLoop> {
    let _outside = leave_inline_call()?;
    Ok(f())
}

/// Blocking code may run, as outside of the inline call, until the value is dropped.
#[inline(always)]
pub(crate) fn leave_inline_call() -> Result<Suspended, OnLoop> {
    Suspended::begin().ok_or(OnLoop(()))
}

/// Marks that this thread runs a callback of a blocking user, until the guard is dropped. Blocking
/// calls in it are allowed where [`blocking`] would run it, and refused elsewhere.
#[inline]
pub fn callback() -> Callback {
    Callback {
        _suspended: Suspended::begin(),
    }
}

/// A callback that this thread runs; made by [`callback`].
#[must_use = "the callback ends when this is dropped"]
#[allow(missing_debug_implementations)] // Made by generated code alone.
pub struct Callback {
    _suspended: Option<Suspended>,
}

/// True for the error of a [`StdIo`](crate::StdIo) that was polled where it may not block.
#[must_use]
pub fn is_on_loop(error: &std::io::Error) -> bool {
    error
        .get_ref()
        .is_some_and(<dyn Error + Send + Sync>::is::<OnLoop>)
}

/// Blocking code was not run, because an executor polls here and its thread would be blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnLoop(());

impl fmt::Display for OnLoop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "blocking code was called in a future that an executor polls, and would block its thread; \
             call it through `koil::inline::run` or an inline twin, or give the future an async source",
        )
    }
}

impl Error for OnLoop {}

impl From<OnLoop> for std::io::Error {
    fn from(error: OnLoop) -> std::io::Error {
        std::io::Error::new(std::io::ErrorKind::Deadlock, error)
    }
}
