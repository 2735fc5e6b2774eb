//! A long job that reports through a coroutine, and is told to go on, to skip or to stop.
//!
//! The job knows nothing of terminals: it yields reports and receives answers. Its caller shows
//! them with `indicatif`, and needs no runtime.
//!
//! ```text
//! cargo run --example progress
//! ```

use std::error::Error;

use indicatif::{ProgressBar, ProgressStyle};
use koil::coroutine::{Co, Resumed, coroutine};
use koil::inline;

/// One report of the job.
enum Report {
    Begins { name: String, bytes: u64 },
    Advanced { bytes: u64 },
}

/// The answer of its caller.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    GoOn,
    Skip,
    Stop,
}

/// The result of the whole job.
#[derive(Debug, Default, PartialEq, Eq)]
struct Summary {
    copied: u64,
    skipped: Vec<String>,
    was_stopped: bool,
}

/// Copies files, and asks before each one and after each part of it.
async fn copy_all(co: &Co<Report, Answer>, files: &[(&str, u64)]) -> Summary {
    let mut summary = Summary::default();
    for &(name, bytes) in files {
        let name = name.to_owned();
        let begins = Report::Begins {
            name: name.clone(),
            bytes,
        };
        match co.yield_(begins).await {
            Answer::GoOn => {}
            Answer::Skip => {
                summary.skipped.push(name);
                continue;
            }
            Answer::Stop => {
                summary.was_stopped = true;
                return summary;
            }
        }
        if copy(co, bytes, &mut summary).await == Answer::Stop {
            summary.was_stopped = true;
            return summary;
        }
    }
    summary
}

/// Copies one file. A helper yields as its caller does.
async fn copy(co: &Co<Report, Answer>, bytes: u64, summary: &mut Summary) -> Answer {
    const PART: u64 = 1 << 20;
    let mut left = bytes;
    while left > 0 {
        let part = left.min(PART);
        // A real job would await its reads and writes here.
        left -= part;
        summary.copied += part;
        let answer = co.yield_(Report::Advanced { bytes: part }).await;
        if answer != Answer::GoOn {
            return answer;
        }
    }
    Answer::GoOn
}

/// Answers as a user would: skips what is broken, and stops when enough has been copied.
fn answer(report: &Report, copied: u64) -> Answer {
    match report {
        Report::Begins { name, .. } if name.contains("broken") => Answer::Skip,
        _ if copied > 40 << 20 => Answer::Stop,
        _ => Answer::GoOn,
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let files = [
        ("a.img", 12 << 20),
        ("broken.img", 99 << 20),
        ("b.img", 20 << 20),
        ("c.img", 30 << 20),
    ];
    let mut job = coroutine(|co, _: Answer| async move { copy_all(&co, &files).await });

    let bar = ProgressBar::new(files.iter().map(|(_, bytes)| bytes).sum());
    bar.set_style(ProgressStyle::with_template(
        "{bar:30} {bytes:>10} of {total_bytes} {msg}",
    )?);
    let mut next = Answer::GoOn;
    let summary = loop {
        match inline::run(job.resume(next))? {
            Resumed::Yielded(report) => {
                match &report {
                    Report::Begins { name, bytes } => {
                        bar.set_message(name.clone());
                        bar.println(format!("{name}: {} MiB", bytes >> 20));
                    }
                    Report::Advanced { bytes } => bar.inc(*bytes),
                }
                next = answer(&report, bar.position());
            }
            Resumed::Complete(summary) => break summary,
        }
    };
    bar.finish_and_clear();
    println!(
        "copied {} MiB, skipped {:?}, stopped: {}",
        summary.copied >> 20,
        summary.skipped,
        summary.was_stopped
    );
    assert_eq!(summary.copied >> 20, 41);
    assert_eq!(summary.skipped, ["broken.img"]);
    assert!(summary.was_stopped);
    Ok(())
}
