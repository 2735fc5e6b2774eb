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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Free,
    Yielded,
    Asked,
    Answered,
}

/// See the head of this file.
#[derive(Debug)]
pub(super) struct Slot<Y, R> {
    state: State,
    /// The yield whose turn it is, unless the slot is free.
    owner: Ticket,
    /// There while `Yielded`.
    value: Option<Y>,
    /// There while `Answered`.
    answer: Option<R>,
    /// The waker of the owner, if it is another one than that of the coroutine.
    waker: Option<Waker>,
    queue: VecDeque<(Ticket, Option<Waker>)>,
    last: u64,
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
    rest: (Option<Waker>, Option<Y>, Option<R>),
}

impl<Y, R> Due<Y, R> {
    fn old(waker: Option<Waker>) -> Due<Y, R> {
        Due {
            wake: None,
            rest: (waker, None, None),
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
            value: None,
            answer: None,
            waker: None,
            queue: VecDeque::new(),
            last: 0,
            has_missed_turn: false,
        }
    }

    /// A ticket for a yield that is polled for the first time.
    #[inline]
    pub(super) fn ticket(&mut self) -> Ticket {
        self.last += 1;
        Ticket(self.last)
    }

    /// As [`place`](Slot::place), for a lone yield without a waker: takes the value if no other
    /// yield is there.
    #[inline]
    pub(super) fn place_alone(&mut self, value: &mut Option<Y>) -> Option<Ticket> {
        if self.state != State::Free || !self.queue.is_empty() {
            return None;
        }
        let ticket = self.ticket();
        self.state = State::Yielded;
        self.value = value.take();
        self.owner = ticket;
        Some(ticket)
    }

    /// As [`take_answer`](Slot::take_answer), if no other yield waits for its turn.
    #[inline]
    pub(super) fn take_answer_alone(&mut self, ticket: Ticket) -> Option<R> {
        let is_there = self.state == State::Answered && self.owner == ticket;
        if !is_there || !self.queue.is_empty() || self.waker.is_some() {
            return None;
        }
        self.state = State::Free;
        self.answer.take()
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
        if is_next && self.state == State::Free {
            let queued = self.queue.pop_front().and_then(|(_, waker)| waker);
            debug_assert!(self.waker.is_none(), "a free slot has no waker");
            self.state = State::Yielded;
            self.value = Some(value);
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
        if self.owner == ticket && self.state == State::Answered {
            let answer = self.answer.take();
            return (answer, self.set_free());
        }
        (None, Due::old(mem::replace(&mut self.waker, waker)))
    }

    /// A yield is dropped before it has its answer.
    pub(super) fn abandon(&mut self, ticket: Ticket) -> Due<Y, R> {
        if self.owner == ticket && self.state != State::Free {
            return self.set_free();
        }
        let place = self.queue.iter().position(|(other, _)| *other == ticket);
        let removed = place.and_then(|place| self.queue.remove(place));
        let waker = removed.and_then(|(_, waker)| waker);
        if place == Some(0) && self.state == State::Free {
            return self.next_turn(waker);
        }
        Due::old(waker)
    }

    fn set_free(&mut self) -> Due<Y, R> {
        self.state = State::Free;
        let waker = self.waker.take();
        self.next_turn(waker)
    }

    fn next_turn(&mut self, waker: Option<Waker>) -> Due<Y, R> {
        self.has_missed_turn = !self.queue.is_empty();
        let first = self.queue.front_mut();
        Due {
            wake: first.and_then(|(_, waker)| waker.take()),
            rest: (waker, self.value.take(), self.answer.take()),
        }
    }

    /// True once, if the first of the queue could not be polled since the slot is free.
    #[inline]
    pub(super) fn take_missed_turn(&mut self) -> bool {
        mem::take(&mut self.has_missed_turn)
    }

    /// The value that was yielded; the slot waits for its answer then.
    #[inline]
    pub(super) fn take_yielded(&mut self) -> Option<Y> {
        if self.state != State::Yielded {
            return None;
        }
        self.state = State::Asked;
        self.value.take()
    }

    #[inline]
    pub(super) fn is_asked(&self) -> bool {
        self.state == State::Asked
    }

    /// Answers the yield that waits. Returns its waker.
    #[inline]
    pub(super) fn answer(&mut self, answer: R) -> Option<Waker> {
        debug_assert!(self.is_asked(), "nothing else is answered");
        self.state = State::Answered;
        self.answer = Some(answer);
        self.waker.take()
    }
}
