//! The command: reads its arguments, runs the groups, hands the figures to the reports.

mod groups;
mod harness;
mod machine;
mod report;
mod rivals;
mod server;

use std::path::PathBuf;
use std::process::ExitCode;

use groups::{GROUPS, Group};
use harness::Effort;
use rivals::Rivals;
use server::EchoServer;

const USAGE: &str = "\
Measures koil against its rivals; all of them run in this process, in interleaved rounds.

    cargo run --release --manifest-path benches/Cargo.toml -- [OPTIONS]

    --quick         fewer and shorter rounds, under a minute
    --only GROUP    only this group (may be repeated)
    --json FILE     write the figures as a list of objects
    --plot DIR      write a bar chart (SVG) of each case
    --pin           stay on core 0, where hand-overs between threads cost the same every time
    --help          this text

Groups:";

struct Arguments {
    effort: Effort,
    only: Vec<&'static Group>,
    json: Option<PathBuf>,
    plot: Option<PathBuf>,
    pin: bool,
    help: bool,
}

fn main() -> ExitCode {
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(error) => {
            eprintln!("{error}\n\n{}", usage());
            return ExitCode::from(2);
        }
    };
    if arguments.help {
        println!("{}", usage());
        return ExitCode::SUCCESS;
    }
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> std::io::Result<()> {
    // Before the first thread: threads inherit the mask.
    if arguments.pin {
        machine::pin_to_core_0()?;
    }
    machine::raise_file_limit();
    report::table::preamble(&arguments.effort, arguments.pin);
    let server = EchoServer::start()?;
    let rivals = Rivals::start()?;
    let scene = groups::Scene {
        rivals: &rivals,
        server: server.address(),
    };
    let mut figures = Vec::new();
    let floor = GROUPS.iter().filter(|group| group.is_floor);
    let chosen = arguments.only.iter().filter(|group| !group.is_floor);
    for group in floor.chain(chosen.copied()) {
        report::table::heading(group.name, group.about);
        for case in (group.cases)(&scene) {
            let case = harness::measure(group.name, case(), &arguments.effort);
            report::table::case(&case);
            figures.push(case);
        }
    }
    if let Some(file) = &arguments.json {
        report::json::write(file, &figures)?;
    }
    if let Some(folder) = &arguments.plot {
        report::plot::write(folder, &figures, arguments.pin)?;
    }
    Ok(())
}

impl Arguments {
    fn read() -> Result<Arguments, lexopt::Error> {
        use lexopt::prelude::{Long, Short, ValueExt};

        let mut arguments = Arguments {
            effort: Effort::FULL,
            only: Vec::new(),
            json: None,
            plot: None,
            pin: false,
            help: false,
        };
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("quick") => arguments.effort = Effort::QUICK,
                Long("only") => arguments.only.push(find(&parser.value()?.string()?)?),
                Long("json") => arguments.json = Some(parser.value()?.into()),
                Long("plot") => arguments.plot = Some(parser.value()?.into()),
                Long("pin") => arguments.pin = true,
                Long("help") | Short('h') => arguments.help = true,
                other => return Err(other.unexpected()),
            }
        }
        if arguments.only.is_empty() {
            arguments.only = GROUPS.iter().collect();
        }
        Ok(arguments)
    }
}

fn find(name: &str) -> Result<&'static Group, String> {
    let found = GROUPS.iter().find(|group| group.name == name);
    found.ok_or_else(|| format!("there is no group `{name}`"))
}

fn usage() -> String {
    let groups = GROUPS.iter();
    let lines: Vec<String> = groups
        .map(|group| format!("\n    {:<15} {}", group.name, group.about))
        .collect();
    USAGE.to_owned() + &lines.concat()
}
