//! The end of `main` and the work that drops have handed over: of calls none is lost, and what is lost
//! without a call is told once.

use std::convert::Infallible;
use std::fs::File;
use std::future::pending;
use std::io::Write;
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use koil::{AsyncEntered, ContextFn, Entered, context_fn, unkoil, unkoil_task, write_threaded};
use tokio::io::AsyncWriteExt;

use crate::run::{Program, QUIET, is_told};

pub(crate) const PROGRAMS: &[Program] = &[
    Program {
        name: "the_exits_of_calls_have_run_when_main_returns",
        main: || {
            for before in 0..2 {
                // ORDERING: Relaxed; the call has waited for the exit.
                assert_eq!(EXITS.load(Ordering::Relaxed), before);
                unkoil(async { drop(AsyncEntered::enter(counted()).await.unwrap()) });
            }
            // ORDERING: as above.
            assert_eq!(EXITS.load(Ordering::Relaxed), 2);
        },
        ..QUIET
    },
    Program {
        name: "the_bytes_of_a_writer_are_in_the_file_when_main_returns",
        main: || {
            let path = std::env::temp_dir().join(format!("koil-lost-{}", process::id()));
            let file = File::create(&path).unwrap();
            unkoil(async {
                let mut writer = write_threaded(file);
                writer.write_all(&vec![1; 100_000]).await.unwrap();
            });
            let length = std::fs::metadata(&path).unwrap().len();
            std::fs::remove_file(&path).unwrap();
            assert_eq!(length, 100_000);
        },
        ..QUIET
    },
    Program {
        name: "a_guard_of_a_detached_task_is_told_when_main_returns",
        main: detached,
        stderr: tells_one_exit,
        ..QUIET
    },
    Program {
        name: "a_guard_of_a_detached_task_is_told_at_an_exit",
        main: || {
            detached();
            process::exit(7)
        },
        code: 7,
        stderr: tells_one_exit,
        ..QUIET
    },
    Program {
        name: "a_guard_of_a_detached_task_is_told_after_a_panic_in_main",
        main: || {
            detached();
            panic!("main is broken")
        },
        code: 101,
        stderr: |stderr| {
            let (panic, lost) = stderr.split_once("koil: error:").unwrap_or((stderr, ""));
            if !panic.contains("main is broken") {
                return Err("it is to say that `main` is broken".to_owned());
            }
            tells_one_exit(&format!("koil: error:{lost}"))
        },
        ..QUIET
    },
    Program {
        name: "a_shutdown_at_the_end_of_main_loses_nothing",
        main: || {
            detached();
            koil::shutdown_global().unwrap();
            // ORDERING: Relaxed; the shutdown has waited for the exit.
            assert_eq!(EXITS.load(Ordering::Relaxed), 1);
        },
        ..QUIET
    },
    Program {
        name: "a_blocking_guard_that_an_exit_skips_is_told",
        main: || {
            let _guard = Entered::enter(counted()).unwrap();
            process::exit(0)
        },
        stderr: tells_one_exit,
        ..QUIET
    },
    Program {
        name: "a_held_context_is_told_when_main_returns",
        main: || drop(koil::global().hold(counted()).unwrap()),
        stderr: tells_one_exit,
        ..QUIET
    },
    Program {
        name: "exits_that_were_entered_in_one_line_are_one_line",
        main: || {
            for _ in 0..3 {
                detached();
            }
        },
        stderr: |stderr| match (stderr.lines().count(), stderr.contains("(3 times)")) {
            (1, true) => tells_one_exit(stderr),
            _ => Err("it is to say `(3 times)`, in one line".to_owned()),
        },
        ..QUIET
    },
    Program {
        name: "the_rest_of_a_writer_is_told_when_main_returns",
        main: || {
            let (begun, begins) = mpsc::channel();
            let mut writer = write_threaded(Stuck(begun));
            unkoil(writer.write_all(b"bytes")).unwrap();
            begins.recv().unwrap();
            // Outside of calls, so that nothing waits.
            drop(writer);
        },
        stderr: |stderr| {
            tells_one(
                stderr,
                &[
                    "the rest of the writer `programs::lost::Stuck`, made at tests/programs/lost.rs:",
                ],
            )?;
            is_told(
                stderr,
                "was not written before the end of the process",
                &[
                    "close the writer",
                    "or shut the loop down at the end of `main` (`koil::shutdown_on_drop()`)",
                ],
            )
        },
        ..QUIET
    },
    Program {
        name: "a_guard_that_is_closed_before_an_exit_is_not_told",
        main: || {
            let guard = Entered::enter(counted()).unwrap();
            guard.close().unwrap();
            process::exit(0)
        },
        ..QUIET
    },
    Program {
        name: "a_guard_of_a_detached_task_is_left_by_a_shutdown_on_drop",
        main: || {
            let koil = koil::shutdown_on_drop();
            detached();
            drop(koil);
            // ORDERING: Relaxed; the shutdown has waited for the exit.
            assert_eq!(EXITS.load(Ordering::Relaxed), 1);
        },
        ..QUIET
    },
    Program {
        name: "a_writer_that_is_closed_is_not_told",
        main: || {
            let mut writer = write_threaded(Slow);
            unkoil(async {
                writer.write_all(b"bytes").await.unwrap();
                writer.close().await.unwrap();
            });
            // ORDERING: Relaxed; the call has waited for the bytes.
            assert_eq!(WRITTEN.load(Ordering::Relaxed), 5);
        },
        ..QUIET
    },
    Program {
        name: "the_rest_of_a_writer_is_written_by_a_shutdown_on_drop",
        main: || {
            let koil = koil::shutdown_on_drop();
            let mut writer = write_threaded(Slow);
            unkoil(writer.write_all(b"bytes")).unwrap();
            drop(writer);
            drop(koil);
            // ORDERING: Relaxed; the shutdown has waited for the worker.
            assert_eq!(WRITTEN.load(Ordering::Relaxed), 5);
        },
        ..QUIET
    },
    Program {
        name: "a_guard_that_outlives_its_tokio_runtime_is_told",
        main: || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async { drop(AsyncEntered::enter(counted()).await.unwrap()) });
            drop(runtime);
        },
        stderr: |stderr| {
            tells_one(
                stderr,
                &[
                    "the exit of `",
                    "entered at tests/programs/lost.rs:",
                    "its tokio runtime has ended; await `close` of the guard",
                    "the end of `main`",
                ],
            )
        },
        ..QUIET
    },
];

