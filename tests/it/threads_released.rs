//! Jobs without an owner: plain calls that give their worker back, and jobs that run by themselves.

use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::time::Duration;

use futures::StreamExt;
use koil::{
    CancelScope, Koil, ThreadedCall, ThreadedIter, Yielder, iterate_threaded, run_separate,
    run_threaded, threaded, threaded_iterable, unkoil,
};

use crate::support::{Count, FOR_EVER, on_a_loop, on_loop, until, waiting, watch, watched};

/// Polls once, so that the job is started.
fn start<F: Future + Unpin>(future: &mut F) {
    unkoil(async { assert!(futures::poll!(future).is_pending()) });
}

/// A loop whose graces last for ever, so that a job that is not released shows as a hang.
fn patient() -> Koil {
    let koil = Koil::builder()
        .join_timeout(FOR_EVER)
        .cancel_grace(FOR_EVER)
        .max_blocking_threads(1)
        .build()
        .unwrap();
    watch(&koil.handle());
    koil
}

/// Waits in a plain call, for ever; `ended` counts the drop of its frame.
#[threaded(unwinding)]
fn plain(ended: Count) {
    let _frame = ended.on_drop();
    unkoil(pending::<()>());
}

#[derive(Clone)]
struct Client(Count);

#[threaded(clone, unwinding)]
impl Client {
    fn plain(&self) {
        let _frame = self.0.on_drop();
        unkoil(pending::<()>());
    }

    #[threaded(separate)]
    fn separate(&self) {
        self.plain();
    }
}

#[threaded]
trait Plain {
    #[threaded(unwinding)]
    fn run(&self);
}

impl Plain for Client {
    fn run(&self) {
        self.plain();
    }
}

#[test]
fn a_plain_call_of_a_job_that_is_cancelled_gives_its_worker_back() {
    on_loop(patient, |koil| {
        let ended = Count::default();
        let client = Client(ended.clone());
        let shared = koil::Threaded::new(client.clone());
        let makers: [&dyn Fn() -> ThreadedCall<()>; 6] = [
            &|| {
                let client = client.clone();
                run_threaded(move || client.plain()).unwinding()
            },
            &|| {
                let client = client.clone();
                run_separate(move || client.plain()).unwinding()
            },
            &|| plain_async(ended.clone()),
            &|| client.plain_async(),
            &|| client.separate_async(),
            &|| shared.run(),
        ];
        for (n, make) in makers.iter().enumerate() {
            let mut cancelled = make();
            start(&mut cancelled);
            until(|| waiting(&koil.handle()) == 1);
            assert!(unkoil(cancelled.cancel()));
            assert_eq!(ended.get(), 2 * n + 1);

            let mut dropped = make();
            start(&mut dropped);
            until(|| waiting(&koil.handle()) == 1);
            drop(dropped);
            until(|| ended.get() == 2 * n + 2);
        }
        // The one worker is free.
        assert_eq!(unkoil(run_threaded(|| 1)), 1);
    });
}

#[test]
fn a_plain_call_waits_on_unless_it_was_asked_to_unwind() {
    watched(|| {
        let koil = Koil::builder()
            .cancel_grace(Duration::from_millis(5))
            .build()
            .unwrap();
        let _entered = koil.enter();
        let (release, held) = tokio::sync::oneshot::channel::<()>();
        let ended = Count::default();
        let frame = ended.on_drop();
        let mut call = run_threaded(move || {
            let _frame = frame;
            unkoil(held).is_ok()
        });
        start(&mut call);
        until(|| waiting(&koil.handle()) == 1);
        assert!(!unkoil(call.cancel()));
        assert_eq!(ended.get(), 0);
        release.send(()).unwrap();
        until(|| ended.get() == 1);
    });
}

#[test]
fn a_plain_call_after_the_cancel_is_cut_short_before_it_waits() {
    on_loop(patient, |_| {
        let (started, starts) = mpsc::channel();
        let (go, gone) = mpsc::channel();
        let after = Count::default();
        let mut call = run_threaded({
            let after = after.clone();
            move || {
                started.send(()).unwrap();
                gone.recv().unwrap();
                unkoil(pending::<()>());
                after.add();
            }
        })
        .unwinding();
        start(&mut call);
        starts.recv().unwrap();
        let cancel = koil::unkoil_task(call.cancel());
        // The token is cancelled in the first poll of `cancel`, which may be later.
        go.send(()).unwrap();
        assert!(cancel.result().unwrap());
        assert_eq!(after.get(), 0);
    });
}

#[test]
fn an_owner_that_awaits_a_job_that_was_cut_short_gets_the_error() {
    on_loop(patient, |koil| {
        let told = |plainly: bool| {
            let scope = CancelScope::new();
            let (token, handle) = (scope.token().clone(), koil.handle());
            let canceller = std::thread::spawn(move || {
                until(|| waiting(&handle) == 1);
                token.cancel("enough");
            });
            let call = run_threaded(|| unkoil(pending::<()>())).unwinding();
            let error = scope.run(|| {
                // Not a call of koil, which would obey the scope itself.
                if plainly {
                    let awaited = AssertUnwindSafe(|| futures::executor::block_on(call));
                    let payload = catch_unwind(awaited).unwrap_err();
                    return *payload.downcast::<String>().unwrap();
                }
                let error = futures::executor::block_on(call.fallible()).unwrap_err();
                assert!(error.is_cancelled());
                assert_eq!(error.call_site().file(), file!());
                error.to_string()
            });
            canceller.join().unwrap();
            error.unwrap()
        };
        for plainly in [false, true] {
            let text = told(plainly);
            assert!(text.ends_with("was cancelled: enough"), "{text}");
        }
    });
}

