//! Bridges that drive a runtime of their own on the calling thread.

use std::io;
use std::sync::{Mutex, PoisonError};

use tokio::runtime::{Builder, Runtime};

use super::Bridge;

/// A current-thread runtime behind a mutex, as the `postgres` crate keeps one in its client.
///
/// Nothing runs between calls, and callers wait for one another.
pub struct OwnRuntime(Mutex<Runtime>);

impl OwnRuntime {
    pub fn start() -> io::Result<OwnRuntime> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(OwnRuntime(Mutex::new(runtime)))
    }
}

impl Bridge for OwnRuntime {
    const NAME: &'static str = "own runtime + mutex";

    fn block_on<F>(&self, future: F) -> F::Output
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let runtime = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        runtime.block_on(future)
    }
}

/// The first result of a web search: a runtime for each call.
pub struct RuntimePerCall;

impl Bridge for RuntimePerCall {
    const NAME: &'static str = "Runtime::new() per call";

    fn block_on<F>(&self, future: F) -> F::Output
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let runtime = Runtime::new().expect("the system has threads to spare");
        runtime.block_on(future)
    }
}
