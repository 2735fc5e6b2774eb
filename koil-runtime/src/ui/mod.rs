//! `Ui` and `UiHandle`: making a `Ui`, its options, its references.

mod blocking_on_ui;
mod call;
mod closing;
mod core;
mod handler;
mod local;
mod outcome;
mod progress;
mod registration;
mod stream;
mod table;
mod task;
/// A UI thread for tests, without a toolkit and without a display.
pub mod testing;

use std::cell::{Cell, RefCell};
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub use self::blocking_on_ui::BlockingOnUi;
pub use self::call::Reply;
use self::core::{Post, UiCore};
pub use self::local::UiLocal;
pub use self::outcome::Outcome;
pub use self::progress::Progress;
pub use self::stream::UiStream;
use self::table::Table;
pub use self::task::UiTask;
use crate::handle::Handle;
use crate::koil::Koil;
use crate::report::error::Error;
use crate::report::site::CallSite;
pub use crate::threads::yielder::Closed;

/// A window's side of a koil loop: futures run on the loop, and their outcomes come to callbacks on
/// the UI thread.
///
/// Made on the UI thread, from the one thing that every toolkit has: a way to run a closure on that
/// thread. A `Ui` belongs to its thread; its [`handle`](Ui::handle) goes anywhere, and a `Ui` has all
/// methods of a [`UiHandle`]. Callbacks should own a handle rather than the `Ui`.
///
/// `post` has to hand the closure to the event loop and return; it is called on any thread, the UI
/// thread included. It returns [`Closed`] if the event loop has ended: then the tasks of the `Ui` are
/// cancelled, and each `call` that waits is an error.
///
/// # Drop
///
/// As [`close`](Ui::close): dropping never blocks.
///
/// ```
/// use std::cell::RefCell;
/// use std::rc::Rc;
/// use std::time::Duration;
///
/// use koil::ui::testing::Pump;
/// use koil::ui::{Outcome, Ui};
///
/// let pump = Pump::new(); // stands for the event loop of a toolkit
/// let ui = Ui::new(pump.post())?;
///
/// let log = Rc::new(RefCell::new(Vec::new()));
/// let on_ui = ui.handle();
/// let bar = ui.progress({
///     let log = log.clone();
///     move |percent: u32| log.borrow_mut().push(format!("{percent} %"))
/// });
/// let download = async move {
///     bar.set(100);
///     on_ui.call(|| "save as x.pdf").await
/// };
/// let shown = log.clone();
/// ui.spawn(download, move |outcome| match outcome {
///     Outcome::Done(Ok(name)) => shown.borrow_mut().push(name.to_owned()),
///     other => shown.borrow_mut().push(format!("{other:?}")),
/// })
/// .timeout(Duration::from_secs(60))
/// .latest("download")
/// .detach();
///
/// pump.run_until(|| log.borrow().len() == 2);
/// assert_eq!(*log.borrow(), ["100 %", "save as x.pdf"]);
/// # Ok::<(), koil::Error>(())
/// ```
pub struct Ui {
    handle: UiHandle,
    /// The loop, if it is the `Ui`'s own.
    owned: RefCell<Option<Koil>>,
    is_closing: Cell<bool>,
    // It belongs to the UI thread.
    _not_send: PhantomData<*const ()>,
}

impl Ui {
    /// A `Ui` of this thread, with a loop of its own.
    ///
    /// # Errors
    ///
    /// If the loop cannot be started.
    ///
    /// ```
    /// # let pump = koil::ui::testing::Pump::new();
    /// // Slint: `|event| slint::invoke_from_event_loop(event).map_err(|_| koil::ui::Closed)`
    /// let ui = koil::ui::Ui::new(pump.post())?;
    /// # Ok::<(), koil::Error>(())
    /// ```
    #[track_caller]
    pub fn new<P>(post: P) -> Result<Ui, Error>
    where
        P: Fn(Box<dyn FnOnce() + Send>) -> Result<(), Closed> + Send + Sync + 'static,
    {
        Ui::builder(post).build()
    }

    /// Options for a `Ui` of this thread.
    pub fn builder<P>(post: P) -> UiBuilder
    where
        P: Fn(Box<dyn FnOnce() + Send>) -> Result<(), Closed> + Send + Sync + 'static,
    {
        UiBuilder {
            post: Box::new(post),
            place: LoopOfUi::New,
            blocking: BlockingOnUi::default(),
        }
    }

    /// A handle to this `Ui`, for callbacks and for other threads. It does not keep the `Ui` open.
    pub fn handle(&self) -> UiHandle {
        self.handle.clone()
    }
}

impl Deref for Ui {
    type Target = UiHandle;

