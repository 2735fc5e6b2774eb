//! `Rest`: the work on a writer whose async side has been dropped.

use std::any::type_name;
use std::io;
use std::sync::Arc;

use crate::call::handed_work::{HandedOver, WorkEnd};
use crate::call::reporter::Reporter;
use crate::current::{LoopCore, TaskMark, WorkKind, WorkMark};
use crate::pool::Refusal;
use crate::report::error::{Error, Kind};
use crate::report::exit::{Exit, Failure, Origin, OriginKind};
use crate::report::process_end::OpenMark;
use crate::report::site::CallSite;
use crate::report::unwind::Payload;

/// The work of a worker on such a writer; it has ended when this is dropped.
pub(super) struct Rest {
    // Field order is drop order: a process that ends after the end of the work has lost nothing.
    _open: OpenMark,
    /// The end of the loop waits for the work.
    _mark: Option<TaskMark>,
    /// A drain of the loop waits for it too, and names it.
    _listed: Option<WorkMark>,
    site: CallSite,
    end: WorkEnd,
}

/// The reason why bytes were not written.
pub(super) enum WriteFailure {
    Error(io::Error),
    Panic(Payload),
    Refused(Refusal),
}

impl Rest {
    /// The rest of a writer around a `W`, which was made at `site`.
    pub(super) fn new<W>(core: &Arc<LoopCore>, site: CallSite) -> (Arc<HandedOver>, Rest) {
        let origin = Origin {
            kind: OriginKind::Writer,
            name: type_name::<W>(),
            at: Some(site.location),
        };
        let reporter = Reporter {
            core: Some(core.clone()),
            origin,
            cause: Exit::Dropped,
        };
        let (work, end) = HandedOver::new(reporter, site);
        let rest = Rest {
            _open: OpenMark::new(origin),
            _mark: TaskMark::if_driven(core),
            _listed: WorkMark::new(core, WorkKind::Writer, site),
            site,
            end,
        };
        (work, rest)
    }

    /// Sends a failure to the error hook: no operation of the writer will return it.
    pub(super) fn report(&self, failure: WriteFailure) {
        failure.report(self.end.reporter(), self.site);
    }
}

impl WriteFailure {
    /// Sends this to the error hook.
    pub(super) fn report(self, reporter: &Reporter, site: CallSite) {
        match self {
            WriteFailure::Error(error) => {
                reporter.report_error(error, |error| Some(Box::new(error)));
            }
            WriteFailure::Panic(payload) => reporter.report(Failure::Panicked(payload)),
            WriteFailure::Refused(why) => reporter.report(Failure::Bridge(refused(why, site))),
        }
    }
}

/// The error of a writer for which there is no worker.
pub(super) fn refused(why: Refusal, site: CallSite) -> Error {
    match why {
        Refusal::Closed => Error::new(Kind::Shutdown, site),
        Refusal::NoThread(error) => Error::with_source(Kind::NoThread, site, error),
    }
}
