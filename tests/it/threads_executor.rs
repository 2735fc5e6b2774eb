//! Jobs on an executor of the application: where they run, how they nest, how they end.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use futures::StreamExt;
use koil::{
    CancelToken, Handle, Koil, KoilBuilder, iterate_threaded, run_separate, run_threaded, unkoil,
};

use crate::support::{Count, FOR_EVER, on_loop, shut_down, until, watch, watched};

type Closure = Box<dyn FnOnce() + Send>;

/// Polls once, so that the job is started.
fn start<F: Future + Unpin>(future: &mut F) {
    unkoil(async { assert!(futures::poll!(future).is_pending()) });
}

fn thread_name() -> String {
    thread::current().name().unwrap_or_default().to_owned()
}

fn builder() -> KoilBuilder {
    Koil::builder().join_timeout(FOR_EVER)
}

/// A loop whose jobs run on a rayon pool of one thread.
fn on_rayon() -> Koil {
    let rayon = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .thread_name(|_| "rayon".to_owned())
        .build()
        .unwrap();
    let koil = builder().blocking_executor(move |job| rayon.spawn(job));
    let koil = koil.build().unwrap();
    watch(&koil.handle());
    koil
}

/// An executor that keeps its closures.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<VecDeque<Closure>>>);

impl Kept {
    fn executor(&self) -> impl Fn(Closure) + Send + Sync + 'static {
        let kept = self.clone();
        move |job| kept.0.lock().unwrap().push_back(job)
    }

    fn take(&self) -> Closure {
        self.0.lock().unwrap().pop_front().unwrap()
    }
}

