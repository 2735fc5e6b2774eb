//! A program that is stuck on purpose, and a watchdog that prints where: `koil::blocked()`.
//!
//! Two threads wait for each other's messages, which will never come. That cannot be detected from
//! outside, but the waiting calls are listed, each with its line, its thread and its time so far.

use std::process;
use std::thread;
use std::time::Duration;

use koil::koiled;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// One side of a conversation.
#[koiled]
struct Polite {
    says: Sender<&'static str>,
    hears: Receiver<&'static str>,
}

#[koiled]
impl Polite {
    /// Waits for the other side to begin, and answers.
    async fn after_you(&mut self) -> Option<&'static str> {
        let greeting = self.hears.recv().await?;
        self.says.send("after you").await.ok()?;
        Some(greeting)
    }
}

fn main() {
    let (says, heard_by_other) = channel(1);
    let (other_says, hears) = channel(1);
    let mut ada = BlockingPolite::from(Polite { says, hears });
    let mut grace = BlockingPolite::from(Polite {
        says: other_says,
        hears: heard_by_other,
    });

    thread::Builder::new()
        .name("watchdog".to_owned())
        .spawn(watch)
        .expect("a thread can be started");
    thread::scope(|threads| {
        let builder = thread::Builder::new().name("grace".to_owned());
        let other = builder.spawn_scoped(threads, || grace.after_you());
        println!("main: {:?}", ada.after_you());
        drop(other);
    });
}

/// Ends the program when a call has waited for too long.
fn watch() {
    loop {
        thread::sleep(Duration::from_millis(100));
        let blocked = koil::blocked();
        let is_stuck = |call: &koil::Blocked| call.waited() > Duration::from_millis(500);
        if blocked.len() == 2 && blocked.iter().all(is_stuck) {
            println!("stuck, as was to be shown:");
            for call in blocked {
                println!("  {call}");
            }
            process::exit(0);
        }
    }
}
