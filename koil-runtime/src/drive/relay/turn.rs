//! `Relay::drive`: one turn of a caller, which drives the loop until its parker is notified.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use tokio::time::{Sleep, sleep_until};

use crate::current::relay::{InsideDriver, Relay, SharedRuntime};
use crate::current::{LoopCore, Mask};
use crate::drive::spin::Spinning;
use crate::drive::thread_cache::ThreadCache;
use crate::report::unwind;

/// The end of a turn. The driver has been passed on.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// The parker was notified, or the time has come at which the caller had to leave.
    Over,
    /// The loop has ended, or has lost its driver to a panic.
    Dead,
    /// Other code drives a runtime on this thread, which could not be detected before.
    Refused,
}

/// The runtime and the mask that a call needs to drive; used for all of its turns.
pub(super) struct DriverLease {
    runtime: Arc<SharedRuntime>,
    mask: Mask,
}

impl Relay {
    /// `None` if the loop has ended.
    pub(super) fn lease(&self, core: &Arc<LoopCore>) -> Option<DriverLease> {
        let runtime = self.runtime()?;
        Some(DriverLease {
            runtime,
            mask: Mask::new(core),
        })
    }

    /// Drives until the parker is notified, or until a timer of tokio's reaches `until`. While the
    /// loop thread or another caller drives, waits for its turn or for the notification.
    ///
    /// Tasks that are polled meanwhile see a thread of the loop, without any scope, token or
    /// variable of the caller. The caller's own future is polled elsewhere: so its panics do not
    /// count as panics of the driver, and while it computes another thread may drive.
    pub(super) fn drive(
        &self,
        core: &LoopCore,
        lease: &mut DriverLease,
        inside: InsideDriver<'_>,
        cache: &ThreadCache,
        until: Option<Instant>,
    ) -> Turn {
        let mut is_polled = false;
        let driven = {
            let _inside = inside;
            let _masked = lease.mask.put_on();
            let driving = cache.parker.drive();
            let mut alarm = pin!(until.map(|at| sleep_until(at.into())));
            // A future that yields lets other tasks run first: one round of the driver.
            let mut gives_way = cache.parker.is_self_woken();
            let mut spinning = cache.spin.begin();
            let driven = unwind::halt(|| {
                lease.runtime.runtime().block_on(poll_fn(|cx| {
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
                        // The driver polls for events once more, without a sleep.
                        cx.waker().wake_by_ref();
                        if !goes_on {
                            spinning = None;
                        }
                    }
                    Poll::Pending
                }));
            });
            // Before it leaves: the loop thread reads this time.
            self.note_end();
            driven
        };
        match driven {
            Ok(()) => Turn::Over,
            Err(_) if !is_polled => Turn::Refused,
            Err(payload) => {
                core.set_driver_panic(&payload);
                self.mark_dead();
                core.stop();
                self.notify_loop();
                Turn::Dead
            }
        }
    }
}

/// True once the time `until` has come; before that, the task is woken at that time.
fn has_come(until: Option<Instant>, alarm: Option<Pin<&mut Sleep>>, cx: &mut Context<'_>) -> bool {
    let (Some(until), Some(mut alarm)) = (until, alarm) else {
        return false;
    };
    // Tokio's clock may run ahead of the real one, if a test has paused it.
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
