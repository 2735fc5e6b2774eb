//! What becomes of the figures: a table, a file for programs, pictures.

pub mod json;
pub mod plot;
pub mod table;

use crate::harness::{Measured, Row};
use crate::rivals::KOIL;

/// koil's own figures in a case, where it takes part.
fn koil(case: &Measured) -> Option<&Row> {
    case.rows.iter().find(|row| row.variant == KOIL)
}

/// A time with three digits and the unit that suits it.
fn time(ns: f64) -> String {
    let (value, unit) = match ns {
        ..1e3 => (ns, "ns"),
        ..1e6 => (ns / 1e3, "us"),
        _ => (ns / 1e6, "ms"),
    };
    format!("{} {unit}", three_digits(value))
}

fn three_digits(value: f64) -> String {
    let decimals = match value {
        ..10.0 => 2,
        ..100.0 => 1,
        _ => 0,
    };
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_three_digits_and_a_unit() {
        assert_eq!(time(0.42), "0.42 ns");
        assert_eq!(time(23.46), "23.5 ns");
        assert_eq!(time(5129.0), "5.13 us");
        assert_eq!(time(150_600.0), "151 us");
        assert_eq!(time(1_250_000.0), "1.25 ms");
    }
}
