//! `WaitHook`: the code of a host that runs around the waits of callers, and may cancel them.
//!
//! ```text
//!  a future of the caller is polled          the caller waits
//!  (the lock of the host is held)            (the lock is released)
//!     |  pending  ---- `around` begins ------->  parks, drives the loop, or yields
//!     |                                            |  woken, or `every` has passed
//!     |  <------------ `around` ends --------------+
//!     |  `goes_on`, if `every` has passed: an error cancels the call
//!     +-- polls again
//! ```

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::thread_cache::with_kept;
use crate::current;
use crate::report::unwind;
use crate::scope::cancel::token::CancelReason;

/// The shortest time between two questions.
const SHORTEST: Duration = Duration::from_millis(1);

/// The code that a host runs around each wait of koil: releases its lock, and asks its signals.
///
/// For hosts with a lock that a blocking call should not hold while it waits, and with signals that
/// only some of their threads hear: an interpreter whose extension module calls blocking twins. With a
/// hook every blocking call of the process releases the lock while it waits, and none while it does
/// not: a call that is ready never comes here. [`set_wait_hook`] sets it, once per process.
///
/// Each method is called on the thread that waits, which may be any thread of the process: one that
/// holds the lock, or one that has never heard of it. So an implementation looks first whether this
/// thread holds the lock, and only waits if not.
///
/// # The waits
///
/// [`around`](WaitHook::around) surrounds each single sleep of a blocking call, also one in which the
/// thread drives its loop: of twins, [`unkoil`](crate::unkoil()) and its siblings, [`Iter`](crate::Iter),
/// [`Io`](crate::Io), [`gather`](crate::gather()), [`KoilTask::result`](crate::KoilTask::result), guards and
/// their drops, [`Pinned`](crate::Pinned), the blocking ends of channels, [`sleep`](crate::sleep()); and
/// those of [`Koil::shutdown`](crate::Koil::shutdown) and [`Koil::drain`](crate::Koil::drain). Not the start
/// of a loop, so [`on_thread_start`](crate::KoilBuilder::on_thread_start) must not need the lock.
///
/// The future of a call is polled, and dropped, only with the lock as it was when the call began: it is
/// taken back before each poll. This costs time where other threads want the lock too, so a call whose
/// future needs no lock may say so: [`unkoil_unlocked`](crate::unkoil_unlocked),
/// [`Iter::unlocked`](crate::Iter::unlocked) and [`Io::unlocked`](crate::Io::unlocked) release it once, from the first wait to the end of the call.
/// A future that is lent ([`unkoil_lend`](crate::unkoil_lend)) and the tasks of a loop are polled by
/// threads of the loop, or by a caller that drives, and never with the lock.
///
/// # Locks of your own
///
/// A lock that a caller holds over a blocking call is held while the lock of the host is released. A second
/// thread may take the host's lock then and wait for yours, and the caller for the host's: both for ever.
/// So is it with a lock that the first poll of a future takes, if its holder waits for the host's. Hold
/// no lock over a blocking call, or await one (`tokio::sync::Mutex`) in the future.
///
/// # Cancellation
///
/// A thread that waits for longer than [`every`](WaitHook::every) asks whether the call
/// [goes on](WaitHook::goes_on). An error cancels the call by the rule of every cancel: a future that
/// listens to the token of its call has `cancel_grace` to finish, any other is dropped, and the error of
/// the call has the reason ([`Error::is_cancelled`](crate::Error::is_cancelled),
/// [`cancel_reason`](crate::Error::cancel_reason)). The call alone is cancelled, not the scope around
/// it, and a task goes on if only the wait for its result is cancelled. A plain call, which has no error
/// to return, panics with the text of that error; inside an
/// [`unwinding`](crate::CancelScope::unwinding) scope it unwinds to that scope, which returns it.
///
/// Clean-ups are not asked: exits that the drops of guards run, calls in drops of a future that was cut
/// short, calls while the thread unwinds, and the grace time itself. They are bounded by
/// `cancel_grace`.
///
/// Slices of a timeout are no replacement: [`unkoil_timeout`](crate::unkoil_timeout) and
/// [`Iter::next_timeout`](crate::Iter::next_timeout) cancel a future that listens when the time is up.
///
/// # Calls in a hook
///
/// A hook may make blocking calls itself, a signal handler for example; they are calls like others, with
/// a hook around their waits. Koil holds no lock of its own while a hook runs.
///
/// # Panics
///
/// A panic in a hook is a panic of the call that waits: its future is dropped, and the panic goes on
/// in its caller. A loop that this thread was to drive is not affected.
///
/// ```
/// use std::cell::Cell;
/// use std::sync::{Condvar, Mutex};
/// use std::time::Duration;
///
/// /// The lock of an interpreter.
/// #[derive(Default)]
/// struct Host { is_locked: Mutex<bool>, released: Condvar }
///
/// thread_local!(static HOLDS: Cell<bool> = const { Cell::new(false) });
///
/// impl Host {
///     fn lock(&self) {
///         let free = self.released.wait_while(self.is_locked.lock().unwrap(), |locked| *locked);
///         *free.unwrap() = true;
///         HOLDS.set(true);
///     }
///
///     fn unlock(&self) {
///         HOLDS.set(false);
///         *self.is_locked.lock().unwrap() = false;
///         self.released.notify_one();
///     }
/// }
///
/// static HOST: std::sync::LazyLock<Host> = std::sync::LazyLock::new(Host::default);
///
/// struct Unlock;
///
/// impl koil::WaitHook for Unlock {
///     fn around(&self, wait: &mut dyn FnMut()) {
///         if !HOLDS.get() {
///             return wait();
///         }
///         HOST.unlock();
///         wait();
///         HOST.lock();
///     }
/// }
///
/// assert!(koil::set_wait_hook(Unlock).is_ok());
/// HOST.lock();
/// let other = std::thread::spawn(|| {
///     // Comes in while the call below waits.
///     HOST.lock();
///     HOST.unlock();
/// });
/// koil::unkoil(async {
///     tokio::time::sleep(Duration::from_millis(20)).await;
///     assert!(HOLDS.get());
/// });
/// HOST.unlock();
/// # other.join().unwrap();
/// ```
pub trait WaitHook: Send + Sync {
    /// Runs `wait`, once: releases the lock before, if this thread holds it, and takes it back after.
    ///
    /// `wait` does not panic, and calls no code that needs the lock. If it is not called, the call waits
    /// nevertheless, with the lock; called again it does nothing. It may be called inside the `wait` of
    /// another call: by a callback of that call, which has taken the lock for itself.
    fn around(&self, wait: &mut dyn FnMut());

