//! Priorities at work: a health check beside 10,000 tasks, a pool with two connections, and a priority
//! inversion, drawn as a timeline.
//!
//! ```text
//! cargo run --features sched --example priorities
//! cargo run --features sched --example priorities -- docs/inversion.svg  # also writes the picture
//! ```

mod health;
mod inversion;
mod reports;
mod timeline;

use std::error::Error;
use std::time::Duration;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("One runtime with two workers, 10,000 busy tasks, one health check after the other:");
    show_checks("tasks of tokio", health::on_tokio()?);
    show_checks("an executor, the check HIGH", health::on_an_executor()?);

    println!("\nTwo connections, 100 threads that query for reports, one person who waits:");
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

/// Prints what [`show`] prints, of as many checks as there was time for.
fn show_checks(name: &str, (waits, is_given_up): (Vec<Duration>, bool)) {
    let checks = waits.len();
    let (median, slowest) = quantiles(waits);
    let end = if is_given_up { ", given up" } else { "" };
    println!("  {name:30} {checks:2} checks take {median:.1?}, the slowest {slowest:.1?}{end}");
}

/// Prints the median and the slowest of some waits.
fn show(name: &str, waits: Vec<Duration>) {
    let (median, slowest) = quantiles(waits);
    println!("  {name:30} a query takes {median:.1?}, the slowest {slowest:.1?}");
}

fn quantiles(mut waits: Vec<Duration>) -> (Duration, Duration) {
    waits.sort_unstable();
    (waits[waits.len() / 2], waits[waits.len() - 1])
}
