//! Tokens as such: a tree, seen everywhere at once, heard on any executor.

use std::panic::{self, AssertUnwindSafe};
use std::pin::pin;
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

use koil::{CancelToken, unkoil, unkoil_task};

use crate::support::{Count, OnDrop, a_loop, alone, on_a_loop, watched};

#[test]
fn a_cancel_goes_down_and_neither_up_nor_aside() {
    let root = CancelToken::new();
    let (left, right) = (root.child(), root.child());
    let below = left.child();
    assert!(left.cancel("enough"));
    assert!(left.is_cancelled() && below.is_cancelled());
    assert!(!root.is_cancelled() && !right.is_cancelled());
    assert_eq!(below.reason().unwrap().to_string(), "enough");
    assert!(left.child().is_cancelled(), "born below a cancelled one");
}

#[test]
fn the_first_reason_counts() {
    let root = CancelToken::new();
    let child = root.child();
    assert!(child.cancel("first"));
    assert!(!child.cancel("second"));
    assert!(root.cancel(String::from("third")));
    assert_eq!(child.reason().unwrap().to_string(), "first");
    assert_eq!(root.reason().unwrap().to_string(), "third");
}

#[test]
fn a_cancel_needs_no_loop_and_starts_none() {
    alone(|| {
        let token = CancelToken::new();
        let (seen, below) = (token.child(), token.child());
        let waiter = thread::spawn(move || futures::executor::block_on(seen.cancelled()));
        token.cancel("stop");
        assert!(below.is_cancelled(), "at once");
        waiter.join().unwrap();
        assert!(!koil::is_running());
    });
}

#[test]
fn a_cancel_is_heard_on_every_executor() {
    watched(|| {
        let token = CancelToken::new();
        let koil = a_loop();
        let (ready, started) = mpsc::channel();
        let listen = |token: CancelToken| {
            let ready = ready.clone();
            async move {
                let mut cancelled = pin!(token.cancelled());
                std::future::poll_fn(|cx| {
                    let poll = cancelled.as_mut().poll(cx);
                    ready.send(()).unwrap();
                    poll
                })
                .await;
            }
        };
        let (one, two, three, four) = (
            listen(token.child()),
            listen(token.child()),
            listen(token.clone()),
            listen(token.child().child()),
        );
        let entered = koil.enter();
        let task = unkoil_task(four);
        drop(entered);
        let handle = koil.handle();
        let threads = [
            thread::spawn(handle.wrap(move || unkoil(one))),
            thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread();
                { runtime }.build().unwrap().block_on(two);
            }),
            thread::spawn(move || futures::executor::block_on(three)),
        ];
        for _ in 0..4 {
            started.recv().unwrap();
        }
        token.cancel("stop");
        for thread in threads {
            thread.join().unwrap();
        }
        task.result().unwrap();
    });
}

#[test]
fn who_stopped_listening_is_not_woken() {
    let count = Count::default();
    let waker = counting(&count);
    let token = CancelToken::new();
    {
        let mut cancelled = pin!(token.cancelled());
        let poll = cancelled.as_mut().poll(&mut Context::from_waker(&waker));
        assert!(poll.is_pending());
    }
    token.cancel("stop");
    assert_eq!(count.get(), 0);
}

#[test]
fn who_listens_from_another_task_is_woken_there() {
    let (first, second) = (Count::default(), Count::default());
    let token = CancelToken::new();
    let mut cancelled = pin!(token.cancelled());
    for count in [&first, &second] {
        let poll = cancelled
            .as_mut()
            .poll(&mut Context::from_waker(&counting(count)));
        assert!(poll.is_pending());
    }
    token.cancel("stop");
    assert_eq!((first.get(), second.get()), (0, 1));
}

#[test]
fn a_waker_that_panics_costs_no_other_its_wake() {
    let count = Count::default();
    let token = CancelToken::new();
    let bad = Waker::from(Arc::new(OnWake(|| panic!("a bad waker"))));
    let good = counting(&count);
    let mut listeners = [&good, &bad, &good].map(|waker| {
        let mut listener = Box::pin(token.cancelled());
        let poll = listener.as_mut().poll(&mut Context::from_waker(waker));
        assert!(poll.is_pending());
        listener
    });
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| token.cancel("stop")));
    assert!(
        outcome.is_err(),
        "the panic goes on where the cancel was asked for"
    );
    assert_eq!(count.get(), 2);
    for listener in &mut listeners {
        let poll = listener.as_mut().poll(&mut Context::from_waker(&good));
        assert!(poll.is_ready());
    }
}

#[test]
fn a_waker_may_own_who_listens_to_the_same_token() {
    watched(|| {
        let token = CancelToken::new();
        let mut other = Box::pin(token.cancelled());
        let poll = other.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(poll.is_pending());
        let guard = Mutex::new(Some(OnDrop::new(move || drop(other))));
        // The last reference to it is the token's: replacing it drops the other listener.
        let waker = Waker::from(Arc::new(OnWake(move || drop(guard.lock().unwrap().take()))));
        let mut cancelled = pin!(token.cancelled());
        let poll = cancelled.as_mut().poll(&mut Context::from_waker(&waker));
        assert!(poll.is_pending());
        drop(waker);
        let poll = cancelled
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        assert!(poll.is_pending());
        token.cancel("stop");
    });
}

#[test]
fn a_tree_may_be_deeper_than_a_stack_and_leaves_nothing_behind() {
    let root = CancelToken::new();
    let mut leaf = root.clone();
    for _ in 0..200_000 {
        leaf = leaf.child();
    }
    root.cancel("stop");
    assert!(leaf.is_cancelled());
    drop((leaf, root));

    let root = CancelToken::new();
    for _ in 0..1_000 {
        drop(root.child().child());
    }
    assert!(format!("{root:?}").contains("children: 0"), "{root:?}");
}

#[test]
fn clones_are_the_same_token_and_children_are_not() {
    let token = CancelToken::new();
    assert_eq!(token, token.clone());
    assert_ne!(token, token.child());
    assert!(CancelToken::current().is_none());
}

#[test]
fn each_call_has_a_token_of_its_own() {
    on_a_loop(|_| {
        let ask = async || CancelToken::current().unwrap();
        let first = unkoil(ask());
        let (again, twice) = unkoil(async { (ask().await, ask().await) });
        assert_eq!(again, twice);
        assert_ne!(first, again);
        first.cancel("over");
        assert!(!again.is_cancelled());
    });
}

/// Calls a closure when it is woken.
pub(crate) struct OnWake<F>(pub(crate) F);

impl<F: Fn() + Send + Sync> Wake for OnWake<F> {
    fn wake(self: Arc<Self>) {
        (self.0)();
    }
}

pub(crate) fn counting(count: &Count) -> Waker {
    let count = count.clone();
    Waker::from(Arc::new(OnWake(move || count.add())))
}

#[test]
fn a_cancelled_token_stays_so() {
    let token = CancelToken::new();
    token.cancel("stop");
    let mut cancelled = pin!(token.cancelled());
    for _ in 0..2 {
        let poll = cancelled
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        assert_eq!(poll, Poll::Ready(()));
    }
}
