//! The kinds of threads on which the cases run, and the schedulers of these threads.

use std::cell::RefCell;
use std::sync::mpsc;

use koil::unkoil;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::{LocalSet, spawn_local, yield_now};

/// The work that is done in a place, once.
pub(crate) type Job = Box<dyn FnOnce() + Send>;

/// The threads that drive the runtime which is entered on the thread.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outer {
    /// There is none.
    Nothing,
    /// Other threads do.
    Others,
    /// The thread itself, which is blocked.
    This,
}

pub(crate) struct Place {
    pub(crate) name: &'static str,
    /// A scheduler stands still while the thread is blocked, and keeps wakes back.
    pub(crate) is_beside_scheduler: bool,
    pub(crate) outer: Outer,
    /// `spawn_local` finds a set, which stands still while the thread is blocked.
    pub(crate) has_local_set: bool,
    /// Does the job there, and comes back after it.
    pub(crate) visit: fn(Job),
}

/// A place with nothing in it.
const BARE: Place = Place {
    name: "",
    is_beside_scheduler: false,
    outer: Outer::Nothing,
    has_local_set: false,
    visit: |job| job(),
};

/// The thread of a current-thread scheduler.
const BESIDE: Place = Place {
    is_beside_scheduler: true,
    outer: Outer::This,
    ..BARE
};

pub(crate) const PLACES: &[Place] = &[
    Place {
        name: "a plain thread",
        ..BARE
    },
    Place {
        name: "a multi-thread task",
        outer: Outer::Others,
        visit: |job| in_task(&multi_thread(), job),
        ..BARE
    },
    Place {
        name: "a `LocalSet`, multi-thread",
        outer: Outer::Others,
        has_local_set: true,
        visit: |job| in_local_set(&multi_thread(), job),
        ..BARE
    },
    Place {
        name: "`block_on`, current-thread",
        visit: |job| current_thread().block_on(async { job() }),
        ..BESIDE
    },
    Place {
        name: "`#[tokio::test]`",
        visit: |job| {
            // The attribute makes a test of its function, with no way in for the job but this.
            thread_local!(static JOB: RefCell<Option<Job>> = const { RefCell::new(None) });
            #[tokio::main(flavor = "current_thread")]
            async fn test() {
                yield_now().await;
                let job = JOB.take().expect("it has been left here");
                job();
                yield_now().await;
            }
            JOB.set(Some(job));
            test();
        },
        ..BESIDE
    },
    Place {
        name: "a current-thread task",
        visit: |job| in_task(&current_thread(), job),
        ..BESIDE
    },
    Place {
        name: "a current-thread task, another runtime entered",
        outer: Outer::Others,
        visit: |job| {
            let other = multi_thread();
            in_task_under(other.handle().clone(), job);
        },
        ..BESIDE
    },
    Place {
        name: "a current-thread task, koil's runtime entered",
        outer: Outer::Others,
        visit: |job| in_task_under(koil::global().tokio().clone(), job),
        ..BESIDE
    },
    Place {
        name: "a task of a `LocalSet`",
        has_local_set: true,
        visit: |job| in_local_set(&current_thread(), job),
        ..BESIDE
    },
    Place {
        name: "`LocalSet::block_on`",
        has_local_set: true,
        visit: |job| LocalSet::new().block_on(&current_thread(), async { job() }),
        ..BESIDE
    },
    Place {
        name: "`block_on`, current-thread, on a worker of koil's",
        visit: |job| {
            let inside = || current_thread().block_on(async { job() });
            unkoil(async { tokio::task::spawn_blocking(inside).await }).expect("it catches panics");
        },
        ..BESIDE
    },
    Place {
        name: "actix: `System::block_on`",
        has_local_set: true,
        visit: |job| actix_rt::System::new().block_on(async { job() }),
        ..BESIDE
    },
    Place {
        name: "actix: an `Arbiter`",
        has_local_set: true,
        visit: |job| {
            actix_rt::System::new().block_on(async {
                let (done, is_done) = tokio::sync::oneshot::channel();
                let arbiter = actix_rt::Arbiter::new();
                arbiter.spawn(async move {
                    job();
                    let _ = done.send(());
                });
                is_done.await.expect("the job catches its panics");
                arbiter.stop();
                arbiter.join().expect("the arbiter ends");
            });
        },
        ..BESIDE
    },
    Place {
        name: "actix: `spawn`",
        has_local_set: true,
        visit: |job| {
            actix_rt::System::new().block_on(async {
                let task = actix_rt::spawn(async { job() });
                task.await.expect("the job catches its panics");
            });
        },
        ..BESIDE
    },
];

pub(crate) fn current_thread() -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder.enable_all().build().expect("a runtime starts")
}

fn multi_thread() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(2).enable_all();
    builder.build().expect("a runtime starts")
}

fn in_task(runtime: &Runtime, job: impl FnOnce() + Send + 'static) {
    let task = runtime.spawn(async { job() });
    runtime.block_on(task).expect("the job catches its panics");
}

fn in_task_under(entered: Handle, job: Job) {
    in_task(&current_thread(), move || {
        let _entered = entered.enter();
        job();
    });
}

fn in_local_set(runtime: &Runtime, job: Job) {
    LocalSet::new().block_on(runtime, async {
        let task = spawn_local(async { job() });
        task.await.expect("the job catches its panics");
    });
}

/// Calls `f` in the place, and comes back with its answer.
pub(crate) fn at<T: Send + 'static>(place: &Place, f: impl FnOnce() -> T + Send + 'static) -> T {
    let (send, answer) = mpsc::channel();
    (place.visit)(Box::new(move || {
        send.send(f()).expect("the answer is wanted");
    }));
    answer.recv().expect("the place does its job")
}
