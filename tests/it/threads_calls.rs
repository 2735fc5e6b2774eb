//! Blocking functions on workers: where they can be awaited, what they see, how they end.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::time::Duration;

use futures::executor;
use koil::{CancelToken, Handle, Koil, run_separate, run_threaded, unkoil};

use crate::support::{Count, FOR_EVER, OnDrop, on_a_loop, until, watched};

fn thread_name() -> String {
    std::thread::current().name().unwrap_or_default().to_owned()
}

#[test]
fn a_call_can_be_awaited_on_any_executor() {
    on_a_loop(|koil| {
        let call = || run_threaded(|| (thread_name(), Handle::current()));
        let expected = ("koil-worker".to_owned(), koil.handle());
        assert_eq!(unkoil(call()), expected);
        assert_eq!(executor::block_on(call()), expected);
        assert_eq!(smol::block_on(call()), expected);
        let current = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        assert_eq!(current.block_on(call()), expected);
        let multi = tokio::runtime::Runtime::new().unwrap();
        assert_eq!(multi.block_on(multi.spawn(call())).unwrap(), expected);
    });
}

#[test]
fn a_separate_call_has_a_thread_of_its_own() {
    watched(|| {
        let koil = Koil::builder().max_blocking_threads(1).build().unwrap();
        let _entered = koil.enter();
        let (release, held) = mpsc::channel::<()>();
        let busy = koil
            .handle()
            .tokio()
            .spawn(run_threaded(move || held.recv().is_ok()));
        let name = unkoil(run_separate(thread_name));
        assert_eq!(name, "koil-separate");
        release.send(()).unwrap();
        assert!(unkoil(busy).unwrap());
    });
}

#[test]
fn a_call_is_lazy_and_needs_no_runtime_to_be_made() {
    watched(|| {
        let call = run_threaded(|| 42);
        assert_eq!(format!("{call:?}").matches("not started").count(), 1);
        let elsewhere = std::thread::spawn(|| futures::executor::block_on(call));
        assert_eq!(elsewhere.join().unwrap(), 42);
    });
}

#[test]
fn nothing_runs_before_the_first_poll() {
    on_a_loop(|_| {
        let (begun, held) = (Count::default(), Count::default());
        let call = run_threaded({
            let (begun, guard) = (begun.clone(), held.on_drop());
            move || {
                begun.add();
                drop(guard);
            }
        });
        drop(call);
        assert_eq!((begun.get(), held.get()), (0, 1));
    });
}

#[test]
fn jobs_that_wait_for_jobs_go_deeper_than_the_pool() {
    fn dive(depth: u32) -> u32 {
        if depth == 0 {
            return 0;
        }
        1 + unkoil(run_threaded(move || dive(depth - 1)))
    }
    watched(|| {
        let koil = Koil::builder().max_blocking_threads(1).build().unwrap();
        let _entered = koil.enter();
        assert_eq!(dive(40), 40);
    });
}

#[test]
fn a_panic_goes_on_at_the_await() {
    on_a_loop(|_| {
        let call = run_threaded(|| std::panic::panic_any(42_u8));
        let payload = catch_unwind(AssertUnwindSafe(|| unkoil(call))).unwrap_err();
        assert_eq!(*payload.downcast::<u8>().unwrap(), 42);
        assert_eq!(unkoil(run_threaded(|| 1)), 1);
    });
}

#[test]
fn dropping_a_call_ends_the_sleep_of_its_job() {
    on_a_loop(|_| {
        let (send, slept) = mpsc::channel();
        let (started, starts) = mpsc::channel();
        let mut call = run_threaded(move || {
            assert!(CancelToken::current().is_some());
            started.send(()).unwrap();
            send.send(koil::sleep(FOR_EVER)).unwrap();
        });
        assert!(unkoil(async { futures::poll!(&mut call).is_pending() }));
        starts.recv().unwrap();
        drop(call);
        assert!(slept.recv().unwrap().unwrap_err().is_cancelled());
    });
}

