// The facade of koil: docs and re-exports, no logic.

// The first of two definitions of a link counts: on this page they lead to the guide.
#![cfg_attr(
    all(doc, feature = "runtime"),
    doc = "
[places]: guide::where_you_can_block
[moments]: guide::what_happens_when
[drivers]: guide::who_drives
[migrate]: guide::migrate
[gaps]: guide::migrate#what-cannot-be-expressed-and-the-way-out
[figures]: guide
[compile time]: guide
[changelog]: guide
[sdk]: guide
[object store]: guide
[architecture]: guide
[attr koiled]: macro@koiled
[attr koilable]: macro@koilable
[attr threaded]: macro@threaded
[attr threaded_iterable]: macro@threaded_iterable
"
)]
#![cfg_attr(feature = "runtime", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "runtime"),
    doc = "The attributes of koil, without the runtime behind what they generate.

Write `#[koiled(feature = \"blocking\")]`, and let that feature of your crate turn on
`koil/runtime`: then async users of your crate get neither threads nor another tokio."
)]

#[cfg_attr(feature = "runtime", doc = include_str!("koiled.md"))]
pub use koil_macros::koiled;

#[cfg_attr(feature = "runtime", doc = include_str!("threaded.md"))]
pub use koil_macros::threaded;

#[cfg_attr(feature = "runtime", doc = include_str!("threaded_iterable.md"))]
pub use koil_macros::threaded_iterable;

#[cfg_attr(feature = "runtime", doc = include_str!("koilable.md"))]
pub use koil_macros::koilable;

/// Says something about one method, in an impl block with [`#[koiled]`](macro@koiled).
///
/// `#[koil(skip)]`, `#[koil(name = "..")]` and the others stand there, in the second table.
/// Anywhere else it is a mistake.
pub use koil_macros::koil;

#[cfg(feature = "inline")]
#[doc(inline)]
pub use koil_inline as inline;

#[cfg(feature = "inline")]
#[doc(inline)]
pub use koil_inline::coroutine;

#[cfg(feature = "runtime")]
pub use koil_runtime::{
    All, AsyncContext, AsyncEntered, Blocked, BlockedWait, Blocking, BlockingInAsync, CancelReason,
    CancelScope, CancelToken, Cancelled, Closed, ContextFn, ContextGuard, ContextSnapshot,
    ContextVar, Defaulted, Drivers, EnterGuard, Entered, Error, Exit, ExitError, FirstError,
    FromIter, FromStream, Gather, Handle, HasTwin, Io, Iter, Koil, KoilBuilder, KoilTask,
    LocalAsyncContext, LocalAsyncEntered, MapIter, MapTwin, NoDefault, Receiver, SendError, Sender,
    Shell, ShutdownReport, Threaded, ThreadedCall, ThreadedIter, ThreadedReader, ThreadedWriter,
    TimeoutIter, TryRecvError, Twin, Yielder, blocked, channel, check_cancelled, context_fn,
    context_var, deadline, deadline_unwinding, forbid_global, gather, global, is_running,
    iterate_separate, iterate_threaded, read_threaded, run_separate, run_threaded, set_global,
    shutdown_global, sleep, try_gather, try_unkoil, unkoil, unkoil_iter, unkoil_lend, unkoil_task,
    unkoil_timeout, write_threaded,
};

#[cfg(feature = "signal")]
pub use koil_runtime::cancel_on_ctrl_c;

/// Only koil's own expansions may name this; it changes without notice.
#[cfg(feature = "runtime")]
#[doc(hidden)]
pub use koil_runtime::private as __private;

#[cfg(all(doc, feature = "runtime"))]
pub mod guide;
