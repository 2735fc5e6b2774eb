//! `Slot`: the value that a coroutine has yielded, its answer, and the yields that wait their turn.
//!
//! ```text
//!  Free ──a yield is polled──> Yielded ──the resume takes the value──> Asked
//!   ^                             │                                      │ next resume
//!   │<──that yield is dropped─────┤                                      v
//!   └──that yield takes its answer, or is dropped──────────────────── Answered
//! ```
//!
//! Yields that are polled while the slot is not free wait in a queue, in the order of their first
//! polls. When the slot is free, the first of them is woken; if it was polled before in the same
//! poll of the coroutine, the coroutine is polled again.

use std::collections::VecDeque;
use std::mem;
use std::task::Waker;

/// One yield of a coroutine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ticket(u64);

#[derive(Debug)]
enum State<Y, R> {
    Free,
    Yielded(Y),
    Asked,
    Answered(R),
}

/// See the head of this file.
#[derive(Debug)]
pub(super) struct Slot<Y, R> {
    state: State<Y, R>,
    /// The yield whose turn it is, unless the slot is free.
    owner: Ticket,
    /// The waker of that yield, if it is another one than that of the coroutine.
    waker: Option<Waker>,
    queue: VecDeque<(Ticket, Option<Waker>)>,
    next: u64,
    /// The slot has become free, and the first of the queue was not polled since.
    has_missed_turn: bool,
}

/// The outcome of a yield's attempt to place its value.
pub(super) enum Placed<Y> {
    Placed,
    /// It is not its turn; the value is returned.
    NotYet(Y),
}

/// Values and wakers that left the slot. Their drops and wakes are code of users, which could look
/// for the slot, so they run when it is not borrowed any more.
#[must_use = "wakes and drops are due"]
pub(super) struct Due<Y, R> {
    wake: Option<Waker>,
    #[allow(dead_code)] // Held to be dropped.
    old: Option<Waker>,
    value: Option<State<Y, R>>,
}

impl<Y, R> Due<Y, R> {
    fn old(waker: Option<Waker>) -> Due<Y, R> {
        Due {
            wake: None,
            old: waker,
            value: None,
        }
    }

    pub(super) fn run(self) {
        if let Some(waker) = self.wake {
            waker.wake();
        }
    }
}

impl<Y, R> Slot<Y, R> {
    pub(super) fn new() -> Slot<Y, R> {
        Slot {
            state: State::Free,
            owner: Ticket(0),
            waker: None,
            queue: VecDeque::new(),
            next: 1,
            has_missed_turn: false,
        }
    }

    /// A ticket for a yield that is polled for the first time.
    pub(super) fn ticket(&mut self) -> Ticket {
        let ticket = Ticket(self.next);
        self.next += 1;
        ticket
    }

    /// Places the value of a yield, if it is its turn; puts it in the queue otherwise.
    pub(super) fn place(
        &mut self,
        ticket: Ticket,
        value: Y,
        waker: Option<Waker>,
    ) -> (Placed<Y>, Due<Y, R>) {
        let place = self.queue.iter().position(|(other, _)| *other == ticket);
        let is_next = match place {
            Some(place) => place == 0,
            None => self.queue.is_empty(),
        };
        if is_next && matches!(self.state, State::Free) {
            let queued = self.queue.pop_front().and_then(|(_, waker)| waker);
            debug_assert!(self.waker.is_none(), "a free slot has no waker");
            self.state = State::Yielded(value);
            self.owner = ticket;
            self.waker = waker;
            self.has_missed_turn = false;
            return (Placed::Placed, Due::old(queued));
        }
        let old = if let Some(place) = place {
            mem::replace(&mut self.queue[place].1, waker)
        } else {
            self.queue.push_back((ticket, waker));
            None
        };
        (Placed::NotYet(value), Due::old(old))
    }

    /// The answer to this yield, if it is there.
    pub(super) fn take_answer(
        &mut self,
        ticket: Ticket,
        waker: Option<Waker>,
    ) -> (Option<R>, Due<Y, R>) {
        if self.owner == ticket && matches!(self.state, State::Answered(_)) {
            let mut due = self.set_free();
            let Some(State::Answered(answer)) = due.value.take() else {
                unreachable!("the state has just been seen")
            };
            return (Some(answer), due);
        }
        (None, Due::old(mem::replace(&mut self.waker, waker)))
    }

    /// A yield is dropped before it has its answer.
    pub(super) fn abandon(&mut self, ticket: Ticket) -> Due<Y, R> {
        if self.owner == ticket && !matches!(self.state, State::Free) {
            return self.set_free();
        }
        let place = self.queue.iter().position(|(other, _)| *other == ticket);
        let removed = place.and_then(|place| self.queue.remove(place));
        let waker = removed.and_then(|(_, waker)| waker);
        if place == Some(0) && matches!(self.state, State::Free) {
            return self.next_turn(None, waker);
        }
        Due::old(waker)
    }

    fn set_free(&mut self) -> Due<Y, R> {
        let value = mem::replace(&mut self.state, State::Free);
        let waker = self.waker.take();
        self.next_turn(Some(value), waker)
    }

    fn next_turn(&mut self, value: Option<State<Y, R>>, waker: Option<Waker>) -> Due<Y, R> {
        self.has_missed_turn = !self.queue.is_empty();
        let first = self.queue.front_mut();
        Due {
            wake: first.and_then(|(_, waker)| waker.take()),
            old: waker,
            value,
        }
    }

    /// True once, if the first of the queue could not be polled since the slot is free.
    pub(super) fn take_missed_turn(&mut self) -> bool {
        mem::take(&mut self.has_missed_turn)
    }

    /// The value that was yielded; the slot waits for its answer then.
    pub(super) fn take_yielded(&mut self) -> Option<Y> {
        if !matches!(self.state, State::Yielded(_)) {
            return None;
        }
        let State::Yielded(value) = mem::replace(&mut self.state, State::Asked) else {
            unreachable!("the state has just been seen")
        };
        Some(value)
    }

    pub(super) fn is_asked(&self) -> bool {
        matches!(self.state, State::Asked)
    }

    /// Answers the yield that waits. Returns its waker.
    pub(super) fn answer(&mut self, answer: R) -> Option<Waker> {
        debug_assert!(self.is_asked(), "nothing else is answered");
        self.state = State::Answered(answer);
        self.waker.take()
    }
}
