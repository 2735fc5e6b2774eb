//! The rows of the table: the kinds of threads from which blocking calls are made.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc;
use std::thread;

use futures::executor;
use futures::task::SpawnExt;
use koil::{Koil, unkoil, unkoil_lend};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::{LocalSet, block_in_place, spawn_blocking, spawn_local};

use crate::calls::{Call, Door};
use crate::support::watched_as;
use crate::table::{self, Loop, Mark};

/// A blocking call, to be made once, somewhere.
pub(crate) type Job = Box<dyn FnOnce() + Send>;

/// A place where users make blocking calls.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    /// As the table names it.
    pub(crate) name: &'static str,
    /// Does the job there, and comes back after it.
    pub(crate) visit: fn(Job),
}

/// A thread with little left of it: the loop of koil polls for it.
pub(crate) const AFTER_TOKIO: &str = "a thread-local's destructor, after tokio's";

/// The places where a twin may wait, on the default loop.
pub(crate) fn that_wait() -> impl Iterator<Item = &'static Place> {
    let sleeps = Call::ALL.iter().position(|call| *call == Call::Sleep);
    let sleeps = sleeps.expect("it is one of the calls");
    PLACES.iter().filter(move |place| {
        table::expected(place.name, Loop::Default, Door::Twin)[sleeps] == Mark::Fine
    })
}

/// The names of places beside their functions.
macro_rules! places {
    ($($name:literal => $visit:expr,)*) => {
        /// In the order of the table's rows.
        pub(crate) const PLACES: &[Place] = &[$(Place { name: $name, visit: $visit }),*];
    };
}

places! {
    "a plain thread" => |job| in_a_thread(job),
    "a `Drop` while a thread unwinds" => |job| in_a_thread(|| unwind_over(job)),
    "a thread-local's destructor" => |job| in_a_thread(|| {
        touch_tokio();
        at_thread_exit(|| {
            assert!(!is_tokio_gone());
            job();
        });
    }),
    "a thread-local's destructor, after tokio's" => |job| in_a_thread(|| {
        at_thread_exit(|| {
            assert!(is_tokio_gone());
            job();
        });
        touch_tokio();
    }),

    "tokio: a multi-thread task" => |job| in_task(&multi_thread(), job),
    "tokio: `block_in_place`" => |job| in_task(&multi_thread(), || block_in_place(job)),
    "tokio: a `Drop` while a multi-thread task unwinds" =>
        |job| in_task(&multi_thread(), || unwind_over(job)),
    "tokio: `block_on`, multi-thread" => |job| multi_thread().block_on(async { job() }),
    "tokio: `LocalSet`, multi-thread" => |job| in_local_set(&multi_thread(), job),
    "tokio: `spawn_blocking`" => |job| {
        let runtime = current_thread();
        runtime.block_on(async { spawn_blocking(job).await.unwrap() });
    },
    "tokio: `Handle::block_on`, multi-thread" => |job| {
        let runtime = multi_thread();
        runtime.handle().block_on(async { job() });
    },
    "tokio: `Handle::block_on`, current-thread" => |job| {
        let runtime = current_thread();
        runtime.handle().block_on(async { job() });
    },
    "tokio: `Handle::enter`" => |job| {
        let runtime = multi_thread();
        let _entered = runtime.enter();
        job();
    },

    "tokio: a current-thread task" => |job| in_task(&current_thread(), job),
    "tokio: a `Drop` while a current-thread task unwinds" =>
        |job| in_task(&current_thread(), || unwind_over(job)),
    "tokio: a current-thread task, another runtime entered" => |job| {
        let other = multi_thread();
        let handle = other.handle().clone();
        in_task(&current_thread(), move || {
            let _entered = handle.enter();
            job();
        });
    },
    "tokio: `block_on`, current-thread" => |job| current_thread().block_on(async { job() }),
    "tokio: `#[tokio::test]`" => |job| {
        #[tokio::main(flavor = "current_thread")]
        async fn test(job: Job) {
            job();
        }
        test(job);
    },
    "tokio: `LocalSet`, current-thread" => |job| in_local_set(&current_thread(), job),

    "smol: `block_on`" => |job| smol::block_on(async { job() }),
    "smol: a task" => |job| smol::block_on(smol::spawn(async { job() })),
    "futures: `block_on`" => |job| executor::block_on(async { job() }),
    "futures: a task of a `LocalPool`" => |job| {
        let mut pool = executor::LocalPool::new();
        pool.spawner().spawn(async { job() }).unwrap();
        pool.run();
    },

    "koil: `spawn_blocking`" => |job| {
        let worker = koil::global().tokio().spawn_blocking(job);
        executor::block_on(worker).unwrap();
    },
    "koil: `Handle::tokio().block_on`" => |job| koil::global().tokio().block_on(async { job() }),
    "koil: `Handle::tokio().enter`" => |job| {
        let loop_ = koil::global();
        let _entered = loop_.tokio().enter();
        job();
    },
    "koil: a task" => |job| {
        let task = koil::global().tokio().spawn(async { job() });
        executor::block_on(task).unwrap();
    },
    "koil: `block_in_place` in a task" => |job| {
        let task = koil::global().tokio().spawn(async { block_in_place(job) });
        executor::block_on(task).unwrap();
    },
    "koil: a task of another loop" => |job| {
        let (other, here) = (Koil::new().unwrap(), koil::global());
        let task = other.handle().tokio().spawn(async move { here.wrap(job)() });
        executor::block_on(task).unwrap();
    },
    "koil: a future that it polls" => |job| unkoil(async { job() }),
    "koil: a future that it polls on another loop" => |job| {
        let (other, here) = (Koil::new().unwrap(), koil::global());
        other.handle().wrap(|| unkoil(async move { here.wrap(job)() }))();
    },
    "koil: a future that its loop polls for the caller" => |job| {
        current_thread().block_on(async {
            unkoil_lend(async {
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
                job();
            });
        });
    },
}

