//! Held contexts: a loop keeps them open until it ends.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::async_context::AsyncContext;
use super::entered::{begin, enter_at};
use super::entry::OpenContext;
use super::exit::ExitLimit;
use super::exit::owned::{OwnedExit, UnfinishedReport};
use super::kind::AnyThread;
use crate::current::LoopCore;
use crate::handle::Handle;
use crate::koil::Koil;
use crate::report::exit::{Exit, Failure};
use crate::report::site::CallSite;

impl Koil {
    /// Enters `context`, and keeps it open until this loop is shut down.
    ///
    /// For a context that a program needs all the time: a connection pool, a session. Blocks until
    /// it has been entered. When the loop is shut down, the held contexts are left in reverse
    /// order, after the blocked callers and the guards have gone and while the loop still drives,
    /// with [`Exit::Shutdown`]; each has [`cancel_grace`](crate::KoilBuilder::cancel_grace). An
    /// error goes to [`on_error`](crate::KoilBuilder::on_error).
    ///
    /// The exit needs the context for itself: the clones of the [`Arc`] have to be dropped within
    /// `cancel_grace` of its turn. Otherwise the exit is not run, and this is reported.
    ///
    /// # Errors
    ///
    /// The context's own error, if its `aenter` fails.
    ///
    /// # Panics
    ///
    /// If `aenter` panics, and where the bridge fails, as [`unkoil`](crate::unkoil()) does.
    ///
    /// ```
    /// use std::convert::Infallible;
    ///
    /// let koil = koil::Koil::new()?;
    /// let (sender, goodbyes) = std::sync::mpsc::channel();
    /// let open = |name, sender: std::sync::mpsc::Sender<_>| {
    ///     let enter = move || async move { Ok::<_, Infallible>(name) };
    ///     koil::context_fn(enter, move |name, _| async move {
    ///         let _ = sender.send(name);
    ///         Ok(())
    ///     })
    /// };
    /// let database = koil.hold(open("database", sender.clone())).unwrap();
    /// koil.hold(open("cache", sender)).unwrap();
    /// assert_eq!(**database, "database");
    ///
    /// drop(database);
    /// assert!(koil.shutdown().is_clean());
    /// assert_eq!(goodbyes.iter().collect::<Vec<_>>(), ["cache", "database"]);
    /// # Ok::<(), koil::Error>(())
    /// ```
    #[track_caller]
    pub fn hold<C>(&self, context: C) -> Result<Arc<C>, C::Error>
    where
        C: AsyncContext + Send + Sync + 'static,
        C::Error: Send + 'static,
    {
        self.handle().hold(context)
    }
}

impl Handle {
    /// As [`Koil::hold`].
    ///
    /// # Errors
    ///
    /// As [`Koil::hold`].
    ///
    /// # Panics
    ///
    /// As [`Koil::hold`].
    #[track_caller]
    pub fn hold<C>(&self, context: C) -> Result<Arc<C>, C::Error>
    where
        C: AsyncContext + Send + Sync + 'static,
        C::Error: Send + 'static,
    {
        let call = begin(Some(self), CallSite::here());
        let open = enter_at::<C, AnyThread>(call, None, context)?.into_open();
        let (context, parts, entry) = (Arc::new(open.context), open.parts, open.entry);
        let shared = context.clone();
        // Made first, so that an exit that does not begin or does not end is always reported.
        let (_, mut unfinished) =
            UnfinishedReport::new(entry.reporter::<C>(Exit::Shutdown), entry.site);
        let (grace, core) = (self.core().cancel_grace, self.core().clone());
        let entry = entry.without_guard();
        core.hold_context(Box::pin(async move {
            let context = match alone(shared, grace).await {
                Ok(context) => context,
                Err(others) => {
                    unfinished.set_finished();
                    return unfinished.reporter().report(Failure::StillShared(others));
                }
            };
            let open = OpenContext {
                context,
                parts,
                entry,
            };
            let exit = OwnedExit::new(open, Exit::Shutdown, ExitLimit::EachPart(grace));
            exit.run(unfinished).await;
        }));
        drop_if_over(&core);
        Ok(context)
    }
}

/// Drops the held contexts of a loop that has ended meanwhile: it will not run their exits.
fn drop_if_over(core: &LoopCore) {
    if core.registry.is_closed() {
        core.drop_held_contexts();
    }
}

/// Waits until this is the only `Arc`; after `limit`, gives up and returns the number of others.
async fn alone<C>(mut shared: Arc<C>, limit: Duration) -> Result<C, usize> {
    const LOOK_AGAIN: Duration = Duration::from_millis(1);
    let begun = Instant::now();
    loop {
        shared = match Arc::try_unwrap(shared) {
            Ok(context) => return Ok(context),
            Err(shared) => shared,
        };
        if begun.elapsed() >= limit {
            return Err(Arc::strong_count(&shared).saturating_sub(1));
        }
        // The drop of an `Arc` sends no notification, so the count is polled.
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}
