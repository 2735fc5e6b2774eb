//! A current-thread runtime that a thread of its own drives for ever.

use std::io;
use std::thread;

use tokio::runtime::{Builder, Handle};

/// The loop for the rivals that poll on the caller and need a thread to drive their sockets.
pub struct LoopThread {
    handle: Handle,
}

impl LoopThread {
    /// Drives `main` on a new thread, and everything that is spawned beside it.
    pub fn start(
        name: &str,
        main: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<LoopThread> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || runtime.block_on(main))?;
        Ok(LoopThread { handle })
    }

    pub fn handle(&self) -> &Handle {
        &self.handle
    }
}
