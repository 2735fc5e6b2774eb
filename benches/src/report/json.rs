//! The figures for programs: a list of flat objects.

use std::fmt::Write;
use std::path::Path;
use std::{fs, io};

use crate::harness::Measured;

pub fn write(file: &Path, cases: &[Measured]) -> io::Result<()> {
    fs::write(file, list(cases))
}

fn list(cases: &[Measured]) -> String {
    let rows = cases
        .iter()
        .flat_map(|case| case.rows.iter().map(move |row| (case, row)));
    let objects: Vec<String> = rows
        .map(|(case, row)| {
            format!(
                r#"  {{"group": {}, "case": {}, "variant": {}, "median_ns": {:.2}, "min_ns": {:.2}}}"#,
                string(case.group),
                string(&case.case),
                string(row.variant),
                row.median_ns,
                row.min_ns,
            )
        })
        .collect();
    format!("[\n{}\n]\n", objects.join(",\n"))
}

fn string(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(control));
            }
            plain => quoted.push(plain),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::Row;

    #[test]
    fn the_list_is_flat_and_quoted() {
        let case = Measured {
            group: "ready",
            case: "a \"b\"".to_owned(),
            unit: "call",
            rows: vec![Row {
                variant: "koil",
                median_ns: 25.125,
                min_ns: 24.0,
                cpu_ns: 25.0,
                switches: 0.0,
            }],
        };
        let expected = "[\n  {\"group\": \"ready\", \"case\": \"a \\\"b\\\"\", \
             \"variant\": \"koil\", \"median_ns\": 25.12, \"min_ns\": 24.00}\n]\n";
        assert_eq!(list(&[case]), expected);
    }
}
