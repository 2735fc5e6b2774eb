//! Write async once, ship async and blocking.

pub use koil_macros::{koil, koiled};
#[cfg(feature = "runtime")]
pub use koil_runtime::{
    All, Blocking, BlockingInAsync, EnterGuard, Error, FirstError, FromIter, FromStream, Gather,
    Handle, HasTwin, Io, Iter, Koil, KoilBuilder, KoilTask, MapTwin, Shell, ShutdownReport,
    TimeoutIter, Twin, forbid_global, gather, global, is_running, set_global, shutdown_global,
    try_gather, try_unkoil, unkoil, unkoil_iter, unkoil_send, unkoil_task, unkoil_timeout,
};

/// Only koil's own expansions may name this; it changes without notice.
#[cfg(feature = "runtime")]
#[doc(hidden)]
pub use koil_runtime::private as __private;
