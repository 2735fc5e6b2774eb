//! Channels between blocking and async code: order, bounds, refusals, ends.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};
use std::task::{Context, Waker};
use std::thread;
use std::time::Duration;

use futures::StreamExt;
use koil::{CancelScope, Receiver, Sender, TryRecvError, channel, unkoil, unkoil_iter};

use crate::cancel_tree::{OnWake, counting};
use crate::support::{Count, on_a_loop, until, watched, with_a_loop};

/// How many calls made in this file, at `line`, are blocked now.
fn blocked_at(line: u32) -> usize {
    let calls = koil::blocked();
    let here = calls.iter().map(koil::Blocked::call_site);
    here.filter(|site| site.file() == file!() && site.line() == line)
        .count()
}

#[test]
fn many_senders_lose_nothing() {
    on_a_loop(|koil| {
        for capacity in [1, 2, 7, 64] {
            let (sender, receiver) = channel(capacity);
            let threads = [0, 1, 2, 3].map(|id| {
                let sender = sender.clone();
                thread::spawn(koil.handle().wrap(move || {
                    for n in 0..500 {
                        sender.send((id, n)).unwrap();
                    }
                }))
            });
            drop(sender);
            let items: Vec<_> = unkoil(receiver.collect());
            for thread in threads {
                thread.join().unwrap();
            }
            for id in 0..4 {
                let mine = items.iter().filter(|(from, _)| *from == id);
                assert!(
                    mine.map(|(_, n)| *n).eq(0..500),
                    "in order, and all of them"
                );
            }
        }
    });
}

#[test]
fn both_ends_work_in_both_worlds() {
    on_a_loop(|_| {
        let (sender, mut receiver) = channel(1);
        let task = koil::unkoil_task(async move {
            for n in 0..100 {
                sender.send_async(n).await.unwrap();
            }
        });
        for n in 0..50 {
            assert_eq!(receiver.recv_blocking().unwrap(), Some(n));
        }
        assert!(unkoil_iter(receiver).eq(50..100));
        task.result().unwrap();
    });
}

#[test]
fn the_last_item_before_the_end_arrives() {
    watched(|| {
        let (sender, mut receiver) = channel(2);
        assert_eq!(receiver.try_recv(), Err(TryRecvError::Empty));
        sender.try_send("last").unwrap();
        drop(sender);
        assert_eq!(receiver.try_recv(), Ok("last"));
        assert_eq!(receiver.try_recv(), Err(TryRecvError::Closed));
        assert_eq!(unkoil(receiver.recv()), None);
    });
}

#[test]
fn a_receiver_that_goes_releases_every_sender() {
    with_a_loop(|koil| {
        let (sender, receiver) = channel(1);
        sender.try_send(0).unwrap();
        let senders = [1, 2, 3].map(|n| {
            let sender: Sender<i32> = sender.clone();
            thread::spawn(koil.handle().wrap(move || blocked_send(&sender, n)))
        });
        until(|| blocked_at(SEND) == 3);
        drop(receiver);
        for (n, sender) in (1..).zip(senders) {
            let error = sender.join().unwrap().unwrap_err();
            assert!(error.is_closed());
            assert_eq!(error.into_item(), n, "the item comes back");
        }
        assert!(sender.is_closed());
    });
}

const SEND: u32 = line!() + 2;
fn blocked_send(sender: &Sender<i32>, n: i32) -> Result<(), koil::SendError<i32>> {
    sender.send(n)
}

#[test]
fn a_closed_channel_still_gives_what_is_under_way() {
    watched(|| {
        let (sender, mut receiver) = channel(4);
        sender.try_send(1).unwrap();
        sender.try_send(2).unwrap();
        receiver.close();
        assert!(sender.try_send(3).unwrap_err().is_closed());
        assert!(unkoil(async {
            receiver
                .recv()
                .await
                .into_iter()
                .chain(receiver.recv().await)
                .eq([1, 2])
        }));
        assert_eq!(unkoil(receiver.recv()), None);
    });
}

#[test]
fn waits_can_be_bounded_at_both_ends() {
    on_a_loop(|_| {
        let (sender, mut receiver): (_, Receiver<u8>) = channel(1);
        let moment = Duration::from_millis(5);
        assert!(
            unkoil(receiver.recv_timeout(moment))
                .unwrap_err()
                .is_timeout()
        );
        assert!(
            futures::executor::block_on(receiver.recv_timeout(moment))
                .unwrap_err()
                .is_timeout()
        );
        sender.send(1).unwrap();
        let late = sender.send_timeout(2, moment).unwrap_err();
        assert!(late.is_timeout(), "{late}");
        assert!(late.to_string().contains(file!()), "{late}");
        assert!(sender.try_send(3).unwrap_err().is_full());
        // Neither of them has left an entry in the queue.
        assert_eq!(unkoil(receiver.recv_timeout(moment)).unwrap(), Some(1));
        sender.send(4).unwrap();
        assert_eq!(unkoil(receiver.recv()), Some(4));
    });
}

