//! `blocked`: who waits for which loop, right now.

use std::time::Instant;

use crate::current::LoopCore;
use crate::report::blocked::Blocked;

/// Every blocking call of this process that waits at this moment, on whichever loop; the longest
/// waiting first.
///
/// A snapshot, for a watchdog thread, a debug page or a signal handler's thread: it takes each
/// loop's lock for a moment and may be called anywhere. A call that is ready is never listed, and
/// pays nothing for this; [`sleep`](crate::sleep()) waits for no loop and is not listed either.
///
/// ```
/// use std::time::Duration;
///
/// let blocked = koil::unkoil(async {
///     let watchdog = std::thread::spawn(|| loop {
///         match koil::blocked().pop() {
///             Some(call) => break call,
///             None => std::thread::yield_now(),
///         }
///     });
///     while !watchdog.is_finished() {
///         tokio::time::sleep(Duration::from_millis(1)).await;
///     }
///     watchdog.join().unwrap()
/// });
/// assert_eq!(blocked.call_site().file(), file!());
/// println!("{blocked}");
/// ```
#[must_use]
pub fn blocked() -> Vec<Blocked> {
    let now = Instant::now();
    let mut all: Vec<_> = LoopCore::all()
        .iter()
        .flat_map(|core| blocked_on(core, now))
        .collect();
    all.sort_by_key(|call| std::cmp::Reverse(call.waited));
    all
}

fn blocked_on(core: &LoopCore, now: Instant) -> Vec<Blocked> {
    let waiting = core.registry.waiting();
    let calls = waiting.callers.iter().map(|(_, caller)| Blocked {
        site: caller.site,
        waited: now.saturating_duration_since(caller.since),
        loop_id: core.id,
        loop_name: core.name.clone(),
        thread: caller.thread.clone(),
        wait: caller.wait,
    });
    calls.collect()
}
