//! Whole programs: how they end with loops alive, what is lost then, and what their backtraces show.
//!
//! Each runs as a process of its own: this binary, started again, whose `main` *is* the program. So
//! there is no test harness between them and the end of the process. This file does the work of the
//! harness: the arguments of `cargo test`, and a line for each program.

mod backtraces;
mod endings;
mod held;
mod lost;
mod run;

use std::env;
use std::process::ExitCode;

use run::Program;

/// Says to this binary which program it is.
const PROGRAM: &str = "KOIL_TEST_PROGRAM";

fn main() -> ExitCode {
    let programs: Vec<&Program> = endings::PROGRAMS
        .iter()
        .chain(held::PROGRAMS)
        .chain(lost::PROGRAMS)
        .chain(backtraces::PROGRAMS)
        .collect();
    if let Ok(name) = env::var(PROGRAM) {
        let program = programs.iter().find(|program| program.name == name);
        (program.expect("there is such a program").main)();
        return ExitCode::SUCCESS;
    }
    let args: Vec<_> = env::args().skip(1).collect();
    let filters: Vec<_> = args.iter().filter(|arg| !arg.starts_with('-')).collect();
    let chosen = programs.into_iter().filter(|program| {
        filters.is_empty() || filters.iter().any(|filter| program.name.contains(*filter))
    });
    let mut failed = false;
    for program in chosen {
        if args.iter().any(|arg| arg == "--list") {
            println!("{}: test", program.name);
            continue;
        }
        match program.check() {
            Ok(()) => println!("program {} ... ok", program.name),
            Err(why) => {
                println!("program {} ... FAILED\n{why}", program.name);
                failed = true;
            }
        }
    }
    if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
