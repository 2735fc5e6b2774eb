//! The rivals: ways to block on a future that needs a tokio loop, behind one small trait.

mod callers;
mod channel;
mod loop_thread;
mod own;

use std::io;

pub use callers::{HandleBlockOn, Koil, KoilLoopThread};
pub use channel::ChannelBridge;
pub use loop_thread::LoopThread;
pub use own::OwnRuntime;

use crate::harness::{Body, Variant};
use callers::{AsyncCompat, FuturesEntered, PollsterEntered};
use own::RuntimePerCall;

/// The row all others are compared with.
pub const KOIL: &str = "koil";
/// The same future through the blocking function that `#[koiled]` makes of its async fn.
pub const TWIN: &str = "koil, generated twin";
/// The row that no bridge can beat.
pub const STD_SOCKET: &str = "std blocking socket";
/// The blocking client that reqwest itself ships.
pub const REQWEST_BLOCKING: &str = "reqwest::blocking";

/// A way to block on a future.
///
/// The bounds are those of the most demanding rival, which sends the future to another thread.
pub trait Bridge: Sync {
    const NAME: &'static str;

    fn block_on<F>(&self, future: F) -> F::Output
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static;
}

/// Some work that can be done through any bridge.
pub trait Task {
    fn body<'a, B: Bridge>(&self, bridge: &'a B) -> Body<'a>;
}

/// All bridges, started, with the loop that some of them share.
pub struct Rivals {
    pub loop_thread: LoopThread,
    koil: Koil,
    pub loop_driven: KoilLoopThread,
    handle: HandleBlockOn,
    pollster: PollsterEntered,
    futures: FuturesEntered,
    compat: AsyncCompat,
    own: OwnRuntime,
    channel: ChannelBridge,
    per_call: RuntimePerCall,
}

impl Rivals {
    pub fn start() -> io::Result<Rivals> {
        let loop_thread = LoopThread::start("shared-loop", std::future::pending())?;
        let handle = loop_thread.handle();
        Ok(Rivals {
            koil: Koil,
            loop_driven: KoilLoopThread::start().map_err(io::Error::from)?,
            handle: HandleBlockOn(handle.clone()),
            pollster: PollsterEntered(handle.clone()),
            futures: FuturesEntered(handle.clone()),
            compat: AsyncCompat,
            own: OwnRuntime::start()?,
            channel: ChannelBridge::start()?,
            per_call: RuntimePerCall,
            loop_thread,
        })
    }

    /// The task through every bridge that keeps its loop between calls.
    pub fn run(&self, task: &impl Task) -> Vec<Variant<'_>> {
        vec![
            through(task, &self.koil),
            through(task, &self.loop_driven),
            through(task, &self.handle),
            through(task, &self.pollster),
            through(task, &self.futures),
            through(task, &self.compat),
            through(task, &self.own),
            through(task, &self.channel),
        ]
    }

    /// The task through bridges whose loop runs between calls, each on its own.
    pub fn run_in_background(&self, task: &impl Task) -> Vec<Variant<'_>> {
        vec![
            through(task, &self.koil),
            through(task, &self.loop_driven),
            through(task, &self.handle),
            through(task, &self.compat),
            through(task, &self.channel),
        ]
    }

    /// The task through the two bridges of most hand-written blocking clients.
    pub fn run_usual(&self, task: &impl Task) -> Vec<Variant<'_>> {
        vec![
            through(task, &self.loop_driven),
            through(task, &self.handle),
            through(task, &self.channel),
        ]
    }

    /// The task through a runtime that is built for each call.
    pub fn run_per_call(&self, task: &impl Task) -> Variant<'_> {
        through(task, &self.per_call)
    }
}

fn through<'a, B: Bridge>(task: &impl Task, bridge: &'a B) -> Variant<'a> {
    Variant::new(B::NAME, task.body(bridge))
}
