//! Who may block: the judgement that every blocking call passes before it does anything else.

use tokio::runtime::Handle;

use crate::current::{self, Ground, Role};
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;

/// Lets a blocking call begin on this thread, or says why not.
///
/// The answer does not depend on whether the future would happen to be ready: code that works
/// once works always.
pub(crate) fn admit(site: CallSite) -> Result<Ground, Error> {
    if current::is_polling() {
        return Err(Error::new(Kind::InsidePoll, site));
    }
    match current::role() {
        Role::Loop => return Err(Error::new(Kind::OnLoop, site)),
        Role::Worker => return Ok(Ground::Plain),
        Role::Stranger => {}
    }
    match ground() {
        Ground::Plain => Ok(Ground::Plain),
        Ground::Foreign => Err(Error::new(Kind::Foreign, site)),
        Ground::Ending => Err(Error::new(Kind::ThreadEnding, site)),
    }
}

/// What this thread stands on, below the contexts that koil itself entered.
pub(crate) fn ground() -> Ground {
    if let Some(base) = current::base_ground() {
        return base;
    }
    match Handle::try_current() {
        Ok(_) => Ground::Foreign,
        Err(error) if error.is_thread_local_destroyed() => Ground::Ending,
        Err(_) => Ground::Plain,
    }
}
