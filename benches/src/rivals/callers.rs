//! Bridges that poll the future on the calling thread, under a loop that runs between calls.

use async_compat::Compat;
use tokio::runtime::Handle;

use super::Bridge;

/// koil as every user gets it: the process-wide loop, no options.
pub struct Koil;

impl Bridge for Koil {
    const NAME: &'static str = super::KOIL;

    fn block_on<F>(&self, future: F) -> F::Output
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        koil::unkoil(future)
    }
}

/// koil on a loop that only its own thread drives.
pub struct KoilLoopThread(koil::Koil);

impl KoilLoopThread {
    pub fn start() -> Result<KoilLoopThread, koil::Error> {
        let loop_thread = koil::Drivers::LoopThread;
        koil::Koil::builder()
            .drivers(loop_thread)
            .build()
            .map(KoilLoopThread)
    }

    /// Runs `f` with this loop entered.
    pub fn inside<T>(&self, f: impl FnOnce() -> T) -> T {
        let _entered = self.0.enter();
        f()
    }
}

impl Bridge for KoilLoopThread {
    const NAME: &'static str = "koil, loop thread drives";

    fn block_on<F>(&self, future: F) -> F::Output
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.inside(|| koil::unkoil(future))
    }
}

/// Tokio's own way, given a loop thread.
pub struct HandleBlockOn(pub Handle);

impl Bridge for HandleBlockOn {
    const NAME: &'static str = "Handle::block_on";

    fn block_on<F>(&self, future: F) -> F::Output
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.0.block_on(future)
    }
}

/// The smallest executor there is, under an entered loop.
pub struct PollsterEntered(pub Handle);

impl Bridge for PollsterEntered {
    const NAME: &'static str = "pollster + enter";

    fn block_on<F>(&self, future: F) -> F::Output
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let _entered = self.0.enter();
        pollster::block_on(future)
    }
}

/// The executor of the futures crate, under an entered loop.
pub struct FuturesEntered(pub Handle);

impl Bridge for FuturesEntered {
    const NAME: &'static str = "futures block_on + enter";

    fn block_on<F>(&self, future: F) -> F::Output
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let _entered = self.0.enter();
        futures::executor::block_on(future)
    }
}

/// The adapter that enters its own process-wide tokio around each poll, under pollster.
pub struct AsyncCompat;

impl Bridge for AsyncCompat {
    const NAME: &'static str = "async-compat + pollster";

    fn block_on<F>(&self, future: F) -> F::Output
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        pollster::block_on(Compat::new(future))
    }
}
