//! `AsyncContext` and `LocalAsyncContext`: values that are entered before use and left after it.

use std::fmt;

use super::open_parts::OpenParts;
use crate::report::exit::Exit;

/// A value that async code opens and closes: a connection, a pool, a transaction.
///
/// Write both methods as `async fn` and put `#[koilable]` above the impl: then
/// `BlockingClient::enter(client)` gives blocking code a guard ([`Entered`](crate::Entered)), and
/// `Client::enter(client).await` gives async code a guard ([`AsyncEntered`](crate::AsyncEntered)).
/// The exit runs once, whatever happens to the guard. Taken from Python's `__aenter__` and
/// `__aexit__`.
///
/// The futures must be `Send`, and the context must not borrow, since a drop may have to hand the
/// exit to the loop; for a context that has to stay on its thread, or that borrows, such as a
/// transaction of a connection, there is [`LocalAsyncContext`].
///
/// # Guarantees
///
/// * If `aenter` fails, panics or is dropped before it is ready (its call was cancelled, its loop
///   stopped), the context was not entered: `aexit` is not called, and the value is dropped. So
///   `aenter` must not leave anything open on the way that a drop does not close.
/// * If it succeeds, `aexit` begins exactly once, also if the guard is no longer wanted.
/// * The exit is not cancelled with the scope, call or task around it. If a drop waits for the
///   exit, the exit has [`cancel_grace`](crate::KoilBuilder::cancel_grace); then it is dropped
///   unfinished.
///
/// ```
/// use koil::{AsyncContext, Exit};
///
/// struct Session;
///
/// impl AsyncContext for Session {
///     type Error = std::io::Error;
///
///     async fn aenter(&mut self) -> Result<(), Self::Error> {
///         Ok(()) // say hello
///     }
///
///     async fn aexit(&mut self, cause: Exit) -> Result<(), Self::Error> {
///         assert_eq!(cause, Exit::Closed);
///         Ok(()) // say goodbye
///     }
/// }
///
/// let session = koil::Entered::enter(Session)?;
/// session.close().map_err(|(_, error)| error)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no async context",
    label = "does not implement `AsyncContext`",
    note = "write `#[koilable] impl AsyncContext for ..`, with an async `aenter` and an async `aexit`"
)]
pub trait AsyncContext: Sized {
    /// The error of an enter or an exit; shown by its `Debug` where no caller receives it.
    type Error: fmt::Debug;

    /// Opens the context.
    fn aenter(&mut self) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Closes the context; `cause` is the reason.
    fn aexit(&mut self, cause: Exit) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// The number of parts, which are entered one after the other.
    #[doc(hidden)]
    const __KOIL_PARTS: usize = 1;

    /// Opens the context, and records in `parts` how far it is open.
    #[doc(hidden)]
    fn __koil_enter(
        &mut self,
        parts: &mut OpenParts,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send {
        record_enter(self.aenter(), parts)
    }

    /// Closes the parts that have been opened.
    #[doc(hidden)]
    fn __koil_leave(
        &mut self,
        parts: &mut OpenParts,
        cause: Exit,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send {
        run_if_open(parts.begin_exit().then(|| self.aexit(cause)))
    }
}

/// As [`AsyncContext`], for a context that has to stay on its thread: the futures, the value and
/// its error need not be `Send`, and all of them may borrow.
///
/// Every `AsyncContext` is also a `LocalAsyncContext`. The guard of a context entered as a local
/// one cannot hand the exit to a loop: a drop where this thread may not wait (inside a future that
/// koil polls, on a loop thread, in a task of a current-thread runtime) is reported to
/// [`on_error`](crate::KoilBuilder::on_error), and the value is dropped without its exit.
///
/// ```
/// use std::convert::Infallible;
/// use std::rc::Rc;
///
/// use koil::{Entered, Exit, LocalAsyncContext};
///
/// struct Window(Rc<str>);
///
/// impl LocalAsyncContext for Window {
///     type Error = Infallible;
///
///     async fn aenter(&mut self) -> Result<(), Infallible> {
///         Ok(())
///     }
///
///     async fn aexit(&mut self, _: Exit) -> Result<(), Infallible> {
///         Ok(())
///     }
/// }
///
/// let window = Entered::enter_local(Window("main".into()))?;
/// assert_eq!(&*window.0, "main");
/// # Ok::<(), Infallible>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no async context",
    label = "implements neither `AsyncContext` nor `LocalAsyncContext`",
    note = "write `#[koilable] impl AsyncContext for ..`, with an async `aenter` and an async `aexit`; `#[koilable(local)] impl LocalAsyncContext for ..` for a context that is not `Send`"
)]
pub trait LocalAsyncContext: Sized {
    /// The error of an enter or an exit; shown by its `Debug` where no caller receives it.
    type Error: fmt::Debug;

    /// Opens the context.
    fn aenter(&mut self) -> impl Future<Output = Result<(), Self::Error>>;

    /// Closes the context; `cause` is the reason.
    fn aexit(&mut self, cause: Exit) -> impl Future<Output = Result<(), Self::Error>>;

    /// The number of parts, which are entered one after the other.
    #[doc(hidden)]
    const __KOIL_PARTS: usize = 1;

    /// Opens the context, and records in `parts` how far it is open.
    #[doc(hidden)]
    fn __koil_enter(
        &mut self,
        parts: &mut OpenParts,
    ) -> impl Future<Output = Result<(), Self::Error>> {
        record_enter(self.aenter(), parts)
    }

    /// Closes the parts that have been opened.
    #[doc(hidden)]
    fn __koil_leave(
        &mut self,
        parts: &mut OpenParts,
        cause: Exit,
    ) -> impl Future<Output = Result<(), Self::Error>> {
        run_if_open(parts.begin_exit().then(|| self.aexit(cause)))
    }
}

async fn record_enter<E>(
    enter: impl Future<Output = Result<(), E>>,
    parts: &mut OpenParts,
) -> Result<(), E> {
    enter.await?;
    parts.mark_entered();
    Ok(())
}

async fn run_if_open<E>(exit: Option<impl Future<Output = Result<(), E>>>) -> Result<(), E> {
    match exit {
        Some(exit) => exit.await,
        None => Ok(()),
    }
}

impl<C: AsyncContext> LocalAsyncContext for C {
    type Error = C::Error;

    const __KOIL_PARTS: usize = C::__KOIL_PARTS;

    fn aenter(&mut self) -> impl Future<Output = Result<(), Self::Error>> {
        AsyncContext::aenter(self)
    }

    fn aexit(&mut self, cause: Exit) -> impl Future<Output = Result<(), Self::Error>> {
        AsyncContext::aexit(self, cause)
    }

    fn __koil_enter(
        &mut self,
        parts: &mut OpenParts,
    ) -> impl Future<Output = Result<(), Self::Error>> {
        AsyncContext::__koil_enter(self, parts)
    }

    fn __koil_leave(
        &mut self,
        parts: &mut OpenParts,
        cause: Exit,
    ) -> impl Future<Output = Result<(), Self::Error>> {
        AsyncContext::__koil_leave(self, parts, cause)
    }
}