#[test]
fn a_send_is_refused_inside_a_poll() {
    watched(|| {
        let (sender, mut receiver) = channel(4);
        let inside = unkoil(async { sender.send(1) }).unwrap_err();
        let error = inside
            .error()
            .expect("the bridge refuses, whether or not there is room");
        assert!(error.would_deadlock(), "{error}");
        let inside = unkoil(async { receiver.recv_blocking() }).unwrap_err();
        assert!(inside.would_deadlock(), "{inside}");
        unkoil(async { sender.send_async(2).await.unwrap() });
        assert_eq!(unkoil(receiver.recv()), Some(2));
    });
}

#[test]
fn a_send_obeys_the_scope_around_it() {
    with_a_loop(|koil| {
        let (sender, _receiver) = channel(1);
        sender.try_send(0).unwrap();
        let (hand, token) = mpsc::channel();
        let thread = thread::spawn(koil.handle().wrap(move || {
            let scope = CancelScope::new();
            hand.send(scope.token().clone()).unwrap();
            scope.run(|| sender.send(1)).unwrap().unwrap_err()
        }));
        token.recv().unwrap().cancel("enough");
        let error = thread.join().unwrap();
        assert!(
            error.error().is_some_and(koil::Error::is_cancelled),
            "{error}"
        );
    });
}

#[test]
fn a_full_channel_that_is_always_ready_lets_others_run() {
    on_a_loop(|koil| {
        let (sender, mut receiver) = channel(100_000);
        for n in 0..100_000 {
            sender.try_send(n).unwrap();
        }
        let (others, turns) = mpsc::channel();
        unkoil(async {
            let eager = koil.handle().tokio().spawn(async move {
                let mut after_first_turn = 0;
                while receiver.recv().await.is_some() {
                    after_first_turn += usize::from(turns.try_recv().is_ok());
                    if after_first_turn > 0 {
                        return true;
                    }
                }
                false
            });
            let other = koil.handle().tokio().spawn(async move { others.send(()) });
            drop(other.await);
            assert!(
                eager.await.unwrap(),
                "the other task ran before the channel was empty"
            );
        });
    });
}

#[test]
fn a_waker_that_panics_costs_no_other_sender_its_wake() {
    let (sender, mut receiver) = channel(1);
    sender.try_send(0).unwrap();
    let count = Count::default();
    let bad = Waker::from(Arc::new(OnWake(|| panic!("a bad waker"))));
    let good = counting(&count);
    let _waiting = [&bad, &good, &bad, &good].map(|waker| {
        let mut sending = Box::pin(sender.send_async(1));
        let poll = sending.as_mut().poll(&mut Context::from_waker(waker));
        assert!(poll.is_pending());
        sending
    });
    let outcome = catch_unwind(AssertUnwindSafe(|| receiver.close()));
    assert!(outcome.is_err(), "the panic goes on where the wake was");
    assert_eq!(count.get(), 2);
}

#[test]
fn a_limit_that_an_end_was_given_holds_for_each_of_its_waits() {
    on_a_loop(|_| {
        let limit = Duration::from_millis(5);
        let (sender, receiver) = channel(1);
        let sender = sender.timeout(limit).clone();
        let mut receiver = receiver.timeout(limit);
        sender.send(1).unwrap();
        let late = sender.send(2).unwrap_err();
        assert!(late.is_timeout() && late.into_item() == 2);
        assert!(
            sender
                .send_timeout(2, Duration::ZERO)
                .unwrap_err()
                .is_timeout()
        );

        // Blocking, async on any executor, and as a stream; a timeout ends nothing.
        assert_eq!(receiver.recv_blocking().unwrap(), Some(1));
        assert!(receiver.recv_blocking().unwrap_err().is_timeout());
        let late = futures::executor::block_on(receiver.recv()).unwrap_err();
        assert!(
            late.is_timeout() && late.call_site().file() == file!(),
            "{late}"
        );
        for n in 3..6 {
            assert!(unkoil(receiver.next()).unwrap().unwrap_err().is_timeout());
            sender.send(n).unwrap();
            assert_eq!(unkoil(receiver.next()).unwrap().unwrap(), n);
        }
        sender.send(6).unwrap();
        drop(sender);
        assert_eq!(unkoil(receiver.recv()).unwrap(), Some(6));
        assert!(unkoil(receiver.next()).is_none());
        assert_eq!(receiver.recv_blocking().unwrap(), None);
        assert_eq!(receiver.into_inner().recv_blocking().unwrap(), None);
    });
}
