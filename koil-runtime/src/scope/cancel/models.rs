//! Loom models of the tree of cancel tokens: a cancel reaches every node below it, exactly once.

use std::sync::Arc as StdArc;
use std::task::{Wake, Waker};

use loom::sync::Arc;
use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::thread;

use super::node::Node;

/// A waker that counts how often it is woken.
struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: StdArc<Count>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn counter() -> (StdArc<Count>, Waker) {
    let count = StdArc::new(Count(AtomicUsize::new(0)));
    (count.clone(), Waker::from(count))
}

#[test]
fn who_listens_while_it_is_cancelled_is_woken_or_told() {
    loom::model(|| {
        let root = Node::root();
        let child = root.child();
        let canceller = {
            let root = root.clone();
            thread::spawn(move || root.cancel(&"stop".into()))
        };
        let (count, waker) = counter();
        let listening = child.listen(None, &waker);
        assert!(canceller.join().unwrap());
        let woken = count.0.load(Ordering::Relaxed);
        assert_eq!(woken, usize::from(listening.is_some()));
        assert!(child.is_cancelled());
    });
}

#[test]
fn a_child_born_during_a_cancel_is_cancelled_in_the_end() {
    loom::model(|| {
        let root = Node::root();
        let canceller = {
            let root = root.clone();
            thread::spawn(move || root.cancel(&"stop".into()))
        };
        let grandchild = root.child().child();
        assert!(canceller.join().unwrap());
        assert!(grandchild.is_cancelled());
        assert!(grandchild.reason().is_some());
    });
}

#[test]
fn of_two_cancels_one_gives_the_reason() {
    loom::model(|| {
        let root = Node::root();
        let child = root.child();
        let other = {
            let root = root.clone();
            thread::spawn(move || root.cancel(&"above".into()))
        };
        let mine = child.cancel(&"below".into());
        assert!(other.join().unwrap());
        let reason = child.reason().unwrap().to_string();
        assert_eq!(reason, if mine { "below" } else { "above" });
    });
}

#[test]
fn what_was_done_before_the_cancel_is_seen_after_it() {
    loom::model(|| {
        let root = Node::root();
        let written = Arc::new(AtomicUsize::new(0));
        let canceller = {
            let (root, written) = (root.clone(), written.clone());
            thread::spawn(move || {
                written.store(1, Ordering::Relaxed);
                root.cancel(&"stop".into());
            })
        };
        if root.is_cancelled() {
            assert_eq!(written.load(Ordering::Relaxed), 1);
        }
        canceller.join().unwrap();
    });
}

#[test]
fn a_child_may_go_away_during_the_cancel() {
    loom::model(|| {
        let root = Node::root();
        let child = root.child();
        let dropper = thread::spawn(move || drop(child));
        assert!(root.cancel(&"stop".into()));
        dropper.join().unwrap();
    });
}

#[test]
fn who_has_cancelled_a_tree_finds_all_of_it_cancelled() {
    loom::model(|| {
        let root = Node::root();
        let child = root.child();
        let grandchild = child.child();
        // The other cancel may be half-way when the cancel from above passes.
        let other = thread::spawn(move || child.cancel(&"below".into()));
        root.cancel(&"above".into());
        assert!(grandchild.is_cancelled());
        other.join().unwrap();
    });
}

/// A waker that records, when it is woken, whether its node is cancelled.
struct Look(StdArc<Node>, AtomicUsize);

impl Wake for Look {
    fn wake(self: StdArc<Look>) {
        let seen = if self.0.is_cancelled() { 1 } else { 2 };
        self.1.store(seen, Ordering::Relaxed);
    }
}

#[test]
fn who_is_woken_above_finds_all_below_cancelled() {
    loom::model(|| {
        let root = Node::root();
        let look = StdArc::new(Look(root.child(), AtomicUsize::new(0)));
        let listening = root.listen(None, &Waker::from(look.clone()));
        let canceller = {
            let root = root.clone();
            thread::spawn(move || root.cancel(&"stop".into()))
        };
        canceller.join().unwrap();
        assert!(listening.is_some());
        assert_eq!(look.1.load(Ordering::Relaxed), 1);
    });
}
