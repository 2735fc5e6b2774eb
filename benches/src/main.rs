//! The command: reads its arguments, runs the groups, hands the figures to the reports.

mod child;
mod crowd;
mod goals;
mod groups;
mod harness;
mod http;
mod machine;
mod report;
mod rivals;
mod server;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use groups::{GROUPS, Group, When};
use harness::Effort;
use report::sitting::{self, Sitting};
use rivals::Rivals;
use server::EchoServer;

const USAGE: &str = "\
Measures koil against its rivals; all of them run in this process, in interleaved rounds.

    cargo run --release --manifest-path benches/Cargo.toml -- [OPTIONS]

    --quick         fewer and shorter rounds, under a minute
    --only GROUP    only this group, and the floor (may be repeated)
    --json FILE     write the figures as a list of objects
    --plot DIR      write a bar chart (SVG) of each case
    --pin           stay on core 0, where hand-overs between threads cost the same every time
    --help          this text

    --page FILE RUN..   measure nothing; write the tables of the runs, which `--json` has
                        written, into a page like docs/performance.md (and with `--plot` the
                        charts of the pinned ones)

Groups:";

struct Arguments {
    effort: Effort,
    only: Vec<&'static Group>,
    page: Option<PathBuf>,
    runs: Vec<PathBuf>,
    json: Option<PathBuf>,
    plot: Option<PathBuf>,
    pin: bool,
    help: bool,
}

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    if words.next().as_deref() == Some(child::ARGUMENT)
        && let (Some(errand), Some(name)) = (words.next(), words.next())
    {
        return told(child::be(&errand, &name));
    }
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
    told(run(&arguments))
}

fn told(outcome: io::Result<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> io::Result<()> {
    if let Some(page) = &arguments.page {
        return write_page(page, arguments);
    }
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
        http: http::start()?,
    };
    let mut figures = Vec::new();
    for group in &arguments.only {
        report::table::heading(group.name, group.about);
        for case in (group.cases)(&scene) {
            let case = harness::measure(group.name, case(), &arguments.effort, arguments.pin);
            report::table::case(&case);
            figures.push(case);
        }
    }
    if let Some(file) = &arguments.json {
        report::json::write(file, &figures)?;
    }
    if let Some(folder) = &arguments.plot {
        report::plot::write(folder, &figures)?;
    }
    Ok(())
}

fn write_page(page: &Path, arguments: &Arguments) -> io::Result<()> {
    let mut runs = Vec::new();
    for run in &arguments.runs {
        runs.extend(report::json::read(run)?);
    }
    let sitting = Sitting::of(runs);
    report::page::write(page, &sitting)?;
    if let Some(folder) = &arguments.plot {
        let pinned = |case: &sitting::Case| case.as_one_run(sitting::Placement::Pinned);
        let pinned: Vec<_> = sitting.cases.iter().filter_map(pinned).collect();
        report::plot::write(folder, &pinned)?;
    }
    Ok(())
}

impl Arguments {
    fn read() -> Result<Arguments, lexopt::Error> {
        use lexopt::prelude::{Long, Short, Value, ValueExt};

        let mut arguments = Arguments {
            effort: Effort::FULL,
            only: Vec::new(),
            page: None,
            runs: Vec::new(),
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
                Long("page") => arguments.page = Some(parser.value()?.into()),
                Value(run) if arguments.page.is_some() => arguments.runs.push(run.into()),
                Long("pin") => arguments.pin = true,
                Long("help") | Short('h') => arguments.help = true,
                other => return Err(other.unexpected()),
            }
        }
        arguments.only = chosen(&arguments.only, &arguments.effort);
        Ok(arguments)
    }
}

/// The groups to measure, in their order: those that are named, or all that time allows.
fn chosen(named: &[&'static Group], effort: &Effort) -> Vec<&'static Group> {
    let is_chosen = |group: &&&'static Group| match group.when {
        When::Always => true,
        When::Chosen if named.is_empty() => true,
        When::Slow if named.is_empty() => !effort.is_quick,
        When::Chosen | When::Slow => named.iter().any(|name| std::ptr::eq(*name, **group)),
    };
    GROUPS.iter().filter(is_chosen).copied().collect()
}

fn find(name: &str) -> Result<&'static Group, String> {
    let mut groups = GROUPS.iter().copied();
    let found = groups.find(|group| group.name == name);
    found.ok_or_else(|| format!("there is no group `{name}`"))
}

fn usage() -> String {
    let groups = GROUPS.iter();
    let lines: Vec<String> = groups
        .map(|group| format!("\n    {:<15} {}", group.name, group.about))
        .collect();
    USAGE.to_owned() + &lines.concat()
}
