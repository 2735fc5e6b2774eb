//! `Buffer`: the items of a channel, and the wakers of its waiting senders and receiver.
//!
//! Senders put items into a queue behind a lock. The receiver takes the whole queue at once and
//! hands the items out without the lock; only a counter shows senders how many it has handed out.
//! So the receiver locks once for every half of the capacity, and wakes waiting senders at the same
//! time.
//!
//! No sender is lost. A sender that finds the buffer full registers a waker under the lock. At that
//! moment the buffer is full, so the receiver will hand out another half, or all, and look for
//! waiting senders; and before it waits itself, with no items ahead, it wakes every sender.

use std::collections::{BTreeMap, VecDeque};
use std::mem;
use std::sync::Arc;
use std::task::{Poll, Waker};

use crate::report::unwind;
use crate::sync::{AtomicUsize, Mutex, MutexGuard, Ordering};

/// The state that the two ends share.
pub(crate) struct Buffer<T> {
    capacity: usize,
    /// The number of items that the receiver has handed out; written only by the receiver.
    taken: AtomicUsize,
    state: Mutex<State<T>>,
}

struct State<T> {
    queue: VecDeque<T>,
    /// The total number of items that have been put in.
    pushed: usize,
    senders: usize,
    /// The receiver is gone or has closed the channel: no further item is accepted.
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

impl<T> Buffer<T> {
    /// For one sender and one receiver.
    pub(crate) fn new(capacity: usize) -> Buffer<T> {
        Buffer {
            capacity,
            taken: AtomicUsize::new(0),
            state: Mutex::new(State {
                queue: VecDeque::new(),
                pushed: 0,
                senders: 1,
                is_closed: false,
                receiver: None,
                waiting: BTreeMap::new(),
                next_key: 0,
            }),
        }
    }

    #[inline]
    pub(crate) fn push(&self, item: T) -> Result<(), NotTaken<T>> {
        let mut state = self.state();
        if state.is_closed {
            return Err(NotTaken::Closed(item));
        }
        if self.ahead(&state) >= self.capacity {
            return Err(NotTaken::Full(item));
        }
        state.queue.push_back(item);
        state.pushed = state.pushed.wrapping_add(1);
        let receiver = state.receiver.take();
        drop(state);
        if let Some(receiver) = receiver {
            receiver.wake();
        }
        Ok(())
    }

    /// Wakes `waker` when there may be room, or at the end. Ready at once if there is room already
    /// or the channel is closed. `key` holds the sender's place in the line.
    pub(crate) fn wait_for_room(&self, key: &mut Option<u64>, waker: &Waker) -> Poll<()> {
        // The waker is cloned before the lock is taken, and the last one is dropped after it: a
        // waker is foreign code.
        let waker = waker.clone();
        let mut state = self.state();
        if state.is_closed || self.ahead(&state) < self.capacity {
            return Poll::Ready(());
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
        let waker = self.state().waiting.remove(&key);
        drop(waker);
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.state().is_closed
    }

    pub(crate) fn add_sender(&self) {
        self.state().senders += 1;
    }

    pub(crate) fn remove_sender(&self) {
        let mut state = self.state();
        state.senders -= 1;
        let receiver = (state.senders == 0).then(|| state.receiver.take());
        drop(state);
        receiver.flatten().into_iter().for_each(Waker::wake);
    }

    /// The number of items that have been put in and not handed out.
    fn ahead(&self, state: &State<T>) -> usize {
        // ORDERING: Relaxed; the items themselves go through the lock. An old value makes the
        // buffer look fuller than it is, and a sender that waits for that reason is woken like any
        // other.
        let taken = self.taken.load(Ordering::Relaxed);
        state.pushed.wrapping_sub(taken)
    }

    /// The lock is never held while a waker or a drop of an item runs.
    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock()
    }
}

/// The receiver's end of a buffer, with the items that it has taken and not handed out.
pub(crate) struct Intake<T> {
    buffer: Arc<Buffer<T>>,
    batch: VecDeque<T>,
    taken: usize,
    /// The value of `taken` when it last looked for waiting senders.
    looked_at: usize,
}

impl<T> Intake<T> {
    pub(crate) fn new(buffer: Arc<Buffer<T>>) -> Intake<T> {
        Intake {
            buffer,
            batch: VecDeque::new(),
            taken: 0,
            looked_at: 0,
        }
    }

    /// The next item; `None` after the last one. If there is none yet, `waker` is woken by the next
    /// item or by the end.
    #[inline]
    pub(crate) fn take(&mut self, waker: &Waker) -> Poll<Option<T>> {
        match self.batch.pop_front() {
            Some(item) => {
                self.count();
                Poll::Ready(Some(item))
            }
            None => self.fetch(Some(waker)),
        }
    }

    /// The next item; `Ready(None)` after the last one, `Pending` if there is none yet.
    pub(crate) fn try_take(&mut self) -> Poll<Option<T>> {
        match self.batch.pop_front() {
            Some(item) => {
                self.count();
                Poll::Ready(Some(item))
            }
            None => self.fetch(None),
        }
    }

    /// Takes all items from the queue, and hands out the first of them.
    fn fetch(&mut self, waker: Option<&Waker>) -> Poll<Option<T>> {
        let waker = waker.cloned();
        let mut state = self.buffer.state();
        if state.queue.is_empty() {
            if state.senders == 0 || state.is_closed {
                return Poll::Ready(None);
            }
            let last = match waker {
                Some(waker) => state.receiver.replace(waker),
                None => None,
            };
            // The whole capacity is free.
            let let_on = mem::take(&mut state.waiting);
            drop(state);
            drop(last);
            unwind::wake_all(let_on.into_values());
            return Poll::Pending;
        }
        mem::swap(&mut state.queue, &mut self.batch);
        drop(state);
        let item = self.batch.pop_front();
        self.count();
        Poll::Ready(item)
    }

    /// Counts one more item as handed out.
    #[inline]
    fn count(&mut self) {
        self.taken = self.taken.wrapping_add(1);
        // ORDERING: Relaxed, as in `ahead`.
        self.buffer.taken.store(self.taken, Ordering::Relaxed);
        if self.taken.wrapping_sub(self.looked_at) >= self.buffer.capacity.div_ceil(2) {
            self.let_on();
        }
    }

    /// Wakes as many waiting senders as there is room for.
    fn let_on(&mut self) {
        self.looked_at = self.taken;
        let mut state = self.buffer.state();
        if state.waiting.is_empty() {
            return;
        }
        let room = self.buffer.capacity - self.buffer.ahead(&state);
        let mut woken = Vec::new();
        while woken.len() < room
            && let Some((_, waker)) = state.waiting.pop_first()
        {
            woken.push(waker);
        }
        drop(state);
        unwind::wake_all(woken);
    }

    /// Accepts no further items; items in the buffer can still be taken.
    pub(crate) fn close(&mut self) {
        let mut state = self.buffer.state();
        state.is_closed = true;
        let waiting = mem::take(&mut state.waiting);
        drop(state);
        unwind::wake_all(waiting.into_values());
    }

    /// The number of items that can be taken without waiting, at least.
    pub(crate) fn len(&self) -> usize {
        self.batch.len() + self.buffer.state().queue.len()
    }
}

impl<T> Drop for Intake<T> {
    fn drop(&mut self) {
        self.close();
        let mut state = self.buffer.state();
        let left = (mem::take(&mut state.queue), state.receiver.take());
        drop(state);
        drop(left);
    }
}
