//! The runtime of koil: the loop, the bridge and the lifecycle.
//!
//! Use the `koil` crate: it re-exports the public items of this crate, with the attributes that use
//! them.
//!
//! # The actors
//!
//! * A **caller** is a thread that blocks: it polls its own future, on its own stack, under the
//!   tokio context of a loop, and parks while the future is pending.
//! * The **loop thread** owns the tokio runtime. It drives timers, sockets and spawned tasks, so
//!   that a parked caller is woken.
//! * **Workers** run blocking jobs: koil's own, from the pool of the loop (`run_threaded`), and the
//!   blocking threads of its tokio runtime (`spawn_blocking`). They may block, and so be callers;
//!   while they wait, others may run in their place.
//!
//! # Shared data
//!
//! * [`Koil`] owns a loop; dropping it stops the loop. [`Handle`] finds one. Both are thin wrappers
//!   around `current::LoopCore`, the plain data that callers and the loop thread share.
//! * A caller that has to wait is listed in the registry of the `LoopCore`; stopping the loop wakes
//!   every listed caller, and the loop thread keeps the runtime alive until they have left.
//!
//! # Reading order
//!
//! `koil` and `handle` (owning and finding a loop), `call` (whether a thread may block, and what
//! cuts its call short), `drive::block_on` (the one function that blocks), then `bridge` (async code
//! for blocking callers), `threads` (blocking code for async ones) and `pool` below it.
//!
//! Imports point one way: `lifecycle`, `ui`, `sched` → `bridge`, `threads` → `call` → `koil`, `builder`, `handle`,
//! `global` → `drive` → `current` → `pool` → `executor` → `scope` → `queue` → `report` → `fork`, `sync`.

#![deny(unsafe_code)]

#[cfg(target_family = "wasm")]
compile_error!(
    "koil's runtime needs threads that can block, which wasm has not; use `koil` with \
     `default-features = false` there"
);

#[cfg(not(target_has_atomic = "64"))]
compile_error!(
    "koil's runtime needs atomic integers of 64 bits, which this target has not; use `koil` with \
     `default-features = false` there"
);

mod koil;

mod builder;
mod global;
mod handle;

mod lifecycle;

/// Desktop programs: an async loop beside a UI thread that must never block.
///
/// [`Ui`](ui::Ui) needs one thing of a toolkit: a way to run a closure on its UI thread. Futures run on
/// a loop of koil, and their outcomes come to callbacks on the UI thread; async code calls into the
/// window; all of it ends with the window. No toolkit is a dependency of koil; the guide has a
/// page with the lines for GTK, Slint, winit and egui.
///
/// * [`spawn`](ui::UiHandle::spawn): a future, and a callback for its outcome.
/// * [`each`](ui::UiHandle::each): a stream, item by item, no faster than the window takes them.
/// * [`call`](ui::UiHandle::call) and [`ask`](ui::UiHandle::ask): from async code to the window and back.
/// * [`progress`](ui::UiHandle::progress): the newest value, for bars.
/// * [`close`](ui::Ui::close): the end; nothing runs after it.
pub mod ui;

#[cfg(feature = "sched")]
pub mod sched;

mod bridge;

mod call;

mod current;
mod drive;
#[cfg(feature = "sched")]
mod executor;
mod pool;
mod queue;
mod report;
mod scope;
mod threads;

mod fork;
mod sync;

