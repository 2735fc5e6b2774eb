//! A bounded channel between blocking code and async code.

pub(crate) mod error;
pub(crate) mod receiver;
pub(crate) mod sender;
pub(crate) mod timeout;

use std::collections::VecDeque;

use self::receiver::Receiver;
use self::sender::Sender;
use super::capacity;
use crate::queue;

/// A bounded channel: any number of senders in blocking code, one receiver in async code.
///
/// At most `capacity` items are in the channel; a sender waits for room. Each end also has the
/// other form: [`Sender::send_async`] and [`Receiver::recv_blocking`].
///
/// [`Sender::timeout`] and [`Receiver::timeout`] give every wait of an end a limit.
///
/// Neither end needs a loop or a runtime, except to wait with a timeout or in blocking code. A
/// waiting sender is woken when half of the capacity is free, so that a fast producer is not woken
/// for every item.
///
/// # Panics
///
/// If `capacity` is 0.
///
/// ```
/// let (sender, mut receiver) = koil::channel(16);
/// let worker = std::thread::spawn(move || {
///     for n in 1..=100 {
///         sender.send(n)?;
///     }
///     Ok::<(), koil::SendError<i32>>(())
/// });
/// let sum = koil::unkoil(async {
///     let mut sum = 0;
///     while let Some(n) = receiver.recv().await {
///         sum += n;
///     }
///     sum
/// });
/// assert_eq!(sum, 5050);
/// worker.join().unwrap().unwrap();
/// ```
#[doc(alias = "from_thread_channel")]
#[doc(alias = "mpsc")]
#[track_caller]
#[must_use]
pub fn channel<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    pair(capacity::checked(capacity))
}

pub(super) fn pair<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    let (queue, intake) = queue::pair(capacity, VecDeque::new());
    (Sender::new(queue), Receiver::new(intake))
}
