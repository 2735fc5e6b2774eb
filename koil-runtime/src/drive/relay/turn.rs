//! A caller's turn: it drives the loop until its parker is notified.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use tokio::time::{Sleep, sleep_until};

use super::state::Inside;
use super::{Relay, Shared};
use crate::current::{LoopCore, Mask};
use crate::drive::kept::Kept;
use crate::drive::spin::Spinning;
use crate::report::unwind;

/// How a turn ended. The driver has been handed on.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// The parker was notified, or the moment has come in which the caller was to leave.
    Over,
    /// The loop has ended, or has lost its driver to a panic.
    Dead,
    /// Something else drives a runtime on this thread, which could not be told before.
    Refused,
}

/// What a call needs to drive; one serves for all of its turns.
pub(super) struct Seat {
    runtime: Arc<Shared>,
    mask: Mask,
}

impl Relay {
    /// `None` if the loop has ended.
    pub(super) fn seat(&self, core: &Arc<LoopCore>) -> Option<Seat> {
        let runtime = self.runtime().clone()?;
        Some(Seat {
            runtime,
            mask: Mask::new(core),
        })
    }

    /// Drives until the parker is notified, or for a timer of tokio's it is `until`. While the loop
    /// thread or another caller drives, waits for its turn or the notification.
    ///
    /// Tasks that are polled meanwhile find themselves on a thread of the loop, with nothing of the
    /// caller's around them. The caller's own future is polled elsewhere: so its panics are not taken for
    /// the driver's, and while it computes another thread may drive.
    pub(super) fn drive(
        &self,
        core: &LoopCore,
        seat: &mut Seat,
        inside: Inside<'_>,
        kept: &Kept,
        until: Option<Instant>,
    ) -> Turn {
        let mut is_polled = false;
        let driven = {
            let _inside = inside;
            let _masked = seat.mask.put_on();
            let driving = kept.parker.drive();
            let mut alarm = pin!(until.map(|at| sleep_until(at.into())));
            // A future that gives way lets others run first: a round of the driver.
            let mut gives_way = kept.parker.is_self_woken();
            let mut spinning = kept.spin.begin();
            let driven = unwind::halt(|| {
                seat.runtime.runtime().block_on(poll_fn(|cx| {
                    is_polled = true;
                    if std::mem::take(&mut gives_way) {
                        cx.waker().wake_by_ref();
                        return Poll::Pending;
                    }
                    if driving.is_notified(cx.waker()) {
                        if let Some(spinning) = spinning.take() {
                            spinning.hit();
                        }
                        return Poll::Ready(());
                    }
                    if has_come(until, alarm.as_mut().as_pin_mut(), cx) {
                        return Poll::Ready(());
                    }
                    if let Some(goes_on) = spinning.as_mut().map(Spinning::goes_on) {
                        // The driver looks for events once more, without a sleep.
                        cx.waker().wake_by_ref();
                        if !goes_on {
                            spinning = None;
                        }
                    }
                    Poll::Pending
                }));
            });
            // Before it leaves: the loop thread looks at this.
            self.note_end();
            driven
        };
        match driven {
            Ok(()) => Turn::Over,
            Err(_) if !is_polled => Turn::Refused,
            Err(_) => {
                self.die(core);
                Turn::Dead
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
