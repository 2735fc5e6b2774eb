//! Blocking waits for koil's own channels, under the rules of every blocking call.

use std::sync::Arc;
use std::time::Duration;

use crate::current::{self, Ground, LoopCore, Role};
use crate::drive::admit;
use crate::drive::caller::{AtStop, Terms};
use crate::drive::context::TokioContext;
use crate::drive::ready;
use crate::drive::work::{Work, Workload};
use crate::global;
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;
use crate::scope::cancel::ambient::{self, Answer, Minds, Obeys};

/// Refuses a call where it must not wait; judged before it is known whether it has to wait.
#[inline]
pub(super) fn refuse_if_polled(site: CallSite) -> Result<(), Error> {
    if current::is_polling() || current::role() == Role::Loop {
        return admit::admit(site).map(drop);
    }
    Ok(())
}

/// Waits for `work` on this thread, as a call that can answer with an error.
#[cold]
pub(super) fn wait(
    site: CallSite,
    timeout: Option<Duration>,
    work: &mut dyn Work,
) -> Result<(), Error> {
    let ground = admit::admit(site)?;
    let core = global::ambient(site)?;
    if core.registry.is_stopped() {
        return Err(Error::new(Kind::Shutdown, site));
    }
    let (obeys, grace) = match ambient::minds(Answer::Error) {
        Minds::Nothing => (None, None),
        Minds::Grace => (None, Some(core.cancel_grace)),
        Minds::Cancel(obeys) => match obeys.reason() {
            Some(reason) => return Err(obeys.error(reason.kind(), site)),
            None => (Some(obeys), None),
        },
    };
    let timeout = timeout.into_iter().chain(grace).min();
    drive(&core, &ground, obeys.as_ref(), timeout, site, work)
}

/// Waits for `work` on a worker of `core`; no cancel ends the wait.
#[cold]
pub(super) fn wait_on(
    core: &Arc<LoopCore>,
    site: CallSite,
    work: &mut dyn Work,
) -> Result<(), Error> {
    let ground = admit::admit(site)?;
    drive(core, &ground, None, None, site, work)
}

fn drive(
    core: &Arc<LoopCore>,
    ground: &Ground,
    obeys: Option<&Obeys>,
    timeout: Option<Duration>,
    site: CallSite,
    work: &mut dyn Work,
) -> Result<(), Error> {
    let _context = TokioContext::enter(core, ground);
    let terms = Terms {
        core,
        ground,
        obeys,
        timeout,
        at_stop: AtStop::GivesUp,
        site,
    };
    ready::__rust_begin_short_backtrace(terms, Workload::LoopBound(work))
}
