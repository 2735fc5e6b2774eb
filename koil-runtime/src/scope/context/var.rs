//! `ContextVar` and `context_var!`: declaring, reading and setting one variable.

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

use super::in_context::WithValue;
use super::vars::{self, Key, Value};

/// Declares context variables: values that belong to the work at hand, not to a thread.
///
/// ```
/// koil::context_var! {
///     /// The request that is being served.
///     pub static REQUEST_ID: String;
///     /// The depth of the recursion; 0 until it is set.
///     static DEPTH: u32 = 0;
/// }
///
/// assert_eq!(REQUEST_ID.get(), None);
/// REQUEST_ID.scope("r-17".into(), || {
///     // It is there in calls, tasks, threads and iterators that begin here.
///     let task = koil::unkoil_task(async { REQUEST_ID.get() });
///     assert_eq!(task.result().unwrap().as_deref(), Some("r-17"));
/// });
///
/// DEPTH.set(DEPTH.get() + 1);
/// assert_eq!(DEPTH.with(|depth| *depth), 1);
/// ```
///
/// With `= ..`, the variable has that value where it is not set; the expression is evaluated once
/// for the process, on first use, and [`get`](crate::ContextVar::get) gives a `T`. Without, `get`
/// gives an `Option<T>`. The type must be `Send + Sync + 'static`: contexts are shared between
/// threads. See [`ContextVar`](crate::ContextVar) for the places that a value reaches.
#[macro_export]
macro_rules! context_var {
    () => {};
    (
        $(#[$meta:meta])* $vis:vis static $NAME:ident: $Type:ty = $default:expr
        $(; $($rest:tt)*)?
    ) => {
        $(#[$meta])*
        $vis static $NAME: $crate::ContextVar<$Type, $crate::Defaulted<$Type>> =
            $crate::ContextVar::__defaulted(::core::stringify!($NAME), || $default);
        $($crate::context_var! { $($rest)* })?
    };
    ($(#[$meta:meta])* $vis:vis static $NAME:ident: $Type:ty $(; $($rest:tt)*)?) => {
        $(#[$meta])*
        $vis static $NAME: $crate::ContextVar<$Type> =
            $crate::ContextVar::__new(::core::stringify!($NAME));
        $($crate::context_var! { $($rest)* })?
    };
}

/// A value that follows the work; declared by [`context_var!`](crate::context_var!).
///
/// Each thread has a context: the variables that are set. Contexts are immutable lists behind an
/// `Arc`, copied when they change. So passing one on costs a reference count, and nothing where no
/// variable is set.
///
/// | where | which context | a value set there |
/// | --- | --- | --- |
/// | a blocking call ([`unkoil`](crate::unkoil), a twin), an item of an [`Iter`](crate::Iter), an operation of an [`Io`](crate::Io) | the caller's own | comes back, however the call ends |
/// | a future of a [`gather`](crate::gather) | a copy of the caller's | stays there |
/// | a task ([`unkoil_task`](crate::unkoil_task), [`prefetch`](crate::Iter::prefetch)) | a copy of the one in which it was started, kept across its polls | stays there; comes back from a task that was asked to ([`bring_context`](crate::KoilTask::bring_context)) |
/// | [`Handle::wrap`](crate::Handle::wrap), [`ContextSnapshot::run`](crate::ContextSnapshot::run) | a copy of the one that was captured | stays there |
/// | threads and tasks that koil does not start | their own, empty at first | stays there |
///
/// The model is that of Python's `contextvars`, and of Python koil with one difference: only
/// changed variables come back, and they always do. Compare `tokio::task_local!`, which stays in
/// its task.
///
/// A task that is spawned on tokio directly has no context of its own: it sees the context of the
/// thread that polls it, and should set nothing. Give it one with
/// [`ContextSnapshot::scope`](crate::ContextSnapshot::scope).
pub struct ContextVar<T, D = NoDefault> {
    name: &'static str,
    default: D,
    _value: PhantomData<fn() -> T>,
}

/// Marks a [`ContextVar`] that has a value only where it is set.
#[derive(Debug, Clone, Copy)]
pub struct NoDefault(());

/// Marks a [`ContextVar`] that has a value everywhere, and holds its default.
pub struct Defaulted<T> {
    value: OnceLock<T>,
    make: fn() -> T,
}

impl<T: Send + Sync + 'static> ContextVar<T> {
    /// Only `context_var!` may call this.
    #[doc(hidden)]
    pub const fn __new(name: &'static str) -> ContextVar<T> {
        ContextVar {
            name,
            default: NoDefault(()),
            _value: PhantomData,
        }
    }

    /// The value here, if the variable is set.
    pub fn get(&'static self) -> Option<T>
    where
        T: Clone,
    {
        self.here().map(|value| T::clone(&value))
    }

    /// Gives `f` the value here, if the variable is set.
    ///
    /// The closure may set and read variables; the value that it was given does not change.
    pub fn with<R>(&'static self, f: impl FnOnce(Option<&T>) -> R) -> R {
        f(self.here().as_deref())
    }
}

impl<T: Send + Sync + 'static> ContextVar<T, Defaulted<T>> {
    /// Only `context_var!` may call this.
    #[doc(hidden)]
    pub const fn __defaulted(name: &'static str, make: fn() -> T) -> Self {
        ContextVar {
            name,
            default: Defaulted {
                value: OnceLock::new(),
                make,
            },
            _value: PhantomData,
        }
    }

    /// The value here, or the default.
    pub fn get(&'static self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    /// Gives `f` the value here, or the default.
    ///
    /// The closure may set and read variables; the value that it was given does not change.
    pub fn with<R>(&'static self, f: impl FnOnce(&T) -> R) -> R {
        match self.here() {
            Some(value) => f(&value),
            None => f(self.default.value.get_or_init(self.default.make)),
        }
    }
}

impl<T: Send + Sync + 'static, D> ContextVar<T, D> {
    /// Sets the variable in this context, from here on.
    ///
    /// In a blocking call that is the caller's context, so that the value is still there after the
    /// call; in a task it is the task's. To restore the previous value, use
    /// [`enter`](ContextVar::enter) or [`scope`](ContextVar::scope).
    ///
    /// In the destructor of a thread-local the context may be gone; then nothing is set.
    pub fn set(&'static self, value: T) {
        // The previous value is dropped outside the context, since its drop may use the context.
        drop(vars::replace(self.key(), Some(Arc::new(value))));
    }

    /// Makes the variable unset in this context, from here on.
    pub fn unset(&'static self) {
        drop(vars::replace(self.key(), None));
    }

    /// True if the variable is set in this context; a default does not count.
    pub fn is_set(&'static self) -> bool {
        vars::get(self.key()).is_some()
    }

    /// Sets the variable until the guard is dropped, which restores the previous state.
    ///
    /// As Python's `set` with a token. The guard belongs to its thread, so that it cannot be held
    /// across an `await` of a future that is `Send`: use [`scope_async`](ContextVar::scope_async)
    /// there. Guards of one variable are to be dropped in reverse order.
    ///
    /// ```
    /// koil::context_var! { static LEVEL: u8 = 0 }
    ///
    /// let louder = LEVEL.enter(3);
    /// assert_eq!(LEVEL.get(), 3);
    /// drop(louder);
    /// assert_eq!(LEVEL.get(), 0);
    /// ```
    pub fn enter(&'static self, value: T) -> ContextGuard {
        ContextGuard {
            key: self.key(),
            before: vars::replace(self.key(), Some(Arc::new(value))),
            name: self.name,
            _not_send: PhantomData,
        }
    }

    /// Runs `f` with the variable set, and restores the previous state, also if `f` panics.
    #[doc(alias = "sync_scope")]
    pub fn scope<R>(&'static self, value: T, f: impl FnOnce() -> R) -> R {
        let _set = self.enter(value);
        f()
    }

    /// Runs `future` with the variable set while it is polled, on any thread and runtime.
    ///
    /// Other variables are those of the thread that polls. A value that the future sets for this
    /// variable is kept for its next poll and ends with the future. The counterpart of
    /// `LocalKey::scope` of `tokio::task_local!`.
    ///
    /// ```
    /// koil::context_var! { static LEVEL: u8 = 0 }
    ///
    /// let levels = koil::unkoil(async {
    ///     let inner = LEVEL.scope_async(3, async {
    ///         tokio::task::yield_now().await;
    ///         LEVEL.get()
    ///     });
    ///     (inner.await, LEVEL.get())
    /// });
    /// assert_eq!(levels, (3, 0));
    /// ```
    pub fn scope_async<F: Future>(
        &'static self,
        value: T,
        future: F,
    ) -> impl Future<Output = F::Output> + use<T, F, D> {
        WithValue::new(self.key(), Arc::new(value), future)
    }

    /// As [`enter`](ContextVar::enter), with a value that others may hold too.
    #[cfg(feature = "sched")]
    pub(crate) fn enter_shared(&'static self, value: Arc<T>) -> ContextGuard {
        ContextGuard {
            key: self.key(),
            before: vars::replace(self.key(), Some(value)),
            name: self.name,
            _not_send: PhantomData,
        }
    }

    /// As [`set`](ContextVar::set), with a value that others may hold too.
    #[cfg(feature = "sched")]
    pub(crate) fn set_shared(&'static self, value: Arc<T>) {
        drop(vars::replace(self.key(), Some(value)));
    }

    /// As [`scope_async`](ContextVar::scope_async), with a value that others may hold too.
    #[cfg(feature = "sched")]
    pub(crate) fn scope_shared<F: Future>(
        &'static self,
        value: Arc<T>,
        future: F,
    ) -> impl Future<Output = F::Output> + use<T, F, D> {
        WithValue::new(self.key(), value, future)
    }

    /// The name in the declaration.
    pub fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn here(&'static self) -> Option<Arc<T>> {
        // Under this key there are values of this type only: the key is the address of `self`.
        vars::get(self.key())?.downcast().ok()
    }

    pub(crate) fn key(&'static self) -> Key {
        Key(std::ptr::from_ref(self).addr())
    }
}

impl<T, D> fmt::Debug for ContextVar<T, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ContextVar").field(&self.name).finish()
    }
}

impl<T: fmt::Debug> fmt::Debug for Defaulted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Defaulted").field(&self.value.get()).finish()
    }
}

/// Keeps a [`ContextVar`] set; made by [`ContextVar::enter`].
#[must_use = "the variable is set only while the guard lives"]
pub struct ContextGuard {
    key: Key,
    before: Option<Value>,
    name: &'static str,
    // It belongs to the context of this thread.
    _not_send: PhantomData<*const ()>,
}

impl Drop for ContextGuard {
    fn drop(&mut self) {
        drop(vars::replace(self.key, self.before.take()));
    }
}

impl fmt::Debug for ContextGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ContextGuard").field(&self.name).finish()
    }
}
