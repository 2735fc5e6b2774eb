//! The tables of `docs/performance.md`, written into the page where it asks for them.
//!
//! The page holds comments, each followed by the table that this module writes:
//! `<!-- figures: GROUP / CASE -->` a table of the variants, `<!-- throughput: GROUP -->` one of
//! the cases of a group, in calls a second, `<!-- goals -->` the goals; up to `<!-- end -->`.

use std::fmt::Write;
use std::path::Path;
use std::{fs, io};

use super::sitting::{Case, Placement, Sitting, Variant};
use super::{figure, per_second, three_digits};
use crate::goals::{Bound, Figure, GOALS, Goal};
use crate::harness::Quantity;
use crate::rivals::{KOIL, TWIN};

const OPENS: &str = "<!-- ";
const END: &str = "<!-- end -->";

/// Replaces every table of the page whose case was measured; says which ones stay as they were.
pub fn write(page: &Path, sitting: &Sitting) -> io::Result<()> {
    let text = fs::read_to_string(page)?;
    fs::write(page, filled(&text, sitting).map_err(io::Error::other)?)
}

fn filled(text: &str, sitting: &Sitting) -> Result<String, String> {
    let mut out = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        out += line;
        out.push('\n');
        match asked_for(line, sitting) {
            None => {}
            Some(Ok(table)) => {
                out += &table;
                if !lines.any(|line| line == END) {
                    return Err(format!("`{line}` has no `{END}`"));
                }
                out += END;
                out.push('\n');
            }
            Some(Err(missing)) => eprintln!("{missing}: its table stays as it was"),
        }
    }
    Ok(out)
}

/// The table that a line asks for, if it is such a line.
fn asked_for(line: &str, sitting: &Sitting) -> Option<Result<String, String>> {
    let asked = line.strip_prefix(OPENS)?.strip_suffix(" -->")?;
    if asked == "goals" {
        return Some(Ok(goals(sitting)));
    }
    if let Some(group) = asked.strip_prefix("throughput: ") {
        return Some(throughput(group, sitting));
    }
    let (group, case) = asked.strip_prefix("figures: ")?.split_once(" / ")?;
    let found = sitting.find(group, case);
    let found = found.ok_or_else(|| format!("`{group} / {case}` was not measured"));
    Some(found.map(figures))
}

fn figures(case: &Case) -> String {
    let mut table = String::new();
    match case.quantity {
        Quantity::Time => {
            table +=
                "| | pinned | min | ratio | free | free, lowest and highest run | switches |\n";
            table += "|---|---:|---:|---:|---:|---:|---:|\n";
        }
        Quantity::Size | Quantity::Number => table += "| | median | ratio |\n|---|---:|---:|\n",
    }
    for row in &case.rows {
        let cells = match case.quantity {
            Quantity::Time => times(case, row),
            Quantity::Size | Quantity::Number => amounts(case, row),
        };
        let _ = writeln!(table, "| {} | {} |", name(&row.name), cells.join(" | "));
    }
    table
}

fn times(case: &Case, row: &Variant) -> Vec<String> {
    let time = |value: Option<f64>| told(value, |value| figure(case.quantity, value));
    let range = row
        .range(Placement::Free)
        .map_or_else(nothing, |(low, high)| {
            let (low, high) = (figure(case.quantity, low), figure(case.quantity, high));
            format!("{low} - {high}")
        });
    vec![
        time(row.median(Placement::Pinned)),
        time(row.min(Placement::Pinned)),
        told(ratio(case, row, Placement::Pinned), three_digits),
        time(row.median(Placement::Free)),
        range,
        told(row.switches(Placement::Pinned), |value| {
            format!("{value:.2}")
        }),
    ]
}

/// The size and the memory of a program do not depend on the core it runs on.
fn amounts(case: &Case, row: &Variant) -> Vec<String> {
    vec![
        told(row.median(Placement::Free), |value| {
            figure(case.quantity, value)
        }),
        told(ratio(case, row, Placement::Free), three_digits),
    ]
}

fn ratio(case: &Case, row: &Variant, placement: Placement) -> Option<f64> {
    let koil = case.find(KOIL)?.median(placement)?;
    (koil > 0.0).then_some(row.median(placement)? / koil)
}

