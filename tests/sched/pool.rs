//! Koil's own workers take the jobs that wait by their priority, and equals by their arrival.

use std::io;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};

use futures::StreamExt;
use koil::sched::Priority;
use koil::{Koil, ThreadedCall, run_threaded, unkoil};
use tokio::io::AsyncWriteExt;

use crate::support::{watched, watched_as};

/// The job that holds the only worker until it is told to end.
struct Holder {
    end: Sender<()>,
    job: ThreadedCall<()>,
}

impl Holder {
    fn new() -> Holder {
        let (begun, has_begun) = mpsc::channel();
        let (end, ended) = mpsc::channel::<()>();
        let job = run_threaded(move || {
            begun.send(()).unwrap();
            ended.recv().unwrap();
        });
        let job = job.start();
        has_begun.recv().unwrap();
        Holder { end, job }
    }

    fn let_go(self) {
        self.end.send(()).unwrap();
        unkoil(self.job);
    }
}

/// A loop with one worker, which a job holds.
#[track_caller]
fn with_a_held_worker<F: FnOnce(&Koil, Holder) + Send + 'static>(test: F) {
    watched_as(std::any::type_name::<F>(), move || {
        let koil = Koil::builder().max_blocking_threads(1).build().unwrap();
        let _entered = koil.enter();
        let holder = Holder::new();
        test(&koil, holder);
    });
}

/// The words that the jobs have written down, in their order.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<&'static str>>>);

