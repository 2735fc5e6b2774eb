//! `context_fn`: a context made of two functions, for a value of a foreign type.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;

use super::async_context::AsyncContext;
use super::async_guard::AsyncEntered;
use super::entered::{Entered, begin, enter_at};
use super::kind::AnyThread;
use crate::report::exit::Exit;
use crate::report::site::CallSite;
use crate::sync::Mutex;

/// A context that opens a value with one function and closes it with another; made by
/// [`context_fn`].
///
/// Once it has been entered, it derefs to the value. It can be entered once.
///
/// # Panics
///
/// Dereferencing panics while the context is not entered: before its enter, and after its exit.
pub struct ContextFn<V, E> {
    value: Option<V>,
    // In locks, for `Sync`, which the functions need not be; no thread ever waits for these locks.
    enter: Mutex<Option<EnterFn<V, E>>>,
    exit: Mutex<Option<ExitFn<V, E>>>,
}

type BoxedAnswer<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;
type EnterFn<V, E> = Box<dyn FnOnce() -> BoxedAnswer<V, E> + Send>;
type ExitFn<V, E> = Box<dyn FnOnce(V, Exit) -> BoxedAnswer<(), E> + Send>;

/// Makes a context of a value whose type is foreign: `enter` opens it, `exit` closes it.
///
/// `enter` is called when the context is entered and `exit` when it is left, under the loop, and
/// their futures are polled there. Enter it with [`enter_blocking`](ContextFn::enter_blocking) or,
/// in async code, with [`enter`](ContextFn::enter); or let a loop keep it open
/// ([`Koil::hold`](crate::Koil::hold)). Taken from Python koil's `koiled_cm`.
///
/// ```
/// use tokio::sync::mpsc;
///
/// let (sender, mut goodbyes) = mpsc::unbounded_channel();
/// let line = koil::context_fn(
///     || async { Ok::<_, std::convert::Infallible>(sender) },
///     |line, cause| async move {
///         let _ = line.send(cause);
///         Ok(())
///     },
/// );
/// let line = line.enter_blocking()?;
/// assert!(!line.is_closed()); // a method of the value
/// drop(line);
/// assert_eq!(goodbyes.try_recv(), Ok(koil::Exit::Dropped));
/// # Ok::<(), std::convert::Infallible>(())
/// ```
#[doc(alias = "koiled_cm")]
#[doc(alias = "scopeguard")]
#[doc(alias = "asynccontextmanager")]
pub fn context_fn<V, E, Opening, Closing>(
    enter: impl FnOnce() -> Opening + Send + 'static,
    exit: impl FnOnce(V, Exit) -> Closing + Send + 'static,
) -> ContextFn<V, E>
where
    Opening: Future<Output = Result<V, E>> + Send + 'static,
    Closing: Future<Output = Result<(), E>> + Send + 'static,
{
    let enter: EnterFn<V, E> = Box::new(|| Box::pin(enter()));
    let exit: ExitFn<V, E> = Box::new(|value, cause| Box::pin(exit(value, cause)));
    ContextFn {
        value: None,
        enter: Mutex::new(Some(enter)),
        exit: Mutex::new(Some(exit)),
    }
}

impl<V, E> ContextFn<V, E>
where
    V: Send + 'static,
    E: fmt::Debug + Send + 'static,
{
    /// Enters the context in async code.
    ///
    /// # Errors
    ///
    /// The error that the `enter` function returns.
    ///
    /// # Panics
    ///
    /// If the `enter` function panics, or the context was entered before.
    #[track_caller]
    pub fn enter(self) -> impl Future<Output = Result<AsyncEntered<Self>, E>> + Send {
        AsyncEntered::enter(self)
    }

    /// Enters the context in blocking code, on the ambient loop, and waits for that.
    ///
    /// # Errors
    ///
    /// The error that the `enter` function returns.
    ///
    /// # Panics
    ///
    /// If the `enter` function panics, or the context was entered before; and where the bridge
    /// fails, as [`unkoil`](crate::unkoil()) does.
    #[track_caller]
    pub fn enter_blocking(self) -> Result<Entered<Self>, E> {
        enter_at::<_, AnyThread>(begin(None, CallSite::here()), None, self)
    }
}

impl<V, E> AsyncContext for ContextFn<V, E>
where
    V: Send,
    E: fmt::Debug + Send,
{
    type Error = E;

    async fn aenter(&mut self) -> Result<(), E> {
        let Some(enter) = take(&mut self.enter) else {
            panic!("a `context_fn` can be entered once; make another");
        };
        self.value = Some(enter().await?);
        Ok(())
    }

    async fn aexit(&mut self, cause: Exit) -> Result<(), E> {
        match (self.value.take(), take(&mut self.exit)) {
            (Some(value), Some(exit)) => exit(value, cause).await,
            (None, _) | (_, None) => Ok(()),
        }
    }
}

fn take<T>(slot: &mut Mutex<Option<T>>) -> Option<T> {
    slot.get_mut().take()
}

const NOT_ENTERED: &str = "a `context_fn` has its value only while it is entered";

impl<V, E> Deref for ContextFn<V, E> {
    type Target = V;

    fn deref(&self) -> &V {
        self.value.as_ref().expect(NOT_ENTERED)
    }
}

impl<V, E> DerefMut for ContextFn<V, E> {
    fn deref_mut(&mut self) -> &mut V {
        self.value.as_mut().expect(NOT_ENTERED)
    }
}

impl<V: fmt::Debug, E> fmt::Debug for ContextFn<V, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContextFn")
            .field("value", &self.value)
            .finish_non_exhaustive()
    }
}
