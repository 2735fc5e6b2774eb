//! Callers that a stop cannot release are counted, and threads may end while they own a loop.

use std::cell::Cell;
use std::sync::mpsc;
use std::task::Poll;
use std::thread;
use std::time::{Duration, Instant};

use koil::{Koil, deadline, deadline_unwinding, koiled, unkoil, unkoil_lend};
use tokio::runtime::Builder;

use crate::support::{FOR_EVER, a_loop, until, watched, with_a_loop};

fn an_impatient_loop(join_timeout: Duration) -> Koil {
    let koil = Koil::builder()
        .cancel_grace(Duration::from_millis(20))
        .join_timeout(join_timeout)
        .build();
    koil.unwrap()
}

#[test]
fn a_caller_whose_future_is_stuck_on_the_loop_is_left_behind() {
    watched(|| {
        let koil = an_impatient_loop(Duration::from_millis(50));
        let (go, gate) = mpsc::channel::<()>();
        let (inside, is_inside) = mpsc::channel();
        let call = koil.handle().wrap(move || {
            let mut polls = 0;
            let stuck = std::future::poll_fn(move |cx| {
                polls += 1;
                if polls == 1 {
                    // Polled again by the loop, which cannot get out of it.
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                if thread::current().name() != Some("koil-loop") {
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                inside.send(()).unwrap();
                let _ = gate.recv();
                Poll::Ready(7)
            });
            let other = Builder::new_current_thread().build().unwrap();
            other.block_on(async { unkoil_lend(stuck) })
        });
        let caller = thread::spawn(call);
        is_inside.recv().unwrap();
        let before = Instant::now();
        let report = koil.shutdown();
        assert!(before.elapsed() < Duration::from_secs(5), "it is bounded");
        assert_eq!((report.released(), report.left_behind()), (1, 1));
        assert!(!report.loop_ended());
        drop(go);
        // It was ready after all, or the stop came first.
        let _ = caller.join();
    });
}

#[test]
fn a_caller_whose_future_takes_long_to_drop_is_left_behind() {
    struct Slow(mpsc::Receiver<()>);
    impl Drop for Slow {
        fn drop(&mut self) {
            let _ = self.0.recv();
        }
    }
    watched(|| {
        // Time enough for the loop to end on a busy machine.
        let koil = an_impatient_loop(Duration::from_secs(1));
        let (go, gate) = mpsc::channel::<()>();
        let slow = Slow(gate);
        let (waits, is_waiting) = mpsc::channel();
        let call = koil.handle().wrap(move || {
            koil::try_unkoil(async move {
                let _slow = slow;
                tokio::time::sleep(Duration::from_millis(1)).await;
                waits.send(()).unwrap();
                std::future::pending::<()>().await;
            })
        });
        let caller = thread::spawn(call);
        is_waiting.recv().unwrap();
        let report = koil.shutdown();
        assert_eq!((report.released(), report.left_behind()), (1, 1));
        assert!(report.loop_ended() && !report.is_clean());
        drop(go);
        assert!(caller.join().unwrap().unwrap_err().is_shutdown());
    });
}

thread_local!(static KEPT: Cell<Option<Koil>> = const { Cell::new(None) });

#[test]
fn a_worker_that_ends_with_the_loop_of_another_stops_it() {
    watched(|| {
        let (koil, other) = (a_loop(), a_loop());
        let handle = other.handle();
        let _entered = koil.enter();
        unkoil(async {
            tokio::task::spawn_blocking(move || KEPT.set(Some(other)))
                .await
                .unwrap();
        });
        assert!(koil.shutdown().is_clean());
        assert!(format!("{handle:?}").contains("stopped: true"));
    });
}

/// Workers end after 10 s without work, which are to pass here.
#[test]
fn a_worker_that_ends_with_its_own_loop_does_not_wait_for_itself() {
    watched(|| {
        let (send, ended) = mpsc::channel();
        let koil = Koil::builder()
            .join_timeout(FOR_EVER)
            .on_thread_stop(move || {
                send.send(thread::current().name().unwrap().to_owned())
                    .unwrap();
            })
            .build()
            .unwrap();
        let handle = koil.handle();
        handle.tokio().spawn_blocking(move || KEPT.set(Some(koil)));
        let mut names: Vec<_> = ended.iter().take(2).collect();
        names.sort();
        assert_eq!(names, ["koil-loop", "koil-worker"]);
    });
}

#[test]
fn threads_that_end_with_what_a_loop_gave_them_end() {
    thread_local!(static ITEMS: Cell<Option<koil::Iter<futures::stream::Repeat<u8>>>> = const { Cell::new(None) });
    thread_local!(static TASK: Cell<Option<koil::KoilTask<()>>> = const { Cell::new(None) });
    with_a_loop(|koil| {
        let call = koil.handle().wrap(|| {
            let mut items = koil::unkoil_iter(futures::stream::repeat(1));
            assert_eq!(items.next(), Some(1));
            ITEMS.set(Some(items));
            TASK.set(Some(koil::unkoil_task(std::future::pending())));
        });
        thread::spawn(call).join().unwrap();
        assert!(koil.shutdown().is_clean());
    });
}

#[test]
fn a_call_that_is_cut_short_leaves_no_task_on_its_loop() {
    with_a_loop(|koil| {
        let calls = koil.handle().wrap(|| {
            cut_short_often();
            let other = Builder::new_current_thread().build().unwrap();
            other.block_on(async { cut_short_often() });
            deadline(FOR_EVER, || unkoil(async {})).unwrap();
        });
        calls();
        let metrics = koil.handle().tokio().metrics();
        until(|| metrics.num_alive_tasks() == 0);
    });
}

#[koiled]
async fn for_ever() {
    std::future::pending::<()>().await;
}

fn cut_short_often() {
    for _ in 0..10 {
        let cut = deadline_unwinding(Duration::from_micros(100), for_ever_blocking);
        assert!(cut.unwrap_err().is_timeout());
    }
}
