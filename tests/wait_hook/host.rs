//! A host with one lock for all of its threads, as an interpreter has, and the hook that releases it
//! around waits.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::sync::{Condvar, Mutex, Once};
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use koil::{CancelReason, WaitHook, set_wait_hook};
use tokio::sync::oneshot;

use crate::support::watched;

static IS_LOCKED: Mutex<bool> = Mutex::new(false);
static RELEASED: Condvar = Condvar::new();

/// The answer of the host to a thread that asks.
type Answer = Box<dyn FnMut() -> Result<(), CancelReason>>;

thread_local! {
    static HOLDS: Cell<bool> = const { Cell::new(false) };
    static EVERY: Cell<Option<Duration>> = const { Cell::new(None) };
    static ANSWER: RefCell<Option<Answer>> = const { RefCell::new(None) };
    static BEFORE_WAITS: RefCell<Option<Box<dyn FnMut()>>> = const { RefCell::new(None) };
    static WAITS: Cell<usize> = const { Cell::new(0) };
}

/// Takes the lock of the host.
pub(crate) fn lock() {
    assert!(!holds(), "the lock is not one that nests");
    let locked = IS_LOCKED.lock().unwrap();
    *RELEASED.wait_while(locked, |locked| *locked).unwrap() = true;
    HOLDS.set(true);
}

pub(crate) fn unlock() {
    assert!(HOLDS.replace(false), "it is held where it is released");
    *IS_LOCKED.lock().unwrap() = false;
    RELEASED.notify_one();
}

/// True if this thread has the lock.
pub(crate) fn holds() -> bool {
    HOLDS.get()
}

/// Releases the lock when it is dropped, if it has taken it.
struct Locked(bool);

impl Drop for Locked {
    fn drop(&mut self) {
        // A test that fails may have released it.
        if self.0 && holds() {
            unlock();
        }
    }
}

/// Runs `f` with the lock, whether or not this thread has it already.
pub(crate) fn with_lock<T>(f: impl FnOnce() -> T) -> T {
    let is_new = !holds();
    if is_new {
        lock();
    }
    let _locked = Locked(is_new);
    f()
}

struct Hook;

impl WaitHook for Hook {
    fn around(&self, wait: &mut dyn FnMut()) {
        WAITS.set(WAITS.get() + 1);
        let before = BEFORE_WAITS.take();
        if let Some(mut before) = before {
            before();
            BEFORE_WAITS.set(Some(before));
        }
        if !holds() {
            return wait();
        }
        unlock();
        wait();
        lock();
    }

    fn every(&self) -> Option<Duration> {
        EVERY.get()
    }

    fn goes_on(&self) -> Result<(), CancelReason> {
        with_lock(|| {
            let Some(mut answer) = ANSWER.take() else {
                return Ok(());
            };
            let answered = answer();
            ANSWER.set(Some(answer));
            answered
        })
    }
}

/// A watched test that begins with the lock of the host.
#[track_caller]
pub(crate) fn hosted(test: impl FnOnce() + Send + 'static) {
    install();
    watched(|| with_lock(test));
}

pub(crate) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| assert!(set_wait_hook(Hook).is_ok()));
}

/// The host answers so to this thread, which asks often.
pub(crate) fn answer(answer: impl FnMut() -> Result<(), CancelReason> + 'static) {
    EVERY.set(Some(Duration::from_millis(2)));
    ANSWER.set(Some(Box::new(answer)));
}

/// The host cancels the next call that waits on this thread for long.
pub(crate) fn refuse_once() {
    let mut refusal = Some("an interrupt");
    answer(move || refusal.take().map_or(Ok(()), |reason| Err(reason.into())));
}

/// Runs before each wait of this thread, in the hook.
pub(crate) fn before_waits(f: impl FnMut() + 'static) {
    BEFORE_WAITS.set(Some(Box::new(f)));
}

/// The number of waits that have begun on this thread.
pub(crate) fn waits() -> usize {
    WAITS.get()
}

/// Ready when another thread has had the lock.
pub(crate) async fn handed() {
    let (had, has_had) = oneshot::channel();
    thread::spawn(|| with_lock(|| had.send(())));
    has_had.await.unwrap();
}

/// A future that is polled and dropped by threads with the lock alone.
pub(crate) struct Under<F>(Pin<Box<F>>);

/// A future that has to be polled with the lock.
pub(crate) fn under<F>(future: F) -> Under<F> {
    Under(Box::pin(future))
}

impl<F: Future> Future for Under<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        assert!(holds(), "polled without the lock");
        self.0.as_mut().poll(cx)
    }
}

impl<F> Drop for Under<F> {
    fn drop(&mut self) {
        assert!(holds() || thread::panicking(), "dropped without the lock");
    }
}
