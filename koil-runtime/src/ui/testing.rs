//! `Pump`: a UI thread without a toolkit, for tests: the test runs its events.

use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use crate::sync::Mutex;
use crate::threads::yielder::Closed;

/// The time after which [`Pump::run_until`] gives up.
const LIMIT: Duration = Duration::from_secs(30);

type PumpEvent = Box<dyn FnOnce() + Send>;

/// An event loop for tests: the thread that made it is the UI thread, and runs events when the test
/// says so.
///
/// Needs no display, and works for tests of your own programs too: code that takes a
/// [`UiHandle`](super::UiHandle) does not notice which toolkit is behind it.
///
/// # Drop
///
/// Dropping drops the events that have not run; from then on `post` fails, as it does where the event
/// loop of a toolkit has ended.
///
/// ```
/// use std::cell::Cell;
/// use std::rc::Rc;
///
/// use koil::ui::testing::Pump;
/// use koil::ui::Ui;
///
/// let pump = Pump::new();
/// let ui = Ui::new(pump.post())?;
/// let clicked = Rc::new(Cell::new(false));
/// let seen = clicked.clone();
/// ui.spawn(async {}, move |_| clicked.set(true)).detach();
///
/// assert!(!seen.get());
/// pump.run_until(|| seen.get());
/// # Ok::<(), koil::Error>(())
/// ```
pub struct Pump {
    events: Receiver<PumpEvent>,
    sender: Arc<Mutex<Option<Sender<PumpEvent>>>>,
}

impl Pump {
    /// An event loop on this thread, without events.
    #[must_use]
    pub fn new() -> Pump {
        let (sender, events) = mpsc::channel();
        Pump {
            events,
            sender: Arc::new(Mutex::new(Some(sender))),
        }
    }

    /// The argument of [`Ui::new`](super::Ui::new).
    ///
    /// # Errors
    ///
    /// The closure returns [`Closed`] after [`close`](Pump::close), and once the pump is dropped.
    pub fn post(
        &self,
    ) -> impl Fn(Box<dyn FnOnce() + Send>) -> Result<(), Closed> + Clone + Send + Sync + use<> {
        let sender = self.sender.clone();
        move |event| {
            let sender = sender.lock().clone();
            // The event is dropped outside the lock.
            let sender = sender.ok_or(Closed)?;
            sender.send(event).map_err(|_| Closed)
        }
    }

    /// Runs the events that are there, and returns their number. Events that come meanwhile are left
    /// for the next turn.
    pub fn turn(&self) -> usize {
        let there: Vec<_> = self.events.try_iter().collect();
        let count = there.len();
        for event in there {
            event();
        }
        count
    }

    /// Runs the next event; waits for it, at most for `limit`. False if there was none.
    pub fn run_one(&self, limit: Duration) -> bool {
        match self.events.recv_timeout(limit) {
            Ok(event) => {
                event();
                true
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => false,
        }
    }

    /// Runs events until `condition` holds. It is asked before each event, and every few milliseconds
    /// while there is none, since not all that ends is followed by an event.
    ///
    /// # Panics
    ///
    /// If it does not hold after 30 s, so that a test that would hang fails.
    #[track_caller]
    pub fn run_until(&self, mut condition: impl FnMut() -> bool) {
        let begun = Instant::now();
        while !condition() {
            assert!(
                begun.elapsed() < LIMIT,
                "the condition has not held within {} s of events",
                LIMIT.as_secs()
            );
            self.run_one(Duration::from_millis(5));
        }
    }

    /// Ends the event loop: `post` fails from now on. Events that are there can still be run.
    pub fn close(&self) {
        drop(self.sender.lock().take());
    }
}

impl Drop for Pump {
    fn drop(&mut self) {
        self.close();
    }
}

impl Default for Pump {
    fn default() -> Pump {
        Pump::new()
    }
}

impl fmt::Debug for Pump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pump")
            .field("is_closed", &self.sender.lock().is_none())
            .finish_non_exhaustive()
    }
}