static EXITS: AtomicUsize = AtomicUsize::new(0);

/// A context that counts its exits at their end.
fn counted() -> ContextFn<(), Infallible> {
    context_fn(
        || async { Ok::<_, Infallible>(()) },
        |(), _| async move {
            tokio::time::sleep(Duration::from_millis(2)).await;
            // ORDERING: Relaxed; the end of the exit publishes it.
            EXITS.fetch_add(1, Ordering::Relaxed);
            Ok(())
        },
    )
}

/// A task that keeps a guard, and that no call waits for.
fn detached() {
    let (entered, has_entered) = mpsc::channel();
    drop(unkoil_task(async move {
        let _guard = AsyncEntered::enter(counted()).await.unwrap();
        entered.send(()).unwrap();
        pending::<()>().await;
    }));
    has_entered.recv().unwrap();
}

static WRITTEN: AtomicUsize = AtomicUsize::new(0);

/// A blocking writer that counts bytes, later.
struct Slow;

impl Write for Slow {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        std::thread::sleep(Duration::from_millis(5));
        // ORDERING: Relaxed; the end of the worker publishes it.
        WRITTEN.fetch_add(bytes.len(), Ordering::Relaxed);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A blocking writer that never returns.
struct Stuck(mpsc::Sender<()>);

impl Write for Stuck {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        let _ = self.0.send(());
        loop {
            std::thread::park();
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn tells_one_exit(stderr: &str) -> Result<(), String> {
    tells_one(
        stderr,
        &[
            "koil: error: the exit of `koil_runtime::lifecycle::context_fn::ContextFn",
            "entered at tests/programs/lost.rs:",
        ],
    )?;
    is_told(
        stderr,
        "did not finish before the end of the process",
        &[
            "close the guard",
            "or shut the loop down at the end of `main` (`koil::shutdown_on_drop()`)",
        ],
    )
}

/// One line, with all of these parts.
fn tells_one(stderr: &str, parts: &[&str]) -> Result<(), String> {
    if stderr.lines().count() == 1 && parts.iter().all(|part| stderr.contains(part)) {
        return Ok(());
    }
    Err(format!("it is to say {parts:?}, in one line"))
}
