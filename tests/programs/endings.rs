//! The end of a process with loops alive: no hang, the right exit code, no output.

use std::cell::RefCell;
use std::future::pending;
use std::process;
use std::sync::{OnceLock, mpsc};
use std::thread;
use std::time::Duration;

use futures::StreamExt;
use koil::{Koil, try_unkoil, unkoil, unkoil_iter, unkoil_task};

use crate::run::{Program, QUIET};

pub(crate) const PROGRAMS: &[Program] = &[
    Program {
        name: "main_returns",
        main: busy,
        ..QUIET
    },
    Program {
        name: "main_returns_while_jobs_run",
        main: jobs,
        ..QUIET
    },
    Program {
        name: "main_returns_while_all_threads_call",
        main: racing,
        times: 20,
        ..QUIET
    },
    Program {
        name: "exit_while_all_threads_call",
        main: || {
            racing();
            process::exit(7)
        },
        code: 7,
        times: 20,
        ..QUIET
    },
    Program {
        name: "exit_on_main",
        main: || {
            busy();
            process::exit(7)
        },
        code: 7,
        ..QUIET
    },
    Program {
        name: "exit_in_a_future",
        main: || {
            busy();
            unkoil(async { process::exit(7) });
        },
        code: 7,
        ..QUIET
    },
    Program {
        name: "exit_in_a_task",
        main: || {
            busy();
            let task = unkoil_task(async { process::exit(7) });
            let _: Result<(), _> = task.result();
        },
        code: 7,
        ..QUIET
    },
    Program {
        name: "exit_on_a_worker",
        main: || {
            busy();
            let exit = || process::exit(7);
            let _: Result<(), _> = unkoil(async { tokio::task::spawn_blocking(exit).await });
        },
        code: 7,
        ..QUIET
    },
    Program {
        name: "exit_on_another_thread_while_main_waits",
        main: || {
            busy();
            thread::spawn(|| {
                while koil::blocked()
                    .iter()
                    .all(|call| call.thread_name() != Some("main"))
                {
                    thread::yield_now();
                }
                process::exit(7)
            });
            unkoil(pending::<()>());
        },
        code: 7,
        ..QUIET
    },
    Program {
        name: "a_panic_in_main",
        main: || {
            busy();
            panic!("main is broken")
        },
        code: 101,
        stderr: |stderr| says_only(stderr, "main is broken"),
        ..QUIET
    },
    Program {
        name: "a_panic_in_a_call_of_main",
        main: || {
            busy();
            unkoil(async {
                tokio::task::yield_now().await;
                panic!("main is broken")
            });
        },
        code: 101,
        stderr: |stderr| says_only(stderr, "main is broken"),
        ..QUIET
    },
    Program {
        name: "a_panic_in_main_with_a_loop_of_its_own",
        main: || {
            let koil = Koil::new().unwrap();
            let _entered = koil.enter();
            busy();
            panic!("main is broken")
        },
        code: 101,
        stderr: |stderr| says_only(stderr, "main is broken"),
        ..QUIET
    },
    Program {
        name: "a_panic_in_a_task_nobody_asks_for",
        main: || {
            let task = unkoil_task(async { panic!("the task is broken") });
            while !task.is_finished() {
                thread::yield_now();
            }
        },
        stderr: |stderr| says_only(stderr, "the task is broken"),
        ..QUIET
    },
    Program {
        name: "main_returns_with_a_loop_of_its_own",
        main: || {
            let koil = Koil::new().unwrap();
            let _entered = koil.enter();
            busy_but_for_workers();
        },
        ..QUIET
    },
    Program {
        name: "main_returns_with_a_loop_in_a_static",
        main: || {
            static KEPT: OnceLock<Koil> = OnceLock::new();
            let _entered = KEPT.get_or_init(|| Koil::new().unwrap()).enter();
            busy();
        },
        ..QUIET
    },
    Program {
        name: "main_returns_with_a_loop_in_a_thread_local",
        main: || {
            thread_local!(static KEPT: RefCell<Option<Koil>> = const { RefCell::new(None) });
            let koil = Koil::new().unwrap();
            koil.handle().wrap(busy_but_for_workers)();
            KEPT.set(Some(koil));
        },
        ..QUIET
    },
    Program {
        name: "main_returns_after_the_loop_was_shut_down",
        main: || {
            busy_but_for_workers();
            assert!(koil::shutdown_global().unwrap().is_clean());
        },
        ..QUIET
    },
    Program {
        name: "main_returns_after_a_fresh_start",
        main: || {
            busy_but_for_workers();
            let old = koil::global();
            assert!(koil::shutdown_global().unwrap().is_clean());
            assert!(
                old.wrap(|| try_unkoil(async {}))()
                    .unwrap_err()
                    .is_shutdown()
            );
            busy();
            assert_ne!(koil::global(), old);
        },
        ..QUIET
    },
    #[cfg(unix)]
    Program {
        name: "a_call_after_main_has_returned",
        main: || {
            extern "C" fn last_words() {
                // Tokio's thread-locals are gone: a call that is lent, or asks for no runtime, works.
                let answer = koil::unkoil_lend(async {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    7
                });
                let ready = try_unkoil(async { 7 });
                // A future that asks for one is refused, with an error; a panic here would abort the process.
                let refused =
                    try_unkoil(async { tokio::time::sleep(Duration::from_millis(1)).await });
                let is_refused = refused.as_ref().is_err_and(koil::Error::would_deadlock);
                if answer != 7 || !matches!(ready, Ok(7)) || !is_refused {
                    // SAFETY: the program ends; its code says that the answers are others.
                    unsafe { libc::_exit(3) };
                }
            }
            busy();
            // SAFETY: the handler is a function of this program and does not unwind.
            assert_eq!(unsafe { libc::atexit(last_words) }, 0);
        },
        // The hook speaks of the panic of tokio's that is caught on the way to the error.
        stderr: |stderr| match stderr.matches("panicked at").count() {
            1 if stderr.contains("thread-local variable has been destroyed") => Ok(()),
            _ => Err("the one panic of tokio's, and no more".to_owned()),
        },
        ..QUIET
    },
];