    /// The interval at which a call that begins to wait here asks whether it [goes
    /// on](WaitHook::goes_on); `None`, the default, if it never asks. At least a millisecond.
    ///
    /// Asked once per call that waits; so threads that have nothing to ask need not wake for it.
    fn every(&self) -> Option<Duration> {
        None
    }

    /// Whether a call that has waited goes on; called with the lock as at the begin of the call, in an
    /// [unlocked](crate::unkoil_unlocked) call without it.
    ///
    /// # Errors
    ///
    /// The reason why the call has to end.
    fn goes_on(&self) -> Result<(), CancelReason> {
        Ok(())
    }
}

static HOOK: OnceLock<Box<dyn WaitHook>> = OnceLock::new();

/// Sets the hook that runs around each wait of this process; see [`WaitHook`].
///
/// There is one for the process, whatever its loops, since the lock of a host is one; a forked child
/// keeps it. It counts for calls that begin to wait from now on.
///
/// For the host itself, not for libraries that run in it. A host with signals of its own uses this in
/// place of `cancel_on_ctrl_c`, which takes the handler of the process for itself.
///
/// # Errors
///
/// `hook`, if one has been set before.
pub fn set_wait_hook<H: WaitHook + 'static>(hook: H) -> Result<(), H> {
    let mut hook = Some(hook);
    HOOK.get_or_init(|| match hook.take() {
        Some(hook) => Box::new(hook),
        None => unreachable!("this runs once"),
    });
    hook.map_or(Ok(()), Err)
}

/// True if the waits of this process have a hook.
pub(crate) fn is_set() -> bool {
    HOOK.get().is_some()
}

fn hook() -> Option<&'static dyn WaitHook> {
    HOOK.get().map(|hook| &**hook)
}

/// Runs `wait`, in which no future of this thread's caller is polled, as the host wants it.
///
/// No lock may be held here: the hook is foreign code, and waits for the lock of its host.
#[inline]
pub(crate) fn around<T>(wait: impl FnOnce() -> T) -> T {
    match hook() {
        None => wait(),
        Some(hook) => around_by(hook, wait),
    }
}

#[cold]
fn around_by<T>(hook: &dyn WaitHook, wait: impl FnOnce() -> T) -> T {
    let mut wait = Some(wait);
    let mut waited = None;
    {
        let _in_hook = InHook::set(true);
        hook.around(&mut || {
            if let Some(wait) = wait.take() {
                let _in_wait = InHook::set(false);
                // A panic must not cross the code of the host.
                waited = Some(unwind::halt(wait));
            }
        });
    }
    match (waited, wait) {
        (Some(waited), _) => waited.unwrap_or_else(|payload| unwind::resume(payload)),
        (None, Some(wait)) => wait(),
        (None, None) => unreachable!("a wait that has begun has ended"),
    }
}

/// At the end of a wait: leaves the parker notified if the wait was in the hook or in a callback. The call
/// around these has the same parker, and this one has taken its wakes.
pub(super) fn pass_wakes_on() {
    with_kept(|cache| {
        if cache.is_in_hook.get() || current::is_in_callback() {
            cache.parker.notify();
        }
    });
}

struct InHook {
    outer: bool,
}

impl InHook {
    fn set(is_in_hook: bool) -> InHook {
        let outer = with_kept(|cache| cache.is_in_hook.replace(is_in_hook));
        InHook {
            outer: outer.unwrap_or_default(),
        }
    }
}

impl Drop for InHook {
    fn drop(&mut self) {
        with_kept(|cache| cache.is_in_hook.set(self.outer));
    }
}

/// The questions of one call that waits, whether it goes on.
pub(super) struct Questions {
    every: Duration,
    next: Instant,
    /// The answer, if it was an error.
    refusal: Option<CancelReason>,
}

impl Questions {
    /// `None` if this thread has nothing to ask.
    pub(super) fn begin() -> Option<Questions> {
        let every = hook()?.every()?.max(SHORTEST);
        Some(Questions {
            every,
            next: Instant::now().checked_add(every)?,
            refusal: None,
        })
    }

    /// When the next question is due.
    pub(super) fn next(&self) -> Instant {
        self.next
    }

    /// True if the call has to end; asks if that is due.
    pub(super) fn ask_if_due(&mut self) -> bool {
        if self.refusal.is_none()
            && Instant::now() >= self.next
            && let Some(hook) = hook()
        {
            let answer = {
                let _in_hook = InHook::set(true);
                hook.goes_on()
            };
            self.refusal = answer.err();
            self.next = Instant::now() + self.every;
        }
        self.refusal.is_some()
    }

    pub(super) fn into_refusal(self) -> Option<CancelReason> {
        self.refusal
    }

    /// The reason why the call has to end.
    pub(super) fn refusal(&self) -> Option<&CancelReason> {
        self.refusal.as_ref()
    }
}