impl Log {
    fn job(&self, name: &'static str) -> impl FnOnce() + Send + 'static {
        let log = self.clone();
        move || log.add(name)
    }

    fn add(&self, name: &'static str) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(name);
    }

    fn take(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[test]
fn the_highest_job_is_served_next_and_equals_by_arrival() {
    with_a_held_worker(|_, holder| {
        let log = Log::default();
        let submit = |name| run_threaded(log.job(name)).start();
        let jobs = [
            Priority::LOW.scope(|| submit("low 1")),
            submit("normal 1"),
            Priority::HIGH.scope(|| submit("high 1")),
            Priority::IDLE.scope(|| submit("idle")),
            Priority::LOW.scope(|| submit("low 2")),
            Priority::MAX.scope(|| submit("max")),
            Priority::HIGH.scope(|| submit("high 2")),
            submit("normal 2"),
        ];
        holder.let_go();
        for job in jobs {
            unkoil(job);
        }
        assert_eq!(
            log.take(),
            [
                "max", "high 1", "high 2", "normal 1", "normal 2", "low 1", "low 2", "idle"
            ]
        );
    });
}

#[test]
fn each_of_the_64_levels_is_a_level_of_its_own() {
    with_a_held_worker(|_, holder| {
        let seen = Arc::new(Mutex::new(Vec::new()));
        // 37 and 64 have no common divisor: all levels, in an order of no meaning.
        let jobs: Vec<_> = (0..64_u8)
            .map(|n| {
                let priority = Priority::new(n.wrapping_mul(37) % 64).unwrap();
                let seen = seen.clone();
                priority.scope(|| {
                    run_threaded(move || seen.lock().unwrap().push(Priority::current().level()))
                        .start()
                })
            })
            .collect();
        holder.let_go();
        for job in jobs {
            unkoil(job);
        }
        let seen = seen.lock().unwrap();
        assert!(seen.iter().copied().eq((0..64).rev()), "{seen:?}");
    });
}

#[test]
fn the_place_of_a_job_is_that_of_its_call_wherever_it_is_awaited() {
    with_a_held_worker(|_, holder| {
        let log = Log::default();
        let low = Priority::LOW.scope(|| run_threaded(log.job("low")));
        let normal = run_threaded(log.job("normal"));
        let (low, normal) = (Priority::HIGH.scope(|| low.start()), normal.start());
        holder.let_go();
        unkoil(low);
        unkoil(normal);
        assert_eq!(log.take(), ["normal", "low"]);
    });
}

#[test]
fn an_iterator_that_has_left_its_worker_comes_back_with_its_priority() {
    watched(|| {
        let koil = Koil::builder().max_blocking_threads(1).build().unwrap();
        let _entered = koil.enter();
        let log = Log::default();
        let items = log.clone();
        let mut stream = Priority::HIGH.scope(|| {
            koil::iterate_threaded(1, move || (0..).inspect(move |_: &u32| items.add("item")))
        });
        assert_eq!(unkoil(stream.next()), Some(0));
        // One worker: this job runs when the iterator has filled its buffer and left.
        unkoil(run_threaded(|| ()));
        let holder = Holder::new();
        log.take();
        let normal = run_threaded(log.job("normal")).start();
        assert_eq!(unkoil(stream.next()), Some(1), "it leaves room for another");
        holder.let_go();
        unkoil(normal);
        assert_eq!(log.take(), ["item", "normal"]);
    });
}

#[test]
fn the_bytes_of_a_writer_wait_with_its_priority() {
    /// Notes each write.
    struct Noting(Log);
    impl io::Write for Noting {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.add("write");
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    with_a_held_worker(|_, holder| {
        let log = Log::default();
        let mut writer = Priority::HIGH.scope(|| koil::write_threaded(Noting(log.clone())));
        let normal = run_threaded(log.job("normal")).start();
        unkoil(writer.write_all(b"bytes")).unwrap();
        holder.let_go();
        unkoil(normal);
        assert_eq!(log.take(), ["write", "normal"]);
    });
}

#[test]
fn an_executor_of_the_application_gets_them_by_priority() {
    watched(|| {
        let (tickets, queue): (_, Receiver<Box<dyn FnOnce() + Send>>) = mpsc::channel();
        let koil = Koil::builder()
            .blocking_executor(move |ticket| tickets.send(ticket).unwrap())
            .build()
            .unwrap();
        let _entered = koil.enter();
        let log = Log::default();
        let jobs = [
            Priority::LOW.scope(|| run_threaded(log.job("low")).start()),
            Priority::HIGH.scope(|| run_threaded(log.job("high")).start()),
            run_threaded(log.job("normal")).start(),
        ];
        for _ in 0..jobs.len() {
            queue.recv().unwrap()();
        }
        assert_eq!(log.take(), ["high", "normal", "low"]);
    });
}

#[test]
fn an_executor_that_drops_a_ticket_costs_the_job_that_would_come_last() {
    watched(|| {
        let (tickets, queue): (_, Receiver<Box<dyn FnOnce() + Send>>) = mpsc::channel();
        let koil = Koil::builder()
            .blocking_executor(move |ticket| tickets.send(ticket).unwrap())
            .build()
            .unwrap();
        let _entered = koil.enter();
        let log = Log::default();
        let high = Priority::HIGH.scope(|| run_threaded(log.job("high")).start());
        let low = Priority::LOW.scope(|| run_threaded(log.job("low")).start());
        let normal = run_threaded(log.job("normal")).start();
        drop(queue.recv().unwrap());
        for _ in 0..2 {
            queue.recv().unwrap()();
        }
        assert_eq!(log.take(), ["high", "normal"]);
        unkoil(high);
        unkoil(normal);
        let error = unkoil(low.fallible()).unwrap_err();
        assert!(error.to_string().contains("dropped it"), "{error}");
    });
}

#[test]
fn a_stop_refuses_the_jobs_of_every_level_once() {
    watched(|| {
        let koil = Koil::builder().max_blocking_threads(1).build().unwrap();
        let entered = koil.enter();
        let holder = Holder::new();
        let log = Log::default();
        let jobs: Vec<_> = [Priority::LOW, Priority::NORMAL, Priority::MAX]
            .into_iter()
            .map(|priority| priority.scope(|| run_threaded(log.job("begun")).start()))
            .collect();
        drop(entered);
        let stop = std::thread::spawn(move || koil.shutdown());
        for job in jobs {
            let refused = futures::executor::block_on(job.fallible());
            assert!(refused.unwrap_err().is_shutdown());
        }
        holder.end.send(()).unwrap();
        stop.join().unwrap();
        assert_eq!(log.take(), [] as [&str; 0]);
    });
}
