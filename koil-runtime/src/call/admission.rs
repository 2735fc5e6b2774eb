//! The admission of blocking calls: whether this thread may block at all, and how it may wait.

use std::sync::Arc;

use tokio::runtime::{Handle, RuntimeFlavor};

use crate::current::{self, LoopCore, Role, ThreadKind};
use crate::drive::foreign;
use crate::global;
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;
use crate::scope::flags::{self, INSIDE_POLL, ROLE, UI_REFUSES};

/// Allows a blocking call on `home`, or on the ambient loop, to begin on this thread, or returns the
/// reason why it may not.
///
/// The result does not depend on whether the future is ready: a call that works once always works.
#[inline]
pub(crate) fn admit(home: Option<&Arc<LoopCore>>, site: CallSite) -> Result<ThreadKind, Error> {
    may_block(home, site)?;
    Ok(thread_kind())
}

/// As [`admit`], for a value that is ready already, so that the kind of thread is not needed.
#[inline]
pub(crate) fn may_block(home: Option<&Arc<LoopCore>>, site: CallSite) -> Result<(), Error> {
    if current::is_polling() {
        return Err(Error::new(Kind::InsidePoll, site));
    }
    match current::role() {
        Role::Loop => Err(Error::new(Kind::OnLoop, site)),
        Role::Worker if is_running_home_tasks() => Err(Error::new(Kind::OnLoop, site)),
        Role::Worker | Role::Stranger => refuse_on_ui(site),
    }?;
    refuse_in_async(home, site)
}

/// True if nothing can forbid this thread to block; a quick check.
#[inline(always)]
pub(crate) fn is_stranger() -> bool {
    !flags::any(INSIDE_POLL | ROLE | UI_REFUSES) && !current::are_refusals_marked()
}

/// As [`may_block`], where most operations end without a wait: a worker is checked when it waits.
#[inline]
pub(crate) fn may_block_unless_worker(site: CallSite) -> Result<(), Error> {
    if current::is_polling() || current::role() == Role::Loop {
        return may_block(None, site);
    }
    refuse_on_ui(site)?;
    refuse_in_async(None, site)
}

/// Refuses a call on the thread of a `Ui`, if that is set to do so.
#[inline]
fn refuse_on_ui(site: CallSite) -> Result<(), Error> {
    if flags::any(UI_REFUSES) {
        return Err(Error::new(Kind::UiRefuses, site));
    }
    Ok(())
}

/// Refuses a call in async code of another runtime, if its loop is set to do so.
#[inline]
fn refuse_in_async(home: Option<&Arc<LoopCore>>, site: CallSite) -> Result<(), Error> {
    let is_refused = current::are_refusals_marked()
        && global::refuses_in_async(home)
        && matches!(thread_kind(), ThreadKind::Foreign(_))
        && foreign::is_in_async();
    if is_refused {
        return Err(Error::new(Kind::InAsync, site));
    }
    Ok(())
}

/// `Some` on a thread without any koil state, except for loops that have been entered, and without
/// a tokio context: it may block, its kind is `Plain`, and it obeys no cancel scope. One check of koil's
/// flags and one of tokio's context replace the checks of [`admit`], [`thread_kind`] and the scopes. The
/// value is the flags of the thread.
#[inline(always)]
pub(super) fn free() -> Option<u32> {
    flags::if_bare().filter(|_| foreign::has_no_context())
}

/// The kind of this thread, below the contexts that koil itself entered.
#[inline]
pub(crate) fn thread_kind() -> ThreadKind {
    current::base_thread_kind().unwrap_or_else(ThreadKind::here)
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