#[test]
fn drops_of_a_job_that_unwinds_finish_their_calls_and_inner_scopes_let_it_pass() {
    on_loop(patient, |koil| {
        let cleaned = Count::default();
        let mut call = run_threaded({
            let cleaned = cleaned.clone();
            move || {
                let _cleans = crate::support::OnDrop::new(move || {
                    unkoil(tokio::time::sleep(Duration::from_millis(1)));
                    cleaned.add();
                });
                let inner = CancelScope::new().unwinding();
                let _: Result<(), _> = inner.run(|| unkoil(pending()));
                unreachable!("the job was cancelled, not the scope in it");
            }
        })
        .unwinding();
        start(&mut call);
        until(|| waiting(&koil.handle()) == 1);
        assert!(unkoil(call.cancel()));
        assert_eq!(cleaned.get(), 1);
    });
}

/// Yields one item, then waits in a plain call.
#[threaded_iterable(unwinding)]
fn stuck(ended: Count, out: &mut Yielder<u8>) {
    let _frame = ended.on_drop();
    out.push(1).unwrap();
    unkoil(pending::<()>());
}

/// The same, as an iterator in an `Option`.
#[threaded_iterable(unwinding)]
#[allow(clippy::unnecessary_wraps)] // The item is opened.
fn opened(ended: Count) -> Option<impl Iterator<Item = u8>> {
    let frame = ended.on_drop();
    Some((1..).inspect(move |n| {
        let _frame = &frame;
        if *n > 1 {
            unkoil(pending::<()>());
        }
    }))
}

#[test]
fn a_producer_that_waits_in_a_plain_call_ends_with_its_stream() {
    on_loop(patient, |koil| {
        let ended = Count::default();
        let pooled = |ended: Count| {
            let frame = ended.on_drop();
            let make = move || {
                (1..).inspect(move |n| {
                    let _frame = &frame;
                    if *n > 1 {
                        unkoil(pending::<()>());
                    }
                })
            };
            iterate_threaded(8, make).unwinding()
        };
        let makers: [&dyn Fn() -> ThreadedIter<u8>; 3] = [
            &|| stuck_async(ended.clone()),
            &|| unkoil(opened_async(ended.clone())).unwrap(),
            &|| pooled(ended.clone()),
        ];
        let mut expected = 0;
        for closes in [true, false] {
            for make in makers {
                let mut stream = make();
                assert_eq!(unkoil(stream.next()), Some(1));
                until(|| waiting(&koil.handle()) == 1);
                if closes {
                    assert_eq!(unkoil(stream.close()), None);
                } else {
                    drop(stream);
                }
                expected += 1;
                until(|| ended.get() == expected);
            }
        }
    });
}

#[test]
fn a_call_that_is_started_runs_although_nothing_polls_it() {
    on_a_loop(|_| {
        let (send, received) = mpsc::channel();
        let call = run_threaded(move || {
            send.send(()).unwrap();
            7
        });
        let call = call.start();
        received.recv().unwrap();
        assert_eq!(unkoil(call), 7);
    });
}

#[test]
fn a_started_call_is_detached_by_a_drop_unless_it_shall_be_cancelled() {
    on_a_loop(|_| {
        let sleeps = || {
            let (started, starts) = mpsc::channel();
            let (release, held) = mpsc::channel::<()>();
            let (send, ended) = mpsc::channel();
            let call = run_threaded(move || {
                started.send(()).unwrap();
                let _ = held.recv();
                send.send(koil::check_cancelled().is_ok()).unwrap();
            });
            (call, starts, release, ended)
        };
        let (call, starts, release, ended) = sleeps();
        drop(call.start());
        starts.recv().unwrap();
        release.send(()).unwrap();
        assert!(ended.recv().unwrap(), "it runs on");

        let (call, starts, release, ended) = sleeps();
        let call = call.start().cancel_on_drop();
        starts.recv().unwrap();
        drop(call);
        release.send(()).unwrap();
        assert!(!ended.recv().unwrap(), "it is cancelled");

        let (mut call, starts, release, ended) = sleeps();
        start(&mut call);
        starts.recv().unwrap();
        call.detach();
        release.send(()).unwrap();
        assert!(ended.recv().unwrap(), "it runs on");
    });
}

#[test]
fn a_detached_job_begins_though_its_owner_is_gone_and_a_shutdown_waits_for_it() {
    watched(|| {
        let koil = patient();
        let (release, held) = mpsc::channel::<()>();
        let (begun, ended) = (Count::default(), Count::default());
        {
            let _entered = koil.enter();
            let occupied = begun.clone();
            run_threaded(move || {
                occupied.add();
                let _ = held.recv();
            })
            .detach();
            until(|| begun.get() == 1);
            // Waits in the queue of the only worker while its owner is dropped.
            let (begun, ended) = (begun.clone(), ended.clone());
            run_threaded(move || {
                begun.add();
                assert!(koil::sleep(FOR_EVER).unwrap_err().is_cancelled());
                ended.add();
            })
            .detach();
        }
        release.send(()).unwrap();
        until(|| begun.get() == 2);
        assert!(koil.shutdown().is_clean());
        assert_eq!(ended.get(), 1);
    });
}
