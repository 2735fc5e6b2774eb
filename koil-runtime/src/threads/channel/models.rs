//! Loom models of a channel: every interleaving of two or three threads at its two ends.
//!
//! Run with `RUSTFLAGS="--cfg koil_loom" cargo test -p koil-runtime --lib models`.

use std::sync::Arc;
use std::task::{Poll, Wake, Waker};

use loom::sync::{Condvar, Mutex};
use loom::thread;

use super::buffer::{Buffer, Intake, NotTaken};

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
fn send(buffer: &Buffer<u8>, item: u8) -> bool {
    let signal = Signal::new();
    let waker = Waker::from(signal.clone());
    let (mut item, mut key) = (item, None);
    loop {
        item = match buffer.push(item) {
            Ok(()) => return true,
            Err(NotTaken::Closed(_)) => return false,
            Err(NotTaken::Full(item)) => item,
        };
        if buffer.wait_for_room(&mut key, &waker).is_pending() {
            signal.wait();
        }
    }
}

/// The next item, waiting as a receiver does.
fn receive(intake: &mut Intake<u8>) -> Option<u8> {
    let signal = Signal::new();
    let waker = Waker::from(signal.clone());
    loop {
        match intake.take(&waker) {
            Poll::Ready(item) => return item,
            Poll::Pending => signal.wait(),
        }
    }
}

/// Sends `items` on a thread of its own.
fn sends(buffer: &Arc<Buffer<u8>>, items: &'static [u8]) -> thread::JoinHandle<bool> {
    let buffer = buffer.clone();
    thread::spawn(move || {
        let all_taken = items.iter().all(|item| send(&buffer, *item));
        buffer.remove_sender();
        all_taken
    })
}

fn a_channel(capacity: usize) -> (Arc<Buffer<u8>>, Intake<u8>) {
    let buffer = Arc::new(Buffer::new(capacity));
    let intake = Intake::new(buffer.clone());
    (buffer, intake)
}

#[test]
fn all_items_arrive_in_order_and_then_the_end() {
    loom::model(|| {
        let (buffer, mut intake) = a_channel(1);
        let sender = sends(&buffer, &[1, 2]);
        assert_eq!(receive(&mut intake), Some(1));
        assert_eq!(receive(&mut intake), Some(2));
        assert_eq!(receive(&mut intake), None);
        assert!(sender.join().unwrap());
    });
}

#[test]
fn a_sender_is_let_on_at_half_of_the_capacity() {
    loom::model(|| {
        let (buffer, mut intake) = a_channel(2);
        let sender = sends(&buffer, &[1, 2, 3]);
        for n in 1..=3 {
            assert_eq!(receive(&mut intake), Some(n));
        }
        assert!(sender.join().unwrap());
    });
}

#[test]
fn two_senders_in_one_place_both_get_through() {
    loom::model(|| {
        let (buffer, mut intake) = a_channel(1);
        buffer.add_sender();
        let senders = [sends(&buffer, &[1]), sends(&buffer, &[2])];
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
        let (buffer, mut intake) = a_channel(2);
        let sender = sends(&buffer, &[1]);
        // The same holds for a receiver that only polls from time to time.
        let first = loop {
            match intake.try_take() {
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
        let (buffer, intake) = a_channel(1);
        assert!(send(&buffer, 0));
        buffer.add_sender();
        let senders = [sends(&buffer, &[1]), sends(&buffer, &[2])];
        drop(intake);
        for sender in senders {
            assert!(!sender.join().unwrap());
        }
    });
}

#[test]
fn a_sender_that_leaves_the_line_takes_no_wake_from_another() {
    loom::model(|| {
        let (buffer, mut intake) = a_channel(1);
        assert!(send(&buffer, 0));
        buffer.add_sender();
        let leaves = {
            let buffer = buffer.clone();
            thread::spawn(move || {
                let (signal, mut key) = (Signal::new(), None);
                let waker = Waker::from(signal.clone());
                let waits = buffer.wait_for_room(&mut key, &waker).is_pending();
                if let Some(key) = key.filter(|_| waits) {
                    buffer.leave_line(key);
                }
                buffer.remove_sender();
            })
        };
        let sender = sends(&buffer, &[1]);
        assert_eq!(receive(&mut intake), Some(0));
        assert_eq!(receive(&mut intake), Some(1));
        assert_eq!(receive(&mut intake), None);
        leaves.join().unwrap();
        assert!(sender.join().unwrap());
    });
}
