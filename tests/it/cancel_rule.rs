//! One rule for every cause that cuts a call short, on every thread: the future hears of it, and the
//! error says how the future ended.

use std::future::{Future, pending};
use std::panic::{self, AssertUnwindSafe};
use std::pin::Pin;
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::{Duration, Instant};

use futures::Stream;
use koil::{CancelScope, CancelToken, Error, Koil, koiled};
use koil::{deadline_unwinding, unkoil_lend, unkoil_task};
use tokio::runtime::Builder;

use crate::support::{Count, FOR_EVER, a_loop, on_a_loop, until, watch, watched};

const SOON: Duration = Duration::from_millis(2);

type Boxed = Pin<Box<dyn Future<Output = u8> + Send>>;

/// How a future reacts to its cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// It listens, cleans up with the help of the loop, and ends.
    Polite,
    /// It listens, and ends in that very poll.
    Prompt,
    /// It listens, and continues all the same.
    Stubborn,
    /// It does not listen.
    Deaf,
    /// It listens, and its clean-up panics.
    Panicky,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    Timeout,
    Cancel,
    Stop,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A plain thread: it parks.
    Plain,
    /// A task of a current-thread runtime: it polls beside the scheduler.
    Beside,
    /// A task of a multi-threaded runtime.
    Aside,
}

const MANNERS: [Manner; 4] = [
    Manner::Polite,
    Manner::Prompt,
    Manner::Stubborn,
    Manner::Deaf,
];
const CAUSES: [Cause; 3] = [Cause::Timeout, Cause::Cancel, Cause::Stop];

fn future(manner: Manner, began: Sender<()>, dropped: &Count) -> Boxed {
    let guard = dropped.on_drop();
    Box::pin(async move {
        let _guard = guard;
        let token = CancelToken::current().expect("a call has a token");
        let announced = async {
            // After the first poll of the future that it waits for.
            tokio::task::yield_now().await;
            began.send(()).expect("the test listens");
            pending::<()>().await;
        };
        let wait = async {
            match manner {
                Manner::Deaf => pending().await,
                _ => token.cancelled().await,
            }
        };
        tokio::select! {
            biased;
            () = wait => {}
            () = announced => {}
        }
        match manner {
            Manner::Prompt => {}
            Manner::Panicky => panic!("in the clean-up"),
            Manner::Polite => tokio::time::sleep(SOON).await,
            Manner::Stubborn | Manner::Deaf => {
                let _still_listening = Box::pin(token.cancelled());
                pending::<()>().await;
            }
        }
        7
    })
}

/// Far away, but for futures that would use it all.
fn grace(manner: Manner) -> Duration {
    match manner {
        Manner::Stubborn => SOON * 10,
        _ => FOR_EVER,
    }
}

/// How the call is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Call {
    /// An item of a stream, which can answer with an error.
    Item,
    /// A plain call, in a scope that unwinds.
    Plain,
}

#[koiled]
fn item(future: Boxed) -> impl Stream<Item = u8> + Send {
    futures::stream::once(future)
}

fn block(call: Call, cause: Cause, scope: CancelScope, future: Boxed) -> Error {
    let answer = match (call, cause) {
        (Call::Item, Cause::Timeout) => item_blocking(future).next_timeout(SOON * 5).unwrap(),
        (Call::Item, _) => {
            let item = scope.run(|| item_blocking(future).next_timeout(FOR_EVER));
            item.unwrap().unwrap()
        }
        (Call::Plain, Cause::Timeout) => deadline_unwinding(SOON * 5, || unkoil_lend(future)),
        (Call::Plain, _) => scope.unwinding().run(|| unkoil_lend(future)),
    };
    answer.unwrap_err()
}

/// Makes the call, cuts it short, and gives the error that came out; `None` if it was late already
/// when it was made.
fn cut(call: Call, cause: Cause, place: Place, manner: Manner) -> Option<Error> {
    let koil = Koil::builder().join_timeout(FOR_EVER);
    let koil = koil.cancel_grace(grace(manner)).build().unwrap();
    watch(&koil.handle());
    let handle = koil.handle();
    let dropped = Count::default();
    let (began, beginning) = mpsc::channel();
    let future = future(manner, began, &dropped);
    let scope = CancelScope::new();
    let token = scope.token().clone();
    let cutter = thread::spawn(move || {
        let has_begun = beginning.recv().is_ok();
        assert!(has_begun || cause == Cause::Timeout);
        match cause {
            Cause::Timeout => {}
            Cause::Cancel => assert!(token.cancel("stop")),
            Cause::Stop => {
                // A stop waits for callers that wait, not for callers that are about to.
                until(|| format!("{koil:?}").contains(" at tests"));
                assert!(koil.shutdown().is_clean());
                return (has_begun, None);
            }
        }
        // The loop lives until the call has ended.
        (has_begun, Some(koil))
    });
    let seen = dropped.clone();
    let block = handle.wrap(move || {
        let error = block(call, cause, scope, future);
        assert_eq!(seen.get(), 1, "it is gone when the error is there");
        error
    });
    let error = match place {
        Place::Plain => block(),
        Place::Beside => run_in_task(Builder::new_current_thread(), block),
        Place::Aside => run_in_task(Builder::new_multi_thread(), block),
    };
    let (has_begun, _koil) = cutter.join().unwrap();
    has_begun.then_some(error)
}

