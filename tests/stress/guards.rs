//! Contexts that are entered, and left exactly once, whatever becomes of their guards.

use std::future::pending;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use futures::stream;
use koil::{
    AsyncContext, AsyncEntered, CancelScope, CancelToken, Entered, Exit, ExitError, Koil,
    KoilBuilder, try_unkoil, unkoil, unkoil_iter, unkoil_task, unkoil_timeout,
};
use tokio::task::yield_now;
use tokio::time::sleep;

use crate::calls::{Caller, unless_stopped};

/// The number of contexts entered and left, by all threads together.
#[derive(Default)]
pub(crate) struct Ledger {
    entered: AtomicU64,
    left: AtomicU64,
    /// Dropped when their loop had ended, as the error hook was told and as they themselves know.
    told: AtomicU64,
    dropped_inside: AtomicU64,
    /// Futures of tasks and calls: made, and dropped.
    made: AtomicU64,
    dropped: AtomicU64,
}

/// Part of a future that is counted.
pub(crate) struct Counted(Arc<Ledger>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dropped.fetch_add(1, Ordering::Relaxed);
    }
}

impl Ledger {
    /// A loop whose error hook counts.
    pub(crate) fn watch(self: &Arc<Ledger>, builder: KoilBuilder) -> KoilBuilder {
        let ledger = self.clone();
        builder.on_error(move |error| ledger.hear(error))
    }

    fn hear(&self, error: &ExitError) {
        if error.is_shutdown() {
            self.told.fetch_add(1, Ordering::Relaxed);
        } else {
            // The undoing of a composition that cannot be entered tells no more than its text.
            let expected = error.is_panic() || error.to_string().ends_with("failed: Refused");
            assert!(expected, "{error}");
        }
    }

    /// A part of a future, which must be dropped once.
    pub(crate) fn task(self: &Arc<Ledger>) -> Counted {
        self.made.fetch_add(1, Ordering::Relaxed);
        Counted(self.clone())
    }

    /// Checks the counts, once everything is dropped.
    pub(crate) fn check(&self) -> String {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (entered, left, told) = (count(&self.entered), count(&self.left), count(&self.told));
        assert_eq!(
            told,
            count(&self.dropped_inside),
            "the hook hears of what is not left"
        );
        assert_eq!(entered, left + told, "what is entered is left, or told of");
        let (made, dropped) = (count(&self.made), count(&self.dropped));
        assert_eq!(made, dropped, "each future is dropped");
        format!(
            "{entered} contexts entered, {left} left, {told} told of; {made} futures made and dropped"
        )
    }
}

#[derive(Debug)]
pub(crate) struct Refused;

/// The behaviour of a context when it is entered, and when it is left.
#[derive(Clone, Copy)]
enum Does {
    Nothing,
    Yields,
    Sleeps,
    Fails,
    Panics,
    Listens,
}

impl Does {
    fn some(caller: &mut Caller<'_>) -> Does {
        match caller.choose(12) {
            0..=3 => Does::Nothing,
            4..=6 => Does::Yields,
            7 | 8 => Does::Sleeps,
            9 => Does::Fails,
            10 => Does::Panics,
            _ => Does::Listens,
        }
    }

    async fn run(self) -> Result<(), Refused> {
        match self {
            Does::Nothing => {}
            Does::Yields => yield_now().await,
            Does::Sleeps => sleep(Duration::from_micros(50)).await,
            Does::Fails => return Err(Refused),
            Does::Panics => panic!("on purpose"),
            Does::Listens => {
                if let Some(token) = CancelToken::current() {
                    tokio::select! {
                        () = token.cancelled() => {}
                        () = sleep(Duration::from_micros(50)) => {}
                    }
                }
            }
        }
        Ok(())
    }
}

const OUTSIDE: u8 = 0;
const INSIDE: u8 = 1;
const LEFT: u8 = 2;

/// A context that knows whether it is entered.
pub(crate) struct Room {
    enter: Does,
    exit: Does,
    state: AtomicU8,
    ledger: Arc<Ledger>,
}

impl Room {
    pub(crate) fn some(caller: &mut Caller<'_>) -> Room {
        Room {
            enter: Does::some(caller),
            exit: Does::some(caller),
            state: AtomicU8::new(OUTSIDE),
            ledger: caller.world.ledger.clone(),
        }
    }

    fn goes(&self, from: u8, to: u8) {
        let was = self.state.swap(to, Ordering::Relaxed);
        if was != from {
            eprintln!("a context goes from {was} to {to}");
            std::process::abort();
        }
    }
}

impl AsyncContext for Room {
    type Error = Refused;

