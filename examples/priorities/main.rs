//! Priorities at work: a pool with two connections, and a priority inversion, drawn as a timeline.
//!
//! ```text
//! cargo run --features sched --example priorities
//! cargo run --features sched --example priorities -- docs/inversion.svg  # also writes the picture
//! ```

mod inversion;
mod reports;
mod timeline;

use std::error::Error;
use std::time::Duration;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("Two connections, 100 threads that query for reports, one person who waits:");
    show("everybody alike", reports::everybody_alike());
    show("reports LOW, the person HIGH", reports::by_priority());

    println!("\nLOW holds a lock that HIGH wants, and waits for a disk that NORMAL tasks use:\n");
    let with = inversion::with_inheritance();
    let without = inversion::without_inheritance();
    assert!(with.waited() < without.waited());
    print!("{}\n{}", without.in_text(), with.in_text());
    println!("\n{}", timeline::LEGEND);
    if let Some(path) = env::args_os().nth(1) {
        fs::write(path, timeline::in_svg(&[without, with]))?;
    }
    Ok(())
}

/// Prints the median and the slowest of some waits.
fn show(name: &str, mut waits: Vec<Duration>) {
    waits.sort_unstable();
    let (median, slowest) = (waits[waits.len() / 2], waits[waits.len() - 1]);
    println!("  {name:30} a query takes {median:.1?}, the slowest {slowest:.1?}");
}