fn run_in_task<T: Send + 'static>(
    mut builder: Builder,
    f: impl FnOnce() -> T + Send + 'static,
) -> T {
    let runtime = builder.enable_all().build().unwrap();
    runtime.block_on(async { tokio::spawn(async { f() }).await.unwrap() })
}

#[track_caller]
fn check(error: &Error, cause: Cause, manner: Manner) {
    let kinds = [
        error.is_timeout(),
        error.is_cancelled(),
        error.is_shutdown(),
    ];
    assert_eq!(kinds, CAUSES.map(|other| other == cause), "{error}");
    let polite = matches!(manner, Manner::Polite | Manner::Prompt);
    assert_eq!(error.acknowledged(), polite, "{error}");
}

#[track_caller]
fn check_everything(place: Place) {
    watched(move || {
        for (cause, manner) in CAUSES.into_iter().flat_map(|c| MANNERS.map(|m| (c, m))) {
            for call in [Call::Item, Call::Plain] {
                if (call, cause) == (Call::Plain, Cause::Stop) {
                    continue; // It can only panic: `stop` tests that.
                }
                let begun = Instant::now();
                let error = std::iter::repeat_with(|| cut(call, cause, place, manner));
                let error = error.flatten().next().unwrap();
                check(&error, cause, manner);
                if manner == Manner::Stubborn {
                    assert!(begun.elapsed() >= grace(manner));
                }
            }
        }
    });
}

#[test]
fn on_a_plain_thread() {
    check_everything(Place::Plain);
}

#[test]
fn where_the_loop_has_the_future() {
    check_everything(Place::Beside);
}

#[test]
fn where_the_thread_has_stepped_aside() {
    check_everything(Place::Aside);
}

#[test]
fn of_a_task_on_the_loop() {
    watched(|| {
        for (cause, manner) in [Cause::Cancel, Cause::Stop]
            .into_iter()
            .flat_map(|c| MANNERS.map(|m| (c, m)))
        {
            let koil = Koil::builder().join_timeout(FOR_EVER);
            let koil = koil.cancel_grace(grace(manner)).build().unwrap();
            let entered = koil.enter();
            let dropped = Count::default();
            let (began, beginning) = mpsc::channel();
            let task = unkoil_task(future(manner, began, &dropped));
            drop(entered);
            beginning.recv().unwrap();
            let mut koil = Some(koil);
            if cause == Cause::Stop {
                let stopped = koil.take().map(Koil::shutdown);
                assert!(stopped.is_some_and(|report| report.is_clean()));
            } else {
                assert!(task.cancel("stop"));
            }
            let error = task.result().unwrap_err();
            assert_eq!(dropped.get(), 1);
            check(&error, cause, manner);
            drop(koil);
        }
    });
}

#[test]
fn a_panic_in_the_grace_comes_out() {
    watched(|| {
        for place in [Place::Plain, Place::Beside, Place::Aside] {
            let call = || cut(Call::Plain, Cause::Cancel, place, Manner::Panicky);
            let payload = panic::catch_unwind(call).unwrap_err();
            if place == Place::Plain {
                assert_eq!(payload.downcast_ref(), Some(&"in the clean-up"));
            }
        }
        let koil = a_loop();
        let _entered = koil.enter();
        let (began, beginning) = mpsc::channel();
        let task = unkoil_task(future(Manner::Panicky, began, &Count::default()));
        beginning.recv().unwrap();
        task.cancel("stop");
        let payload = panic::catch_unwind(AssertUnwindSafe(|| task.result())).unwrap_err();
        assert_eq!(payload.downcast_ref(), Some(&"in the clean-up"));
    });
}

#[test]
fn a_value_that_was_there_before_the_signal_wins() {
    on_a_loop(|_| {
        let scope = CancelScope::new();
        let token = scope.token().clone();
        // Ready in the same poll in which the scope is cancelled, and it does not listen.
        let answer = scope.run(|| {
            koil::try_unkoil(async {
                tokio::task::yield_now().await;
                token.cancel("stop");
                7
            })
        });
        assert_eq!(answer.unwrap().unwrap(), 7);
    });
}