/// A process-wide loop with everything that can be on it: tasks that wait and that work, callers,
/// a worker that never ends, an iterator.
fn busy() {
    busy_but_for_workers();
    let (started, has_started) = mpsc::channel();
    let (never, gate) = mpsc::channel::<()>();
    koil::Handle::current().tokio().spawn_blocking(move || {
        started.send(()).unwrap();
        let _ = gate.recv();
    });
    has_started.recv().unwrap();
    std::mem::forget(never);
}

fn busy_but_for_workers() {
    let before = koil::blocked().len();
    drop(unkoil_task(pending::<()>()));
    drop(unkoil_task(async {
        loop {
            tokio::time::sleep(Duration::from_micros(50)).await;
        }
    }));
    drop(unkoil_task(async {
        loop {
            tokio::task::yield_now().await;
        }
    }));
    let handle = koil::Handle::current();
    for _ in 0..4 {
        // Calls that return an error; a plain one would panic when its loop is stopped.
        thread::spawn(handle.wrap(|| drop(try_unkoil(pending::<()>()))));
    }
    let mut items = unkoil_iter(futures::stream::repeat(1));
    assert_eq!(items.next(), Some(1));
    std::mem::forget(items);
    while koil::blocked().len() < before + 4 {
        thread::yield_now();
    }
}

/// Jobs and producers that never end, with owners and without.
fn jobs() {
    let (started, has_started) = mpsc::channel();
    let (never, gate) = mpsc::channel::<()>();
    let gate = std::sync::Arc::new(std::sync::Mutex::new(gate));
    let job = || {
        let (started, gate) = (started.clone(), gate.clone());
        move || {
            started.send(()).unwrap();
            // One of them waits for the message, the others for the lock.
            let _ = gate.lock().unwrap().recv();
        }
    };
    let owned = koil::run_threaded(job()).start();
    koil::run_threaded(job()).detach();
    koil::run_separate(job()).detach();
    for _ in 0..3 {
        has_started.recv().unwrap();
    }
    let (mut pooled, mut separate) = (
        koil::iterate_threaded(1, || 1..),
        koil::iterate_separate(1, || 1..),
    );
    let first = unkoil(async { (pooled.next().await, separate.next().await) });
    assert_eq!(first, (Some(1), Some(1)));
    std::mem::forget((never, owned, pooled, separate));
}

/// Threads that make calls of every kind, all the time.
fn racing() {
    let calls: [fn(); 5] = [
        || unkoil(async { tokio::task::yield_now().await }),
        || unkoil_task(async {}).result().unwrap(),
        || {
            drop(koil::unkoil_timeout(
                Duration::from_micros(20),
                pending::<()>(),
            ));
        },
        || drop(unkoil(async { tokio::task::spawn_blocking(|| ()).await })),
        || drop(Koil::new().unwrap()),
    ];
    let (started, has_started) = mpsc::channel();
    for call in calls {
        let started = started.clone();
        thread::spawn(move || {
            loop {
                call();
                // The receiver is gone after the first.
                let _ = started.send(());
            }
        });
    }
    has_started.iter().take(20).for_each(drop);
}

/// One panic, and nothing else.
fn says_only(stderr: &str, text: &str) -> Result<(), String> {
    let panics = stderr.matches("panicked at").count();
    if panics == 1
        && stderr.contains(text)
        && stderr.contains("endings.rs")
        && !stderr.contains("koil:")
    {
        return Ok(());
    }
    Err(format!("it is to say `{text}`, once, and nothing else"))
}
