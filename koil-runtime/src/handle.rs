//! `Handle`: a reference to a loop, with the ways to find it and to make it the ambient one.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::current::{self, Entry, LoopCore};
use crate::drive::within::Within;
use crate::global;
use crate::report::error::Error;
use crate::report::site::CallSite;
use crate::scope::context::snapshot::Snapshot;

/// A cheap, cloneable reference to a loop. It does not keep the loop running.
///
/// The loop of a blocking call is chosen at the call, in this order:
///
/// 1. the loop entered last on this thread ([`Koil::enter`](crate::Koil::enter),
///    [`Handle::enter`], [`Handle::wrap`]);
/// 2. the loop that the current task or worker belongs to;
/// 3. the process-wide loop, started on first use ([`global`](crate::global())).
#[derive(Clone)]
pub struct Handle {
    core: Arc<LoopCore>,
}

impl Handle {
    pub(crate) fn new(core: Arc<LoopCore>) -> Handle {
        Handle { core }
    }

    pub(crate) fn core(&self) -> &Arc<LoopCore> {
        &self.core
    }

    /// The loop that a blocking call at this place would use.
    ///
    /// # Panics
    ///
    /// If that is the process-wide loop and it cannot be started.
    #[track_caller]
    #[must_use]
    pub fn current() -> Handle {
        match Handle::find(CallSite::here()) {
            Ok(handle) => handle,
            Err(error) => error.throw(),
        }
    }

    /// The loop that a blocking call at this place would use.
    ///
    /// # Errors
    ///
    /// If that is the process-wide loop and it cannot be started.
    #[track_caller]
    pub fn try_current() -> Result<Handle, Error> {
        Handle::find(CallSite::here())
    }

    fn find(site: CallSite) -> Result<Handle, Error> {
        global::ambient(site).map(Handle::new)
    }

    /// Makes this the ambient loop of the current thread until the guard is dropped.
    ///
    /// Guards nest, and the innermost counts; they may be dropped in any order.
    pub fn enter(&self) -> EnterGuard<'_> {
        EnterGuard::new(self.core.clone())
    }

    /// Wraps `f` so that this is the ambient loop while it runs, on any thread, with a copy of the
    /// [context](crate::ContextVar) that this call takes.
    ///
    /// ```
    /// let koil = koil::Koil::new()?;
    /// let worker = std::thread::spawn(koil.handle().wrap(|| koil::unkoil(async { 1 + 1 })));
    /// assert_eq!(worker.join().unwrap(), 2);
    /// # Ok::<(), koil::Error>(())
    /// ```
    #[doc(alias = "copy_context")]
    pub fn wrap<F, T>(&self, f: F) -> impl FnOnce() -> T + use<F, T>
    where
        F: FnOnce() -> T,
    {
        let core = self.core.clone();
        let mut context = Snapshot::capture();
        move || {
            let _within = context.enter();
            let _entered = Entry::push(core);
            f()
        }
    }

    /// Wraps a future for another executor (smol, futures, a UI), so that it may use this loop: its
    /// sockets, timers and tasks.
    ///
    /// That executor polls the future, so it may borrow and need not be `Send`. Around each poll,
    /// and around its drop, tokio's context of this loop is entered, and this is koil's ambient
    /// loop, also inside a task of another tokio runtime. The loop drives the sockets and timers,
    /// and wakes the executor.
    ///
    /// Blocking calls in the future are refused, as in every future that koil polls: they would
    /// block the thread of the executor. The [context](crate::ContextVar), a scope and a deadline
    /// are those of the thread that polls.
    ///
    /// # Cancellation and drop
    ///
    /// See [`Within`]: dropping it drops the future, and waits for nothing.
    ///
    /// # Panics
    ///
    /// None here. Polled after the loop has been stopped, or in a forked child, the [`Within`] drops
    /// the future and panics with the error that [`Within::fallible`] returns. The stop of a loop
    /// waits for the end of a poll, as for a task, and wakes a future that waits for a socket, a
    /// timer or a task of that loop; it knows of no other waits.
    ///
    /// ```
    /// use std::rc::Rc;
    /// use std::time::Duration;
    ///
    /// let koil = koil::Koil::new()?;
    /// let greeting = Rc::new(String::from("hello"));
    ///
    /// // The executor of `futures` polls; the timer is tokio's.
    /// let length = futures::executor::block_on(koil.handle().within(async {
    ///     tokio::time::sleep(Duration::from_millis(1)).await;
    ///     greeting.len()
    /// }));
    /// assert_eq!(length, 5);
    /// # Ok::<(), koil::Error>(())
    /// ```
    #[doc(alias = "async_compat")]
    #[doc(alias = "Compat")]
    #[track_caller]
    pub fn within<F: Future>(&self, future: F) -> Within<F> {
        let site = CallSite::of("koil::Handle::within\nthe future");
        Within::new(self.core.clone(), site, future)
    }

    /// Tokio's handle of this loop, to spawn on it or to enter tokio's own context.
    ///
    /// Values that look up their runtime when they are made (`tokio::time::sleep`, sockets) need
    /// that context if they are made outside a future: keep `handle.tokio().enter()` around them.
    /// To choose the loop of blocking calls, [`Handle::enter`] is enough.
    pub fn tokio(&self) -> &tokio::runtime::Handle {
        &self.core.tokio
    }
}

impl PartialEq for Handle {
    /// Two handles are equal if they refer to the same loop.
    fn eq(&self, other: &Handle) -> bool {
        Arc::ptr_eq(&self.core, &other.core)
    }
}

impl Eq for Handle {}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Handle").field(&self.core).finish()
    }
}

/// Keeps a loop ambient on this thread; made by [`Koil::enter`](crate::Koil::enter) and
/// [`Handle::enter`].
///
/// It belongs to its thread, and borrows from the `Koil` or `Handle` that made it.
#[must_use = "the loop is ambient only while the guard lives"]
pub struct EnterGuard<'a> {
    _entry: Entry,
    _source: PhantomData<&'a ()>,
}

impl EnterGuard<'_> {
    pub(crate) fn new(core: Arc<LoopCore>) -> Self {
        EnterGuard {
            _entry: Entry::push(core),
            _source: PhantomData,
        }
    }
}

impl fmt::Debug for EnterGuard<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EnterGuard")
            .field(&current::entered())
            .finish()
    }
}
