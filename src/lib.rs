// The facade of koil: docs and re-exports, no logic.

// Rustdoc uses the first of two definitions of a link: on this page links lead to the guide.
#![cfg_attr(
    all(doc, feature = "runtime"),
    doc = "
[places]: guide::where_you_can_block
[moments]: guide::what_happens_when
[drivers]: guide::who_drives
[migrate]: guide::migrate
[desktop]: guide::desktop_programs
[priorities]: guide::priorities
[gaps]: guide::migrate#what-cannot-be-expressed-and-the-way-out
[figures]: guide
[compile time]: guide
[crates]: guide
[changelog]: guide
[sdk]: guide
[object store]: guide
[architecture]: guide
[style]: guide
[promises]: guide
[contributing]: guide
[security]: guide
[releasing]: guide
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
`koil/runtime`: then async users of your crate get neither threads nor a second tokio."
)]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(docsrs, doc(auto_cfg(hide(feature = "runtime", feature = "inline"))))]

#[cfg_attr(feature = "runtime", doc = include_str!("koiled.md"))]
pub use koil_macros::koiled;

#[cfg_attr(feature = "runtime", doc = include_str!("threaded.md"))]
pub use koil_macros::threaded;

#[cfg_attr(feature = "runtime", doc = include_str!("threaded_iterable.md"))]
pub use koil_macros::threaded_iterable;

#[cfg_attr(feature = "runtime", doc = include_str!("koilable.md"))]
pub use koil_macros::koilable;

/// Options for one method, in an impl block with [`#[koiled]`](macro@koiled).
///
/// The second table there lists them: `#[koil(skip)]`, `#[koil(name = "..")]` and others.
/// Anywhere else the attribute is a compile error.
pub use koil_macros::koil;

#[cfg(all(feature = "inline", not(feature = "runtime")))]
#[doc(inline)]
pub use koil_inline as inline;

#[cfg(feature = "runtime")]
#[doc(inline)]
pub use koil_runtime::inline;

#[cfg(feature = "runtime")]
#[doc(inline)]
pub use koil_runtime::ui;

#[cfg(feature = "inline")]
#[doc(inline)]
pub use koil_inline::coroutine;

#[cfg(feature = "runtime")]
pub use koil_runtime::{
    All, AnyThread, AsyncContext, AsyncEntered, AsyncGuard, AsyncManager, Blocked, BlockedWait,
    Blocking, BlockingInAsync, CancelReason, CancelScope, CancelToken, Cancelled, Closed,
    ContextFn, ContextGuard, ContextSnapshot, ContextVar, Defaulted, Drivers, EnterGuard, Entered,
    Error, Exit, ExitError, FirstError, FromIter, FromStream, FuturesIo, Gather, Handle, HasTwin,
    Io, Iter, Koil, KoilBuilder, KoilTask, LocalAsyncContext, LocalAsyncEntered, Managed, MapIter,
    MapTwin, NoDefault, OptionMut, Pinned, Receiver, SameThread, SendError, Sender, Shell,
    ShutdownOnDrop, ShutdownReport, Threaded, ThreadedCall, ThreadedIter, ThreadedReader,
    ThreadedWriter, TimeoutIter, TimeoutReceiver, TryRecvError, Twin, TwinOf, WaitHook, Within,
    Yielder, blocked, channel, check_cancelled, context_fn, context_var, deadline,
    deadline_unwinding, drain_global, eager_task, forbid_global, gather, global, is_running,
    iterate_separate, iterate_threaded, may_block, read_threaded, refuse_in_async, run_separate,
    run_threaded, set_global, set_wait_hook, shutdown_global, shutdown_on_drop, sleep, try_gather,
    try_unkoil, unkoil, unkoil_iter, unkoil_lend, unkoil_task, unkoil_timeout, unkoil_unlocked,
    write_threaded,
};

#[cfg(feature = "signal")]
pub use koil_runtime::cancel_on_ctrl_c;

#[cfg(feature = "sched")]
#[doc(inline)]
pub use koil_runtime::sched;

#[cfg(all(feature = "inline", not(feature = "runtime")))]
pub use koil_inline::{Blocking, HasTwin, MapTwin, OptionMut, Shell, Twin, TwinOf};

/// For generated code only. Not public API: may change in any release.
#[cfg(all(feature = "inline", not(feature = "runtime")))]
#[doc(hidden)]
pub use koil_inline::private as __private;

/// For generated code only. Not public API: may change in any release.
#[cfg(feature = "runtime")]
#[doc(hidden)]
pub use koil_runtime::private as __private;

#[cfg(all(doc, feature = "runtime"))]
pub mod guide;
