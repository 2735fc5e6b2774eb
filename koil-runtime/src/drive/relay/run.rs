//! The loop thread's side: it drives, lets go when it is asked to, and takes the driver back.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Instant;

use tokio::runtime::Runtime;
use tokio::sync::oneshot::{self, error::TryRecvError};

use super::Relay;
use super::state::Step;
use crate::drive::park::Unparked;
use crate::report::unwind;

/// Why the loop thread has come to its end.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(in crate::drive) enum Ended {
    /// It was told to stop.
    Told,
    /// A panic inside the driver has lost it.
    Dead,
}

impl Relay {
    /// Drives, and keeps out, until `stopped` says so or its other end is gone.
    pub(in crate::drive) fn run(
        &self,
        runtime: &Runtime,
        mut stopped: oneshot::Receiver<()>,
    ) -> Ended {
        // Tokio catches the panics of tasks; what comes through here is a waker's.
        let driven =
            unwind::halt(
                || while self.drive(runtime, &mut stopped) && self.keep_out(&mut stopped) {},
            );
        if driven.is_err() || self.is_dead() {
            return Ended::Dead;
        }
        Ended::Told
    }

    /// Drives until it is asked to let go. False if the loop is to end.
    fn drive(&self, runtime: &Runtime, stopped: &mut oneshot::Receiver<()>) -> bool {
        runtime.block_on(poll_fn(|cx| {
            // Asked with the waker in place, so that no notification comes in between.
            let is_released = self.state.is_released(cx.waker());
            if self.is_dead() || Pin::new(&mut *stopped).poll(cx).is_ready() {
                return Poll::Ready(false);
            }
            if is_released {
                Poll::Ready(true)
            } else {
                Poll::Pending
            }
        }))
    }

    /// Keeps out until the loop thread has to drive. False if the loop is to end.
    fn keep_out(&self, stopped: &mut oneshot::Receiver<()>) -> bool {
        let out = self.state.out();
        loop {
            out.reset();
            if self.is_dead() || stopped.try_recv() != Err(TryRecvError::Empty) {
                return false;
            }
            let quiet_for = self.since_last_end(Instant::now());
            let until = match self.state.step(quiet_for >= self.linger) {
                Step::Drive if self.state.begin_driving() => return true,
                Step::Drive => continue,
                Step::Deep => None,
                Step::Linger => Instant::now().checked_add(self.linger.saturating_sub(quiet_for)),
            };
            // However it wakes, it looks again.
            let (Unparked::Notified | Unparked::DeadlinePassed) = out.park(until);
        }
    }
}
