//! Contexts of several parts, and contexts that outlive their loop.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use koil::{AsyncEntered, Entered, Koil, koilable, unkoil_task, unkoil_timeout};
use tokio::time::sleep;

use crate::calls::Caller;
use crate::guards::{Room, expecting_panics};

/// Contexts of two parts, entered by blocking code, by async code, and in part.
#[koilable(suffix = "_blocking")]
struct House {
    #[koil(context)]
    hall: Room,
    #[koil(context)]
    attic: Room,
}

pub(crate) fn compositions(caller: &mut Caller<'_>) -> u64 {
    let handle = caller.an_owned_loop();
    let house = House {
        hall: Room::some(caller),
        attic: Room::some(caller),
    };
    let how = caller.choose(5);
    let limit = Duration::from_micros(caller.choose(200) as u64);
    let enter_and_leave = || match how {
        0 => {
            if let Ok(guard) = Entered::enter(house) {
                drop(guard.close());
            }
        }
        1 => drop(Entered::enter(house)),
        // Cut short at any point: before, between and after the parts.
        2 => drop(unkoil_timeout(limit, AsyncEntered::enter(house))),
        3 => drop(unkoil_timeout(limit, async {
            if let Ok(guard) = AsyncEntered::enter(house).await {
                drop(guard.close().await);
            }
        })),
        _ => drop(
            unkoil_task(async {
                let _guard = AsyncEntered::enter(house).await;
                sleep(Duration::from_micros(100)).await;
            })
            .cancel_on_drop(),
        ),
    };
    expecting_panics(|| handle.wrap(enter_and_leave)());
    2
}

/// A guard that is dropped after the end of its loop cannot be left, and the hook gets the error.
pub(crate) fn guards_of_a_loop_that_has_ended(caller: &mut Caller<'_>) -> u64 {
    let builder = Koil::builder()
        .thread_name("late")
        .cancel_grace(Duration::from_millis(1));
    let koil = caller.world.ledger.watch(builder).build();
    let koil = koil.expect("a loop can be started");
    // The stop waits for no guard of its own thread, and a moment for one of another.
    let rooms = [Room::some(caller), Room::some(caller)];
    let (guards, opened) = mpsc::channel();
    for (at, room) in rooms.into_iter().enumerate() {
        let guards = guards.clone();
        let enter = koil.handle().wrap(move || {
            expecting_panics(|| {
                if let Ok(guard) = Entered::enter(room) {
                    guards.send(guard).expect("it is received below");
                }
            });
        });
        match at {
            0 => enter(),
            _ => thread::spawn(enter)
                .join()
                .expect("what is expected is caught"),
        }
    }
    drop(guards);
    let report = koil.shutdown();
    assert!(
        report.loop_ended() && report.left_behind() == 0,
        "{report:?}"
    );
    drop(opened);
    2
}
