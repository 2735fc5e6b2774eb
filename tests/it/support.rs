//! Tools of all tests: a watchdog, loops that it can print, child processes, small probes.

use std::any::type_name;
use std::env;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::panic::{self, Location};
use std::process::{self, Command};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use koil::{Error, Handle, Koil};

/// Long enough that only a hang takes it, also on a busy machine.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// Longer than any test may take: a wait bounded by this shows as a hang.
pub(crate) const FOR_EVER: Duration = Duration::from_secs(600);

/// The loops that [`a_loop`] has made and that still run, for the watchdog to print.
static LOOPS: Mutex<Vec<Handle>> = Mutex::new(Vec::new());

/// Runs `test` on a thread of its own. If that takes longer than [`LIMIT`], prints which test hangs
/// and who waits for which loop, and aborts the process.
#[track_caller]
pub(crate) fn watched<F, T>(test: F) -> T
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    watched_as(&name_of::<F>(), test)
}

/// A watched test that has entered a loop.
#[track_caller]
pub(crate) fn on_a_loop<F: FnOnce(&Koil) + Send + 'static>(test: F) {
    on_loop(a_loop, test);
}

/// A watched test that has entered the loop which `start` makes.
#[track_caller]
pub(crate) fn on_loop<F>(start: fn() -> Koil, test: F)
where
    F: FnOnce(&Koil) + Send + 'static,
{
    watched_as(&name_of::<F>(), move || {
        let koil = start();
        let _entered = koil.enter();
        test(&koil);
    });
}

/// A watched test that owns a loop and has not entered it.
#[track_caller]
pub(crate) fn with_a_loop<F: FnOnce(Koil) + Send + 'static>(test: F) {
    watched_as(&name_of::<F>(), || test(a_loop()));
}

/// A watched test that the watchdog calls `name`.
#[track_caller]
pub(crate) fn watched_as<T: Send + 'static>(
    name: &str,
    test: impl FnOnce() -> T + Send + 'static,
) -> T {
    let (done, finished) = mpsc::channel();
    let thread = thread::spawn(move || {
        let result = panic::catch_unwind(panic::AssertUnwindSafe(test));
        // The watchdog listens until this is sent.
        let _ = done.send(());
        result
    });
    if finished.recv_timeout(LIMIT) == Err(RecvTimeoutError::Timeout) {
        let place = Location::caller();
        let loops = all_loops();
        // Past the harness, which keeps what a test prints until it ends.
        let _ = writeln!(io::stderr(), "{name} at {place} hangs; loops:\n{loops}");
        process::abort();
    }
    match thread.join() {
        Ok(Ok(value)) => value,
        Ok(Err(payload)) | Err(payload) => panic::resume_unwind(payload),
    }
}

/// A loop that waits for its callers for ever, so that one that does not leave shows as a hang.
pub(crate) fn a_loop() -> Koil {
    let koil = Koil::builder().join_timeout(FOR_EVER).build();
    let koil = koil.expect("a loop can be started");
    watch(&koil.handle());
    koil
}

/// Lets the watchdog print this loop.
pub(crate) fn watch(handle: &Handle) {
    let mut loops = LOOPS.lock().unwrap_or_else(PoisonError::into_inner);
    // A handle keeps the descriptors of its loop open, and a process has only so many.
    loops.retain(|handle| !format!("{handle:?}").contains("stopped: true"));
    loops.push(handle.clone());
}

fn all_loops() -> String {
    let loops = LOOPS.lock().unwrap_or_else(PoisonError::into_inner);
    let mut text = String::new();
    for handle in loops.iter() {
        let _ = writeln!(text, "{handle:?}");
    }
    text
}

/// Runs `body` in a process of its own, for tests of state that belongs to a process.
///
/// `setup` changes the command that starts the process: its environment and limits.
pub(crate) fn alone_with<F: FnOnce()>(setup: impl FnOnce(&mut Command), body: F) {
    const CHILD: &str = "KOIL_TEST_ALONE";
    if env::var_os(CHILD).is_some() {
        return body();
    }
    let mut child = Command::new(env::current_exe().expect("a test knows its binary"));
    child.args([
        &name_of::<F>(),
        "--exact",
        "--nocapture",
        "--test-threads=1",
    ]);
    child.env(CHILD, "1");
    setup(&mut child);
    let output = child.output().expect("a test can start itself again");
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the child failed:\n{text}");
    assert!(text.contains("1 passed"), "the child ran no test:\n{text}");
}

