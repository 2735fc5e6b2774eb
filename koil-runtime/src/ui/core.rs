//! `UiCore`: the state of a `Ui` that all threads share: its event loop, its tasks, its end.
//!
//! ```text
//! state   events                       leaves to
//! OPEN    are posted and run           LOST: `post` has failed; CLOSED: `Ui::close`
//! LOST    none are posted              CLOSED
//! CLOSED  none run, but `on_closed`    -
//! ```
//!
//! LOST and CLOSED cancel every task of the `Ui`, and end every `call` and `ask` with an error.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::table::Table;
use crate::current::LoopCore;
use crate::drive::shutdown::ShutdownReport;
use crate::report::error::{Error, Kind};
use crate::report::site::CallSite;
use crate::report::unwind;
use crate::scope::cancel::token::CancelToken;
use crate::sync::{Event, Mutex};
use crate::threads::yielder::Closed;

/// Runs a closure on the UI thread, soon.
pub(super) type Post = dyn Fn(Box<dyn FnOnce() + Send>) -> Result<(), Closed> + Send + Sync;

/// The key of the `on_closed` callback in the table.
pub(super) const ON_CLOSED: u64 = 0;

/// The `on_closed` callback.
pub(super) type OnClosed = Box<dyn FnOnce(Option<ShutdownReport>)>;

pub(super) struct UiCore {
    pub(super) id: u64,
    /// Where the `Ui` was made.
    pub(super) made: CallSite,
    pub(super) core: Arc<LoopCore>,
    /// The loop is stopped with the `Ui`.
    owns_loop: bool,
    post: Box<Post>,
    /// Cancelled once no event runs any more.
    pub(super) over: CancelToken,
    /// Set when the tasks and the loop of a closed `Ui` have ended: whether all ended in time.
    pub(super) ended: Event<bool>,
    state: Mutex<State>,
}

struct State {
    next_key: u64,
    /// The tokens of the tasks whose callback has not run.
    tasks: HashMap<u64, CancelToken>,
    /// The newest task of each name.
    latest: HashMap<Cow<'static, str>, u64>,
    /// The futures that have not been dropped.
    running: usize,
    is_closed: bool,
}

impl UiCore {
    pub(super) fn new(
        id: u64,
        made: CallSite,
        core: Arc<LoopCore>,
        owns_loop: bool,
        post: Box<Post>,
    ) -> UiCore {
        UiCore {
            id,
            made,
            core,
            owns_loop,
            post,
            over: CancelToken::new(),
            ended: Event::new(),
            state: Mutex::new(State {
                next_key: ON_CLOSED + 1,
                tasks: HashMap::new(),
                latest: HashMap::new(),
                running: 0,
                is_closed: false,
            }),
        }
    }

    /// True once no event runs any more.
    pub(super) fn is_over(&self) -> bool {
        self.over.is_cancelled()
    }

    /// The table, on the UI thread.
    pub(super) fn table(&self) -> Option<Rc<Table>> {
        Table::here(self.id)
    }

    /// The table, for a call that has to be made on the UI thread; `None` once no event runs.
    ///
    /// # Panics
    ///
    /// On any other thread.
    #[track_caller]
    pub(super) fn table_for(&self, site: CallSite) -> Option<Rc<Table>> {
        let table = self.table().filter(|_| !self.is_over());
        if table.is_none() && !self.is_over() {
            Error::new(Kind::OffUiThread, site).throw();
        }
        table
    }

    pub(super) fn new_key(&self) -> u64 {
        let mut state = self.state.lock();
        let key = state.next_key;
        state.next_key += 1;
        key
    }

    /// Runs `event` on the UI thread, later. False if that cannot happen any more.
    pub(super) fn post(self: &Arc<Self>, event: impl FnOnce(&Table) + Send + 'static) -> bool {
        if self.is_over() {
            return false;
        }
        let ui = self.clone();
        self.post_event(Box::new(move || ui.run(event)))
    }

    fn post_event(&self, event: Box<dyn FnOnce() + Send>) -> bool {
        match unwind::halt(|| (self.post)(event)) {
            Ok(Ok(())) => return true,
            Ok(Err(Closed)) => {}
            // The panic hook has reported it.
            Err(payload) => unwind::swallow(|| drop(payload)),
        }
        self.end("the event loop of its window has ended");
        false
    }

