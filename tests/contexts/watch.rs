//! The parent: runs the child of one place, watches it, and names the cell that hangs.

use std::env;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use crate::calls::Call;
use crate::child;
use crate::places::PLACES;
use crate::table::{self, Loop, Mark};

/// Cells take milliseconds, so that only a hang takes this long, also on a busy machine.
const LIMIT: Duration = Duration::from_secs(20);

/// A case that hangs once is not worth many waits.
const HANGS: usize = 3;

/// Compares every cell of a place with the table.
pub(crate) fn check(name: &str) {
    let place = PLACES.iter().position(|place| place.name == name);
    let place = place.unwrap_or_else(|| panic!("`{name}` is no place"));
    let mut differences = String::new();
    for on in Loop::ALL {
        let cells: Vec<_> = child::cells().collect();
        if table::expected(name, on, cells[0].1)[0] == Mark::Nowhere {
            continue;
        }
        let answers = visit(place, on);
        for ((call, door), answer) in cells.into_iter().zip(answers) {
            let column = Call::ALL.iter().position(|other| *other == call);
            let expected = table::expected(name, on, door)[column.expect("a column for each call")];
            if answer != expected.word() {
                let loop_ = on.name();
                let _ = writeln!(
                    differences,
                    "{call:?} by {door:?}, {loop_} loop: expected `{expected}`, got: {answer}"
                );
            }
        }
    }
    assert!(differences.is_empty(), "in {name}:\n{differences}");
}

/// The answers of all cells, or of those before the machine lost its patience.
fn visit(place: usize, on: Loop) -> Vec<String> {
    let mut answers = Vec::new();
    let mut hangs = 0;
    while answers.len() < child::cells().count() {
        let (mut process, lines) = start(&format!("{place} {} {}", on as usize, answers.len()));
        let mut inside = false;
        let end = loop {
            match lines.recv_timeout(LIMIT) {
                Ok(line) if line == child::BEGIN => inside = true,
                Ok(line) => {
                    if let Some(answer) = line.strip_prefix(child::END) {
                        answers.push(answer.to_owned());
                        inside = false;
                    }
                }
                Err(mpsc::RecvTimeoutError::Timeout) => break "HANG",
                Err(mpsc::RecvTimeoutError::Disconnected) => break "the process died",
            }
        };
        let _ = process.kill();
        let status = process.wait().expect("the child can be waited for");
        let is_complete = answers.len() == child::cells().count();
        if inside || !is_complete {
            answers.push(format!("{end} ({status})"));
            hangs += 1;
        }
        if hangs == HANGS {
            break;
        }
    }
    answers.resize(child::cells().count(), "not tried".to_owned());
    answers
}

fn start(orders: &str) -> (Child, Receiver<String>) {
    let mut command = Command::new(env::current_exe().expect("a test knows its binary"));
    command.args(["the_cells_of_one_place", "--exact", "--nocapture"]);
    command.env(child::ORDERS, orders);
    // Refused twins panic, which the table expects; in search of a reason, let it speak.
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
