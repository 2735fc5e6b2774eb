//! The begin and the end of koil in an interpreter.

use pyo3::prelude::*;
use pyo3::types::PyCFunction;

use crate::host::{self, Interpreter};

/// Prepares an extension module for koil; call it first in the function of the module.
///
/// * Every wait of a blocking call gives up the lock of the interpreter, and hears signals on the main
///   thread: that of [`block`](crate::block()), of twins, and of everything else of koil's. See
///   [`koil::WaitHook`].
/// * The loop ends before the interpreter does: at the exit of the program, tasks are cancelled, open
///   contexts are left, and threads that wait in a call stay where they are, as in Python 3.14.
///   `on_error` hears what does not end in time ([`koil::shutdown_global`]).
/// * In a forked child the loop starts afresh.
///
/// Several modules in one shared library call it once each; only the first has an effect.
///
/// # Errors
///
/// If Python's `atexit` cannot be used.
pub fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
    if koil::set_wait_hook(Interpreter).is_err() {
        return Ok(());
    }
    let end = PyCFunction::new_closure(
        module.py(),
        Some(c"koil_stop"),
        Some(c"Stops the loop of koil."),
        |arguments, _| arguments.py().detach(stop),
    )?;
    let atexit = module.py().import("atexit")?;
    atexit.call_method1("register", (end,))?;
    Ok(())
}

fn stop() {
    host::mark_end();
    koil::shutdown_global();
}
