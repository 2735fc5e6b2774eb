//! `AsyncManager` and `Managed`: contexts whose enter gives another object than the manager.

use std::fmt;
use std::ops::{Deref, DerefMut};

use super::async_context::AsyncContext;
use super::async_guard::AsyncEntered;
use super::entered::{Entered, begin, enter_at};
use super::kind::AnyThread;
use crate::report::exit::Exit;
use crate::report::site::CallSite;

/// A manager whose enter gives another object than itself: a pool that lends a connection, a client
/// that opens a transaction.
///
/// As [`AsyncContext`], with a value between enter and exit. [`Managed`] makes a context of a
/// manager; its guards deref to the value. Taken from the values of Python's `__aenter__`. A value
/// whose type is foreign and that two functions open and close needs no manager: see
/// [`context_fn`](crate::context_fn()).
///
/// There is no attribute for an impl of it, since [`Managed`] has the functions that enter it on both
/// sides. The manager, its value and its futures have to be `Send`; a context that stays on its thread
/// is a [`LocalAsyncContext`](crate::LocalAsyncContext), which keeps such an object in a field.
///
/// ```
/// use std::convert::Infallible;
/// use std::sync::{Arc, Mutex};
///
/// use koil::{AsyncManager, Exit, Managed};
///
/// /// A pool lends one of its connections, and takes it back.
/// #[derive(Clone)]
/// struct Pool(Arc<Mutex<Vec<String>>>);
///
/// impl AsyncManager for Pool {
///     type Value = String;
///     type Error = Infallible;
///
///     async fn aenter(&mut self) -> Result<String, Infallible> {
///         let idle = self.0.lock().unwrap().pop();
///         Ok(idle.unwrap_or_else(|| "a new one".to_owned()))
///     }
///
///     async fn aexit(&mut self, connection: String, _: Exit) -> Result<(), Infallible> {
///         self.0.lock().unwrap().push(connection);
///         Ok(())
///     }
/// }
///
/// let pool = Pool(Arc::default());
/// let mut connection = Managed::new(pool.clone()).enter_blocking()?;
/// connection.push_str(", used"); // a method of the value
/// assert_eq!(pool.0.lock().unwrap().len(), 0);
/// drop(connection);
/// assert_eq!(*pool.0.lock().unwrap(), ["a new one, used"]);
///
/// // The same in async code.
/// koil::unkoil(async {
///     let connection = Managed::new(pool.clone()).enter().await?;
///     assert_eq!(**connection, "a new one, used");
///     connection.close().await.map_err(|(_, error)| error)?;
///     Ok::<_, Infallible>(())
/// })?;
/// # Ok::<(), Infallible>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no manager of a context",
    label = "does not implement `AsyncManager`",
    note = "a context that is entered itself is an `AsyncContext`, and needs no `Managed`"
)]
pub trait AsyncManager: Sized {
    /// The object that the enter gives, and the exit gets back.
    type Value;

    /// The error of an enter or an exit; shown by its `Debug` where no caller receives it.
    type Error: fmt::Debug;

    /// Opens the context.
    fn aenter(&mut self) -> impl Future<Output = Result<Self::Value, Self::Error>> + Send;

    /// Closes the context; `cause` is the reason. If the future is dropped before it is ready, the
    /// value is dropped with it.
    fn aexit(
        &mut self,
        value: Self::Value,
        cause: Exit,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// An [`AsyncManager`] as a context, which derefs to the value while it is entered.
///
/// It can be entered like any context: in blocking code, in async code, by
/// [`Koil::hold`](crate::Koil::hold), and as a part of a composition
/// (`#[koil(context)] connection: Managed<Pool>`). After its exit it can be entered again.
///
/// # Panics
///
/// Dereferencing panics while the context is not entered: before its enter, and after its exit.
pub struct Managed<M: AsyncManager> {
    manager: M,
    value: Option<M::Value>,
}

impl<M: AsyncManager> Managed<M> {
    /// A context that is not entered yet.
    pub fn new(manager: M) -> Managed<M> {
        Managed {
            manager,
            value: None,
        }
    }

    /// The manager.
    pub fn manager(&self) -> &M {
        &self.manager
    }

    /// The manager; a value that was not left is dropped.
    pub fn into_manager(self) -> M {
        self.manager
    }
}

impl<M> Managed<M>
where
    M: AsyncManager<Value: Send, Error: Send> + Send + 'static,
{
    /// Enters the context in async code.
    ///
    /// # Errors
    ///
    /// The manager's own error.
    ///
    /// # Panics
    ///
    /// If `aenter` panics.
    #[track_caller]
    pub fn enter(self) -> impl Future<Output = Result<AsyncEntered<Self>, M::Error>> + Send {
        AsyncEntered::enter(self)
    }

    /// Enters the context in blocking code, on the ambient loop, and waits for that.
    ///
    /// # Errors
    ///
    /// The manager's own error.
    ///
    /// # Panics
    ///
    /// If `aenter` panics; and where the bridge fails, as [`unkoil`](crate::unkoil()) does.
    #[track_caller]
    pub fn enter_blocking(self) -> Result<Entered<Self>, M::Error> {
        enter_at::<_, AnyThread>(begin(None, CallSite::here()), None, self)
    }
}

impl<M> AsyncContext for Managed<M>
where
    M: AsyncManager<Value: Send> + Send,
{
    type Error = M::Error;

    async fn aenter(&mut self) -> Result<(), M::Error> {
        self.value = Some(self.manager.aenter().await?);
        Ok(())
    }

    async fn aexit(&mut self, cause: Exit) -> Result<(), M::Error> {
        match self.value.take() {
            Some(value) => self.manager.aexit(value, cause).await,
            None => Ok(()),
        }
    }
}

const NOT_ENTERED: &str = "a `Managed` has its value only while it is entered";

impl<M: AsyncManager> Deref for Managed<M> {
    type Target = M::Value;

    fn deref(&self) -> &M::Value {
        self.value.as_ref().expect(NOT_ENTERED)
    }
}

impl<M: AsyncManager> DerefMut for Managed<M> {
    fn deref_mut(&mut self) -> &mut M::Value {
        self.value.as_mut().expect(NOT_ENTERED)
    }
}

impl<M: AsyncManager + fmt::Debug> fmt::Debug for Managed<M>
where
    M::Value: fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Managed")
            .field("manager", &self.manager)
            .field("value", &self.value)
            .finish()
    }
}
