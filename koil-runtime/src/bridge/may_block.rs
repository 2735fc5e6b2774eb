//! `may_block`: whether a blocking call may be made here.

use crate::call::admission;
use crate::global;
use crate::report::error::Error;
use crate::report::site::CallSite;
use crate::scope::cancel::current_cancel;

/// Asks whether a blocking call may be made here, without making one: `Ok` if
/// [`try_unkoil`](crate::try_unkoil) of a ready future would return its output.
///
/// For sync code that has two ways to go, or wants to fail early. Starts no loop. An `Ok` holds as
/// long as the loop runs and the scope is not cancelled; the thread alone does not change its
/// answer, except where it leaves or enters async code. A future that is pending may still be
/// refused, if it cannot wait here; [the table] lists the places.
///
/// [the table]: ../koil/guide/where_you_can_block/index.html
///
/// # Errors
///
/// The error that the call would return: [`Error::would_deadlock`] inside a future that koil polls,
/// on a loop thread, and in async code if the loop
/// [refuses](crate::KoilBuilder::refuse_in_async) calls there; [`Error::is_shutdown`] or
/// [`Error::is_forked`] if the loop has gone; the cancel or deadline of the scope around it; or that
/// there is no loop, where the process-wide one is [forbidden](crate::forbid_global).
///
/// ```
/// /// Flushes now where that may block, else in the background.
/// fn flush() -> &'static str {
///     match koil::may_block() {
///         Ok(()) => koil::unkoil(async { "flushed" }),
///         Err(_) => {
///             koil::unkoil_task(async {}).detach();
///             "started"
///         }
///     }
/// }
///
/// assert_eq!(flush(), "flushed");
/// assert_eq!(koil::unkoil(async { flush() }), "started");
/// ```
#[doc(alias = "in_sync_drive")]
#[doc(alias = "require_sync_drive")]
#[track_caller]
pub fn may_block() -> Result<(), Error> {
    let site = CallSite::here();
    admission::may_block(None, site)?;
    if let Some(error) = global::unavailable(site) {
        return Err(error);
    }
    if let Some(source) = current_cancel::source()
        && let Some(reason) = source.check()
    {
        return Err(source.error(reason.kind(), site));
    }
    Ok(())
}