    async fn aenter(&mut self) -> Result<(), Refused> {
        self.enter.run().await?;
        // The last step: a future that is cut short before has not entered.
        self.goes(OUTSIDE, INSIDE);
        self.ledger.entered.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    async fn aexit(&mut self, _cause: Exit) -> Result<(), Refused> {
        self.goes(INSIDE, LEFT);
        self.ledger.left.fetch_add(1, Ordering::Relaxed);
        self.exit.run().await
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        if *self.state.get_mut() == INSIDE {
            self.ledger.dropped_inside.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Guards of blocking code: closed, dropped, dropped elsewhere, unwound past, cancelled around.
pub(crate) fn guards(caller: &mut Caller<'_>) -> u64 {
    let handle = caller.an_owned_loop();
    let room = Room::some(caller);
    let how = caller.choose(7);
    let limit = Duration::from_micros(caller.choose(200) as u64);
    let foreign = &caller.world.foreign;
    let on_this_thread = || {
        let Ok(guard) = Entered::enter(room) else {
            return;
        };
        match how {
            0 => drop(guard.close()),
            1 => drop(guard),
            2 => {
                let _guard = guard;
                panic!("on purpose");
            }
            3 => {
                let cut = unkoil_timeout(limit, async {
                    // Refused inside a poll, and so handed to the loop.
                    let _guard = guard;
                    sleep(Duration::from_micros(100)).await;
                });
                drop(cut);
            }
            4 => {
                // Whenever its turn comes, its loop may have ended.
                drop(foreign.spawn_blocking(move || drop(guard)));
            }
            5 => drop(foreign.block_on(foreign.spawn(async move { drop(guard) }))),
            _ => {
                let scope = CancelScope::new().unwinding();
                let token = scope.token().clone();
                drop(foreign.spawn_blocking(move || token.cancel("enough")));
                drop(scope.run(|| {
                    let _guard = guard;
                    unkoil(async move { sleep(limit).await });
                }));
            }
        }
    };
    expecting_panics(|| handle.wrap(on_this_thread)());
    1
}

/// The same in a thread with a scheduler of its own, which has to lend its futures.
pub(crate) fn guards_beside_a_scheduler(caller: &mut Caller<'_>) -> u64 {
    let handle = caller.an_owned_loop();
    let rooms = [Room::some(caller), Room::some(caller)];
    let nested = || {
        let [outer, inner] = rooms;
        let Ok(_outer) = Entered::enter(outer) else {
            return;
        };
        drop(Entered::enter(inner));
    };
    caller
        .current_thread
        .block_on(async { expecting_panics(|| handle.wrap(nested)()) });
    2
}

/// Guards of async code, in tasks that end, are cancelled, or lose their owner.
pub(crate) fn async_guards(caller: &mut Caller<'_>) -> u64 {
    let handle = caller.an_owned_loop();
    let room = Room::some(caller);
    let (inside, outside) = (caller.choose(4), caller.choose(4));
    let alive = caller.world.ledger.task();
    let task = async move {
        let _alive = alive;
        let Ok(guard) = AsyncEntered::enter(room).await else {
            return;
        };
        match inside {
            0 => drop(guard.close().await),
            1 => drop(guard),
            2 => {
                let _guard = guard;
                sleep(Duration::from_micros(100)).await;
            }
            _ => {
                let _guard = guard;
                panic!("on purpose");
            }
        }
    };
    expecting_panics(|| {
        let task = handle.wrap(|| unkoil_task(task))();
        match outside {
            0 => drop(task),
            1 => drop(task.cancel_on_drop()),
            2 => {
                task.cancel("enough");
                drop(task.result());
            }
            _ => drop(task.result()),
        }
    });
    1
}

/// Callers of every kind, released together by the stop of their loop, which holds the context that
/// it leaves last.
pub(crate) fn crowds(caller: &mut Caller<'_>) -> u64 {
    const CROWD: usize = 40;
    let ledger = &caller.world.ledger;
    let builder = Koil::builder().thread_name("crowd");
    let koil = ledger
        .watch(builder)
        .build()
        .expect("a loop can be started");
    expecting_panics(|| drop(koil.hold(Room::some(caller))));
    let callers: Vec<_> = (0..CROWD)
        .map(|at| {
            let ledger = caller.world.ledger.clone();
            thread::spawn(koil.handle().wrap(move || {
                let alive = ledger.task();
                match at % 4 {
                    0 => drop(try_unkoil(async {
                        let _alive = alive;
                        pending::<()>().await;
                    })),
                    1 => expecting_panics(|| {
                        unkoil(async {
                            let _alive = alive;
                            pending::<()>().await;
                        });
                    }),
                    2 => drop(
                        unkoil_task(async {
                            let _alive = alive;
                            pending::<()>().await;
                        })
                        .result(),
                    ),
                    _ => expecting_panics(|| {
                        let items = unkoil_iter(stream::poll_fn(|_| Poll::<Option<()>>::Pending));
                        assert_eq!(items.count(), 0);
                    }),
                }
            }))
        })
        .collect();
    let id = koil.handle();
    let waiting = || format!("{id:?}").matches("the blocking call at").count();
    while waiting() < CROWD {
        thread::yield_now();
    }
    let report = koil.shutdown();
    assert!(
        report.is_clean() && report.released() == CROWD,
        "{report:?}"
    );
    for caller in callers {
        caller.join().expect("each was released");
    }
    CROWD as u64
}

/// Only a panic on purpose and the end of a loop may come out.
pub(crate) fn expecting_panics(call: impl FnOnce()) {
    unless_stopped(|| {
        if let Err(payload) = panic::catch_unwind(AssertUnwindSafe(call))
            && payload.downcast_ref() != Some(&"on purpose")
        {
            panic::resume_unwind(payload);
        }
    });
}
