//! Loom models of the queue: every interleaving of two or three threads at its two ends.
//!
//! Run with `RUSTFLAGS="--cfg koil_loom" cargo test -p koil-runtime --lib models`.

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::{Poll, Wake, Waker};

use loom::sync::{Condvar, Mutex};
use loom::thread;

use super::{Intake, NotTaken, Queue, pair};

/// The wait of a model's thread: until its waker is called.
struct Signal {
    called: Mutex<bool>,
    changed: Condvar,
}

impl Signal {
    fn new() -> Arc<Signal> {
        Arc::new(Signal {
            called: Mutex::new(false),
            changed: Condvar::new(),
        })
    }

    fn wait(&self) {
        let mut called = self.called.lock().unwrap();
        while !*called {
            called = self.changed.wait(called).unwrap();
        }
        *called = false;
    }
}

impl Wake for Signal {
    fn wake(self: Arc<Signal>) {
        *self.called.lock().unwrap() = true;
        self.changed.notify_one();
    }
}

/// Sends one item, waiting as a sender does; false if the channel is closed.
fn send(queue: &Queue<u8>, item: u8) -> bool {
    let signal = Signal::new();
    let waker = Waker::from(signal.clone());
    let (mut item, mut key) = (item, None);
    loop {
        item = match queue.push(item) {
            Ok(()) => return true,
            Err(NotTaken::Closed(_)) => return false,
            Err(NotTaken::Full(item)) => item,
        };
        if queue.poll_room(&mut key, &waker).is_pending() {
            signal.wait();
        }
    }
}

/// The next item, waiting as a receiver does.
fn receive(intake: &mut Intake<u8>) -> Option<u8> {
    let signal = Signal::new();
    let waker = Waker::from(signal.clone());
    loop {
        match intake.take(Some(&waker)) {
            Poll::Ready(item) => return item,
            Poll::Pending => signal.wait(),
        }
    }
}

/// Sends `items` on a thread of its own.
fn sends(queue: &Arc<Queue<u8>>, items: &'static [u8]) -> thread::JoinHandle<bool> {
    let queue = queue.clone();
    thread::spawn(move || {
        let all_taken = items.iter().all(|item| send(&queue, *item));
        queue.remove_sender();
        all_taken
    })
}

fn a_queue(capacity: usize) -> (Arc<Queue<u8>>, Intake<u8>) {
    pair(capacity, VecDeque::new())
}

#[test]
fn all_items_arrive_in_order_and_then_the_end() {
    loom::model(|| {
        let (queue, mut intake) = a_queue(1);
        let sender = sends(&queue, &[1, 2]);
        assert_eq!(receive(&mut intake), Some(1));
        assert_eq!(receive(&mut intake), Some(2));
        assert_eq!(receive(&mut intake), None);
        assert!(sender.join().unwrap());
    });
}

#[test]
fn a_sender_is_let_on_at_half_of_the_capacity() {
    loom::model(|| {
        let (queue, mut intake) = a_queue(2);
        let sender = sends(&queue, &[1, 2, 3]);
        for n in 1..=3 {
            assert_eq!(receive(&mut intake), Some(n));
        }
        assert!(sender.join().unwrap());
    });
}

#[test]
fn two_senders_in_one_place_both_get_through() {
    loom::model(|| {
        let (queue, mut intake) = a_queue(1);
        queue.add_sender();
        let senders = [sends(&queue, &[1]), sends(&queue, &[2])];
        let mut sum = 0;
        while let Some(item) = receive(&mut intake) {
            sum += item;
        }
        assert_eq!(sum, 3);
        for sender in senders {
            assert!(sender.join().unwrap());
        }
    });
}

#[test]
fn the_last_item_before_the_end_arrives() {
    loom::model(|| {
        let (queue, mut intake) = a_queue(2);
        let sender = sends(&queue, &[1]);
        // The same holds for a receiver that only polls from time to time.
        let first = loop {
            match intake.take(None) {
                Poll::Ready(item) => break item,
                Poll::Pending => thread::yield_now(),
            }
        };
        assert_eq!(first, Some(1));
        assert_eq!(receive(&mut intake), None);
        assert!(sender.join().unwrap());
    });
}

#[test]
fn a_receiver_that_goes_releases_every_sender_that_waits() {
    loom::model(|| {
        let (queue, intake) = a_queue(1);
        assert!(send(&queue, 0));
        queue.add_sender();
        let senders = [sends(&queue, &[1]), sends(&queue, &[2])];
        drop(intake);
        for sender in senders {
            assert!(!sender.join().unwrap());
        }
    });
}

#[test]
fn a_sender_that_leaves_the_line_takes_no_wake_from_another() {
    loom::model(|| {
        let (queue, mut intake) = a_queue(1);
        assert!(send(&queue, 0));
        queue.add_sender();
        let leaves = {
            let queue = queue.clone();
            thread::spawn(move || {
                let (signal, mut key) = (Signal::new(), None);
                let waker = Waker::from(signal.clone());
                let waits = queue.poll_room(&mut key, &waker).is_pending();
                if let Some(key) = key.filter(|_| waits) {
                    queue.leave_line(key);
                }
                queue.remove_sender();
            })
        };
        let sender = sends(&queue, &[1]);
        assert_eq!(receive(&mut intake), Some(0));
        assert_eq!(receive(&mut intake), Some(1));
        assert_eq!(receive(&mut intake), None);
        leaves.join().unwrap();
        assert!(sender.join().unwrap());
    });
}

/// Like the task that prefetches: it asks for room, then puts in a batch.
#[test]
fn a_sender_of_batches_finds_its_room() {
    loom::model(|| {
        let (queue, mut intake) = pair(2, VecDeque::from([1]));
        let sender = thread::spawn(move || {
            let (signal, mut key) = (Signal::new(), None);
            let waker = Waker::from(signal.clone());
            let mut items = VecDeque::from([2, 3, 4]);
            while !items.is_empty() {
                match queue.poll_room(&mut key, &waker) {
                    Poll::Ready(room) => {
                        let rest = items.split_off(room.min(items.len()));
                        queue.push_all(&mut items);
                        items = rest;
                    }
                    Poll::Pending => signal.wait(),
                }
            }
            queue.remove_sender();
        });
        for n in 1..=4 {
            assert_eq!(receive(&mut intake), Some(n));
        }
        assert_eq!(receive(&mut intake), None);
        sender.join().unwrap();
    });
}
