//! The figures for programs: a list of flat objects, one for each row.

use std::path::Path;
use std::{fs, io};

use serde::{Deserialize, Serialize};

use crate::harness::{Measured, Quantity, Row};

#[derive(Serialize, Deserialize)]
struct Record {
    group: String,
    case: String,
    per: String,
    quantity: Quantity,
    pinned: bool,
    #[serde(flatten)]
    row: Row,
}

pub fn write(file: &Path, cases: &[Measured]) -> io::Result<()> {
    let text = serde_json::to_string_pretty(&records(cases))?;
    fs::write(file, text + "\n")
}

/// The cases of a file that [`write`] has written.
pub fn read(file: &Path) -> io::Result<Vec<Measured>> {
    let told = |error: io::Error| io::Error::other(format!("{}: {error}", file.display()));
    let text = fs::read_to_string(file).map_err(told)?;
    let records = serde_json::from_str(&text).map_err(|error| told(error.into()))?;
    Ok(cases(records))
}

fn records(cases: &[Measured]) -> Vec<Record> {
    let record = |case: &Measured, row: &Row| Record {
        group: case.group.clone(),
        case: case.case.clone(),
        per: case.per.clone(),
        quantity: case.quantity,
        pinned: case.pinned,
        row: row.clone(),
    };
    let cases = cases.iter();
    let rows = cases.flat_map(|case| case.rows.iter().map(move |row| record(case, row)));
    rows.collect()
}

/// Rows that follow each other and belong together become a case again.
fn cases(records: Vec<Record>) -> Vec<Measured> {
    let mut cases: Vec<Measured> = Vec::new();
    for record in records {
        match cases.last_mut() {
            Some(case) if case.group == record.group && case.case == record.case => {
                case.rows.push(record.row);
            }
            _ => cases.push(Measured {
                group: record.group,
                case: record.case,
                per: record.per,
                quantity: record.quantity,
                pinned: record.pinned,
                rows: vec![record.row],
            }),
        }
    }
    cases
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_flat_and_can_be_read() {
        let row = |variant: &str| Row {
            variant: variant.to_owned(),
            median: 25.125,
            min: 24.0,
            cpu_ns: 25.0,
            switches: 0.0,
        };
        let case = |name: &str| Measured {
            group: "ready".to_owned(),
            case: name.to_owned(),
            per: "call".to_owned(),
            quantity: Quantity::Time,
            pinned: true,
            rows: vec![row("koil"), row("another")],
        };
        let text = serde_json::to_string(&records(&[case("a \"b\""), case("c")])).unwrap();
        let first = r#"[{"group":"ready","case":"a \"b\"","per":"call","quantity":"time","pinned":true,"variant":"koil","median":25.125,"#;
        assert!(text.starts_with(first), "{text}");
        let read = cases(serde_json::from_str(&text).unwrap());
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].case, "a \"b\"");
        assert_eq!(read[1].rows[1].variant, "another");
    }
}