/// Async code without a runtime: one poll on the stack of its caller, where every source blocks.
///
/// An async function whose sources are always ready never waits, so one poll runs it to its end.
/// Give a source that is generic over its transport one that blocks, such as
/// [`StdIo`](inline::StdIo), and [`run`](inline::run()) it: no loop is started, no thread, and
/// nothing is allocated. A future that has to wait after all is
/// [`WouldBlock`](inline::WouldBlock).
///
/// ```
/// use koil::inline::{self, StdIo};
/// use tokio::io::{AsyncBufRead, AsyncBufReadExt};
///
/// /// One source for both kinds of users.
/// async fn first_word(mut input: impl AsyncBufRead + Unpin) -> std::io::Result<String> {
///     let mut line = String::new();
///     input.read_line(&mut line).await?;
///     Ok(line.split(' ').next().unwrap_or_default().to_owned())
/// }
///
/// let input = StdIo::new(std::io::Cursor::new("plain std\n"));
/// assert_eq!(inline::run(first_word(input))??, "plain");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A source that needs two directions at once, a timer, or an async lock that another thread holds
/// needs a loop: take [`unkoil`] or a twin without `inline`. The docs of the crate `koil-inline`
/// list the limits.
///
/// In such a call blocking calls of koil are refused, as in every future that koil polls, but not in
/// the closure of [`blocking`](inline::blocking()).
pub mod inline {
    pub use koil_inline::*;

    pub use crate::bridge::inline::{iter, run};
}

#[doc(hidden)]
pub mod private;

pub use bridge::cancel_scope::{CancelScope, deadline, deadline_unwinding};
pub use bridge::eager::eager_task;
pub use bridge::gather::{All, FirstError, Gather, gather, try_gather};
pub use bridge::io::{FromStream, FuturesIo, Io};
pub use bridge::iter::{FromIter, Iter, TimeoutIter};
pub use bridge::map_iter::MapIter;
pub use bridge::may_block::may_block;
pub use bridge::sleep::{check_cancelled, sleep};
pub use bridge::task::{KoilTask, unkoil_task};
pub use bridge::unkoil::{
    try_unkoil, unkoil, unkoil_iter, unkoil_lend, unkoil_timeout, unkoil_unlocked,
};
pub use builder::KoilBuilder;
pub use drive::blocked_calls::blocked;
#[cfg(feature = "signal")]
pub use drive::interrupt::cancel_on_ctrl_c;
pub use drive::relay::Drivers;
pub use drive::shutdown::ShutdownReport;
pub use drive::wait_hook::{WaitHook, set_wait_hook};
pub use drive::within::Within;
pub use global::{
    ShutdownOnDrop, drain_global, forbid_global, global, is_running, refuse_in_async, set_global,
    shutdown_global, shutdown_on_drop,
};
pub use handle::{EnterGuard, Handle};
pub use koil::Koil;
pub use koil_inline::{Blocking, HasTwin, MapTwin, OptionMut, Shell, Twin, TwinOf};
pub use lifecycle::async_context::{AsyncContext, LocalAsyncContext};
pub use lifecycle::async_guard::{AsyncEntered, AsyncGuard, LocalAsyncEntered};
pub use lifecycle::context_fn::{ContextFn, context_fn};
pub use lifecycle::entered::Entered;
pub use lifecycle::kind::{AnyThread, SameThread};
pub use lifecycle::manager::{AsyncManager, Managed};
pub use report::blocked::{Blocked, BlockedWait};
pub use report::blocking_in_async::BlockingInAsync;
pub use report::error::Error;
pub use report::exit::{Exit, ExitError};
pub use scope::cancel::token::{CancelReason, CancelToken, Cancelled};
pub use scope::context::snapshot::ContextSnapshot;
pub use scope::context::var::{ContextGuard, ContextVar, Defaulted, NoDefault};
pub use threads::call::ThreadedCall;
pub use threads::channel::channel;
pub use threads::channel::error::{SendError, TryRecvError};
pub use threads::channel::receiver::Receiver;
pub use threads::channel::sender::Sender;
pub use threads::channel::timeout::TimeoutReceiver;
pub use threads::iter::{ThreadedIter, iterate_separate, iterate_threaded};
pub use threads::jobs::{run_separate, run_threaded};
pub use threads::pinned::Pinned;
pub use threads::reader::{ThreadedReader, read_threaded};
pub use threads::shared::Threaded;
pub use threads::writer::{ThreadedWriter, write_threaded};
pub use threads::yielder::{Closed, Yielder};
