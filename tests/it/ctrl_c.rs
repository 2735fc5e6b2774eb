//! Ctrl-C, in a child process with real signals: once cancels, twice ends.
#![cfg(all(unix, feature = "signal"))]

use std::env;
use std::future::pending;
use std::io::{BufRead, BufReader, Read};
use std::mem::MaybeUninit;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::ptr::null_mut;

use koil::{CancelScope, cancel_on_ctrl_c, deadline_unwinding, try_unkoil, unkoil};

use crate::support::{FOR_EVER, OnDrop, watched};

/// This test binary, running one test alone, in the role of an interactive program.
struct Program {
    child: Child,
    says: BufReader<ChildStdout>,
}

impl Program {
    fn start(test: &str) -> Program {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args([test, "--exact", "--nocapture", "--test-threads=1"]);
        command.env("KOIL_TEST_PROGRAM", "1").stdout(Stdio::piped());
        unblock_signals();
        let mut child = command.spawn().unwrap();
        let says = BufReader::new(child.stdout.take().unwrap());
        Program { child, says }
    }

    /// Waits until it says this.
    fn has_said(&mut self, what: &str) {
        let mut line = String::new();
        while !line.contains(what) {
            line.clear();
            let count = self.says.read_line(&mut line).unwrap();
            assert_ne!(count, 0, "it ended without saying `{what}`");
        }
    }

    fn press_ctrl_c(&self) {
        let id = self.child.id().to_string();
        let kill = Command::new("kill").args(["-INT", &id]).status();
        assert!(kill.unwrap().success());
    }

    fn end(mut self) -> (ExitStatus, String) {
        let mut rest = String::new();
        self.says.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap(), rest)
    }
}

/// Lets this thread, and the programs that it starts, get signals that the tests have inherited
/// as blocked.
fn unblock_signals() {
    let mut none = MaybeUninit::uninit();
    // SAFETY: `none` is valid for writes.
    unsafe { libc::sigemptyset(none.as_mut_ptr()) };
    // SAFETY: `none` has been initialised, and the old mask is not asked for.
    let set = unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, none.as_ptr(), null_mut()) };
    assert_eq!(set, 0);
}

fn is_program() -> bool {
    env::var_os("KOIL_TEST_PROGRAM").is_some()
}

#[test]
fn the_first_cancels_what_is_open_and_the_program_cleans_up() {
    if is_program() {
        let interrupted = cancel_on_ctrl_c().unwrap();
        assert_eq!(interrupted, cancel_on_ctrl_c().unwrap(), "once is enough");
        let outer = CancelScope::new();
        let error = deadline_unwinding(FOR_EVER, || {
            let _guard = OnDrop::new(|| {
                // Teardown, also with a bound of its own, is not disturbed.
                unkoil(async { tokio::task::yield_now().await });
                try_unkoil(async { tokio::task::yield_now().await }).unwrap();
                println!("has cleaned up");
            });
            println!("is ready");
            unkoil(pending::<()>());
        });
        let error = error.unwrap_err();
        assert!(error.is_cancelled() && error.cancel_reason().unwrap() == "Ctrl-C");
        assert!(interrupted.is_cancelled() && outer.token().is_cancelled());
        assert_eq!(unkoil(async { 7 }), 7, "in no scope");
        let later = CancelScope::new().run(|| try_unkoil(async { 7 }));
        assert_eq!(later.unwrap().unwrap(), 7, "in one that was made after it");
        println!("ends in order");
        return;
    }
    watched(|| {
        let mut program =
            Program::start("ctrl_c::the_first_cancels_what_is_open_and_the_program_cleans_up");
        program.has_said("is ready");
        program.press_ctrl_c();
        program.has_said("has cleaned up");
        let (status, rest) = program.end();
        assert!(status.success() && rest.contains("ends in order"), "{rest}");
    });
}

#[test]
fn the_second_ends_a_program_that_does_not_come_to_its_end() {
    if is_program() {
        let interrupted = cancel_on_ctrl_c().unwrap();
        println!("is ready");
        unkoil(interrupted.cancelled());
        println!("cleans up");
        // No scope, and no end.
        unkoil(pending::<()>());
        return;
    }
    watched(|| {
        let mut program =
            Program::start("ctrl_c::the_second_ends_a_program_that_does_not_come_to_its_end");
        program.has_said("is ready");
        program.press_ctrl_c();
        program.has_said("cleans up");
        program.press_ctrl_c();
        let (status, _) = program.end();
        assert_eq!(
            status.signal(),
            Some(libc::SIGINT),
            "as without koil: {status}"
        );
    });
}