fn throughput(group: &str, sitting: &Sitting) -> Result<String, String> {
    let cases: Vec<&Case> = sitting
        .cases
        .iter()
        .filter(|case| case.group == group)
        .collect();
    let first = cases
        .first()
        .ok_or_else(|| format!("`{group}` was not measured"))?;
    let mut table = String::new();
    for (placement, title) in [(Placement::Pinned, "pinned"), (Placement::Free, "free")] {
        let heads: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
        let _ = writeln!(
            table,
            "| {}s a second, {title} | {} |",
            first.per,
            heads.join(" | ")
        );
        let _ = writeln!(table, "|---|{}", "---:|".repeat(cases.len()));
        for row in &first.rows {
            let cell = |case: &&Case| {
                let median = case.find(&row.name).and_then(|row| row.median(placement));
                told(median, per_second)
            };
            let cells: Vec<String> = cases.iter().map(cell).collect();
            let _ = writeln!(table, "| {} | {} |", name(&row.name), cells.join(" | "));
        }
        table.push('\n');
    }
    table.truncate(table.trim_end().len() + 1);
    Ok(table)
}

fn goals(sitting: &Sitting) -> String {
    let mut table = "| case | figure | where | goal | measured | |\n".to_owned();
    table += "|---|---|---|---:|---:|---|\n";
    for goal in GOALS {
        let place = match goal.placement {
            Placement::Pinned => "pinned",
            Placement::Free => "free",
        };
        let (sign, bound) = match goal.bound {
            Bound::AtLeast(bound) => ("at least", bound),
            Bound::AtMost(bound) => ("at most", bound),
        };
        let measured = goal.measured(sitting);
        let verdict = match measured {
            Some(figure) if goal.is_met_by(figure) => "met",
            Some(_) => "**missed**",
            None => "not measured",
        };
        let _ = writeln!(
            table,
            "| {} | {} | {place} | {sign} {} | {} | {verdict} |",
            goal.case,
            goal.what,
            amount(goal, sitting, bound),
            told(measured, |value| amount(goal, sitting, value)),
        );
    }
    table
}

/// The value of a goal: a ratio, or in the unit of its case.
fn amount(goal: &Goal, sitting: &Sitting, value: f64) -> String {
    match goal.figure {
        Figure::Ratio(..) => three_digits(value),
        Figure::Plain((group, case, _)) | Figure::Difference((group, case, _), _) => {
            let quantity = sitting.find(group, case).map(|case| case.quantity);
            figure(quantity.unwrap_or(Quantity::Time), value)
        }
    }
}

fn told(value: Option<f64>, tell: impl FnOnce(f64) -> String) -> String {
    value.map_or_else(nothing, tell)
}

fn nothing() -> String {
    "-".to_owned()
}

/// koil's own rows stand out; names of code look like code.
fn name(variant: &str) -> String {
    match variant {
        KOIL | TWIN => format!("**{variant}**"),
        _ if variant.starts_with(KOIL) => format!("**{variant}**"),
        _ if variant.contains("::") && !variant.contains(' ') => format!("`{variant}`"),
        _ => variant.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sitting::tests::run;
    use super::*;

    fn sitting() -> Sitting {
        Sitting::of(vec![
            run(
                "ready",
                "ready",
                true,
                &[("koil", 10.0), ("Handle::block_on", 25.0)],
            ),
            run(
                "ready",
                "ready",
                false,
                &[("koil", 11.0), ("Handle::block_on", 26.0)],
            ),
        ])
    }

    #[test]
    fn a_table_takes_the_place_of_the_old_one() {
        let page = "# Page\n\n<!-- figures: ready / ready -->\nold\n<!-- end -->\n\nText.\n";
        let expected = "# Page\n\n<!-- figures: ready / ready -->\n\
            | | pinned | min | ratio | free | free, lowest and highest run | switches |\n\
            |---|---:|---:|---:|---:|---:|---:|\n\
            | **koil** | 10.0 ns | 9.00 ns | 1.00 | 11.0 ns | 11.0 ns - 11.0 ns | 0.50 |\n\
            | `Handle::block_on` | 25.0 ns | 24.0 ns | 2.50 | 26.0 ns | 26.0 ns - 26.0 ns | 0.50 |\n\
            <!-- end -->\n\nText.\n";
        let once = filled(page, &sitting()).unwrap();
        assert_eq!(once, expected);
        assert_eq!(
            filled(&once, &sitting()).unwrap(),
            expected,
            "and can be taken again"
        );
    }

    #[test]
    fn a_table_whose_case_was_not_measured_stays() {
        let asks = "<!-- figures: size / stripped binary -->\nold\n<!-- end -->\n";
        assert_eq!(filled(asks, &sitting()).unwrap(), asks);
    }

    #[test]
    fn a_table_without_an_end_is_a_mistake() {
        let open = "<!-- goals -->\n";
        assert!(filled(open, &sitting()).unwrap_err().contains("has no"));
    }

    #[test]
    fn a_goal_says_whether_it_is_met() {
        let goals = goals(&sitting());
        assert!(
            goals.contains("| `Handle::block_on` / koil | pinned | at least 1.60 | 2.50 | met |")
        );
        assert!(goals.contains("| not measured |"));
    }
}
