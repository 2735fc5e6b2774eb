//! `Queue`: a bounded queue between threads, in which senders and the receiver wait for each other.
//!
//! Senders put items into a queue behind a lock. The receiver takes all of them at once into a batch
//! of its own ([`Intake`]) and hands them out without the lock; only a counter shows senders how
//! many it has handed out. So the receiver locks once for every half of the capacity, and wakes
//! waiting senders at the same time.
//!
//! ```text
//!             waits when                 is woken by
//! a sender    `capacity` items are put   the receiver, which has handed out half of the capacity
//!             in and not handed out      since its last look, finds the queue empty, or closes it
//! the         its batch and the queue    the next item; the drop of the last sender
//! receiver    are empty
//! ```
//!
//! No sender is lost. A sender that finds the queue full registers a waker under the lock. At that
//! moment `capacity` items are ahead, so the receiver will hand out another half, or all, and look
//! for waiting senders; and before it waits itself, with no items ahead, it wakes every sender.

use std::collections::{BTreeMap, VecDeque};
use std::mem;
use std::sync::Arc;
use std::task::{Poll, Waker, ready};

use crate::report::unwind;
use crate::sync::{AtomicUsize, Mutex, Ordering};

#[cfg(all(test, koil_loom))]
mod models;

/// The state that the two ends share.
pub(crate) struct Queue<T> {
    capacity: usize,
    /// Half of the capacity, at least 1: so one side can produce while the other consumes.
    half: usize,
    /// The number of items that the receiver has handed out; written only by the receiver.
    taken: AtomicUsize,
    /// The lock is never held while a waker or a drop of an item runs.
    state: Mutex<State<T>>,
}

struct State<T> {
    items: VecDeque<T>,
    /// The total number of items that have been put in.
    pushed: usize,
    senders: usize,
    /// The receiver is gone or has closed the queue: no further item is accepted.
    is_closed: bool,
    /// The waker of the receiver, which waits for an item or for the end.
    receiver: Option<Waker>,
    /// The wakers of senders that wait for room, in their order of arrival.
    waiting: BTreeMap<u64, Waker>,
    next_key: u64,
}

/// The reason why an item was not accepted, with the item.
pub(crate) enum NotTaken<T> {
    Closed(T),
    Full(T),
}

/// A queue with one sender, and its receiving end, which hands out `stock` first: these items count
/// as put in.
pub(crate) fn pair<T>(capacity: usize, stock: VecDeque<T>) -> (Arc<Queue<T>>, Intake<T>) {
    let half = (capacity / 2).max(1);
    let queue = Arc::new(Queue {
        capacity,
        half,
        taken: AtomicUsize::new(0),
        state: Mutex::new(State {
            items: VecDeque::new(),
            pushed: stock.len(),
            senders: 1,
            is_closed: false,
            receiver: None,
            waiting: BTreeMap::new(),
            next_key: 0,
        }),
    });
    let intake = Intake {
        queue: queue.clone(),
        batch: stock,
        taken: 0,
        look_at: half,
    };
    (queue, intake)
}

impl<T> Queue<T> {
    #[inline]
    pub(crate) fn push(&self, item: T) -> Result<(), NotTaken<T>> {
        let mut state = self.state.lock();
        if state.is_closed {
            return Err(NotTaken::Closed(item));
        }
        if self.ahead(&state) >= self.capacity {
            return Err(NotTaken::Full(item));
        }
        state.items.push_back(item);
        state.pushed = state.pushed.wrapping_add(1);
        let receiver = state.receiver.take();
        drop(state);
        if let Some(receiver) = receiver {
            receiver.wake();
        }
        Ok(())
    }

    /// Puts in all items, for which the only sender has found room before. If the queue is closed
    /// they stay where they are.
    pub(crate) fn push_all(&self, items: &mut VecDeque<T>) {
        if items.is_empty() {
            return;
        }
        let mut state = self.state.lock();
        if state.is_closed {
            return;
        }
        state.pushed = state.pushed.wrapping_add(items.len());
        if state.items.is_empty() {
            mem::swap(&mut state.items, items);
        } else {
            state.items.append(items);
        }
        let receiver = state.receiver.take();
        drop(state);
        receiver.into_iter().for_each(Waker::wake);
    }

    /// The number of items for which there is room; if there is none, `waker` is woken when there
    /// may be, or at the end. Ready too if the queue is closed. `key` holds the sender's place in
    /// the line.
    pub(crate) fn poll_room(&self, key: &mut Option<u64>, waker: &Waker) -> Poll<usize> {
        // The waker is cloned before the lock is taken, and the last one is dropped after it: a
        // waker is foreign code.
        let waker = waker.clone();
        let mut state = self.state.lock();
        let room = self.capacity.saturating_sub(self.ahead(&state));
        if state.is_closed || room > 0 {
            return Poll::Ready(room);
        }
        let mine = key.unwrap_or(state.next_key);
        if key.replace(mine).is_none() {
            state.next_key += 1;
        }
        let last = state.waiting.insert(mine, waker);
        drop(state);
        drop(last);
        Poll::Pending
    }

