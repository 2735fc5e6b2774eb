//! A caller's turn: it drives the loop while it waits for its own work.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use tokio::time::{Sleep, sleep_until};

use super::Relay;
use super::state::Inside;
use crate::current::{LoopCore, Mask};
use crate::drive::waiters::Listed;
use crate::report::error::Kind;
use crate::report::unwind::{self, Payload};
use crate::scope::cancel::token::{CancelToken, Listening};

/// What a caller does while it drives.
pub(super) trait Turn {
    /// Polls its own work once.
    fn poll(&mut self, waker: &Waker) -> Poll<()>;

    /// What cuts it short, if anything does by now.
    fn interruption(&mut self) -> Option<Kind>;
}

/// How a turn ended. The driver has been handed on.
pub(super) enum Outcome {
    Ready,
    Cut(Kind),
    /// The moment has come in which it was to leave.
    Left,
    /// The work panicked.
    Panicked(Payload),
    /// The loop has ended, or has lost its driver to a panic that was not the work's.
    Dead,
    /// Something else drives a runtime on this thread, which could not be told before.
    Refused,
}

impl Relay {
    /// Drives until `work` is ready or cut short, or for a timer of tokio's it is `until`. While the
    /// loop thread or another caller drives, waits for its turn, and polls `work` when it is woken.
    ///
    /// The tasks of others that are polled meanwhile find themselves on a thread of the loop, with
    /// nothing of the caller's around them.
    pub(super) fn drive_until(
        &self,
        core: &Arc<LoopCore>,
        inside: Inside<'_>,
        listed: &Listed<'_>,
        cancel: Option<&CancelToken>,
        until: Option<Instant>,
        work: &mut dyn Turn,
    ) -> Outcome {
        let Some(shared) = self.runtime().clone() else {
            return Outcome::Dead;
        };
        let mut polled = false;
        let driven = {
            let _inside = inside;
            let mut mask = Mask::begin(core);
            let mut notified = Notified::new(listed, cancel);
            let mut alarm = pin!(until.map(|at| sleep_until(at.into())));
            let driven = unwind::halt(|| {
                shared.runtime().block_on(poll_fn(|cx| {
                    polled = true;
                    notified.by(cx.waker());
                    // Caught here, so that it is not taken for the driver's.
                    let polled = {
                        let _lifted = mask.lift();
                        unwind::halt(|| work.poll(cx.waker()))
                    };
                    let ended = match polled {
                        Ok(Poll::Ready(())) => Some(Outcome::Ready),
                        Ok(Poll::Pending) => work.interruption().map(Outcome::Cut),
                        Err(payload) => Some(Outcome::Panicked(payload)),
                    };
                    if let Some(outcome) = ended {
                        return Poll::Ready(outcome);
                    }
                    if has_come(until, alarm.as_mut().as_pin_mut(), cx) {
                        return Poll::Ready(Outcome::Left);
                    }
                    Poll::Pending
                }))
            });
            // Before it leaves: the loop thread looks at this.
            self.note_end();
            driven
        };
        match driven {
            Ok(outcome) => outcome,
            Err(_) if !polled => Outcome::Refused,
            Err(_) => {
                self.die(core);
                Outcome::Dead
            }
        }
    }
}

/// True once it is `until`; else it is looked at again when that has come.
fn has_come(until: Option<Instant>, alarm: Option<Pin<&mut Sleep>>, cx: &mut Context<'_>) -> bool {
    let (Some(until), Some(mut alarm)) = (until, alarm) else {
        return false;
    };
    // Tokio's clock may run ahead of the real one, where a test has paused it.
    while alarm.as_mut().poll(cx).is_ready() {
        let now = Instant::now();
        if now >= until {
            return true;
        }
        alarm
            .as_mut()
            .reset(tokio::time::Instant::now() + (until - now));
    }
    false
}

/// Where a stop and a cancel find the caller: at the waker it was polled with last.
struct Notified<'a> {
    listed: &'a Listed<'a>,
    cancel: Option<&'a CancelToken>,
    waker: Option<Waker>,
    listening: Option<Listening>,
}

impl<'a> Notified<'a> {
    fn new(listed: &'a Listed<'a>, cancel: Option<&'a CancelToken>) -> Notified<'a> {
        Notified {
            listed,
            cancel,
            waker: None,
            listening: None,
        }
    }

    /// It changes when the caller's turn comes.
    fn by(&mut self, waker: &Waker) {
        if self
            .waker
            .as_ref()
            .is_some_and(|last| last.will_wake(waker))
        {
            return;
        }
        self.listed.wake_by(waker);
        self.listening = self.cancel.and_then(|token| Listening::begin(token, waker));
        self.waker = Some(waker.clone());
    }
}
