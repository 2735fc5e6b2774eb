//! `interrupts`: errors that one piece of code throws into the waits of another.

use std::collections::BTreeMap;
use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use crate::executor::current::{self, CurrentTask};
use crate::sync::Mutex;

/// A channel through which code is interrupted while it waits, with a reason of type `E`.
///
/// The code that may be interrupted keeps the [`Interrupts`] and waits by [`Interrupts::run`]; the
/// other side calls [`Interrupter::interrupt`]. Both work on any executor, and in
/// [`unkoil`](crate::unkoil).
///
/// Against a [`CancelToken`](crate::CancelToken): an interrupt has a value, may come any number of
/// times, says when it has been delivered, and leaves the interrupted future as it was. A cancel is
/// for code that is to end.
///
/// ```
/// use koil::sched::interrupts;
/// use std::pin::pin;
///
/// koil::unkoil(async {
///     let (interrupter, mut interrupts) = interrupts();
///     let (answer, answered) = tokio::sync::oneshot::channel();
///
///     let worker = async {
///         let mut answered = pin!(answered);
///         let why = interrupts.run(answered.as_mut()).await.unwrap_err();
///         assert_eq!(why, "show your progress");
///         // The future is untouched: the wait goes on where it was.
///         interrupts.run(answered).await.unwrap().unwrap()
///     };
///     let other = async {
///         interrupter.interrupt("show your progress").await.unwrap();
///         answer.send(42).unwrap();
///     };
///     let (answer, ()) = tokio::join!(worker, other);
///     assert_eq!(answer, 42);
/// });
/// ```
#[must_use]
pub fn interrupts<E>() -> (Interrupter<E>, Interrupts<E>) {
    let shared = Arc::new(Shared(Mutex::new(State {
        waiting: BTreeMap::new(),
        next_key: 0,
        target: None,
        is_gone: false,
    })));
    (Interrupter(shared.clone()), Interrupts(shared))
}

/// The side that interrupts; made by [`interrupts`]. Clones interrupt the same code.
///
/// Dropping it interrupts nothing.
pub struct Interrupter<E>(Arc<Shared<E>>);

/// The side that can be interrupted; made by [`interrupts`].
///
/// Dropping it gives each undelivered interrupt back to its sender.
pub struct Interrupts<E>(Arc<Shared<E>>);

struct Shared<E>(Mutex<State<E>>);

struct State<E> {
    /// The undelivered interrupts in the order of their first polls, each with its sender.
    waiting: BTreeMap<u64, (E, Waker)>,
    next_key: u64,
    /// The code inside [`Interrupts::run`].
    target: Option<Target>,
    is_gone: bool,
}

/// The code that waits in [`Interrupts::run`].
struct Target {
    waker: Waker,
    /// The task of an executor that it is part of.
    task: Option<CurrentTask>,
}

impl Target {
    fn interrupt(self) {
        if let Some(task) = self.task {
            task.queue.bring_forward(task.id);
        }
        self.waker.wake();
    }
}

impl<E> Interrupter<E> {
    /// Interrupts the other side with `error`, and waits until that has been delivered: until its
    /// current or next [`Interrupts::run`] has returned `error`.
    ///
    /// A task of an [`Executor`](crate::sched::Executor) that is interrupted goes to the front of its
    /// level, so that those behind which it waits do not delay the delivery.
    ///
    /// Interrupts queue up in the order of their first polls, and each `run` takes one. Dropping this
    /// future before the delivery withdraws the interrupt.
    ///
    /// # Errors
    ///
    /// `error` itself, if the other side has been dropped before the delivery.
    ///
    /// ```
    /// let (interrupter, interrupts) = koil::sched::interrupts();
    /// drop(interrupts);
    /// let given_back = koil::unkoil(interrupter.interrupt("too late"));
    /// assert_eq!(given_back, Err("too late"));
    /// ```
    pub async fn interrupt(&self, error: E) -> Result<(), E> {
        let mut sent = SentInterrupt {
            shared: &self.0,
            unsent: Some(error),
            key: None,
        };
        poll_fn(|cx| sent.poll(cx)).await
    }
}

