//! `blocked`: a snapshot of all blocking calls that wait now, with the loop that each waits for, and
//! of the work that keeps a loop from them.

use std::time::{Duration, Instant};

use crate::current::LoopCore;
use crate::report::blocked::{Blocked, BlockedWait};
#[cfg(feature = "sched")]
use crate::report::held_lock;

/// The time after which a poll counts as one that does not come back.
const LONG_POLL: Duration = Duration::from_millis(100);

/// All blocking calls of this process that wait at this moment, on any loop; the longest waiting
/// first.
///
/// It also lists the work that keeps a thread of a loop from everything else, with
/// [`BlockedWait::InPoll`]: a task or a lent future that has been inside one poll for 100 ms at least,
/// since it computes for long or blocks the thread (a lock, a join, a sleep of std). The time of a poll
/// counts from the moment at which a call that waits, or this function, first finds it; so a watchdog
/// that calls this twice sees every such work. Tasks of `tokio::spawn` cannot be seen.
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
    let mut all = long_polls(core, now, LONG_POLL);
    all.extend(core.registry.map_callers(|caller| Blocked {
        site: caller.site,
        waited: now.saturating_duration_since(caller.since),
        loop_id: core.id,
        loop_name: core.name.clone(),
        thread: caller.thread.clone(),
        wait: caller.wait,
        #[cfg(feature = "sched")]
        lock: held_lock::of_thread(caller.thread.id()),
    }));
    all
}

/// The work that has been inside one poll for `limit` at least.
pub(super) fn long_polls(core: &LoopCore, now: Instant, limit: Duration) -> Vec<Blocked> {
    let polls = core.long_polls(now).into_iter();
    let long = polls.filter(|poll| poll.lasts >= limit);
    long.map(|poll| Blocked {
        site: poll.work.site,
        waited: poll.lasts,
        loop_id: core.id,
        loop_name: core.name.clone(),
        thread: poll.thread,
        wait: BlockedWait::InPoll,
        #[cfg(feature = "sched")]
        lock: None,
    })
    .collect()
}
