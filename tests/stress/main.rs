//! Millions of mixed calls from many threads, and crowds of short-lived ones, while loops come and
//! go: nothing hangs, what is entered is left once, each future is dropped once, and threads and memory
//! are back where they began.
//!
//! A few seconds in the normal tests. For longer, and to see the figures:
//! `KOIL_STRESS_SECONDS=60 cargo test --release --test stress -- --nocapture`. Fewer callers
//! (`KOIL_STRESS_CALLERS=2`, 12 without it) leave the driver idle more often, where callers drive
//! (`KOIL_DRIVERS=callers`). With `KOIL_STRESS_BURSTS=30`, thirty bursts of short calls come upon
//! anything else, so that millions of calls that wait take minutes.

mod bursts;
mod calls;
mod guards;
mod measure;
mod parts;
mod poison;
mod world;

use std::any::Any;
use std::env;
use std::time::{Duration, Instant};

use measure::Usage;
use world::World;

#[global_allocator]
static ALLOCATOR: poison::Poison = poison::Poison;

#[test]
fn nothing_hangs_and_nothing_is_left() {
    let seconds = env::var("KOIL_STRESS_SECONDS").map_or(3.0, |text| text.parse().unwrap());
    silence_what_is_expected();
    // The memory that std, tokio and the allocator allocate once is there after this.
    World::start(1).run(Duration::from_secs_f64(seconds / 4.0));
    let before = Usage::settled(None);
    let begun = Instant::now();
    let calls = World::start(2).run(Duration::from_secs_f64(seconds));
    let took = begun.elapsed().as_millis().max(1);
    let after = Usage::settled(Some(&before));
    println!("{calls}");
    println!(
        "{} calls/s; {before} before, {after} after",
        u128::from(calls.total()) * 1000 / took
    );
    assert_eq!(after.threads, before.threads);
    let grown = after.resident_kib.saturating_sub(before.resident_kib);
    assert!(grown < 16 * 1024, "memory has grown by {grown} KiB");
}

/// Calls that are cut short by a stop panic with its text, thousands of times.
fn silence_what_is_expected() {
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let text = text_of(panic.payload());
        let expected = [
            "on purpose",
            "has been shut down",
            // A first poll in the moment when the runtime ends; koil makes it an error.
            "context was found, but it is being shutdown",
        ];
        if !expected.iter().any(|part| text.contains(part)) {
            told(panic);
        }
    }));
}

fn text_of(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref().copied())
        .unwrap_or_default()
}
