//! Bursts of short calls that wait.

use std::hint::black_box;
use std::panic;
use std::thread;
use std::time::Duration;

use koil::{CancelScope, unkoil, unkoil_lend, unkoil_timeout};

use crate::calls::Caller;

/// Calls that wait, as fast as they come, and silence after some: where callers drive, the driver
/// goes from hand to hand.
pub(crate) fn bursts(caller: &mut Caller<'_>) -> u64 {
    const CALLS: u64 = 100;
    let handle = caller.world.stays.handle();
    let _entered = handle.enter();
    let task = |n: u64| async move { tokio::spawn(async move { black_box(n) }).await.unwrap() };
    let far = Duration::from_secs(600);
    for n in 0..CALLS {
        match caller.choose(64) {
            0 => {
                let breaks = || unkoil(async move { panic!("on purpose, {}", task(n).await) });
                let caught: Result<(), _> = panic::catch_unwind(breaks);
                assert!(caught.is_err());
            }
            1..8 => assert_eq!(caller.socket.echo(3), 3),
            8..12 => caller
                .current_thread
                .block_on(async { assert_eq!(unkoil_lend(task(n)), n) }),
            12..22 => assert_eq!(unkoil_timeout(far, task(n)).unwrap(), n),
            22..28 => {
                let twice = async { task(n).await + task(n).await };
                assert_eq!(unkoil_timeout(far, twice).unwrap(), 2 * n);
            }
            28..34 => {
                let scope = CancelScope::new();
                assert_eq!(scope.run(|| unkoil(task(n))).unwrap(), n);
            }
            _ => assert_eq!(unkoil(task(n)), n),
        }
    }
    if caller.choose(4) == 0 {
        thread::sleep(Duration::from_micros(caller.choose(3000) as u64));
    }
    CALLS
}
