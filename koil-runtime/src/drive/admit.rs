//! Who may block: the judgement that every blocking call passes before it does anything else.

use tokio::runtime::{Handle, RuntimeFlavor};

use super::foreign;
use crate::current::{self, Ground, Role};
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;
use crate::scope::flags::{self, ENTERED, POLLING, ROLE};

/// Lets a blocking call begin on this thread, or says why not.
///
/// The answer does not depend on whether the future would happen to be ready: code that works
/// once works always.
#[inline]
pub(crate) fn admit(site: CallSite) -> Result<Ground, Error> {
    allowed(site)?;
    Ok(ground())
}

/// As [`admit`], for what is there already and needs no judgement how to wait.
#[inline]
pub(crate) fn allowed(site: CallSite) -> Result<(), Error> {
    if current::is_polling() {
        return Err(Error::new(Kind::InsidePoll, site));
    }
    match current::role() {
        Role::Loop => Err(Error::new(Kind::OnLoop, site)),
        Role::Worker if is_running_home_tasks() => Err(Error::new(Kind::OnLoop, site)),
        Role::Worker | Role::Stranger => Ok(()),
    }
}

/// True if nothing keeps this thread from blocking, as can be seen at once.
#[inline(always)]
pub(crate) fn is_stranger() -> bool {
    !flags::any(POLLING | ROLE)
}

/// `Some` on a thread that is in nothing, but for loops that have been entered: it may block, on plain
/// ground, and obeys nobody. What [`admit`], [`ground`] and the scopes would say of it, in one
/// question to koil and one to tokio.
/// The answer is its flags, which are known then.
#[inline(always)]
pub(crate) fn free() -> Option<u32> {
    let flags = flags::all();
    (flags & !ENTERED == 0 && foreign::has_no_context()).then_some(flags)
}

/// What this thread stands on, below the contexts that koil itself entered.
#[inline]
pub(crate) fn ground() -> Ground {
    current::base_ground().unwrap_or_else(foreign::ground)
}

/// True on a worker of a multi-threaded loop, inside a task.
fn is_running_home_tasks() -> bool {
    let Ok(runtime) = Handle::try_current() else {
        return false;
    };
    runtime.runtime_flavor() == RuntimeFlavor::MultiThread
        && current::is_home(&runtime)
        && foreign::is_inside_scheduler()
}
