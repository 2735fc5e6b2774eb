//! An async context as an object for `with` and `async with`.

use std::ops::Deref;
use std::sync::Arc;

use koil::{AsyncContext, AsyncEntered};
use pyo3::PyErr;
use pyo3::exceptions::PyRuntimeError;
use tokio::sync::{OwnedRwLockReadGuard, RwLock};

/// An async context of a Python class: it is made, entered once by `with` or `async with`, and left
/// at the end of the block.
///
/// A field of the class, which `#[both(context = self.0)]` names; the attribute writes `__enter__`,
/// `__exit__`, `__aenter__` and `__aexit__`. The methods of the class reach the open context by
/// [`get`](Context::get).
///
/// A block that ends by itself closes the context: `aexit` gets [`koil::Exit::Closed`], and its
/// error is raised. After an exception it gets [`koil::Exit::Dropped`], and an error of its goes to
/// [`on_error`](koil::KoilBuilder::on_error), since Python raises the exception of the block.
///
/// # Drop
///
/// A context that is still open when its object ends is left as by the drop of an
/// [`AsyncEntered`].
pub struct Context<C: AsyncContext + Send + Sync + 'static>
where
    C::Error: Send,
{
    state: Arc<RwLock<State<C>>>,
}

impl<C: AsyncContext + Send + Sync + 'static> Context<C>
where
    C::Error: Send,
{
    /// A context that is not yet entered.
    pub fn new(context: C) -> Context<C> {
        Context {
            state: Arc::new(RwLock::new(State::Made(context))),
        }
    }

    /// The open context. It stays open until the value is dropped: an exit waits for it.
    ///
    /// # Errors
    ///
    /// [`NotOpen`] before the block begins, and after its end; it becomes a `RuntimeError`.
    pub async fn get(&self) -> Result<Opened<C>, NotOpen> {
        let state = self.state.clone().read_owned().await;
        let open = OwnedRwLockReadGuard::try_map(state, |state| match state {
            State::Open(open) => Some(open),
            State::Made(_) | State::Left => None,
        });
        match open {
            Ok(open) => Ok(Opened { open }),
            Err(state) => Err(NotOpen {
                is_left: matches!(*state, State::Left),
            }),
        }
    }

    /// Enters the context.
    ///
    /// # Errors
    ///
    /// The context's own error, which ends it; [`NotOpen`] if it was entered before.
    pub async fn enter(&self) -> Result<(), PyErr>
    where
        C::Error: Into<PyErr>,
    {
        let mut state = self.state.write().await;
        match std::mem::replace(&mut *state, State::Left) {
            State::Made(context) => {
                let open = AsyncEntered::enter(context).await.map_err(Into::into)?;
                *state = State::Open(open);
                Ok(())
            }
            State::Open(open) => {
                *state = State::Open(open);
                Err(PyRuntimeError::new_err("this object is open already"))
            }
            State::Left => Err(NotOpen { is_left: true }.into()),
        }
    }

    /// Leaves the context, after the calls that use it; `failed` if an exception ended the block.
    ///
    /// # Errors
    ///
    /// The context's own error, unless the block has failed.
    pub async fn exit(&self, failed: bool) -> Result<(), PyErr>
    where
        C::Error: Into<PyErr>,
    {
        let left = std::mem::replace(&mut *self.state.write().await, State::Left);
        let State::Open(open) = left else {
            return Ok(());
        };
        if failed {
            // A drop on a worker waits for the exit, whoever awaits it here.
            koil::run_threaded(move || drop(open)).await;
            return Ok(());
        }
        match open.close().await {
            Ok(_) => Ok(()),
            Err((_, error)) => Err(error.into()),
        }
    }
}

enum State<C: AsyncContext + Send + 'static>
where
    C::Error: Send,
{
    Made(C),
    Open(AsyncEntered<C>),
    Left,
}

/// An open context, borrowed by a call; derefs to it.
pub struct Opened<C: AsyncContext + Send + 'static>
where
    C::Error: Send,
{
    open: OwnedRwLockReadGuard<State<C>, AsyncEntered<C>>,
}

impl<C: AsyncContext + Send + 'static> Deref for Opened<C>
where
    C::Error: Send,
{
    type Target = C;

    fn deref(&self) -> &C {
        &self.open
    }
}

/// The answer of an object that is used outside of its `with` block.
#[derive(Debug, Clone, Copy)]
pub struct NotOpen {
    is_left: bool,
}

impl std::fmt::Display for NotOpen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_left {
            "this object has been left; make another one, and enter it by `with` or `async with`"
        } else {
            "this object is not open; enter it by `with` or `async with`"
        })
    }
}

impl std::error::Error for NotOpen {}

impl From<NotOpen> for PyErr {
    fn from(error: NotOpen) -> PyErr {
        PyRuntimeError::new_err(error.to_string())
    }
}