/// Runs `body` in a process of its own.
pub(crate) fn alone<F: FnOnce()>(body: F) {
    alone_with(|_| {}, body);
}

/// Forks, and runs `f` in the child; it has to come to its end without a panic.
#[cfg(unix)]
pub(crate) fn in_child(f: impl FnOnce()) {
    // SAFETY: the child runs koil and std only, and ends without going back; that it may is what is
    // tested here.
    let child = unsafe { libc::fork() };
    assert!(child >= 0, "{}", io::Error::last_os_error());
    if child == 0 {
        let outcome = panic::catch_unwind(panic::AssertUnwindSafe(f));
        // SAFETY: ends the process at once, with none of what its parent would do at its end.
        unsafe { libc::_exit(i32::from(outcome.is_err())) };
    }
    let begun = Instant::now();
    let mut status = 0;
    // SAFETY: it is our child, and the place for its status is ours.
    while unsafe { libc::waitpid(child, &raw mut status, libc::WNOHANG) } == 0 {
        if begun.elapsed() > LIMIT / 2 {
            // SAFETY: it is our child.
            unsafe { libc::kill(child, libc::SIGKILL) };
            panic!("the child hangs");
        }
        thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(status, 0, "the child failed");
}

/// The test in which the closure `F` was written, as the test harness names it.
fn name_of<F>() -> String {
    let path = type_name::<F>().replace("::{{closure}}", "");
    path.split_once("::")
        .map_or(path.clone(), |(_, name)| name.to_owned())
}

/// Spins until `condition` holds; for states without a notification.
pub(crate) fn until(condition: impl Fn() -> bool) {
    while !condition() {
        thread::yield_now();
    }
}

/// How many callers wait for this loop, as its `Debug` lists them.
pub(crate) fn waiting(handle: &Handle) -> usize {
    let text = format!("{handle:?}");
    let (_, list) = text
        .split_once("waiting: [")
        .expect("`Debug` lists who waits");
    list.matches("the blocking call at").count()
}

/// The error of a call that must have been refused.
#[track_caller]
pub(crate) fn refused<T>(result: Result<T, Error>) -> Error {
    let error = result.err().expect("the call is refused");
    assert!(error.would_deadlock(), "{error}");
    error
}

/// The error of a call whose loop has been stopped.
#[track_caller]
pub(crate) fn shut_down<T>(result: Result<T, Error>) -> Error {
    let error = result.err().expect("the loop has been stopped");
    assert!(error.is_shutdown(), "{error}");
    error
}

/// Asserts that `text` names the problem, and what to do about it. The test goes on by doing so; that no
/// remedy is without such a test is held by `koil-macros/src/mistakes/refusals.rs`, which reads the calls.
#[track_caller]
pub(crate) fn assert_told(text: &str, problem: &str, remedy: &[&str]) {
    for words in remedy.iter().chain([&problem]) {
        assert!(text.contains(words), "{text}\nshould say {words:?}");
    }
}

/// Runs `f` when it is dropped.
pub(crate) struct OnDrop<F: FnOnce()>(Option<F>);

impl<F: FnOnce()> OnDrop<F> {
    pub(crate) fn new(f: F) -> Self {
        OnDrop(Some(f))
    }
}

impl<F: FnOnce()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        if let Some(f) = self.0.take() {
            f();
        }
    }
}

/// Counts events on any thread.
#[derive(Clone, Default)]
pub(crate) struct Count(Arc<AtomicUsize>);

impl Count {
    pub(crate) fn add(&self) {
        // ORDERING: AcqRel, so that a thread that sees the count sees the counted event.
        self.0.fetch_add(1, Ordering::AcqRel);
    }

    pub(crate) fn sub(&self) {
        // ORDERING: AcqRel, as in `add`.
        self.0.fetch_sub(1, Ordering::AcqRel);
    }

    pub(crate) fn get(&self) -> usize {
        // ORDERING: Acquire pairs with the writes above.
        self.0.load(Ordering::Acquire)
    }

    /// Something that counts its own drop.
    pub(crate) fn on_drop(&self) -> OnDrop<impl FnOnce() + Send + use<>> {
        let count = self.clone();
        OnDrop::new(move || count.add())
    }
}
