//! `Co` and `Yield`: the handle with which the body of a coroutine yields its values.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::thread;

use super::frame::{self, Found, Id};
use super::slot::{Due, Placed, Ticket};

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
            state: State::New(value),
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
    state: State<Y>,
}

enum State<Y> {
    New(Y),
    /// It waits for its turn.
    Queued(Y, Ticket),
    /// Its value has been placed.
    Placed(Ticket),
    Done,
}

/// Values are moved, never pinned.
impl<Y, R> Unpin for Yield<'_, Y, R> {}

impl<Y, R> Future for Yield<'_, Y, R> {
    type Output = R;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<R> {
        match self.attempt(cx.waker(), None) {
            Attempt::Ready(answer) => Poll::Ready(answer),
            Attempt::Pending => Poll::Pending,
            Attempt::NeedsWaker => {
                // The clone of a waker is code of others, so it is made while the slot is not
                // borrowed.
                let clone = cx.waker().clone();
                match self.attempt(cx.waker(), Some(clone)) {
                    Attempt::Ready(answer) => Poll::Ready(answer),
                    Attempt::Pending | Attempt::NeedsWaker => Poll::Pending,
                }
            }
        }
    }
}

enum Attempt<R> {
    Ready(R),
    Pending,
    /// This waker is another one than that of the coroutine, and has to be stored.
    NeedsWaker,
}

impl<Y, R> Yield<'_, Y, R> {
    /// One look at the slot: to place the value, or to take the answer.
    #[inline]
    fn attempt(&mut self, waker: &Waker, clone: Option<Waker>) -> Attempt<R> {
        let state = mem::replace(&mut self.state, State::Done);
        let has_clone = clone.is_some();
        let needs = |own: &Waker| !has_clone && !own.will_wake(waker);
        // SAFETY: `Coroutine` gives a `Co` of its own types its id, and no id is given twice. The
        // closure compares wakers, and moves values and wakers; all that leaves the slot is dropped
        // and woken below.
        let found = unsafe {
            frame::find::<Y, R, _>(self.co.id, |slot, own| match state {
                state if needs(own) => Step::NeedsWaker(state),
                State::New(value) => {
                    let ticket = slot.ticket();
                    Step::Placed(ticket, slot.place(ticket, value, clone))
                }
                State::Queued(value, ticket) => {
                    Step::Placed(ticket, slot.place(ticket, value, clone))
                }
                State::Placed(ticket) => Step::Asked(ticket, slot.take_answer(ticket, clone)),
                State::Done => Step::Done,
            })
        };
        let step = match found {
            Found::Polled(step) => step,
            Found::Dropped | Found::Outside => outside("polled"),
        };
        let due = match step {
            Step::NeedsWaker(state) => {
                self.state = state;
                return Attempt::NeedsWaker;
            }
            Step::Asked(_, (Some(answer), due)) => {
                due.run();
                return Attempt::Ready(answer);
            }
            Step::Asked(ticket, (None, due)) | Step::Placed(ticket, (Placed::Placed, due)) => {
                self.state = State::Placed(ticket);
                due
            }
            Step::Placed(ticket, (Placed::NotYet(value), due)) => {
                self.state = State::Queued(value, ticket);
                due
            }
            Step::Done => panic!("a `Yield` was polled after it was ready"),
        };
        due.run();
        Attempt::Pending
    }
}

/// What one look at the slot has done.
enum Step<Y, R> {
    NeedsWaker(State<Y>),
    Placed(Ticket, (Placed<Y>, Due<Y, R>)),
    Asked(Ticket, (Option<R>, Due<Y, R>)),
    Done,
}

impl<Y, R> Drop for Yield<'_, Y, R> {
    fn drop(&mut self) {
        let (State::Queued(_, ticket) | State::Placed(ticket)) = self.state else {
            return;
        };
        // SAFETY: as in `attempt`.
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
