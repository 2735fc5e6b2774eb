//! Starting a program and looking at how it ends.

use std::env;
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Long enough that only a hang takes it, also on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

/// A program, and how it has to end.
pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) main: fn(),
    /// The exit code, or minus the number of the signal that ends it.
    pub(crate) code: i32,
    /// `RUST_BACKTRACE`.
    pub(crate) backtrace: &'static str,
    /// The number of runs: more than one if a race decides.
    pub(crate) times: usize,
    /// An error if the output on stderr is wrong.
    pub(crate) stderr: fn(&str) -> Result<(), String>,
}

/// A program that ends with 0 and prints nothing.
pub(crate) const QUIET: Program = Program {
    name: "",
    main: || {},
    code: 0,
    backtrace: "0",
    times: 1,
    stderr: says_nothing,
};

/// `assert_told` of `tests/it/support.rs`, for one line on stderr.
pub(crate) fn is_told(stderr: &str, problem: &str, remedy: &[&str]) -> Result<(), String> {
    let mut words = remedy.iter().chain([&problem]);
    if stderr.lines().count() == 1 && words.all(|words| stderr.contains(words)) {
        return Ok(());
    }
    Err(format!(
        "it is to say {problem:?} and {remedy:?}, in one line"
    ))
}

fn says_nothing(stderr: &str) -> Result<(), String> {
    if stderr.is_empty() {
        return Ok(());
    }
    Err("it is not to print anything".to_owned())
}

impl Program {
    pub(crate) fn check(&self) -> Result<(), String> {
        (0..self.times).try_for_each(|_| self.check_once())
    }

    fn check_once(&self) -> Result<(), String> {
        let mut command = Command::new(env::current_exe().expect("a program knows its binary"));
        command
            .env(crate::PROGRAM, self.name)
            .env("RUST_BACKTRACE", self.backtrace)
            .env_remove("RUST_LIB_BACKTRACE")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("a program can be started");
        let stdout = collect(child.stdout.take());
        let stderr = collect(child.stderr.take());
        let ended = wait(&mut child);
        let stdout = stdout.join().expect("output can be read");
        let stderr = stderr.join().expect("output can be read");
        let told = |why: &str| {
            Err(format!(
                "{why}\n--- stdout\n{stdout}\n--- stderr\n{stderr}\n---"
            ))
        };
        let Some(status) = ended else {
            return told("it hangs");
        };
        if code(status) != Some(self.code) {
            return told(&format!("it ends with {status} instead of {}", self.code));
        }
        if !stdout.is_empty() {
            return told("it is not to print anything on stdout");
        }
        (self.stderr)(&stderr).or_else(|why| told(&why))
    }
}

/// The exit code, or minus the number of a signal.
fn code(status: ExitStatus) -> Option<i32> {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        if let Some(signal) = status.signal() {
            return Some(-signal);
        }
    }
    status.code()
}

fn collect(output: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    let mut output = output.expect("it is piped");
    thread::spawn(move || {
        let mut text = Vec::new();
        output.read_to_end(&mut text).expect("output can be read");
        String::from_utf8_lossy(&text).into_owned()
    })
}

/// `None` if it had to be killed.
fn wait(child: &mut Child) -> Option<ExitStatus> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("it is our child") {
            return Some(status);
        }
        if begun.elapsed() > LIMIT {
            child.kill().expect("it is our child");
            child.wait().expect("it is our child");
            return None;
        }
        thread::sleep(Duration::from_millis(1));
    }
}
