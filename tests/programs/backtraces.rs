//! Short backtraces: the async frames, one mark, the caller's; none of koil's machinery.
//!
//! Names and not lines are looked for: a release build has no others.

use std::pin::Pin;

use futures::{StreamExt, stream};
use koil::{gather, koiled, unkoil, unkoil_iter, unkoil_lend, unkoil_task};
use tokio::runtime::Builder;
use tokio::task::{spawn_blocking, yield_now};

use crate::run::{Program, QUIET};

/// One that panics in an async block, and shows where that was and who called.
const PANICS: Program = Program {
    code: 101,
    backtrace: "1",
    stderr: |stderr| shows(stderr, Some("the_caller")),
    ..QUIET
};

/// One whose call was made on another thread than its panic.
const PANICS_ELSEWHERE: Program = Program {
    stderr: |stderr| shows(stderr, None),
    ..PANICS
};

pub(crate) const PROGRAMS: &[Program] = &[
    Program {
        name: "backtrace_of_a_future",
        main: || the_caller(|| unkoil(async_side())),
        ..PANICS
    },
    Program {
        name: "backtrace_of_a_future_that_is_refused_nothing",
        main: || the_caller(|| koil::try_unkoil(async_side()).unwrap()),
        ..PANICS
    },
    Program {
        name: "backtrace_of_a_twin",
        main: || the_caller(breaks_blocking),
        ..PANICS
    },
    Program {
        name: "backtrace_of_a_twin_that_stays_here",
        main: || the_caller(|| local_blocking(&[])),
        ..PANICS
    },
    Program {
        name: "backtrace_of_a_twin_that_returns_failures",
        main: || the_caller(|| fallible_blocking().unwrap()),
        ..PANICS
    },
    Program {
        name: "backtrace_of_a_twin_that_begins_and_returns_failures",
        main: || the_caller(|| begun_blocking().unwrap()),
        ..PANICS
    },
    Program {
        name: "backtrace_of_a_gather",
        main: || the_caller(|| drop(gather([async_side()]).wait())),
        ..PANICS
    },
    Program {
        name: "backtrace_of_a_stream",
        main: || the_caller(|| unkoil_iter(stream::once(async_side())).for_each(drop)),
        ..PANICS
    },
    Program {
        name: "backtrace_of_a_future_on_a_worker",
        main: || {
            let worker = || the_caller(|| unkoil(async_side()));
            unkoil(async { spawn_blocking(worker).await }).unwrap_or_else(resume);
        },
        ..PANICS
    },
    Program {
        name: "backtrace_of_a_task",
        main: || unkoil_task(breaks()).result().unwrap(),
        ..PANICS_ELSEWHERE
    },
    Program {
        name: "backtrace_of_a_job",
        main: || unkoil(koil::run_threaded(breaks_here)),
        ..PANICS_ELSEWHERE
    },
    Program {
        name: "backtrace_of_a_producer",
        main: || {
            unkoil(
                koil::iterate_threaded(1, || std::iter::once_with(breaks_here))
                    .for_each(|()| async {}),
            );
        },
        ..PANICS_ELSEWHERE
    },
    Program {
        name: "backtrace_of_a_reader",
        main: || {
            let mut bytes = Vec::new();
            let mut reader = koil::read_threaded(Breaks);
            let read =
                async { tokio::io::AsyncReadExt::read_to_end(&mut reader, &mut bytes).await };
            unkoil(read).unwrap();
        },
        stderr: |stderr| {
            hides(stderr, &["koil_runtime::threads"])?;
            shows(stderr, None)
        },
        ..PANICS
    },
    Program {
        name: "backtrace_beside_a_scheduler",
        main: || {
            let other = Builder::new_current_thread().build().unwrap();
            other.block_on(async { the_caller(|| unkoil(async_side())) });
        },
        ..PANICS
    },
    Program {
        name: "backtrace_of_a_lent_future",
        main: || {
            let other = Builder::new_current_thread().build().unwrap();
            other.block_on(async { the_caller(|| unkoil_lend(breaks())) });
        },
        ..PANICS_ELSEWHERE
    },
    Program {
        name: "backtrace_of_the_bridge",
        main: || the_caller(|| unkoil(async { breaks_blocking() })),
        stderr: |stderr| {
            let text = "`breaks_blocking` at tests/programs/backtraces.rs:";
            has(stderr, text).and_then(|()| has(stderr, "the_caller"))
        },
        ..PANICS
    },
    Program {
        name: "backtrace_in_full",
        main: || the_caller(|| unkoil(async_side())),
        backtrace: "full",
        stderr: |stderr| {
            has(stderr, "koil_runtime::drive::").and_then(|()| has(stderr, "the_caller"))?;
            if stderr.contains("[... omitted") {
                return Err("all of it is to be shown".to_owned());
            }
            Ok(())
        },
        ..PANICS
    },
];

/// Behind a box, which not even a release build sees through.
fn async_side() -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async {
        yield_now().await;
        breaks_here();
    })
}

#[inline(never)]
fn breaks_here() {
    panic!("broken");
}

/// A reader that panics.
struct Breaks;

impl std::io::Read for Breaks {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        breaks_here();
        Ok(0)
    }
}

#[koiled]
async fn breaks() {
    async_side().await;
}

#[koiled(fallible)]
async fn fallible() -> Result<(), koil::Error> {
    async_side().await;
    Ok(())
}

#[koiled(fallible)]
#[allow(clippy::manual_async_fn)] // Such a function begins its call before it waits.
fn begun() -> impl Future<Output = Result<(), koil::Error>> {
    async {
        async_side().await;
        Ok(())
    }
}

#[koiled]
async fn local(stays: &[std::rc::Rc<()>]) {
    assert!(stays.is_empty());
    async_side().await;
}

#[inline(never)]
fn the_caller(call: impl FnOnce()) {
    call();
    println!("it is to break");
}

fn resume(error: tokio::task::JoinError) {
    std::panic::resume_unwind(error.into_panic());
}

/// The place of the panic, then one mark, then the caller; of koil, only the function that was
/// called is shown.
fn shows(stderr: &str, caller: Option<&str>) -> Result<(), String> {
    has(stderr, "panicked at tests/programs/backtraces.rs:")?;
    let (panic, backtrace) = stderr
        .split_once("stack backtrace:")
        .ok_or("there is to be a backtrace")?;
    has(panic, "broken")?;
    if panic.matches("panicked at").count() != 1 {
        return Err("it is to panic once".to_owned());
    }
    if let Some(caller) = caller {
        let parts: Vec<_> = backtrace.split("[... omitted ").collect();
        let [inside, outside] = parts[..] else {
            return Err(format!("there is to be one mark, not {}", parts.len() - 1));
        };
        has(inside, "breaks_here")?;
        has(outside, caller)?;
    } else {
        has(backtrace, "breaks_here")?;
        hides(backtrace, &["tokio::runtime", "[... omitted"])?;
    }
    hides(
        backtrace,
        &[
            "koil_runtime::drive",
            "koil_runtime::call",
            "koil_runtime::pool",
            "koil-runtime/src/drive",
            "koil-runtime/src/call",
        ],
    )
}

fn hides(text: &str, words: &[&str]) -> Result<(), String> {
    match words.iter().find(|word| text.contains(**word)) {
        Some(word) => Err(format!("`{word}` is not to be shown")),
        None => Ok(()),
    }
}

fn has(text: &str, word: &str) -> Result<(), String> {
    if text.contains(word) {
        return Ok(());
    }
    Err(format!("`{word}` is not in\n{text}"))
}
