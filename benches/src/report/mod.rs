//! The output of the figures: a table, a file for programs, pictures, a page.

pub mod json;
pub mod page;
pub mod plot;
pub mod sitting;
pub mod table;

use crate::harness::{Measured, Quantity, Row};
use crate::rivals::KOIL;

/// koil's own figures in a case, where it takes part.
fn koil(case: &Measured) -> Option<&Row> {
    case.rows.iter().find(|row| row.variant == KOIL)
}

/// A figure with three digits and the unit that suits it.
fn figure(quantity: Quantity, value: f64) -> String {
    let (value, unit) = match (quantity, value) {
        (Quantity::Time, ..1e3) => (value, "ns"),
        (Quantity::Time, ..1e6) => (value / 1e3, "µs"),
        (Quantity::Time, _) => (value / 1e6, "ms"),
        (Quantity::Size, ..1e3) => (value, "B"),
        (Quantity::Size, ..1e6) => (value / 1e3, "kB"),
        (Quantity::Size, _) => (value / 1e6, "MB"),
        (Quantity::Number, _) => return format!("{value}"),
    };
    format!("{} {unit}", three_digits(value))
}

fn time(ns: f64) -> String {
    figure(Quantity::Time, ns)
}

/// A throughput: calls of one thing in a second.
fn per_second(ns: f64) -> String {
    match 1e9 / ns {
        rate @ ..1e3 => three_digits(rate),
        rate @ ..1e6 => format!("{} k", three_digits(rate / 1e3)),
        rate => format!("{} M", three_digits(rate / 1e6)),
    }
}

fn three_digits(value: f64) -> String {
    let decimals = match value.abs() {
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
    fn figures_have_three_digits_and_a_unit() {
        assert_eq!(time(0.42), "0.42 ns");
        assert_eq!(time(23.46), "23.5 ns");
        assert_eq!(time(5129.0), "5.13 µs");
        assert_eq!(time(150_600.0), "151 µs");
        assert_eq!(time(1_250_000.0), "1.25 ms");
        assert_eq!(figure(Quantity::Size, 1_480_000.0), "1.48 MB");
        assert_eq!(figure(Quantity::Number, 2.0), "2");
    }

    #[test]
    fn throughput_is_the_inverse_of_time() {
        assert_eq!(per_second(12_500.0), "80.0 k");
        assert_eq!(per_second(2e6), "500");
    }
}