    /// Removes a sender that no longer waits for room.
    pub(crate) fn leave_line(&self, key: u64) {
        let waker = self.state.lock().waiting.remove(&key);
        drop(waker);
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.state.lock().is_closed
    }

    pub(crate) fn half(&self) -> usize {
        self.half
    }

    pub(crate) fn add_sender(&self) {
        self.state.lock().senders += 1;
    }

    pub(crate) fn remove_sender(&self) {
        let mut state = self.state.lock();
        state.senders -= 1;
        let receiver = (state.senders == 0).then(|| state.receiver.take());
        drop(state);
        receiver.flatten().into_iter().for_each(Waker::wake);
    }

    /// The number of items that have been put in and not handed out.
    fn ahead(&self, state: &State<T>) -> usize {
        // ORDERING: Relaxed; the items themselves go through the lock. An old value makes the queue
        // look fuller than it is, and a sender that waits for that reason is woken like any other.
        let taken = self.taken.load(Ordering::Relaxed);
        state.pushed.wrapping_sub(taken)
    }
}

/// The receiver's end of a queue, with the items that it has taken and not handed out.
pub(crate) struct Intake<T> {
    queue: Arc<Queue<T>>,
    batch: VecDeque<T>,
    taken: usize,
    /// The value of `taken` at which it looks for waiting senders.
    look_at: usize,
}

impl<T> Intake<T> {
    /// The next item; `Ready(None)` after the last one. If there is none yet, `waker` is woken by
    /// the next item or by the end.
    #[inline]
    pub(crate) fn take(&mut self, waker: Option<&Waker>) -> Poll<Option<T>> {
        if self.batch.is_empty() {
            ready!(self.fetch(waker));
        }
        Poll::Ready(self.pop())
    }

    /// The next item of the batch; after [`fetch`](Intake::fetch), `None` means the end.
    #[inline]
    pub(crate) fn pop(&mut self) -> Option<T> {
        let item = self.batch.pop_front()?;
        self.count();
        Some(item)
    }

    /// Takes all items from the queue into the batch, if that is empty. Ready if there are any, or
    /// at the end; else `waker` is woken then.
    pub(crate) fn fetch(&mut self, waker: Option<&Waker>) -> Poll<()> {
        if !self.batch.is_empty() {
            return Poll::Ready(());
        }
        let waker = waker.cloned();
        let mut state = self.queue.state.lock();
        if !state.items.is_empty() {
            mem::swap(&mut state.items, &mut self.batch);
            return Poll::Ready(());
        }
        if state.senders == 0 || state.is_closed {
            return Poll::Ready(());
        }
        let last = match waker {
            Some(waker) => state.receiver.replace(waker),
            None => None,
        };
        // The whole capacity is free.
        let senders = mem::take(&mut state.waiting);
        drop(state);
        drop(last);
        unwind::wake_all(senders.into_values());
        Poll::Pending
    }

    /// Counts one more item as handed out.
    #[inline]
    fn count(&mut self) {
        self.taken = self.taken.wrapping_add(1);
        // ORDERING: Relaxed, as in `ahead`.
        self.queue.taken.store(self.taken, Ordering::Relaxed);
        if self.taken == self.look_at {
            self.wake_senders();
        }
    }

    /// Wakes as many waiting senders as there is room for.
    fn wake_senders(&mut self) {
        self.look_at = self.taken.wrapping_add(self.queue.half);
        let mut state = self.queue.state.lock();
        if state.waiting.is_empty() {
            return;
        }
        let room = self.queue.capacity.saturating_sub(self.queue.ahead(&state));
        let mut woken = Vec::new();
        while woken.len() < room
            && let Some((_, waker)) = state.waiting.pop_first()
        {
            woken.push(waker);
        }
        drop(state);
        unwind::wake_all(woken);
    }

    /// Accepts no further items; items in the queue can still be taken.
    pub(crate) fn close(&mut self) {
        let mut state = self.queue.state.lock();
        state.is_closed = true;
        let waiting = mem::take(&mut state.waiting);
        drop(state);
        unwind::wake_all(waiting.into_values());
    }

    /// The number of items that can be taken without waiting, at least.
    pub(crate) fn len(&self) -> usize {
        self.batch.len() + self.queue.state.lock().items.len()
    }

    /// The number of items that have been handed out.
    pub(crate) fn taken(&self) -> usize {
        self.taken
    }
}

impl<T> Drop for Intake<T> {
    fn drop(&mut self) {
        self.close();
        let mut state = self.queue.state.lock();
        let left = (mem::take(&mut state.items), state.receiver.take());
        drop(state);
        drop(left);
    }
}
