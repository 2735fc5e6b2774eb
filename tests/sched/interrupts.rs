//! Interrupts are delivered in order, once, and leave the interrupted future as it was.

use std::cell::RefCell;
use std::future::pending;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::thread;

use futures::executor;
use futures::future::{self, FutureExt};
use koil::sched::interrupts;
use koil::unkoil;

use crate::support::{on_a_loop, watched};

/// Polls once, with a waker that does nothing.
fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn an_interrupt_leaves_the_awaited_future_as_it_was() {
    on_a_loop(|_| {
        let (interrupter, mut interrupts) = interrupts();
        let (answer, answered) = futures::channel::oneshot::channel();
        let mut answered = pin!(answered);
        unkoil(async {
            let wait = interrupts.run(answered.as_mut());
            let (sent, ended) = future::join(interrupter.interrupt("first"), wait).await;
            assert_eq!((sent, ended), (Ok(()), Err("first")));
            let wait = interrupts.run(answered.as_mut());
            let (sent, ended) = future::join(interrupter.interrupt("second"), wait).await;
            assert_eq!((sent, ended), (Ok(()), Err("second")));
            answer.send(7).unwrap();
            assert_eq!(interrupts.run(answered).await, Ok(Ok(7)));
        });
    });
}

#[test]
fn an_interrupt_returns_after_the_interrupted_code_has_seen_it() {
    // One thread that polls in the order of the wakes: the events have one order.
    let mut pool = executor::LocalPool::new();
    let events = RefCell::new(Vec::new());
    let (interrupter, mut interrupts) = interrupts();
    let target = async {
        events.borrow_mut().push("target waits");
        let why = interrupts.run(pending::<()>()).await.unwrap_err();
        events.borrow_mut().push(why);
        interrupts.run(future::ready(())).await.unwrap();
        events.borrow_mut().push("target ends");
    };
    let other = async {
        events.borrow_mut().push("other interrupts");
        interrupter.interrupt("interrupted").await.unwrap();
        events.borrow_mut().push("other goes on");
    };
    pool.run_until(future::join(target, other));
    let expected = [
        "target waits",
        "other interrupts",
        "interrupted",
        "target ends",
        "other goes on",
    ];
    assert_eq!(*events.borrow(), expected);
}

#[test]
fn a_second_interrupt_waits_for_the_first() {
    let (interrupter, mut interrupts) = interrupts();
    let other = interrupter.clone();
    let mut second = Box::pin(other.interrupt(2));
    let mut first = Box::pin(interrupter.interrupt(1));
    assert_eq!(poll(first.as_mut()), Poll::Pending);
    assert_eq!(poll(second.as_mut()), Poll::Pending);
    // They wait for a `run`, which takes one, although its future is ready.
    assert_eq!(interrupts.run(async {}).now_or_never(), Some(Err(1)));
    assert_eq!(poll(second.as_mut()), Poll::Pending, "not delivered yet");
    assert_eq!(poll(first.as_mut()), Poll::Ready(Ok(())));
    assert_eq!(interrupts.run(async {}).now_or_never(), Some(Err(2)));
    assert_eq!(poll(second.as_mut()), Poll::Ready(Ok(())));
    assert_eq!(interrupts.run(async {}).now_or_never(), Some(Ok(())));
}

#[test]
fn an_interrupt_that_is_dropped_before_its_delivery_never_was() {
    let (interrupter, mut interrupts) = interrupts();
    let value = Arc::new(());
    let unpolled = interrupter.interrupt(value.clone());
    drop(unpolled);
    let mut withdrawn = Box::pin(interrupter.interrupt(value.clone()));
    assert_eq!(poll(withdrawn.as_mut()), Poll::Pending);
    drop(withdrawn);
    assert_eq!(Arc::strong_count(&value), 1, "the error is dropped with it");
    assert_eq!(interrupts.run(async {}).now_or_never(), Some(Ok(())));
}

#[test]
fn an_interrupt_comes_back_if_the_other_side_is_gone() {
    let (interrupter, interrupts) = interrupts();
    let mut waiting = Box::pin(interrupter.interrupt("waits"));
    assert_eq!(poll(waiting.as_mut()), Poll::Pending);
    drop(interrupts);
    assert_eq!(poll(waiting.as_mut()), Poll::Ready(Err("waits")));
    let late = interrupter.interrupt("late").now_or_never();
    assert_eq!(late, Some(Err("late")));
}

