//! Many threads that make calls side by side.

use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use crate::harness::{Meter, Spent};

/// The name of a case in which so many threads call.
pub fn size(threads: usize) -> String {
    let plural = if threads == 1 { "" } else { "s" };
    format!("{threads} thread{plural}")
}

/// Makes `calls` calls in all, one thread to a lane; a call goes to a free thread.
///
/// The time is that of the whole crowd, so that time divided by calls is the inverse of the
/// throughput.
pub fn side_by_side<L: Send>(
    lanes: &mut [L],
    calls: u64,
    call: impl Fn(&mut L, u64) + Sync,
) -> Spent {
    let next = AtomicU64::new(0);
    // Two gates: all threads are up before the clock starts, and none begins before it does.
    let [up, go] = [(); 2].map(|()| Barrier::new(lanes.len() + 1));
    let work = |lane: &mut L| {
        up.wait();
        go.wait();
        // ORDERING: Relaxed; only uniqueness counts.
        let tickets = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        for ticket in tickets.take_while(|ticket| *ticket < calls) {
            call(lane, ticket);
        }
    };
    thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = lanes
            .iter_mut()
            .map(|lane| scope.spawn(move || work(lane)))
            .collect();
        up.wait();
        let meter = Meter::start();
        go.wait();
        for thread in threads {
            thread.join().expect("no echo fails");
        }
        meter.stop()
    })
}
