//! The loop thread's part of the relay: it drives, releases the driver on request, and takes it
//! back.
//!
//! After the last call it does not take the driver back at once and permanently: a call a few
//! milliseconds later would find it driving, and pay two wakes for its first wait. Instead it
//! enters the driver once per `linger` for [`TICKS`], runs the ready work, and stays out otherwise.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::sync::oneshot::{self, error::TryRecvError};

use crate::current::LoopCore;
use crate::current::relay::{LoopStep, Relay, TICKS};
use crate::report::unwind;
use crate::sync::Unparked;

/// The longest time of an empty round of the driver: a round in which a task ran, or an event came,
/// takes longer.
const EMPTY_ROUND: Duration = Duration::from_micros(3);

/// The reason why the loop thread has ended.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(in crate::drive) enum DriveEnd {
    /// It was asked to stop.
    Told,
    /// A panic inside the driver has lost it.
    Dead,
}

impl Relay {
    /// Drives, and stays out, by turns, until `stopped` is sent or its sender is dropped.
    pub(in crate::drive) fn run(
        &self,
        core: &LoopCore,
        runtime: &Runtime,
        mut stopped: oneshot::Receiver<()>,
    ) -> DriveEnd {
        // Tokio catches the panics of tasks; a panic that arrives here is a waker's.
        let driven = unwind::halt(|| {
            while self.drive_as_loop(runtime, &mut stopped) && self.keep_out(runtime, &mut stopped)
            {
            }
        });
        if let Err(payload) = &driven {
            core.set_driver_panic(payload);
        }
        if driven.is_err() || self.is_dead() {
            return DriveEnd::Dead;
        }
        DriveEnd::Told
    }

    /// Drives until it is asked to release the driver. False if the loop should end.
    fn drive_as_loop(&self, runtime: &Runtime, stopped: &mut oneshot::Receiver<()>) -> bool {
        runtime.block_on(poll_fn(|cx| {
            // Checked with the waker in place, so that no notification is missed.
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

    /// Stays out until the loop thread has to drive. False if the loop should end.
    fn keep_out(&self, runtime: &Runtime, stopped: &mut oneshot::Receiver<()>) -> bool {
        let out = self.state.out();
        // The end of a pause in which it stays out even if it could drive.
        let mut pause = None;
        loop {
            out.reset();
            if self.is_dead() || stopped.try_recv() != Err(TryRecvError::Empty) {
                return false;
            }
            let now = Instant::now();
            let quiet_for = self.since_last_end(now);
            let is_paused = pause.is_some_and(|until| now < until);
            let until = match self.state.step(quiet_for >= self.linger && !is_paused) {
                LoopStep::Drive if self.state.begin_driving() => {
                    if !self.has_time(quiet_for) || is_busy(runtime) {
                        return true;
                    }
                    // No caller needs it yet: it is out again at the next step, for a while.
                    pause = Instant::now().checked_add(self.linger);
                    continue;
                }
                LoopStep::Drive => continue,
                LoopStep::Deep => None,
                LoopStep::Linger if is_paused => pause,
                LoopStep::Linger => now.checked_add(self.linger.saturating_sub(quiet_for)),
            };
            // After every wake it checks again.
            let (Unparked::Notified | Unparked::DeadlinePassed) = out.park(until);
        }
    }

    /// True if the loop thread may check the loop and go out again: there was no call for a while,
    /// though not for long, and no caller needs it.
    fn has_time(&self, quiet_for: Duration) -> bool {
        let is_after_a_call = (self.linger..TICKS).contains(&quiet_for);
        is_after_a_call && !self.linger.is_zero() && self.state.needs() == 0
    }
}

/// Runs a few rounds of the driver for ready work; true if there was any. Tokio has no counter of
/// polls that would answer this, so the time of the rounds decides.
fn is_busy(runtime: &Runtime) -> bool {
    if runtime.metrics().num_alive_tasks() == 0 {
        return false;
    }
    let (mut polls, mut last) = (0, Instant::now());
    let mut longest = Duration::ZERO;
    runtime.block_on(poll_fn(|cx| {
        let now = Instant::now();
        // The first round runs ready tasks, the second polls for events, the third runs the tasks
        // that the events woke.
        if polls > 0 {
            longest = longest.max(now - last);
        }
        (polls, last) = (polls + 1, now);
        if polls == 4 {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }));
    longest > EMPTY_ROUND
}