fn multi_thread() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(2).enable_all();
    builder.build().expect("a runtime can be started")
}

fn current_thread() -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder.enable_all();
    builder.build().expect("a runtime can be started")
}

fn in_a_thread(f: impl FnOnce() + Send + 'static) {
    // A destructor that panics would abort the process.
    thread::spawn(f).join().expect("the job catches its panics");
}

fn in_task(runtime: &Runtime, f: impl FnOnce() + Send + 'static) {
    let task = runtime.spawn(async { f() });
    runtime.block_on(task).expect("the job catches its panics");
}

fn in_local_set(runtime: &Runtime, job: Job) {
    LocalSet::new().block_on(runtime, async {
        spawn_local(async { job() }).await.unwrap();
    });
}

/// Does something when it is dropped.
struct Last(Option<Job>);

impl Drop for Last {
    fn drop(&mut self) {
        if let Some(job) = self.0.take() {
            job();
        }
    }
}

fn unwind_over(job: Job) {
    let unwound = panic::catch_unwind(AssertUnwindSafe(|| {
        let _last = Last(Some(job));
        panic!("on purpose");
    }));
    assert_eq!(unwound.unwrap_err().downcast_ref(), Some(&"on purpose"));
}

/// Has the job done in the destructor of a thread-local that is made here. Destructors run in reverse:
/// thread-locals that are made later are gone by then, earlier ones are not.
fn at_thread_exit(job: impl FnOnce() + Send + 'static) {
    thread_local!(static LAST: RefCell<Option<Last>> = const { RefCell::new(None) });
    LAST.set(Some(Last(Some(Box::new(job)))));
}

fn is_tokio_gone() -> bool {
    Handle::try_current().is_err_and(|error| error.is_thread_local_destroyed())
}

/// Makes the thread-locals of tokio and koil.
fn touch_tokio() {
    unkoil(async { tokio::time::sleep(std::time::Duration::from_millis(1)).await });
}

/// The end of a channel that a job answers through, and a job that calls `f`.
pub(crate) fn job<T: Send + 'static>(
    f: impl FnOnce() -> T + Send + 'static,
) -> (Job, mpsc::Receiver<T>) {
    let (send, answer) = mpsc::channel();
    let job = move || send.send(f()).expect("somebody waits for the answer");
    (Box::new(job), answer)
}

/// Does something in a place, and comes back with its answer.
pub(crate) fn at<T: Send + 'static>(place: &Place, f: impl FnOnce() -> T + Send + 'static) -> T {
    let (job, answer) = job(f);
    (place.visit)(job);
    answer.recv().unwrap()
}

/// A watched test for each of these places.
#[track_caller]
pub(crate) fn in_each(places: impl Iterator<Item = &'static Place>, test: fn(&'static Place)) {
    for place in places {
        watched_as(place.name, move || test(place));
    }
}
