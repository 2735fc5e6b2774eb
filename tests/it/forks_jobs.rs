//! Jobs, producers and channels in a forked child: they stay behind in the parent.
#![cfg(unix)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;

use futures::StreamExt;
use futures::executor::block_on;
use koil::{Koil, ThreadedCall, ThreadedIter, iterate_separate, iterate_threaded, run_threaded};

use crate::forks::{forked, in_child};
use crate::support::{Count, alone};

/// The text of the panic of a plain await.
fn panics<T>(f: impl FnOnce() -> T) {
    let payload = catch_unwind(AssertUnwindSafe(f)).err().expect("a panic");
    let text = payload.downcast_ref::<String>().expect("a text");
    assert!(text.contains("was forked"), "{text}");
}

/// Polls once, so that the job is started.
fn start<F: Future + Unpin>(future: &mut F) {
    block_on(async { assert!(futures::poll!(future).is_pending()) });
}

#[test]
fn a_job_stays_behind_and_its_call_says_so() {
    alone(|| {
        let koil = Koil::new().unwrap();
        let _entered = koil.enter();
        let (dropped, ended) = (Count::default(), Count::default());
        let (release, held) = mpsc::channel::<()>();
        let (started, starts) = mpsc::channel();
        let held = std::sync::Arc::new(std::sync::Mutex::new(held));
        // Of each kind two that run, and two that have not begun.
        let call = || -> ThreadedCall<()> {
            let (guard, ended) = (dropped.on_drop(), ended.clone());
            let (started, held) = (started.clone(), held.clone());
            run_threaded(move || {
                let _guard = guard;
                started.send(()).unwrap();
                let _ = held.lock().unwrap().recv();
                ended.add();
            })
        };
        let mut running = [(); 3].map(|()| call());
        running.iter_mut().for_each(start);
        for _ in &running {
            starts.recv().unwrap();
        }
        let mut idle = [(); 3].map(|()| Some(call()));
        let mut running = running.map(Some);
        in_child(|| {
            for calls in [&mut running, &mut idle] {
                let [fallible, plain, unused] = calls.each_mut().map(|call| call.take().unwrap());
                forked(block_on(fallible.fallible()));
                panics(|| block_on(plain));
                drop(unused);
            }
            assert_eq!(
                (dropped.get(), ended.get()),
                (0, 0),
                "they are the parent's"
            );
        });
        // In the parent nothing has changed.
        for _ in 0..3 {
            release.send(()).unwrap();
        }
        for call in running {
            block_on(call.unwrap());
        }
        assert_eq!((dropped.get(), ended.get()), (3, 3));
        drop(idle);
        assert_eq!((dropped.get(), ended.get()), (6, 3));
        assert!(koil.shutdown().is_clean());
    });
}

#[test]
fn a_producer_stays_behind_and_its_stream_says_so() {
    alone(|| {
        let koil = Koil::new().unwrap();
        let entered = koil.enter();
        let dropped = Count::default();
        let stream = |is_separate: bool| -> ThreadedIter<u32> {
            let guard = dropped.on_drop();
            let make = move || {
                (0..).inspect(move |_| {
                    let _guard = &guard;
                })
            };
            if is_separate {
                iterate_separate(2, make)
            } else {
                iterate_threaded(2, make)
            }
        };
        let mut all = [false, false, true, true].map(stream);
        for stream in &mut all {
            assert_eq!(block_on(stream.next()), Some(0));
        }
        let mut all = all.map(Some);
        in_child(|| {
            let [pooled, unused, separate, unused_too] =
                all.each_mut().map(|stream| stream.take().unwrap());
            for mut stream in [pooled, separate] {
                panics(|| block_on(stream.next()));
                assert_eq!(block_on(stream.next()), None, "it has ended");
            }
            drop((unused, unused_too));
            assert_eq!(dropped.get(), 0, "they are the parent's");
        });
        for stream in all {
            let mut stream = stream.unwrap();
            assert_eq!(block_on(stream.next()), Some(1));
            assert_eq!(block_on(stream.close()), None);
        }
        assert_eq!(dropped.get(), 4);
        drop(entered);
        assert!(koil.shutdown().is_clean());
    });
}