    fn deref(&self) -> &UiHandle {
        &self.handle
    }
}

impl fmt::Debug for Ui {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ui").field(&self.handle).finish()
    }
}

/// A cheap reference to a [`Ui`]. It does not keep the `Ui` open; after [`Ui::close`] futures and
/// callbacks are dropped, and calls return an error with [`Error::is_closed`].
///
/// It goes to any thread. Methods that take a callback for the UI thread have to be called there.
#[derive(Clone)]
pub struct UiHandle {
    ui: Arc<UiCore>,
}

impl UiHandle {
    /// True once the `Ui` has been closed, or its event loop has ended.
    pub fn is_closed(&self) -> bool {
        self.ui.is_over()
    }

    /// The loop on which the futures run: for blocking calls on other threads, and for tasks that the
    /// toolkit's own executor awaits.
    ///
    /// ```
    /// # let pump = koil::ui::testing::Pump::new();
    /// let ui = koil::ui::Ui::new(pump.post())?;
    /// let task = ui.koil().task(async { 42 });
    /// // In GTK: `glib::spawn_future_local(async move { label.set_text(&task.await..) })`.
    /// assert_eq!(futures::executor::block_on(task)?, 42);
    /// # Ok::<(), koil::Error>(())
    /// ```
    pub fn koil(&self) -> Handle {
        Handle::new(self.ui.core.clone())
    }
}

impl fmt::Debug for UiHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UiHandle")
            .field("made", &format_args!("{}", self.ui.made.location))
            .field("is_closed", &self.is_closed())
            .finish_non_exhaustive()
    }
}

/// Options for a [`Ui`]; made by [`Ui::builder`].
#[must_use = "a builder does nothing until `build`"]
pub struct UiBuilder {
    post: Box<Post>,
    place: LoopOfUi,
    blocking: BlockingOnUi,
}

enum LoopOfUi {
    New,
    Own(Koil),
    Shared(Handle),
}

impl UiBuilder {
    /// Takes this loop, and stops it with the `Ui`.
    ///
    /// ```
    /// # let pump = koil::ui::testing::Pump::new();
    /// let koil = koil::Koil::builder().thread_name("mail").build()?;
    /// let ui = koil::ui::Ui::builder(pump.post()).koil(koil).build()?;
    /// # Ok::<(), koil::Error>(())
    /// ```
    pub fn koil(mut self, koil: Koil) -> UiBuilder {
        self.place = LoopOfUi::Own(koil);
        self
    }

    /// Uses this loop, which goes on when the `Ui` is closed: for several windows on one loop, each with
    /// a `Ui` that ends only its own tasks.
    ///
    /// ```
    /// # let pump = koil::ui::testing::Pump::new();
    /// use koil::ui::Ui;
    ///
    /// let main = Ui::new(pump.post())?;
    /// let dialog = Ui::builder(pump.post()).handle(&main.koil()).build()?;
    /// dialog.close();
    /// assert!(!main.is_closed());
    /// # Ok::<(), koil::Error>(())
    /// ```
    pub fn handle(mut self, handle: &Handle) -> UiBuilder {
        self.place = LoopOfUi::Shared(handle.clone());
        self
    }

    /// Sets the answer to blocking calls on the UI thread. Default: [`BlockingOnUi::Told`].
    pub fn blocking(mut self, blocking: BlockingOnUi) -> UiBuilder {
        self.blocking = blocking;
        self
    }

    /// Makes the `Ui`; this thread is its UI thread from now on.
    ///
    /// # Errors
    ///
    /// If its loop cannot be started.
    #[track_caller]
    pub fn build(self) -> Result<Ui, Error> {
        let made = CallSite::here();
        let (core, owned) = match self.place {
            LoopOfUi::New => {
                let koil = Koil::builder().thread_name("koil-ui").build_at(made)?;
                (koil.core().clone(), Some(koil))
            }
            LoopOfUi::Own(koil) => (koil.core().clone(), Some(koil)),
            LoopOfUi::Shared(handle) => (handle.core().clone(), None),
        };
        let id = next_id();
        Table::put_up(id, self.blocking);
        let ui = UiCore::new(id, made, core, owned.is_some(), self.post);
        Ok(Ui {
            handle: UiHandle { ui: Arc::new(ui) },
            owned: RefCell::new(owned),
            is_closing: Cell::new(false),
            _not_send: PhantomData,
        })
    }
}

impl fmt::Debug for UiBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UiBuilder")
            .field("blocking", &self.blocking)
            .finish_non_exhaustive()
    }
}

fn next_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    // ORDERING: Relaxed; only uniqueness counts.
    NEXT.fetch_add(1, Ordering::Relaxed)
}
