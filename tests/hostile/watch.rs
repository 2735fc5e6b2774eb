//! The parent: runs the child of one place, watches it, and names the case that hangs.

use std::env;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::child;
use crate::places::PLACES;

/// Cases take milliseconds, so that only a hang takes this long, also on a busy machine.
const LIMIT: Duration = Duration::from_secs(30);

/// A case that hangs once is not worth many waits.
const HANGS: usize = 3;

/// The outcome of a case, and how long it took.
type Answer = (String, Duration);

/// Compares every case of a place with what is expected.
pub(crate) fn check(name: &str) {
    let place = PLACES.iter().position(|place| place.name == name);
    let place = place.unwrap_or_else(|| panic!("`{name}` is no place"));
    let expected: Vec<_> = child::cases(&PLACES[place]).collect();
    let mut differences = String::new();
    for ((case, expected), (answer, took)) in expected.iter().zip(visit(place, expected.len())) {
        println!("{name}: {} in {took:?}: {answer}", case.name);
        if answer != expected.to_string() {
            let _ = writeln!(
                differences,
                "{}: expected `{expected}`, got: {answer}",
                case.name
            );
        }
    }
    assert!(differences.is_empty(), "in {name}:\n{differences}");
}

/// The answers of all cases, or of those before the machine lost its patience.
fn visit(place: usize, count: usize) -> Vec<Answer> {
    let mut answers = Vec::new();
    let mut hangs = 0;
    while answers.len() < count && hangs < HANGS {
        let (mut process, lines) = start(&format!("{place} {}", answers.len()));
        let mut began = None;
        let end = loop {
            match lines.recv_timeout(LIMIT) {
                Ok(line) if line == child::BEGIN => began = Some(Instant::now()),
                Ok(line) => {
                    if let Some(answer) = line.strip_prefix(child::END)
                        && let Some(began) = began.take()
                    {
                        answers.push((answer.to_owned(), began.elapsed()));
                    }
                }
                Err(RecvTimeoutError::Timeout) => break "HANG",
                Err(RecvTimeoutError::Disconnected) => break "the process died",
            }
        };
        let _ = process.kill();
        let status = process.wait().expect("the child can be waited for");
        if began.is_some() || answers.len() < count {
            let took = began.map_or(Duration::ZERO, |began| began.elapsed());
            answers.push((format!("{end} ({status})"), took));
            hangs += 1;
        }
    }
    answers.resize(count, ("not tried".to_owned(), Duration::ZERO));
    answers
}

fn start(orders: &str) -> (Child, Receiver<String>) {
    let mut command = Command::new(env::current_exe().expect("a test knows its binary"));
    command.args(["the_cases_of_one_place", "--exact", "--nocapture"]);
    command.env(child::ORDERS, orders);
    // Panics that the cases expect; in search of a reason, let it speak.
    let quiet = env::var_os("KOIL_TEST_LOUD").is_none();
    command.stderr(if quiet {
        Stdio::null()
    } else {
        Stdio::inherit()
    });
    let child = command.stdout(Stdio::piped()).spawn();
    let mut child = child.expect("a test can start itself again");
    let output = child.stdout.take().expect("it is piped");
    let (send, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if send.send(line).is_err() {
                return;
            }
        }
    });
    (child, lines)
}
