//! The figures as text, case by case, while they come in.

use super::{koil, three_digits, time};
use crate::harness::{Effort, Measured, Row};

/// What every table below has in common.
pub fn preamble(effort: &Effort, pinned: bool) {
    let place = if pinned {
        "pinned to core 0"
    } else {
        "free placement"
    };
    println!(
        "{} interleaved rounds, {} ms a sample, {place}.\n\
         `ratio`: the row's median divided by koil's; above 1.00 koil is faster.\n\
         `cpu` and `switches`: of the whole process, the echo server included, per call.",
        effort.rounds,
        effort.sample.as_millis(),
    );
}

pub fn heading(name: &str, about: &str) {
    println!("\n== {name}: {about}");
}

/// One table; the header says what its rows are about.
pub fn case(case: &Measured) {
    let per_second = case.group == "callers";
    print!(
        "\n{:<30} {:>9} {:>9} {:>7} {:>9} {:>9}",
        format!("{} (per {})", case.case, case.unit),
        "median",
        "min",
        "ratio",
        "cpu",
        "switches",
    );
    println!("{}", if per_second { "  calls/s" } else { "" });
    for row in &case.rows {
        print!(
            "{:<30} {:>9} {:>9} {:>7} {:>9} {:>9.2}",
            row.variant,
            time(row.median_ns),
            time(row.min_ns),
            ratio(case, row),
            time(row.cpu_ns),
            row.switches,
        );
        let rate = format!("  {:>7}", throughput(row));
        println!("{}", if per_second { rate.as_str() } else { "" });
    }
}

fn ratio(case: &Measured, row: &Row) -> String {
    match koil(case) {
        Some(koil) => three_digits(row.median_ns / koil.median_ns),
        None => "-".to_owned(),
    }
}

fn throughput(row: &Row) -> String {
    format!("{:.1} k", 1e6 / row.median_ns)
}