impl<E> Interrupts<E> {
    /// Waits for `future`, or for an interrupt, which is looked for first in each poll.
    ///
    /// Pass `future.as_mut()` of a pinned future to go on with it later: an interrupt does not touch
    /// it. A future that is passed by value is dropped. If this one is dropped, undelivered interrupts
    /// stay for the next `run`.
    ///
    /// # Errors
    ///
    /// The error of an interrupt, which has been delivered by that.
    ///
    /// ```
    /// koil::unkoil(async {
    ///     let (interrupter, mut interrupts) = koil::sched::interrupts::<String>();
    ///     let ready = interrupts.run(async { 1 }).await;
    ///     assert_eq!(ready, Ok(1));
    ///
    ///     let sent = interrupter.interrupt("stop".to_owned());
    ///     let ended = interrupts.run(std::future::pending::<()>());
    ///     assert_eq!(tokio::join!(sent, ended), (Ok(()), Err("stop".to_owned())));
    /// });
    /// ```
    pub async fn run<F: Future>(&mut self, future: F) -> Result<F::Output, E> {
        let target = ListeningTarget(&self.0);
        let mut future = pin!(future);
        poll_fn(|cx| match target.take(cx) {
            Some(error) => Poll::Ready(Err(error)),
            None => future.as_mut().poll(cx).map(Ok),
        })
        .await
    }
}

/// One interrupt on its way; its drop withdraws it.
struct SentInterrupt<'a, E> {
    shared: &'a Shared<E>,
    unsent: Option<E>,
    /// The key in `waiting`, once it is there.
    key: Option<u64>,
}

impl<E> SentInterrupt<'_, E> {
    fn poll(&mut self, cx: &Context<'_>) -> Poll<Result<(), E>> {
        match self.key {
            None => self.send(cx.waker()),
            Some(key) => self.look(key, cx.waker()),
        }
    }

    fn send(&mut self, waker: &Waker) -> Poll<Result<(), E>> {
        let error = self.unsent.take().expect("an interrupt is sent once");
        let waker = waker.clone();
        let mut state = self.shared.0.lock();
        if state.is_gone {
            drop(state);
            return Poll::Ready(Err(error));
        }
        let key = state.next_key;
        state.next_key += 1;
        state.waiting.insert(key, (error, waker));
        self.key = Some(key);
        let target = state.target.take();
        // Woken after the lock is released, since a waker may run foreign code.
        drop(state);
        if let Some(target) = target {
            target.interrupt();
        }
        Poll::Pending
    }

    fn look(&mut self, key: u64, waker: &Waker) -> Poll<Result<(), E>> {
        let waker = waker.clone();
        let mut state = self.shared.0.lock();
        if state.is_gone {
            let given_back = state.waiting.remove(&key);
            drop(state);
            return Poll::Ready(given_back.map_or(Ok(()), |(error, _)| Err(error)));
        }
        let Some((_, known)) = state.waiting.get_mut(&key) else {
            return Poll::Ready(Ok(()));
        };
        let former = std::mem::replace(known, waker);
        drop(state);
        drop(former);
        Poll::Pending
    }
}

impl<E> Drop for SentInterrupt<'_, E> {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            let withdrawn = self.shared.0.lock().waiting.remove(&key);
            // Dropped without the lock.
            drop(withdrawn);
        }
    }
}

/// The code inside a `run`; its drop ends that.
struct ListeningTarget<'a, E>(&'a Shared<E>);

impl<E> ListeningTarget<'_, E> {
    /// The first interrupt; without one, the next calls the waker of `cx`.
    fn take(&self, cx: &Context<'_>) -> Option<E> {
        let target = Target {
            waker: cx.waker().clone(),
            task: current::task(),
        };
        let mut state = self.0.0.lock();
        let first = state.waiting.pop_first();
        let former = match &first {
            Some(_) => Some(target),
            None => state.target.replace(target),
        };
        drop(state);
        drop(former);
        first.map(|(_, (error, sender))| {
            sender.wake();
            error
        })
    }
}

impl<E> Drop for ListeningTarget<'_, E> {
    fn drop(&mut self) {
        let former = self.0.0.lock().target.take();
        drop(former);
    }
}

impl<E> Drop for Interrupts<E> {
    fn drop(&mut self) {
        let mut state = self.0.0.lock();
        state.is_gone = true;
        let senders: Vec<_> = state
            .waiting
            .values_mut()
            .map(|(_, waker)| std::mem::replace(waker, Waker::noop().clone()))
            .collect();
        drop(state);
        senders.into_iter().for_each(Waker::wake);
    }
}

impl<E> Clone for Interrupter<E> {
    fn clone(&self) -> Interrupter<E> {
        Interrupter(self.0.clone())
    }
}

impl<E> fmt::Debug for Interrupter<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.debug("Interrupter", f)
    }
}

impl<E> fmt::Debug for Interrupts<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.debug("Interrupts", f)
    }
}

impl<E> Shared<E> {
    fn debug(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.0.lock();
        let (undelivered, is_gone) = (state.waiting.len(), state.is_gone);
        drop(state);
        f.debug_struct(name)
            .field("undelivered", &undelivered)
            .field("is_gone", &is_gone)
            .finish()
    }
}
