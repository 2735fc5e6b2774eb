//! The drop of a guard: waits for the exit, hands it over, or reports that it can do neither.

use crate::builder::CANCEL_GRACE;
use crate::call::Call;
use crate::call::admission;
use crate::call::reporter::Reporter;
use crate::current::TaskMark;
use crate::current::ThreadKind;
use crate::lifecycle::async_context::LocalAsyncContext;
use crate::lifecycle::entry::OpenContext;
use crate::lifecycle::kind::GuardKind;
use crate::lifecycle::step::ContextStep;
use crate::report::exit::Failure;
use crate::scope::cancel::current_cancel::{self, Inside};

/// The places where the drop of a guard may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DropWaits {
    /// Where a blocking call may wait.
    LikeACall,
    /// Only on threads without a foreign scheduler: async code does not expect a drop to block.
    OutsideOfAsync,
}

/// Leaves the open parts of a context whose guard is dropped. Never panics, unless the drop of the
/// value does.
pub(crate) fn leave<C: LocalAsyncContext, K: GuardKind<C>>(
    mut open: OpenContext<C>,
    waits: DropWaits,
) {
    if open.entry.runtime.is_forked() {
        // The context belongs to the parent process, and so does its exit.
        return std::mem::forget(open);
    }
    let cause = open.entry.cause();
    let admitted = admission::admit(open.entry.runtime.core(), open.entry.site);
    let may_wait = match (&admitted, waits) {
        (Ok(_), DropWaits::LikeACall)
        | (Ok(ThreadKind::Plain | ThreadKind::Ending), DropWaits::OutsideOfAsync) => true,
        (Ok(ThreadKind::Foreign(_)), DropWaits::OutsideOfAsync) | (Err(_), _) => false,
    };
    if open.parts.is_empty() {
        return drop_on_its_runtime(open);
    }
    match open.entry.runtime.clone().or_ambient(open.entry.site) {
        Ok(runtime) => open.entry.runtime = runtime,
        Err(error) => {
            let reporter = open.entry.reporter::<C>(cause);
            reporter.report(Failure::Bridge(error));
            return drop_on_its_runtime(open);
        }
    }
    let reporter = open.entry.reporter::<C>(cause);
    // The loop keeps driving as long as the mark lives.
    let core = open.entry.runtime.core().cloned();
    let driven = core.map(|core| (TaskMark::if_driven(&core), core));
    let failure = match (admitted, &driven) {
        (Ok(thread), Some((Some(_), core))) if may_wait => {
            let call = Call::for_exit(core, thread, open.entry.site);
            return wait_here::<C, K>(open, &call, &reporter);
        }
        (Err(refused), _) => Failure::Bridge(refused),
        (Ok(_), Some((None, _))) => Failure::LoopIsGone,
        (Ok(_), _) => Failure::CannotWait,
    };
    // A runtime that other threads drive can be waited for; one that this thread drives cannot.
    let can_wait = may_wait && driven.is_none() && open.entry.runtime.has_other_drivers();
    if let Some(open) = K::hand_over(open, cause, can_wait.then_some(CANCEL_GRACE)) {
        reporter.report(failure);
        drop_on_its_runtime(open);
    }
}

/// Waits for the exit on this thread, within bounds, and drops the value.
fn wait_here<C: LocalAsyncContext, K: GuardKind<C>>(
    mut open: OpenContext<C>,
    call: &Call,
    reporter: &Reporter,
) {
    let step = ContextStep::Exit(reporter.cause);
    let _entered = call.enter();
    // If anything was cut short, the drops in here count as a clean-up.
    let _in_clean_up = current_cancel::is_cut_short().then(Inside::clean_up);
    let grace = open.entry.grace();
    let mut variables = open.entry.variables();
    let within = variables.enter();
    loop {
        let before = open.parts.left();
        if let Err(fault) = K::block_on(call, &mut open, step, grace) {
            reporter.report_fault(fault, K::into_any);
        }
        if open.parts.is_empty() || open.parts.left() >= before {
            break;
        }
    }
    drop(within);
    drop(open);
}

/// Drops the value under the loop it was entered on.
fn drop_on_its_runtime<C>(open: OpenContext<C>) {
    let call = Call::dropping(open.entry.runtime.core().cloned(), open.entry.site);
    let _entered = call.enter();
    drop(open);
}
