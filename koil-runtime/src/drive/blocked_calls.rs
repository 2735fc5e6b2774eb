//! `blocked`: a snapshot of all blocking calls that wait now, with the loop that each waits for.

use std::time::Instant;

use crate::current::LoopCore;
use crate::report::blocked::Blocked;

/// All blocking calls of this process that wait at this moment, on any loop; the longest waiting
/// first.
///
/// The snapshot is for a watchdog thread, a debug page or the thread of a signal handler: it takes
/// the lock of each loop for a moment and may be called anywhere. A call that is ready is never
/// listed, and pays no cost for this; [`sleep`](crate::sleep()) waits for no loop and is not listed
/// either.
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
    core.registry.map_callers(|caller| Blocked {
        site: caller.site,
        waited: now.saturating_duration_since(caller.since),
        loop_id: core.id,
        loop_name: core.name.clone(),
        thread: caller.thread.clone(),
        wait: caller.wait,
    })
}