#[test]
fn one_that_was_delivered_stays_so_when_the_other_side_goes() {
    let (interrupter, mut interrupts) = interrupts();
    let mut delivered = Box::pin(interrupter.interrupt("delivered"));
    assert_eq!(poll(delivered.as_mut()), Poll::Pending);
    let ended = interrupts.run(pending::<()>()).now_or_never();
    assert_eq!(ended, Some(Err("delivered")));
    drop(interrupts);
    assert_eq!(poll(delivered.as_mut()), Poll::Ready(Ok(())));
}

#[test]
fn a_wait_that_is_dropped_leaves_its_interrupt_to_the_next() {
    let (interrupter, mut interrupts) = interrupts();
    let mut wait = Box::pin(interrupts.run(pending::<()>()));
    assert_eq!(poll(wait.as_mut()), Poll::Pending);
    let mut sent = Box::pin(interrupter.interrupt(1));
    assert_eq!(poll(sent.as_mut()), Poll::Pending);
    drop(wait);
    assert_eq!(poll(sent.as_mut()), Poll::Pending);
    assert_eq!(interrupts.run(async {}).now_or_never(), Some(Err(1)));
    assert_eq!(poll(sent.as_mut()), Poll::Ready(Ok(())));
}

#[test]
fn code_may_interrupt_itself_and_a_dropped_interrupter_interrupts_nothing() {
    watched(|| {
        let (interrupter, mut interrupts) = interrupts();
        let myself = interrupter.clone();
        let wait = interrupts.run(myself.interrupt("by itself"));
        assert_eq!(executor::block_on(wait), Err("by itself"));
        drop((interrupter, myself));
        assert_eq!(executor::block_on(interrupts.run(async { 1 })), Ok(1));
    });
}

#[test]
fn each_of_many_interrupts_from_many_threads_is_delivered_or_given_back_once() {
    const THREADS: usize = 4;
    const EACH: usize = 250;
    watched(|| {
        let (interrupter, mut interrupts) = interrupts();
        let given_back = Arc::new(AtomicUsize::new(0));
        let delivered = Arc::new(AtomicUsize::new(0));
        let senders: Vec<_> = (0..THREADS)
            .map(|_| {
                let interrupter = interrupter.clone();
                let (given_back, delivered) = (given_back.clone(), delivered.clone());
                thread::spawn(move || {
                    for number in 0..EACH {
                        // ORDERING: Relaxed; the joins of the threads publish both counts.
                        match executor::block_on(interrupter.interrupt(number)) {
                            Ok(()) => delivered.fetch_add(1, Ordering::Relaxed),
                            Err(_) => given_back.fetch_add(1, Ordering::Relaxed),
                        };
                    }
                })
            })
            .collect();
        let taken = THREADS * EACH / 2;
        for _ in 0..taken {
            assert!(executor::block_on(interrupts.run(pending::<()>())).is_err());
        }
        drop(interrupts);
        for sender in senders {
            sender.join().unwrap();
        }
        // ORDERING: Relaxed; see above.
        assert_eq!(delivered.load(Ordering::Relaxed), taken);
        // ORDERING: Relaxed; see above.
        assert_eq!(given_back.load(Ordering::Relaxed), THREADS * EACH - taken);
    });
}

#[test]
fn a_task_of_an_executor_that_is_interrupted_goes_to_the_front_of_its_level() {
    use koil::sched::{Executor, Priority};

    use crate::stage::Stage;

    on_a_loop(|_| {
        let mut stage = Stage::new(Executor::new());
        let (interrupter, mut interrupts) = interrupts();
        let events = stage.events.clone();
        let target = stage.executor.spawn(Priority::LOW, async move {
            events.add(interrupts.run(pending::<()>()).await.unwrap_err());
        });
        stage.run();
        let events = stage.events.clone();
        let sender = stage.executor.spawn(Priority::NORMAL, async move {
            interrupter.interrupt("interrupted").await.unwrap();
            events.add("delivered");
        });
        for _ in 0..2 {
            stage.spawn_steps(Priority::LOW, "low", 0).detach();
        }
        stage.spawn_steps(Priority::NORMAL, "normal", 0).detach();
        let happened = stage.run();
        assert_eq!(
            happened,
            ["normal", "interrupted", "delivered", "low", "low"]
        );
        target.result().unwrap();
        sender.result().unwrap();
    });
}
