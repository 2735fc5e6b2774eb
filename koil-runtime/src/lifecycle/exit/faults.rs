//! The report of a `Fault`: the failure of an exit that no caller receives.

use std::any::Any;
use std::fmt::Debug;

use crate::call::reporter::Reporter;
use crate::lifecycle::step::Fault;
use crate::report::exit::Failure;

impl Reporter {
    pub(crate) fn report_fault<E: Debug>(
        &self,
        fault: Fault<E>,
        into_any: impl FnOnce(E) -> Option<Box<dyn Any + Send>>,
    ) {
        match fault {
            Fault::Own(error) => self.report_error(error, into_any),
            Fault::Panicked(payload) => self.report(Failure::Panicked(payload)),
            Fault::Bridge(error) => self.report(Failure::Bridge(error)),
        }
    }
}
