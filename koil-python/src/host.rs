//! The interpreter as koil's waits see it: its lock, and its signals.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use koil::{CancelReason, WaitHook};
use pyo3::prelude::*;

/// The interval at which a call on the main thread hears signals.
const INTERVAL: Duration = Duration::from_millis(20);

thread_local! {
    /// The exception of a signal handler, for the call that it cancels.
    static RAISED: RefCell<Option<PyErr>> = const { RefCell::new(None) };
    /// Whether this thread is the main thread of Python, once that is known in the process: the thread
    /// that forks is the main thread of the child.
    static IS_MAIN: Cell<Option<(u32, bool)>> = const { Cell::new(None) };
}

/// Set when the interpreter begins to end.
static ENDS: AtomicBool = AtomicBool::new(false);

/// The exception of the signal handler that has cancelled the last call of this thread.
pub(crate) fn take_raised() -> Option<PyErr> {
    RAISED.take()
}

/// From now on, threads that have given up the lock do not come back for it.
pub(crate) fn mark_end() {
    // ORDERING: Relaxed; a thread that misses it finds the interpreter as it was before.
    ENDS.store(true, Ordering::Relaxed);
    IS_MAIN.set(Some((std::process::id(), true)));
}

/// Python, for the waits of koil.
pub(crate) struct Interpreter;

impl WaitHook for Interpreter {
    fn around(&self, wait: &mut dyn FnMut()) {
        // SAFETY: may be asked on any thread, also where the interpreter has ended.
        if unsafe { pyo3::ffi::PyGILState_Check() } == 0 {
            return wait();
        }
        let wait = Wait(wait);
        Python::attach(|py| py.detach(|| wait.run()));
    }

    fn every(&self) -> Option<Duration> {
        is_main().then_some(INTERVAL)
    }

    fn goes_on(&self) -> Result<(), CancelReason> {
        // An exception whose call had its value in that moment is left for the next one that waits.
        if RAISED.with_borrow(Option::is_some) {
            return Err(CancelReason::from("an exception of a signal handler"));
        }
        Python::attach(|py| {
            py.check_signals().map_err(|raised| {
                let reason = raised.get_type(py).to_string();
                RAISED.set(Some(raised));
                CancelReason::from(reason)
            })
        })
    }
}

/// True on the thread that runs Python's signal handlers.
fn is_main() -> bool {
    let process = std::process::id();
    if let Some((known_in, is_main)) = IS_MAIN.get()
        && known_in == process
    {
        return is_main;
    }
    let is_main = Python::attach(|py| {
        let threading = py.import("threading")?;
        let main = threading.call_method0("main_thread")?.getattr("ident")?;
        main.eq(threading.call_method0("get_ident")?)
    });
    // The lookup runs Python, and so may run the handler of a signal: on the main thread alone. The
    // call then ends at its first question.
    let is_main = is_main.unwrap_or_else(|raised| {
        RAISED.set(Some(raised));
        true
    });
    IS_MAIN.set(Some((process, is_main)));
    is_main
}

/// One wait, for a thread that has given up the lock.
struct Wait<'a>(&'a mut dyn FnMut());

// SAFETY: `Python::detach` asks for `Send` to keep Python's objects out of its closure, and runs it on
// this thread. Koil promises that a wait polls no future of its caller that needs the lock.
unsafe impl Send for Wait<'_> {}

impl Wait<'_> {
    fn run(self) {
        (self.0)();
        // A daemon thread must not ask for the lock of an interpreter that ends: it would be ended
        // in the middle of Rust code, or go on with objects that are gone. Python 3.14 parks it too.
        // ORDERING: Relaxed; see `mark_end`.
        while ENDS.load(Ordering::Relaxed) && !IS_MAIN.get().is_some_and(|(_, is_main)| is_main) {
            std::thread::park();
        }
    }
}
