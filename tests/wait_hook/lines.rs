//! Every way to wait releases the lock of the host: another thread gets it, or the wait would not end.

use std::convert::Infallible;
use std::io::{Read, Write};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use futures::{StreamExt, stream};
use koil::{
    AsyncContext, AsyncEntered, Drivers, Entered, Exit, Io, Koil, Pinned, channel, context_fn,
    drain_global, eager_task, gather, iterate_threaded, run_threaded, try_gather, try_unkoil,
    unkoil, unkoil_iter, unkoil_lend, unkoil_task, unkoil_timeout, unkoil_unlocked,
};
use tokio::runtime;

use crate::host::{handed, holds, hosted, under, waits, with_lock};
use crate::support::{Count, FOR_EVER, a_loop, alone, watch};

/// Another thread of the host, which takes its lock to do `f`.
fn elsewhere(f: impl FnOnce() + Send + 'static) -> thread::JoinHandle<()> {
    thread::spawn(|| with_lock(f))
}

#[koil::koiled]
struct Client(u8);

#[koil::koiled]
impl Client {
    async fn get(&self) -> u8 {
        under(handed()).await;
        self.0
    }

    fn begin(&self) -> impl Future<Output = u8> + '_ {
        under(self.get())
    }

    #[koil(fallible, timeout = "10m")]
    async fn fallible(&self) -> Result<u8, koil::Error> {
        Ok(self.get().await)
    }
}

/// A context whose enter and exit let another thread have the lock.
struct Room;

impl AsyncContext for Room {
    type Error = Infallible;

    async fn aenter(&mut self) -> Result<(), Infallible> {
        under(handed()).await;
        Ok(())
    }

    async fn aexit(&mut self, _cause: Exit) -> Result<(), Infallible> {
        handed().await;
        Ok(())
    }
}

/// The calls, on the ambient loop.
const CALLS: &[(&str, fn())] = &[
    ("unkoil", || unkoil(under(handed()))),
    ("try_unkoil", || try_unkoil(under(handed())).unwrap()),
    ("unkoil_timeout", || {
        unkoil_timeout(FOR_EVER, under(handed())).unwrap();
    }),
    ("unkoil_lend", || unkoil_lend(handed())),
    ("unkoil_unlocked", || {
        let mut is_first = true;
        let unlocked = std::future::poll_fn({
            let mut future = Box::pin(handed());
            move |cx| {
                assert_eq!(holds(), std::mem::take(&mut is_first), "released once");
                future.as_mut().poll(cx)
            }
        });
        unkoil_unlocked(unlocked).unwrap();
    }),
    ("a twin", || assert_eq!(Client(7).into_blocking().get(), 7)),
    ("a twin of two steps", || {
        assert_eq!(Client(7).into_blocking().begin(), 7);
    }),
    ("a fallible twin", || {
        assert_eq!(Client(7).into_blocking().fallible().unwrap(), 7);
    }),
    ("next", || {
        let mut items = unkoil_iter(stream::once(under(handed())));
        assert!(items.next().is_some() && items.next().is_none());
    }),
    ("next_timeout", || {
        let mut items = unkoil_iter(stream::once(under(handed())));
        items.next_timeout(FOR_EVER).unwrap().unwrap();
    }),
    ("an unlocked iterator", || {
        let mut items = unkoil_iter(stream::once(Box::pin(handed()))).unlocked();
        assert!(items.next().is_some() && holds());
    }),
    ("a prefetched iterator, and its drop", || {
        let slow = stream::unfold((), |()| async { Some((handed().await, ())) });
        let mut items = unkoil_iter(Box::pin(slow)).prefetch(2);
        assert!(items.next().is_some());
    }),
    ("a reader", || {
        let (ours, theirs) = tokio::io::duplex(4);
        let writes = elsewhere(|| Io::new(theirs).write_all(b"ab").unwrap());
        let mut read = [0; 2];
        Io::new(ours).read_exact(&mut read).unwrap();
        assert_eq!(&read, b"ab");
        without_lock(|| writes.join().unwrap());
    }),
    ("an unlocked reader", || {
        let (ours, theirs) = tokio::io::duplex(4);
        let writes = elsewhere(|| Io::new(theirs).unlocked().write_all(b"ab").unwrap());
        let mut read = [0; 2];
        Io::new(ours).unlocked().read_exact(&mut read).unwrap();
        assert!(&read == b"ab" && holds());
        without_lock(|| writes.join().unwrap());
    }),
    ("gather", || {
        drop(gather([under(handed()), under(handed())]).wait());
    }),
    ("try_gather", || {
        let one = async {
            under(handed()).await;
            Ok::<_, koil::Error>(1)
        };
        assert_eq!(try_gather([one]).wait().unwrap(), [1]);
    }),
    ("the result of a task", || {
        unkoil_task(handed()).result().unwrap();
    }),
    ("the result of an eager task", || {
        eager_task(handed()).result().unwrap();
    }),
    ("result_timeout", || {
        unkoil_task(handed()).result_timeout(FOR_EVER).unwrap();
    }),
    ("a pinned object", || {
        let pinned = unkoil(Pinned::new(|| with_lock(|| 1)));
        assert_eq!(pinned.with_blocking(|one| with_lock(|| *one)), 1);
        unkoil(pinned.close());
    }),
    ("a job", || {
        unkoil(run_threaded(|| with_lock(|| unkoil(under(handed())))));
    }),
    ("the close of a threaded stream", || {
        let mut items = iterate_threaded(1, || (0..).map(|n| with_lock(|| n)));
        assert_eq!(unkoil(items.next()), Some(0));
        unkoil(items.close());
    }),
    ("the ends of a channel", || {
        let (sender, mut receiver) = channel(1);
        let receives = elsewhere(move || {
            assert_eq!(receiver.recv_blocking().unwrap(), Some(1));
            assert_eq!(receiver.recv_blocking().unwrap(), Some(2));
        });
        sender.send(1).unwrap();
        sender.send(2).unwrap();
        without_lock(|| receives.join().unwrap());
    }),
    ("sleep", || {
        let other = elsewhere(|| ());
        while !other.is_finished() {
            koil::sleep(Duration::from_millis(1)).unwrap();
        }
    }),
    ("a guard, closed", || {
        let guard = Entered::enter(Room).unwrap();
        assert!(guard.close().is_ok());
    }),
    ("a guard, dropped", || drop(Entered::enter(Room).unwrap())),
    ("an async guard, dropped in a call", || {
        unkoil(async { drop(AsyncEntered::enter(Room).await.unwrap()) });
    }),
];