#[test]
fn a_cancel_hears_of_the_end_of_a_job_whose_value_panics_when_it_is_dropped() {
    watched(|| {
        let koil = Koil::builder().cancel_grace(FOR_EVER).build().unwrap();
        let _entered = koil.enter();
        let mut listens = run_threaded(|| {
            let slept = koil::sleep(FOR_EVER);
            (slept, OnDrop::new(|| panic!("nobody wants it")))
        });
        assert!(unkoil(async { futures::poll!(&mut listens).is_pending() }));
        assert!(unkoil(listens.cancel()));
    });
}

#[test]
fn a_cancel_says_whether_the_job_has_ended() {
    watched(|| {
        let with_grace = |grace| Koil::builder().cancel_grace(grace).build().unwrap();
        let start = |call: &mut _| unkoil(async { futures::poll!(call).is_pending() });

        let patient = with_grace(FOR_EVER);
        let entered = patient.enter();
        let mut listens = run_threaded(|| koil::sleep(FOR_EVER));
        assert!(start(&mut listens));
        assert!(unkoil(listens.cancel()));
        drop(entered);

        let koil = with_grace(Duration::from_millis(20));
        let _entered = koil.enter();
        let (release, held) = mpsc::channel::<()>();
        let (begun, ended) = (Count::default(), Count::default());
        let mut deaf = run_threaded({
            let (begun, ended) = (begun.clone(), ended.clone());
            move || {
                begun.add();
                let _ = held.recv();
                ended.add();
                Ok(())
            }
        });
        assert!(start(&mut deaf));
        until(|| begun.get() == 1);
        assert!(!unkoil(deaf.cancel()));
        assert_eq!(ended.get(), 0);
        drop(release);
        until(|| ended.get() == 1);
    });
}

#[test]
fn everything_works_inside_a_job() {
    on_a_loop(|_| {
        let sums = unkoil(run_threaded(|| {
            let waited = unkoil(async {
                tokio::time::sleep(Duration::from_millis(1)).await;
                1
            });
            let spawned = unkoil(async { tokio::spawn(async { 2 }).await.unwrap() });
            let streamed: i32 = koil::unkoil_iter(futures::stream::iter([1, 2])).sum();
            let gathered: i32 = koil::gather([1, 3].map(|n| async move { n }))
                .wait()
                .iter()
                .sum();
            let joined = koil::unkoil_task(async { 5 }).result().unwrap();
            let nested = unkoil(run_threaded(|| 6));
            koil::check_cancelled().unwrap();
            koil::sleep(Duration::from_micros(1)).unwrap();
            // Tokio's own context is that of the loop, too.
            let handle = tokio::runtime::Handle::current();
            assert_eq!(handle.id(), Handle::current().tokio().id());
            [waited, spawned, streamed, gathered, joined, nested]
        }));
        assert_eq!(sums, [1, 2, 3, 4, 5, 6]);
    });
}

#[test]
fn a_cancel_reaches_a_worker_while_the_loop_is_stuck() {
    on_a_loop(|koil| {
        let (release, held) = mpsc::channel::<()>();
        let (begun, stuck) = (Count::default(), Count::default());
        let mut call = run_threaded({
            let begun = begun.clone();
            move || {
                begun.add();
                koil::sleep(FOR_EVER)
            }
        });
        executor::block_on(async { assert!(futures::poll!(&mut call).is_pending()) });
        until(|| begun.get() == 1);
        koil.handle().tokio().spawn({
            let stuck = stuck.clone();
            async move {
                stuck.add();
                let _ = held.recv();
            }
        });
        until(|| stuck.get() == 1);
        // Seen, acknowledged and awaited without the loop.
        assert!(executor::block_on(call.cancel()));
        drop(release);
    });
}

