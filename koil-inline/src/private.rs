//! Items used by koil's other crates and by generated code. Not public API: may change in any
//! release.

use core::future::Future;

use crate::drive;
pub use crate::site::{CallSite, Names};
use crate::would_block::WouldBlock;
#[cfg(feature = "std")]
pub use crate::{
    __koil_forward_inline as forward_inline,
    blocking::{Callback, callback, is_on_loop},
    std_io::StdIo,
    twin::{
        HasTwin, Twin,
        cast::{
            arc_into_aio, arc_into_twin, as_twin, as_twin_mut, box_into_aio, box_into_twin,
            into_twin, pin_box_into_aio, pin_box_into_twin, pin_mut_into_aio, pin_mut_into_twin,
            pin_ref_into_aio, pin_ref_into_twin, rc_into_aio, rc_into_twin, slice_as_aio,
            slice_as_aio_mut, slice_as_twins, slice_as_twins_mut,
        },
        forwards,
        iterates::{Iterates, IteratesNot},
        map::{MapTwin, map_twin},
        option_mut::{option_mut, option_ref},
        shell::Shell,
    },
};

/// The flags of a thread.
#[cfg(feature = "std")]
pub mod flags {
    pub use crate::flags::{CALLBACK, INLINE, MAY_BLOCK, OWN_POLL, POLLING, all, set};
}

/// The functions of a runtime that this crate calls, if there is one in the process.
#[derive(Debug)]
pub struct Hooks {
    /// True if the scheduler of this thread keeps back the wakes of the future it polls.
    pub keeps_wakes: fn() -> bool,
    /// Calls its argument, a poll, without the cooperative budget of the task around it.
    pub unconstrained: fn(&mut dyn FnMut()),
    /// True if this thread may be blocked here: in an inline call, or in a future that the runtime
    /// polls on the thread of its caller.
    pub may_block: fn() -> bool,
    /// Calls its argument, which drops a value of a twin, under the ambient loop.
    pub drop_under_loop: fn(&mut dyn FnMut()),
}

/// A twin of an `async fn`, made with `inline`.
///
/// # Panics
///
/// If the future would have to wait.
#[track_caller]
#[inline]
pub fn inline<F: Future>(names: &'static str, future: F) -> F::Output {
    inline_at(&CallSite::of(names), future)
}

/// As [`inline`], called at this place.
///
/// # Panics
///
/// As [`inline`].
#[track_caller]
#[inline]
pub fn inline_at<F: Future>(site: &CallSite, future: F) -> F::Output {
    match drive::run_at(*site, future) {
        Ok(output) => output,
        Err(error) => error.throw(),
    }
}

/// As [`inline`], for a fallible twin.
///
/// # Errors
///
/// The errors of the original, and [`WouldBlock`] in the type of those errors.
#[track_caller]
#[inline]
pub fn try_inline<T, E, F>(names: &'static str, future: F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
    E: From<WouldBlock>,
{
    try_inline_at(&CallSite::of(names), future)
}

/// As [`try_inline`], called at this place.
///
/// # Errors
///
/// As [`try_inline`].
#[inline]
pub fn try_inline_at<T, E, F>(site: &CallSite, future: F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
    E: From<WouldBlock>,
{
    drive::run_at(*site, future)?
}

/// A twin that returns a stream, made with `inline`, called at this place.
#[cfg(feature = "alloc")]
pub fn inline_iter<S: futures_core::Stream>(site: &CallSite, stream: S) -> crate::iter::Iter<S> {
    crate::iter::iter_at(*site, stream)
}

#[cfg(feature = "std")]
mod install {
    use std::sync::OnceLock;

    use super::Hooks;

    static HOOKS: OnceLock<&'static Hooks> = OnceLock::new();

    /// Tells this crate of the runtime in this process.
    #[inline]
    pub fn install(hooks: &'static Hooks) {
        if HOOKS.get().is_some() {
            return;
        }
        let _ = HOOKS.set(hooks);
    }

    #[inline]
    pub(crate) fn installed() -> Option<&'static Hooks> {
        HOOKS.get().copied()
    }
}
#[cfg(feature = "std")]
pub use self::install::install;
#[cfg(feature = "std")]
pub(crate) use self::install::installed;
