//! `Condvar`: code that waits for a change of what a mutex protects, notified by priority.

use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use super::graph::{self, LineNumber};
use super::levels::{WaitId, Waiter};
use super::mutex::MutexGuard;

/// A condition variable for a [`Mutex`](crate::sched::Mutex): lets code wait, without the mutex, until other
/// code has changed the value.
///
/// [`notify_one`](Condvar::notify_one) takes the highest [`Priority`](crate::sched::Priority) that waits, and
/// among equals the first. A notification finds the code that waits at this moment, and nothing is kept
/// for later: change the value under the mutex, wait in a loop that looks at the value, and no change is
/// missed.
///
/// ```
/// use koil::sched::{Condvar, Mutex};
///
/// static QUEUE: Mutex<Vec<u32>> = Mutex::new(Vec::new());
/// static PUSHED: Condvar = Condvar::new();
///
/// async fn take() -> u32 {
///     let mut queue = QUEUE.lock().await;
///     loop {
///         match queue.pop() {
///             Some(item) => return item,
///             None => queue = PUSHED.wait(queue).await,
///         }
///     }
/// }
///
/// let task = koil::unkoil_task(take());
/// QUEUE.lock_blocking().push(7);
/// PUSHED.notify_one();
/// assert_eq!(task.result().unwrap(), 7);
/// ```
pub struct Condvar {
    line: LineNumber,
}

impl Condvar {
    /// A condition variable for which nobody waits.
    #[must_use]
    pub const fn new() -> Condvar {
        Condvar {
            line: LineNumber::new(),
        }
    }

    /// Unlocks the mutex, waits for a notification, and locks again.
    ///
    /// The first poll takes the place in the line and then unlocks, so that no notification is missed
    /// between the two. Blocking code calls [`unkoil`](crate::unkoil) of this, or
    /// [`unkoil_timeout`](crate::unkoil_timeout).
    ///
    /// # Drop
    ///
    /// Dropping the future leaves the line, without the mutex. If `notify_one` has chosen it, and it has not
    /// got the mutex back, the notification goes to the next one that waits.
    #[track_caller]
    pub fn wait<'a, T: ?Sized>(
        &self,
        guard: MutexGuard<'a, T>,
    ) -> impl Future<Output = MutexGuard<'a, T>> + use<'_, 'a, T> {
        let place = Location::caller();
        async move {
            let mutex = guard.mutex();
            let mut notified = Notified {
                line: &self.line,
                guard: Some(guard),
                place,
                wait: None,
                is_owed: false,
            };
            (&mut notified).await;
            let guard = mutex.lock_at(place).await;
            notified.is_owed = false;
            guard
        }
    }

    /// Lets the first one in the line go on; without a line this does nothing.
    pub fn notify_one(&self) {
        notify_one(&self.line);
    }

    /// Lets all that wait at this moment go on, the first one first.
    pub fn notify_all(&self) {
        let line = self.line.get();
        if line == 0 {
            return;
        }
        let mut graph = graph::lock();
        let mut wakers = Vec::new();
        while let Some((waiter, waker)) = graph.choose_waker(line) {
            // All are notified, so it is owed to nobody.
            waiter.amount = 0;
            wakers.extend(waker);
        }
        drop(graph);
        wakers.into_iter().for_each(Waker::wake);
    }
}

fn notify_one(line: &LineNumber) {
    let line = line.get();
    if line != 0 {
        let waker = graph::lock()
            .choose_waker(line)
            .and_then(|(_, waker)| waker);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Default for Condvar {
    fn default() -> Condvar {
        Condvar::new()
    }
}

impl fmt::Debug for Condvar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Condvar").finish_non_exhaustive()
    }
}

impl Drop for Condvar {
    fn drop(&mut self) {
        let line = self.line.get();
        if line != 0 {
            // Only with a future that was forgotten.
            let forgotten = graph::lock().discard(line);
            drop(forgotten);
        }
    }
}

/// A wait for a notification, which gives up the mutex once it is in the line.
struct Notified<'a, 'g, T: ?Sized> {
    line: &'a LineNumber,
    guard: Option<MutexGuard<'g, T>>,
    place: &'static Location<'static>,
    wait: Option<WaitId>,
    /// It was notified alone: another one is to be notified if this is dropped now.
    is_owed: bool,
}

impl<T: ?Sized> Future for Notified<'_, '_, T> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(wait) = self.wait {
            return match graph::poll_amount(wait, cx) {
                Some(Poll::Pending) => Poll::Pending,
                Some(Poll::Ready(amount)) => {
                    self.wait = None;
                    self.is_owed = amount != 0;
                    Poll::Ready(())
                }
                // In a forked child: nobody there knows of this wait.
                None => Poll::Ready(()),
            };
        }
        let waiter = Waiter::new(self.line.made(), 1, cx.waker().clone(), self.place);
        let wait = graph::next_id();
        graph::lock().add(wait, waiter, None);
        self.wait = Some(wait);
        self.guard = None;
        Poll::Pending
    }
}

impl<T: ?Sized> Drop for Notified<'_, '_, T> {
    fn drop(&mut self) {
        let left = self.wait.and_then(|wait| graph::lock().remove(wait));
        let is_chosen = left.is_some_and(|(waiter, is_chosen)| is_chosen && waiter.amount != 0);
        if is_chosen || self.is_owed {
            notify_one(self.line);
        }
    }
}
