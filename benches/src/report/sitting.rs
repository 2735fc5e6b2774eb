//! Several runs, pinned and free, taken together: medians of medians.

use crate::harness::{Measured, Quantity, Row, median};

/// All runs of a sitting.
pub struct Sitting {
    pub cases: Vec<Case>,
}

/// A case over all runs.
pub struct Case {
    pub group: String,
    pub name: String,
    pub per: String,
    pub quantity: Quantity,
    pub rows: Vec<Variant>,
}

/// A variant over all runs.
pub struct Variant {
    pub name: String,
    pinned: Vec<Row>,
    free: Vec<Row>,
}

/// The cores that the threads may use.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    Pinned,
    Free,
}

impl Sitting {
    pub fn of(runs: Vec<Measured>) -> Sitting {
        let mut sitting = Sitting { cases: Vec::new() };
        for measured in runs {
            let placement = if measured.pinned {
                Placement::Pinned
            } else {
                Placement::Free
            };
            let case = sitting.case_of(&measured);
            for row in measured.rows {
                case.runs_of(&row.variant, placement).push(row);
            }
        }
        sitting
    }

    pub fn find(&self, group: &str, case: &str) -> Option<&Case> {
        let mut cases = self.cases.iter();
        cases.find(|found| found.group == group && found.name == case)
    }

    fn case_of(&mut self, measured: &Measured) -> &mut Case {
        let known = |case: &Case| case.group == measured.group && case.name == measured.case;
        let at = self.cases.iter().position(known).unwrap_or_else(|| {
            self.cases.push(Case {
                group: measured.group.clone(),
                name: measured.case.clone(),
                per: measured.per.clone(),
                quantity: measured.quantity,
                rows: Vec::new(),
            });
            self.cases.len() - 1
        });
        &mut self.cases[at]
    }
}

impl Case {
    pub fn find(&self, variant: &str) -> Option<&Variant> {
        self.rows.iter().find(|row| row.name == variant)
    }

    /// The case as one run: for pictures.
    pub fn as_one_run(&self, placement: Placement) -> Option<Measured> {
        let row = |variant: &Variant| {
            Some(Row {
                variant: variant.name.clone(),
                median: variant.median(placement)?,
                min: variant.min(placement)?,
                cpu_ns: 0.0,
                switches: variant.switches(placement)?,
            })
        };
        Some(Measured {
            group: self.group.clone(),
            case: self.name.clone(),
            per: self.per.clone(),
            quantity: self.quantity,
            pinned: placement == Placement::Pinned,
            rows: self.rows.iter().map(row).collect::<Option<_>>()?,
        })
    }

    fn runs_of(&mut self, variant: &str, placement: Placement) -> &mut Vec<Row> {
        let known = |row: &Variant| row.name == variant;
        let at = self.rows.iter().position(known).unwrap_or_else(|| {
            self.rows.push(Variant {
                name: variant.to_owned(),
                pinned: Vec::new(),
                free: Vec::new(),
            });
            self.rows.len() - 1
        });
        let row = &mut self.rows[at];
        match placement {
            Placement::Pinned => &mut row.pinned,
            Placement::Free => &mut row.free,
        }
    }
}

impl Variant {
    fn runs(&self, placement: Placement) -> &[Row] {
        match placement {
            Placement::Pinned => &self.pinned,
            Placement::Free => &self.free,
        }
    }

    /// The median of the medians of the runs; `None` without a run.
    pub fn median(&self, placement: Placement) -> Option<f64> {
        self.over(placement, |row| row.median)
    }

    pub fn switches(&self, placement: Placement) -> Option<f64> {
        self.over(placement, |row| row.switches)
    }

    /// The best sample of any run.
    pub fn min(&self, placement: Placement) -> Option<f64> {
        let minima = self.runs(placement).iter().map(|row| row.min);
        minima.min_by(f64::total_cmp)
    }

    /// The medians of the lowest and of the highest run.
    pub fn range(&self, placement: Placement) -> Option<(f64, f64)> {
        let medians = || self.runs(placement).iter().map(|row| row.median);
        Some((
            medians().min_by(f64::total_cmp)?,
            medians().max_by(f64::total_cmp)?,
        ))
    }

    fn over(&self, placement: Placement, figure: impl Fn(&Row) -> f64) -> Option<f64> {
        let runs = self.runs(placement);
        (!runs.is_empty()).then(|| median(runs.iter().map(figure).collect()))
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A run of one case with these medians.
    pub fn run(group: &str, case: &str, pinned: bool, rows: &[(&str, f64)]) -> Measured {
        let row = |(variant, median): &(&str, f64)| Row {
            variant: (*variant).to_owned(),
            median: *median,
            min: *median - 1.0,
            cpu_ns: 0.0,
            switches: 0.5,
        };
        Measured {
            group: group.to_owned(),
            case: case.to_owned(),
            per: "call".to_owned(),
            quantity: Quantity::Time,
            pinned,
            rows: rows.iter().map(row).collect(),
        }
    }

    #[test]
    fn runs_of_a_case_come_together_and_placements_stay_apart() {
        let sitting = Sitting::of(vec![
            run("ready", "ready", true, &[("koil", 30.0)]),
            run("ready", "ready", false, &[("koil", 70.0)]),
            run("ready", "ready", true, &[("koil", 10.0)]),
            run("ready", "ready", true, &[("koil", 20.0)]),
        ]);
        assert_eq!(sitting.cases.len(), 1);
        let koil = sitting.cases[0].find("koil").unwrap();
        assert_eq!(koil.median(Placement::Pinned), Some(20.0));
        assert_eq!(koil.min(Placement::Pinned), Some(9.0));
        assert_eq!(koil.range(Placement::Pinned), Some((10.0, 30.0)));
        assert_eq!(koil.median(Placement::Free), Some(70.0));
    }
}
