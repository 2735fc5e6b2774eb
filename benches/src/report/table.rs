//! The figures as text, case by case, while they come in.

use super::{figure, koil, per_second, three_digits, time};
use crate::harness::{Effort, Measured, Quantity, Row};

/// The format that all tables below share.
pub fn preamble(effort: &Effort, pinned: bool) {
    let place = if pinned {
        "pinned to core 0"
    } else {
        "free placement"
    };
    println!(
        "{} interleaved rounds, {} ms a sample, {place}.\n\
         `ratio`: the row's median divided by koil's; above 1.00 koil is faster.\n\
         `cpu` and `switches`: of the whole process, servers included, per call.",
        effort.rounds,
        effort.sample.as_millis(),
    );
}

pub fn heading(name: &str, about: &str) {
    println!("\n== {name}: {about}");
}

/// One table; the header says what its rows are about.
pub fn case(case: &Measured) {
    print!(
        "\n{:<32} {:>9} {:>9} {:>7}",
        format!("{} (per {})", case.case, case.per),
        "median",
        "min",
        "ratio",
    );
    match case.quantity {
        Quantity::Time => println!(" {:>9} {:>9} {:>9}", "cpu", "switches", "a second"),
        Quantity::Size | Quantity::Number => println!(),
    }
    for row in &case.rows {
        print!(
            "{:<32} {:>9} {:>9} {:>7}",
            row.variant,
            figure(case.quantity, row.median),
            figure(case.quantity, row.min),
            ratio(case, row),
        );
        match case.quantity {
            Quantity::Time => println!(
                " {:>9} {:>9.2} {:>9}",
                time(row.cpu_ns),
                row.switches,
                per_second(row.median)
            ),
            Quantity::Size | Quantity::Number => println!(),
        }
    }
}

fn ratio(case: &Measured, row: &Row) -> String {
    match koil(case).filter(|koil| koil.median > 0.0) {
        Some(koil) => three_digits(row.median / koil.median),
        None => "-".to_owned(),
    }
}
