//! Promise 16 on plain threads: busy futures end, and nothing adds up over many calls.

use std::cell::Cell;
use std::rc::Rc;
use std::task::Poll;
use std::thread;
use std::time::Duration;

use koil::{unkoil, unkoil_iter};
use tokio::sync::mpsc;
use tokio::task::yield_now;

use crate::support::on_a_loop;

#[test]
fn a_borrowed_and_a_local_future_run_on_the_callers_thread() {
    on_a_loop(|_| {
        let (text, local) = (String::from("koil"), Rc::new(Cell::new(0)));
        let here = thread::current().id();
        let there = unkoil(async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            local.set(text.len());
            thread::current().id()
        });
        assert_eq!((local.get(), there), (4, here));
    });
}

#[test]
fn a_future_that_yields_ten_thousand_times_ends() {
    on_a_loop(|_| {
        unkoil(async {
            for _ in 0..10_000 {
                yield_now().await;
            }
        });
    });
}

#[test]
fn a_future_that_wakes_itself_until_a_timer_fires_ends() {
    on_a_loop(|_| {
        let yields = unkoil(async {
            let timer = tokio::time::sleep(Duration::from_millis(20));
            tokio::pin!(timer);
            let mut yields = 0_u64;
            loop {
                tokio::select! {
                    biased;
                    () = &mut timer => return yields,
                    () = yield_now() => yields += 1,
                }
            }
        });
        assert!(yields > 0);
    });
}

#[test]
fn ten_thousand_ready_channel_items_outlast_the_coop_budget() {
    on_a_loop(|_| {
        let (send, mut receive) = mpsc::channel(10_000);
        (0..10_000).for_each(|item| send.try_send(item).unwrap());
        drop(send);
        let received = unkoil(async {
            let mut received = 0;
            while receive.recv().await.is_some() {
                received += 1;
            }
            received
        });
        assert_eq!(received, 10_000);
    });
}

#[test]
fn ten_thousand_ready_channel_items_iterate() {
    on_a_loop(|_| {
        let (send, mut receive) = mpsc::channel(10_000);
        (0..10_000).for_each(|item| send.try_send(item).unwrap());
        drop(send);
        let stream = futures::stream::poll_fn(move |cx| receive.poll_recv(cx));
        assert!(unkoil_iter(stream).eq(0..10_000));
    });
}

#[test]
fn a_thousand_calls_that_wait_answer_each() {
    on_a_loop(|_| {
        for round in 0..1_000 {
            let (send, receive) = tokio::sync::oneshot::channel();
            let echo = koil::unkoil_task(async move { send.send(round) });
            assert_eq!(unkoil(receive), Ok(round));
            assert!(echo.result().unwrap().is_ok());
        }
    });
}

#[test]
fn a_wake_from_any_thread_is_seen() {
    on_a_loop(|_| {
        for _ in 0..100 {
            let mut spawned = None;
            unkoil(std::future::poll_fn(|cx| match spawned.take() {
                None => {
                    let waker = cx.waker().clone();
                    spawned = Some(thread::spawn(move || waker.wake()));
                    Poll::Pending
                }
                // Polled because of that thread or by chance: pending until the thread has answered.
                Some(thread) => {
                    let _: () = thread.join().unwrap();
                    Poll::Ready(())
                }
            }));
        }
    });
}

#[test]
fn a_waker_called_after_its_call_disturbs_no_later_call() {
    on_a_loop(|_| {
        let mut old = None;
        unkoil(std::future::poll_fn(|cx| {
            old = Some(cx.waker().clone());
            Poll::Ready(())
        }));
        let old = old.unwrap();
        let mut polls = 0;
        let (send, mut receive) = tokio::sync::oneshot::channel();
        old.wake_by_ref();
        let late = thread::spawn(move || {
            old.wake();
            send.send("it").unwrap();
        });
        let answer = unkoil(std::future::poll_fn(|cx| {
            polls += 1;
            std::pin::Pin::new(&mut receive).poll(cx)
        }));
        late.join().unwrap();
        assert_eq!(answer, Ok("it"));
        assert!(polls <= 4, "a stale wake costs one poll, not {polls}");
    });
}