#[test]
fn an_iterator_takes_its_stream_back_from_a_poll_that_needs_the_lock() {
    hosted(|| {
        // The host waits for a poll, and has the lock: on a loop of all tests, the polls of others could
        // wait for that lock on each thread of the loop.
        let koil = a_loop();
        let _entered = koil.enter();
        for _ in 0..20 {
            let (polled, is_polled) = mpsc::channel();
            let dropped = Count::default();
            let guard = dropped.on_drop();
            let numbers = stream::repeat_with(move || {
                let _ = (&guard, polled.send(()));
                with_lock(|| 1)
            });
            let numbers = unkoil_iter(numbers).prefetch(2);
            is_polled.recv().unwrap();
            drop(numbers);
            assert_eq!(dropped.get(), 1);
        }
    });
}

#[test]
fn an_exit_on_a_foreign_runtime_gets_the_lock_while_a_drop_waits_for_it() {
    hosted(|| {
        let runtime = runtime::Runtime::new().unwrap();
        let left = Count::default();
        let counted = left.clone();
        let context = context_fn(
            || async { Ok::<_, Infallible>(()) },
            move |(), _| async move {
                handed().await;
                counted.add();
                Ok(())
            },
        );
        let guard = runtime.block_on(context.enter()).unwrap();
        drop(guard);
        assert_eq!(left.get(), 1);
    });
}

/// Waits for a thread by other means than koil's.
fn without_lock(wait: impl FnOnce()) {
    crate::host::unlock();
    wait();
    crate::host::lock();
}

/// Makes all calls; each waits at least once.
fn all_calls() {
    for (name, call) in CALLS {
        let before = waits();
        call();
        assert!(holds(), "{name} has taken the lock back");
        assert!(waits() > before, "{name} has waited by the hook");
    }
}

#[test]
fn every_call_on_the_process_wide_loop() {
    hosted(all_calls);
}

#[test]
fn every_call_on_a_loop_that_callers_never_drive() {
    hosted(|| {
        let koil = Koil::builder()
            .drivers(Drivers::LoopThread)
            .build()
            .unwrap();
        watch(&koil.handle());
        let _entered = koil.enter();
        all_calls();
    });
}

#[test]
fn every_call_on_a_loop_with_workers() {
    hosted(|| {
        let koil = Koil::builder().worker_threads(2).build().unwrap();
        watch(&koil.handle());
        let _entered = koil.enter();
        all_calls();
    });
}

#[test]
fn every_call_in_a_task_of_a_multi_threaded_runtime() {
    hosted(|| {
        let runtime = runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .build()
            .unwrap();
        let task = runtime.spawn(async { with_lock(all_calls) });
        without_lock(|| runtime.block_on(task).unwrap());
    });
}

#[test]
fn every_call_beside_a_current_thread_scheduler() {
    hosted(|| {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async { all_calls() });
    });
}

#[test]
fn tasks_that_a_caller_drives_may_take_the_lock() {
    hosted(|| {
        for _ in 0..20 {
            unkoil(under(async {
                let task = tokio::spawn(async {
                    tokio::time::sleep(Duration::from_micros(200)).await;
                    with_lock(|| 7)
                });
                assert_eq!(task.await.unwrap(), 7);
            }));
        }
    });
}

#[test]
fn the_end_of_a_loop_waits_without_the_lock() {
    hosted(|| {
        let ends: [fn(Koil); 3] = [
            |koil: Koil| drop(koil.shutdown()),
            drop,
            |koil: Koil| drop(koil.drain(FOR_EVER)),
        ];
        for end in ends {
            let koil = a_loop();
            let (began, has_begun) = mpsc::channel();
            let job = koil.handle().wrap(|| {
                run_threaded(move || {
                    began.send(()).unwrap();
                    with_lock(|| 1)
                })
            })();
            let job = job.start();
            has_begun.recv().unwrap();
            end(koil);
            assert_eq!(unkoil(job.fallible()).ok(), Some(1));
        }
    });
}

#[test]
fn the_end_of_the_process_wide_loop_waits_without_the_lock() {
    alone(|| {
        hosted(|| {
            drop(run_threaded(|| with_lock(|| ())).start());
            assert!(drain_global(FOR_EVER).unwrap().is_drained());
        });
    });
}