#[test]
fn jobs_and_iterators_run_on_the_executor_with_all_that_a_worker_has() {
    on_loop(on_rayon, |koil| {
        koil::context_var! { static USER: &'static str = "nobody" }
        USER.set("ada");
        let seen = unkoil(run_threaded(|| {
            assert!(CancelToken::current().is_some());
            assert_eq!(
                tokio::runtime::Handle::current().id(),
                Handle::current().tokio().id()
            );
            unkoil(tokio::time::sleep(Duration::from_millis(1)));
            (thread_name(), Handle::current(), USER.get())
        }));
        assert_eq!(seen, ("rayon".to_owned(), koil.handle(), "ada"));
        // More items than may be ahead, so it is resumed.
        let names =
            unkoil(iterate_threaded(1, || (0..9).map(|_| thread_name())).collect::<Vec<_>>());
        assert_eq!(names, ["rayon"; 9]);
        assert_eq!(unkoil(run_separate(thread_name)), "koil-separate");
    });
}

#[test]
fn a_thread_of_the_executor_is_as_before_after_a_job() {
    on_loop(on_rayon, |_| {
        let (job, sees) = mpsc::channel();
        let kept = Kept::default();
        let koil = builder()
            .blocking_executor(kept.executor())
            .build()
            .unwrap();
        let mut call = koil.handle().wrap(|| run_threaded(|| 1))();
        start(&mut call);
        let other = thread::spawn(move || {
            kept.take()();
            let is_plain = tokio::runtime::Handle::try_current().is_err();
            job.send((is_plain, CancelToken::current().is_none()))
                .unwrap();
            // The thread has no loop of its own: this is the process-wide one.
            Handle::current()
        });
        assert_eq!(sees.recv().unwrap(), (true, true));
        assert_ne!(other.join().unwrap(), koil.handle());
        assert_eq!(unkoil(call), 1);
    });
}

#[test]
fn jobs_that_wait_for_jobs_go_deeper_than_the_executor() {
    fn dive(depth: u32) -> u32 {
        if depth == 0 {
            return 0;
        }
        1 + unkoil(run_threaded(move || dive(depth - 1)))
    }
    on_loop(on_rayon, |_| {
        assert_eq!(dive(20), 20);
        // The stand-ins leave the next jobs to the executor.
        assert_eq!(unkoil(run_threaded(thread_name)), "rayon");
        let wide = (0..50).map(|n| run_threaded(move || n + dive(3)));
        let sum: u32 = unkoil(futures::future::join_all(wide)).iter().sum();
        assert_eq!(sum, 49 * 50 / 2 + 150);
    });
}

#[test]
fn a_job_that_the_executor_drops_is_refused_with_a_clear_word() {
    watched(|| {
        let executors: [fn(Closure); 2] = [drop, |_| panic!("no threads here")];
        for executor in executors {
            let koil = builder().blocking_executor(executor).build().unwrap();
            let _entered = koil.enter();
            let dropped = Count::default();
            let guard = dropped.on_drop();
            let error = unkoil(run_threaded(move || drop(guard)).fallible()).unwrap_err();
            let text = error.to_string();
            assert!(
                text.contains(file!()) && text.contains("the executor"),
                "{text}"
            );
            assert_eq!(dropped.get(), 1);
            let payload = catch_unwind(AssertUnwindSafe(|| unkoil(run_threaded(|| 1))));
            assert!(payload.is_err());
            assert!(koil.shutdown().is_clean());
        }
    });
}

#[test]
fn a_stop_refuses_what_has_not_begun_and_waits_for_what_runs() {
    watched(|| {
        let kept = Kept::default();
        let koil = builder()
            .blocking_executor(kept.executor())
            .build()
            .unwrap();
        let (mut runs, mut waits) = {
            let _entered = koil.enter();
            (
                run_threaded(|| koil::sleep(FOR_EVER)),
                Box::pin(run_threaded(|| 2).fallible()),
            )
        };
        futures::executor::block_on(async {
            assert!(futures::poll!(&mut runs).is_pending());
            assert!(futures::poll!(&mut waits).is_pending());
        });
        let (begun, ended) = (Count::default(), Count::default());
        let worker = thread::spawn({
            let (job, begun, ended) = (kept.take(), begun.clone(), ended.clone());
            move || {
                begun.add();
                job();
                ended.add();
            }
        });
        until(|| begun.get() == 1);
        let report = koil.shutdown();
        assert!(report.is_clean(), "{report:?}");
        // The job either ran, and was told, or had not begun.
        worker.join().unwrap();
        shut_down(futures::executor::block_on(waits));
        let ran = futures::executor::block_on(runs.fallible());
        assert!(ran.map_or_else(|error| error.is_shutdown(), |slept| slept.is_err()));
        // A ticket that comes late finds no job.
        kept.take()();
    });
}

#[test]
fn a_job_that_is_run_at_once_may_not_block() {
    watched(|| {
        let koil = builder().blocking_executor(|job| job()).build().unwrap();
        let _entered = koil.enter();
        let ran = unkoil(run_threaded(|| {
            koil::try_unkoil(std::future::pending::<()>())
        }));
        assert!(ran.unwrap_err().would_deadlock());
    });
}

#[test]
fn every_thread_of_a_loop_has_the_stack_that_was_asked_for() {
    /// Uses more than the two megabytes of a thread of std.
    #[allow(clippy::large_stack_arrays)]
    fn deep() -> usize {
        let mut big = [0_u8; 8 << 20];
        std::hint::black_box(&mut big).fill(1);
        std::hint::black_box(&big)
            .iter()
            .map(|n| usize::from(*n))
            .sum()
    }
    watched(|| {
        for workers in [0, 1] {
            let koil = builder()
                // A task runs on threads of the loop then, and on no caller.
                .drivers(koil::Drivers::CallersUnlessTasks)
                .thread_stack_size(64 << 20)
                .worker_threads(workers);
            let koil = koil.build().unwrap();
            let _entered = koil.enter();
            assert_eq!(unkoil(run_threaded(deep)), 8 << 20);
            assert_eq!(unkoil(run_separate(deep)), 8 << 20);
            assert_eq!(
                koil::unkoil_task(async { deep() }).result().unwrap(),
                8 << 20
            );
            let blocking = unkoil(async { tokio::task::spawn_blocking(deep).await });
            assert_eq!(blocking.unwrap(), 8 << 20);
        }
    });
}
