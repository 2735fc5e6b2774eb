//! The root of all cancel scopes of the process, to cancel every open scope at once.

#[cfg(feature = "signal")]
use super::token::CancelReason;
use super::token::CancelToken;
use crate::fork::PerProcess;
use crate::sync::Mutex;

static ROOT: PerProcess<Mutex<Option<CancelToken>>> = PerProcess::new(Mutex::default);

/// A token for a scope that is not inside another scope.
pub(crate) fn child() -> CancelToken {
    let mut root = ROOT.get().lock();
    root.get_or_insert_default().child()
}

/// Cancels every existing scope; scopes that are made from now on are not cancelled.
#[cfg(feature = "signal")]
pub(crate) fn cancel_all(reason: impl Into<CancelReason>) {
    let root = ROOT.get().lock().take();
    // Outside the lock, which a thread takes to make a scope.
    if let Some(root) = root {
        root.cancel(reason);
    }
}
