//! Waits that only the blocked thread could end: noticed after five seconds, and ended by a cancel.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use koil::{BlockingInAsync, CancelScope, Koil, try_unkoil};
use tokio::runtime::Builder;
use tokio::task::{LocalSet, spawn_local};

use crate::support::watched;

const LONG: Duration = Duration::from_secs(5);

/// Makes a call that waits for what its own thread would do next.
type Starves = fn() -> Result<(), koil::Error>;

const STARVES: [(&str, Starves); 4] = [
    ("a timer of the runtime around", || {
        let timer = tokio::time::sleep(Duration::from_millis(1));
        try_unkoil(timer)
    }),
    ("a task of the runtime around", || {
        let task = tokio::spawn(async {});
        try_unkoil(async { task.await.expect("it does not panic") })
    }),
    ("a task of the `LocalSet` around", || {
        let task = spawn_local(async {});
        try_unkoil(async { task.await.expect("it does not panic") })
    }),
    ("`spawn_local` inside", || {
        try_unkoil(async {
            let task = spawn_local(async {});
            task.await.expect("it does not panic");
        })
    }),
];

/// Runs the call in a `LocalSet` of a current-thread runtime until the notice of the long wait comes;
/// then cancels it. Returns the notices and the error of the call.
fn starve(starves: Starves) -> (Vec<BlockingInAsync>, koil::Error) {
    let scope = CancelScope::new();
    let token = scope.token().clone();
    let (tells, told) = mpsc::channel();
    let koil = Koil::builder()
        .on_blocking_in_async(move |notice| {
            tells.send(notice.clone()).expect("the test listens");
            if notice.waited() >= LONG {
                token.cancel("it has been told");
            }
        })
        .build()
        .expect("a loop can be started");
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime can be started");
    let entered = koil.enter();
    let outcome =
        LocalSet::new().block_on(&runtime, async { scope.run(starves).expect("it returns") });
    drop(entered);
    assert!(koil.shutdown().is_clean());
    (told.iter().collect(), outcome.unwrap_err())
}

#[test]
fn a_wait_that_only_its_own_thread_could_end_is_told_after_five_seconds() {
    watched(|| {
        let callers = STARVES.map(|(name, starves)| (name, thread::spawn(move || starve(starves))));
        for (name, caller) in callers {
            let (told, error) = caller.join().unwrap();
            assert_eq!(told.len(), 2, "{name}: {told:?}");
            assert!(told[0].waited().is_zero(), "{name}");
            assert!(told[1].waited() >= LONG, "{name}");
            for notice in told {
                assert_eq!(notice.call_site().file(), file!(), "{name}");
            }
            assert_eq!(error.cancel_reason().as_deref(), Some("it has been told"));
        }
    });
}

#[test]
fn what_starved_goes_on_after_the_call() {
    watched(|| {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let timer = tokio::time::sleep(Duration::from_millis(1));
            let task = tokio::spawn(timer);
            let cut = koil::unkoil_timeout(Duration::from_millis(20), std::future::pending::<()>());
            assert!(cut.unwrap_err().is_timeout());
            task.await.unwrap();
        });
    });
}
