//! A series of cases in a child process: the parent watches it, and names the case that hangs.

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// The child's orders: the numbers that choose its series, and how many cases to skip.
const ORDERS: &str = "KOIL_TEST_SERIES";

/// Before each case, and after it, with its outcome.
const BEGIN: &str = "case begins";
const END: &str = "case ends: ";

/// Cases take milliseconds, so that only a hang takes this long, also on a busy machine.
const LIMIT: Duration = Duration::from_secs(30);

/// A case that hangs once is not worth many waits.
const HANGS: usize = 3;

/// The outcome of a case, and how long it took.
pub(crate) type Answer = (String, Duration);

/// A test for each place, with `crate::check`, and the test in which the children run their series.
macro_rules! visit {
    ($($test:ident: $place:literal,)*) => {
        /// Runs in the children, which have orders; elsewhere it has nothing to do.
        #[test]
        fn the_series_of_one_place() {
            crate::child::run();
        }

        $(
            #[test]
            fn $test() {
                crate::check($place);
            }
        )*

        #[test]
        fn every_place_is_visited() {
            let visited = [$($place),*];
            let places: Vec<_> = crate::places::PLACES.iter().map(|place| place.name).collect();
            assert_eq!(visited[..], places[..]);
        }
    };
}
pub(crate) use visit;

/// In a child: the numbers that choose its series, and how many cases to skip.
pub(crate) fn orders<const N: usize>() -> Option<([usize; N], usize)> {
    let orders = env::var(ORDERS).ok()?;
    let numbers = orders.split(' ').map(|number| number.parse().unwrap());
    let mut numbers: Vec<usize> = numbers.collect();
    let skip = numbers.pop().expect("the number of cases to skip");
    Some((numbers.try_into().expect("numbers of one series"), skip))
}

/// In a child: runs one case, and tells its outcome to the parent.
pub(crate) fn run(case: impl FnOnce() -> String) {
    println!("\n{BEGIN}");
    println!("\n{END}{}", case().replace('\n', " "));
}

/// In the parent: the answers of all cases, or of the first ones if too many hang.
pub(crate) fn answers(series: &[usize], count: usize) -> Vec<Answer> {
    let mut answers = Vec::new();
    let mut hangs = 0;
    while answers.len() < count && hangs < HANGS {
        let (mut process, lines) = start(series, answers.len());
        let mut began = None;
        let end = loop {
            match lines.recv_timeout(LIMIT) {
                Ok(line) if line == BEGIN => began = Some(Instant::now()),
                Ok(line) => {
                    if let Some(answer) = line.strip_prefix(END)
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

fn start(series: &[usize], skip: usize) -> (Child, Receiver<String>) {
    let mut command = Command::new(env::current_exe().expect("a test knows its binary"));
    command.args(["the_series_of_one_place", "--exact", "--nocapture"]);
    let numbers = series.iter().chain([&skip]).map(usize::to_string);
    command.env(ORDERS, numbers.collect::<Vec<_>>().join(" "));
    // The panics on stderr are expected; with this variable they are shown. Backtraces that nobody
    // sees would take most of the time: a case has 10,000 caught panics.
    if env::var_os("KOIL_TEST_LOUD").is_none() {
        command.stderr(Stdio::null()).env("RUST_BACKTRACE", "0");
    }
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