    /// Runs an event, on the UI thread. A panic in it ends here: the panic hook has reported it, and
    /// the toolkit goes on.
    fn run(&self, event: impl FnOnce(&Table)) {
        let table = self.table();
        if self.is_over() {
            // The drops of the values that it holds are the user's.
            return unwind::swallow(|| drop(event));
        }
        match table {
            Some(table) => unwind::swallow(|| event(&table)),
            None => panic!(
                "the `post` of the `Ui` at {} ran its closure on another thread than the one on which \
                 the `Ui` was made; hand the closure to the event loop of the toolkit, and make the \
                 `Ui` on the thread that runs this loop",
                self.made.location
            ),
        }
    }

    /// Ends every task, `call` and `ask`, on any thread. No event begins after this.
    pub(super) fn end(&self, why: &'static str) {
        if !self.over.cancel(why) {
            return;
        }
        let tasks = {
            let mut state = self.state.lock();
            state.latest.clear();
            std::mem::take(&mut state.tasks)
        };
        // Outside the lock: it wakes the futures that listen.
        for token in tasks.into_values() {
            token.cancel(why);
        }
    }

    /// The error of a call that cannot reach the window any more.
    pub(super) fn over_error(&self, site: CallSite) -> Error {
        match self.over.reason() {
            Some(reason) => Error::with_source(Kind::UiOver, site, reason),
            None => Error::new(Kind::UiOver, site),
        }
    }
}

/// The tasks.
impl UiCore {
    /// A task has been given to the loop.
    pub(super) fn list(&self, key: u64, token: CancelToken) {
        let mut state = self.state.lock();
        if !self.is_over() {
            state.tasks.insert(key, token);
            return;
        }
        drop(state);
        if let Some(why) = self.over.reason() {
            token.cancel(why);
        }
    }

    /// A task is going to run its callback, for which it has this token.
    pub(super) fn unlist(&self, key: u64) -> Option<CancelToken> {
        let mut state = self.state.lock();
        state.latest.retain(|_, newest| *newest != key);
        state.tasks.remove(&key)
    }

    /// The token of a task, until its callback runs.
    pub(super) fn token_of(&self, key: u64) -> Option<CancelToken> {
        self.state.lock().tasks.get(&key).cloned()
    }

    /// Makes a task the newest of its name; returns the token of the one before.
    pub(super) fn set_latest(&self, name: Cow<'static, str>, key: u64) -> Option<CancelToken> {
        let mut state = self.state.lock();
        if !state.tasks.contains_key(&key) {
            return None;
        }
        let before = state.latest.insert(name, key)?;
        if before == key {
            return None;
        }
        state.tasks.get(&before).cloned()
    }

    pub(super) fn begin_future(&self) {
        self.state.lock().running += 1;
    }

    /// The future of a task has been dropped.
    pub(super) fn end_future(self: &Arc<Self>) {
        let is_last = {
            let mut state = self.state.lock();
            state.running -= 1;
            state.running == 0 && state.is_closed
        };
        if is_last && !self.owns_loop {
            self.report_end(None);
        }
    }
}

/// The end.
impl UiCore {
    /// The `Ui` has been closed. True if its end has to be reported now: nothing runs, and the loop is
    /// not its own.
    pub(super) fn mark_closed(&self) -> bool {
        let mut state = self.state.lock();
        state.is_closed = true;
        state.running == 0 && !self.owns_loop
    }

    /// All has ended, as far as it has: says so to `on_closed`.
    pub(super) fn report_end(self: &Arc<Self>, report: Option<ShutdownReport>) {
        self.ended
            .set(report.as_ref().is_none_or(ShutdownReport::is_clean));
        let ui = self.clone();
        let event = move || {
            let callback = ui.table().and_then(|table| table.take(ON_CLOSED));
            Table::take_down(ui.id);
            if let Some(callback) = callback {
                let callback: OnClosed = callback;
                unwind::swallow(|| callback(report));
            }
        };
        self.post_event(Box::new(event));
    }
}