#[test]
fn the_token_of_a_job_is_below_that_of_its_caller() {
    on_a_loop(|_| {
        let scope = koil::CancelScope::new();
        let token = scope.token().clone();
        let begun = Count::default();
        let canceller = std::thread::spawn({
            let begun = begun.clone();
            move || {
                until(|| begun.get() == 2);
                token.cancel("enough");
            }
        });
        let slept = scope.run(|| {
            let calls = [(); 2].map(|()| {
                let begun = begun.clone();
                run_threaded(move || {
                    begun.add();
                    koil::sleep(FOR_EVER)
                })
            });
            executor::block_on(futures::future::join_all(calls))
        });
        for slept in slept.unwrap() {
            assert_eq!(slept.unwrap_err().cancel_reason().unwrap(), "enough");
        }
        canceller.join().unwrap();
    });
}

#[test]
fn a_cancel_of_a_task_reaches_the_innermost_job_through_threads_and_async_code() {
    on_a_loop(|_| {
        let (send, slept) = mpsc::channel();
        let (started, starts) = mpsc::channel();
        let sleeps = move || {
            started.send(()).unwrap();
            send.send(koil::sleep(FOR_EVER)).unwrap();
        };
        // A call that can answer obeys the job that it is in; a plain one would wait on.
        let inner = move || drop(koil::try_unkoil(async move { run_threaded(sleeps).await }));
        let outer = move || drop(koil::try_unkoil(async move { run_threaded(inner).await }));
        let task = koil::unkoil_task(async move { run_threaded(outer).await });
        starts.recv().unwrap();
        assert!(task.cancel("enough"));
        let error = slept.recv().unwrap().unwrap_err();
        assert_eq!(error.cancel_reason().unwrap(), "enough");
        // The chain may be at its end before the cancel is: then the task has a value.
        assert!(
            task.result()
                .map_or_else(|error| error.is_cancelled(), |()| true)
        );
    });
}

#[test]
fn the_panic_of_a_job_that_was_told_goes_on_in_the_cancel() {
    watched(|| {
        let koil = Koil::builder().cancel_grace(FOR_EVER).build().unwrap();
        let _entered = koil.enter();
        let (started, starts) = mpsc::channel();
        let mut call = run_threaded(move || {
            started.send(()).unwrap();
            koil::sleep(FOR_EVER).unwrap_err();
            std::panic::panic_any(42_u8);
        });
        assert!(unkoil(async { futures::poll!(&mut call).is_pending() }));
        starts.recv().unwrap();
        let payload = catch_unwind(AssertUnwindSafe(|| unkoil(call.cancel()))).unwrap_err();
        assert_eq!(*payload.downcast::<u8>().unwrap(), 42);
    });
}

#[test]
fn cancelling_a_job_touches_no_other() {
    on_a_loop(|_| {
        unkoil(async {
            let mut one = run_threaded(|| koil::sleep(FOR_EVER));
            assert!(futures::poll!(&mut one).is_pending());
            assert!(one.cancel().await);
            assert!(run_threaded(koil::check_cancelled).await.is_ok());
        });
    });
}

#[test]
fn a_burst_of_jobs_runs_each_of_them_once() {
    watched(|| {
        for limit in [1, 3, 64] {
            let koil = Koil::builder().max_blocking_threads(limit).build().unwrap();
            let _entered = koil.enter();
            let (running, most) = (
                Count::default(),
                std::sync::Arc::new(std::sync::Mutex::new(0)),
            );
            let jobs = (0..300).map(|n| {
                let (running, most) = (running.clone(), most.clone());
                run_threaded(move || {
                    running.add();
                    let mut most = most.lock().unwrap();
                    *most = running.get().max(*most);
                    drop(most);
                    running.sub();
                    n
                })
            });
            let answers = unkoil(futures::future::join_all(jobs));
            assert!(answers.into_iter().eq(0..300));
            assert!(*most.lock().unwrap() <= limit);
        }
    });
}
