//! `Co` and `Yield`: the handle with which the body of a coroutine yields its values.

#![allow(unsafe_code)]

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::thread;

use super::frame::{self, Found, Id};
use super::slot::{Placed, Ticket};

/// The handle with which the body of a coroutine yields values of type `Y`, and receives answers of
/// type `R`.
///
/// Pass a reference to any helper function: what it yields is yielded by the coroutine.
pub struct Co<Y, R = ()> {
    id: Id,
    /// It holds neither: a value is in the [`Yield`] or in the coroutine.
    types: PhantomData<fn(Y) -> R>,
}

impl<Y, R> Co<Y, R> {
    pub(super) fn new(id: Id) -> Co<Y, R> {
        Co {
            id,
            types: PhantomData,
        }
    }

    /// Yields a value, and waits for the answer: the input of the next
    /// [`resume`](super::Coroutine::resume).
    ///
    /// Yields that meet in one poll of the coroutine (in `join!`) wait for their turn, in the order
    /// in which they were polled first, and each receives its own answer.
    ///
    /// # Panics
    ///
    /// If it is polled outside of its coroutine: in a task that was spawned, or after the end. If it
    /// is dropped outside of its coroutine after it was polled in there.
    #[must_use = "nothing is yielded unless this is awaited"]
    pub fn yield_(&self, value: Y) -> Yield<'_, Y, R> {
        Yield {
            co: self,
            value: Some(value),
            ticket: None,
        }
    }
}

impl<Y, R> fmt::Debug for Co<Y, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Co").finish_non_exhaustive()
    }
}

/// A value on its way out of a coroutine; made by [`Co::yield_`].
///
/// # Drop
///
/// Dropping it inside of the coroutine, as `select!` does, withdraws the value if it was not taken
/// yet, and drops the answer otherwise.
#[must_use = "nothing is yielded unless this is awaited"]
pub struct Yield<'a, Y, R> {
    co: &'a Co<Y, R>,
    /// `None` once it has been placed in the slot.
    value: Option<Y>,
    /// Given with the first poll, taken back with the answer.
    ticket: Option<Ticket>,
}

/// Values are moved, never pinned.
impl<Y, R> Unpin for Yield<'_, Y, R> {}

impl<Y, R> Future for Yield<'_, Y, R> {
    type Output = R;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<R> {
        match self.attempt_alone(cx.waker()) {
            Some(polled) => polled,
            None => self.poll_among_others(cx.waker()),
        }
    }
}

impl<Y, R> Yield<'_, Y, R> {
    /// The usual case: no other yield is there, and the waker is that of the coroutine.
    #[inline]
    fn attempt_alone(&mut self, waker: &Waker) -> Option<Poll<R>> {
        let Yield { co, value, ticket } = self;
        // SAFETY: `Coroutine` gives a `Co` of its own types its id, and no id is given twice. The
        // closure compares wakers and moves a value.
        let found = unsafe {
            frame::find::<Y, R, _>(co.id, |slot, own| match *ticket {
                _ if !own.will_wake(waker) => None,
                None if value.is_some() => slot.place_alone(value).map(|placed| {
                    *ticket = Some(placed);
                    Poll::Pending
                }),
                Some(placed) if value.is_none() => slot.take_answer_alone(placed).map(|answer| {
                    *ticket = None;
                    Poll::Ready(answer)
                }),
                _ => None,
            })
        };
        match found {
            Found::Polled(polled) => polled,
            Found::Dropped | Found::Outside => outside("polled"),
        }
    }

    #[cold]
    fn poll_among_others(&mut self, waker: &Waker) -> Poll<R> {
        // The clone of a waker is code of others, so it is made while the slot is not borrowed.
        let clone = self.is_foreign(waker).then(|| waker.clone());
        let Yield { co, value, ticket } = self;
        let id = co.id;
        match (*ticket, value.take()) {
            (_, Some(own)) => {
                // SAFETY: as in `attempt_alone`; all that leaves the slot is dropped and woken below.
                let found = unsafe {
                    frame::find::<Y, R, _>(id, |slot, _| {
                        let given = ticket.unwrap_or_else(|| slot.ticket());
                        (given, slot.place(given, own, clone))
                    })
                };
                let Found::Polled((given, (placed, due))) = found else {
                    outside("polled")
                };
                *ticket = Some(given);
                if let Placed::NotYet(own) = placed {
                    *value = Some(own);
                }
                due.run();
                Poll::Pending
            }
            (Some(placed), None) => {
                // SAFETY: as above.
                let found = unsafe {
                    frame::find::<Y, R, _>(id, |slot, _| slot.take_answer(placed, clone))
                };
                let Found::Polled((answer, due)) = found else {
                    outside("polled")
                };
                if answer.is_some() {
                    *ticket = None;
                }
                due.run();
                answer.map_or(Poll::Pending, Poll::Ready)
            }
            (None, None) => panic!("a `Yield` was polled after it was ready"),
        }
    }

    /// True if this is another waker than that of the coroutine.
    fn is_foreign(&self, waker: &Waker) -> bool {
        // SAFETY: as in `attempt_alone`.
        let found = unsafe { frame::find::<Y, R, _>(self.co.id, |_, own| !own.will_wake(waker)) };
        matches!(found, Found::Polled(true))
    }
}

impl<Y, R> Drop for Yield<'_, Y, R> {
    #[inline]
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.abandon(ticket);
        }
    }
}

impl<Y, R> Yield<'_, Y, R> {
    #[cold]
    fn abandon(&mut self, ticket: Ticket) {
        // SAFETY: as in `attempt_alone`; what is abandoned is dropped after the call.
        let found = unsafe { frame::find::<Y, R, _>(self.co.id, |slot, _| slot.abandon(ticket)) };
        match found {
            Found::Polled(due) => due.run(),
            Found::Dropped => {}
            Found::Outside if thread::panicking() => {}
            Found::Outside => outside("dropped"),
        }
    }
}

#[cold]
fn outside(how: &str) -> ! {
    panic!(
        "a `Yield` was {how} outside of its coroutine; await `co.yield_(..)` in the body of the \
         coroutine or in a helper that the body awaits, not in a task or after its end"
    )
}
