//! The end of a process with contexts, tasks and jobs on the process-wide loop: with
//! `shutdown_on_drop` they are left in order, without it they are not.

use std::convert::Infallible;
use std::future::pending;
use std::sync::mpsc;
use std::time::Duration;
use std::{process, thread};

use koil::{CancelToken, Koil, context_fn, run_threaded, shutdown_on_drop, unkoil, unkoil_task};

use crate::run::{Program, QUIET, is_told};

/// The words of a program that leaves everything.
const ALL_LEFT: &str =
    "the task cleans up\nthe newer is left: Shutdown\nthe older is left: Shutdown\n";

pub(crate) const PROGRAMS: &[Program] = &[
    Program {
        name: "the_end_of_main_leaves_what_is_held",
        main: || {
            let _koil = shutdown_on_drop();
            hold();
        },
        stderr: |stderr| says(stderr, ALL_LEFT),
        times: 5,
        ..QUIET
    },
    Program {
        name: "without_a_guard_the_end_of_main_leaves_nothing",
        main: hold,
        stderr: loses_both,
        ..QUIET
    },
    Program {
        name: "a_panic_in_main_leaves_what_is_held",
        main: || {
            let _koil = shutdown_on_drop();
            hold();
            panic!("main is broken")
        },
        code: 101,
        stderr: |stderr| match stderr.strip_suffix(ALL_LEFT) {
            Some(panic) if panic.matches("panicked at").count() == 1 => Ok(()),
            _ => Err("the panic, and then the end of what is held".to_owned()),
        },
        ..QUIET
    },
    Program {
        name: "exit_leaves_nothing",
        main: || {
            let _koil = shutdown_on_drop();
            hold();
            process::exit(7)
        },
        code: 7,
        stderr: loses_both,
        ..QUIET
    },
    Program {
        name: "exit_after_a_shutdown_leaves_what_is_held",
        main: || {
            let koil = shutdown_on_drop();
            hold();
            assert!(koil.shutdown().unwrap().is_clean());
            process::exit(7)
        },
        code: 7,
        stderr: |stderr| says(stderr, ALL_LEFT),
        ..QUIET
    },
    #[cfg(unix)]
    Program {
        name: "ctrl_c_leaves_nothing",
        main: || {
            // A program that was started in the background may inherit that the signal is ignored.
            // SAFETY: no other thread runs yet, and no handler is installed.
            unsafe { libc::signal(libc::SIGINT, libc::SIG_DFL) };
            let _koil = shutdown_on_drop();
            hold();
            press_ctrl_c();
            unkoil(pending::<()>());
        },
        code: -libc::SIGINT,
        ..QUIET
    },
    #[cfg(all(unix, feature = "signal"))]
    Program {
        name: "ctrl_c_that_cancels_the_scopes_leaves_what_is_held",
        main: || {
            let _koil = shutdown_on_drop();
            let _interrupted = koil::cancel_on_ctrl_c().unwrap();
            let ended = koil::CancelScope::new().unwinding().run(|| {
                hold();
                press_ctrl_c();
                unkoil(pending::<()>());
            });
            assert!(ended.unwrap_err().is_cancelled());
        },
        stderr: |stderr| says(stderr, ALL_LEFT),
        ..QUIET
    },
    #[cfg(all(unix, feature = "signal"))]
    Program {
        name: "a_second_ctrl_c_leaves_nothing",
        main: || {
            let _koil = shutdown_on_drop();
            let interrupted = koil::cancel_on_ctrl_c().unwrap();
            hold();
            press_ctrl_c();
            unkoil(interrupted.cancelled());
            press_ctrl_c();
            unkoil(pending::<()>());
        },
        code: -libc::SIGINT,
        ..QUIET
    },
    Program {
        name: "a_guard_starts_no_loop",
        main: || {
            let koil = shutdown_on_drop();
            drop(shutdown_on_drop());
            assert!(koil.shutdown().is_none());
            let _koil = shutdown_on_drop();
            assert!(!koil::is_running());
        },
        ..QUIET
    },
    Program {
        name: "the_last_guard_leaves_what_is_held",
        main: || {
            let _koil = shutdown_on_drop();
            hold();
            drop(shutdown_on_drop());
            assert!(koil::is_running(), "the outer guard lives");
            thread::spawn(|| drop(shutdown_on_drop())).join().unwrap();
            assert!(koil::is_running(), "the outer guard lives");
        },
        stderr: |stderr| says(stderr, ALL_LEFT),
        ..QUIET
    },
    Program {
        name: "a_guard_leaves_what_is_held_on_a_loop_that_was_set",
        main: || {
            let _koil = shutdown_on_drop();
            koil::set_global(Koil::builder().thread_name("mine").build().unwrap()).unwrap();
            hold();
        },
        stderr: |stderr| says(stderr, ALL_LEFT),
        ..QUIET
    },
    Program {
        name: "what_does_not_end_is_told_with_the_line_of_the_guard",
        main: || {
            let _koil = shutdown_on_drop();
            let impatient = Koil::builder().join_timeout(Duration::from_millis(20));
            koil::set_global(impatient.build().unwrap()).unwrap();
            start_endless_job();
        },
        stderr: |stderr| {
            let told = [
                "koil: warning",
                "held.rs",
                "1 worker is still inside its job",
            ];
            says_one_line_with(stderr, &told)
        },
        ..QUIET
    },
    Program {
        name: "what_does_not_end_is_not_told_twice",
        main: || {
            let koil = shutdown_on_drop();
            let impatient = Koil::builder().join_timeout(Duration::from_millis(20));
            koil::set_global(impatient.build().unwrap()).unwrap();
            start_endless_job();
            let report = koil.shutdown().unwrap();
            assert_eq!(report.workers_left(), 1);
            assert!(report.to_string().contains("1 worker"), "{report}");
        },
        ..QUIET
    },
    Program {
        name: "a_guard_that_is_dropped_inside_a_future_only_asks_and_says_so",
        main: || {
            unkoil(async {
                let _koil = shutdown_on_drop();
                tokio::task::yield_now().await;
            });
        },
        stderr: |stderr| {
            let told = ["koil: warning", "held.rs", "was asked to stop"];
            says_one_line_with(stderr, &told)?;
            // As the programs here do.
            is_told(
                stderr,
                "; drop the guard",
                &["drop the guard in `main`, outside of async code"],
            )
        },
        ..QUIET
    },
    Program {
        name: "a_guard_that_is_dropped_in_the_main_of_tokio_leaves_what_is_held",
        main: || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .build()
                .unwrap();
            runtime.block_on(async {
                let _koil = shutdown_on_drop();
                hold();
            });
        },
        stderr: |stderr| says(stderr, ALL_LEFT),
        ..QUIET
    },
    Program {
        name: "a_guard_that_drains_lets_the_work_finish",
        main: || {
            let _koil = shutdown_on_drop().draining(Duration::from_secs(600));
            start_upload();
        },
        stderr: |stderr| says(stderr, "uploaded\n"),
        ..QUIET
    },
    Program {
        name: "a_guard_that_drains_cancels_the_work_of_a_panic",
        main: || {
            let _koil = shutdown_on_drop().draining(Duration::from_secs(600));
            start_upload();
            panic!("main is broken")
        },
        code: 101,
        stderr: |stderr| {
            let is_right = stderr.contains("main is broken") && !stderr.contains("uploaded");
            is_right
                .then_some(())
                .ok_or_else(|| "the panic alone".to_owned())
        },
        ..QUIET
    },
    Program {
        name: "work_that_a_drain_interrupts_is_told_with_its_line",
        main: || {
            let _koil = shutdown_on_drop().draining(Duration::from_millis(20));
            drop(unkoil_task(pending::<()>()));
        },
        stderr: |stderr| says_one_line_with(stderr, &["koil: warning", "interrupted", "held.rs"]),
        ..QUIET
    },
    #[cfg(unix)]
    Program {
        name: "a_forked_child_leaves_what_it_holds_itself",
        main: || {
            let _koil = shutdown_on_drop();
            hold();
            // SAFETY: the child uses koil only, which supports forks, and returns from `main`.
            let child = unsafe { libc::fork() };
            if child == 0 {
                return drop(held("the child's own"));
            }
            let mut status = 0;
            // SAFETY: `status` is valid for writes.
            assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
            assert_eq!(status, 0);
        },
        stderr: |stderr| {
            says(
                stderr,
                &["the child's own is left: Shutdown\n", ALL_LEFT].concat(),
            )
        },
        ..QUIET
    },
];

/// Two contexts that the loop holds, and a task that cleans up; each says when it ends.
fn hold() {
    drop(held("the older"));
    drop(held("the newer"));
    let (started, has_started) = mpsc::channel();
    drop(unkoil_task(async move {
        let token = CancelToken::current().expect("a task has a token");
        let cancelled = token.cancelled();
        started.send(()).unwrap();
        cancelled.await;
        eprintln!("the task cleans up");
    }));
    has_started.recv().unwrap();
}

fn held(name: &'static str) -> impl Sized {
    let enter = || async { Ok::<_, Infallible>(()) };
    let context = context_fn(enter, move |(), cause| async move {
        eprintln!("{name} is left: {cause:?}");
        Ok(())
    });
    koil::global().hold(context).unwrap()
}

/// A task that takes a while.
fn start_upload() {
    drop(unkoil_task(async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        eprintln!("uploaded");
    }));
}

/// A job that does not look whether it is cancelled.
fn start_endless_job() {
    let (started, has_started) = mpsc::channel();
    drop(unkoil_task(run_threaded(move || {
        started.send(()).unwrap();
        loop {
            thread::park();
        }
    })));
    has_started.recv().unwrap();
}

#[cfg(unix)]
fn press_ctrl_c() {
    // SAFETY: any thread may send its own process a signal.
    unsafe { libc::kill(process::id().cast_signed(), libc::SIGINT) };
}

/// No exit runs, and the end of the process tells it.
fn loses_both(stderr: &str) -> Result<(), String> {
    let end = "did not finish before the end of the process";
    if stderr.lines().count() == 1 && stderr.contains(end) && stderr.contains("(2 times)") {
        return Ok(());
    }
    Err("it is to tell, in one line, that two contexts are lost".to_owned())
}

fn says(stderr: &str, text: &str) -> Result<(), String> {
    if stderr == text {
        return Ok(());
    }
    Err(format!("it is to say\n{text}"))
}

fn says_one_line_with(stderr: &str, words: &[&str]) -> Result<(), String> {
    let lacks = words.iter().find(|word| !stderr.contains(**word));
    match (stderr.lines().count(), lacks) {
        (1, None) => Ok(()),
        (_, lack) => Err(format!("it is to say one line with {lack:?}")),
    }
}
