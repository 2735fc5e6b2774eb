//! Interleaved rounds: runs all variants of a case in turn, and keeps medians and minima.

use std::ops::AddAssign;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::machine::{self, Usage};

/// The length of a measurement.
pub struct Effort {
    pub rounds: usize,
    pub sample: Duration,
    pub is_quick: bool,
}

impl Effort {
    pub const FULL: Effort = Effort {
        rounds: 21,
        sample: Duration::from_millis(20),
        is_quick: false,
    };
    pub const QUICK: Effort = Effort {
        rounds: 7,
        sample: Duration::from_millis(8),
        is_quick: true,
    };
}

/// Variants that do the same work, one of them through koil.
pub struct Case<'a> {
    pub name: String,
    /// The unit of one call, in the singular.
    pub per: &'static str,
    pub quantity: Quantity,
    pace: Pace,
    pub variants: Vec<Variant<'a>>,
}

/// The quantity of a case.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Quantity {
    /// Nanoseconds.
    Time,
    /// Bytes.
    Size,
    /// Pieces.
    Number,
}

/// The number of calls in a sample.
#[derive(Clone, Copy)]
enum Pace {
    /// As many as fill the sample, which is this many times longer than usual.
    Fill { stretch: u32 },
    /// A fixed number of calls and rounds, for calls that take long or need long preparation.
    Counted {
        quick: u64,
        full: u64,
        rounds: usize,
    },
}

impl<'a> Case<'a> {
    /// A case whose samples are filled with calls.
    pub fn new(
        name: impl Into<String>,
        per: &'static str,
        variants: impl IntoIterator<Item = Variant<'a>>,
    ) -> Case<'a> {
        Case {
            name: name.into(),
            per,
            quantity: Quantity::Time,
            pace: Pace::Fill { stretch: 1 },
            variants: variants.into_iter().collect(),
        }
    }

    /// Makes samples longer, where starting one takes its time.
    pub fn stretched(mut self, stretch: u32) -> Case<'a> {
        self.pace = Pace::Fill { stretch };
        self
    }

    /// Sets the number of calls per sample, in quick runs and in full ones, and the largest number of
    /// rounds.
    pub fn counted(mut self, quick: u64, full: u64, rounds: usize) -> Case<'a> {
        self.pace = Pace::Counted {
            quick,
            full,
            rounds,
        };
        self
    }

    /// Counts something that is not time.
    pub fn of(mut self, quantity: Quantity) -> Case<'a> {
        self.quantity = quantity;
        self
    }
}

/// One way to do the work of a case.
pub struct Variant<'a> {
    pub name: &'static str,
    pub body: Body<'a>,
}

impl<'a> Variant<'a> {
    pub fn new(name: &'static str, body: Body<'a>) -> Variant<'a> {
        Variant { name, body }
    }
}

/// Makes this number of calls, checks their results, and returns their cost.
pub type Body<'a> = Box<dyn FnMut(u64) -> Spent + 'a>;

/// The cost of some calls.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
pub struct Spent {
    /// Nanoseconds, or the other quantity of the case.
    pub amount: f64,
    /// CPU time of the whole process, servers included, in nanoseconds.
    pub cpu_ns: f64,
    pub switches: f64,
}

impl Spent {
    /// Of something that is not time.
    pub fn amount(amount: f64) -> Spent {
        Spent {
            amount,
            ..Spent::default()
        }
    }
}

impl AddAssign for Spent {
    fn add_assign(&mut self, other: Spent) {
        self.amount += other.amount;
        self.cpu_ns += other.cpu_ns;
        self.switches += other.switches;
    }
}

/// The figures of one case.
pub struct Measured {
    pub group: String,
    pub case: String,
    pub per: String,
    pub quantity: Quantity,
    pub pinned: bool,
    pub rows: Vec<Row>,
}

/// The figures of one variant, per call.
#[derive(Clone, Serialize, Deserialize)]
pub struct Row {
    pub variant: String,
    pub median: f64,
    pub min: f64,
    pub cpu_ns: f64,
    pub switches: f64,
}

/// Measures the variants of a case against each other.
///
/// A machine drifts while it is measured, so each round takes one sample of every variant. The
/// order is rotated and reversed from round to round, so that no variant always follows the same one.
pub fn measure(group: &str, case: Case<'_>, effort: &Effort, pinned: bool) -> Measured {
    let rounds = match case.pace {
        Pace::Fill { .. } => effort.rounds,
        Pace::Counted { rounds, .. } if effort.is_quick => rounds.min(effort.rounds),
        Pace::Counted { rounds, .. } => rounds,
    };
    let mut racers: Vec<Racer<'_>> = case
        .variants
        .into_iter()
        .map(|variant| match case.pace {
            Pace::Fill { stretch } => Racer::calibrate(variant, effort.sample * stretch),
            Pace::Counted { quick, .. } if effort.is_quick => Racer::new(variant, quick),
            Pace::Counted { full, .. } => Racer::new(variant, full),
        })
        .collect();
    for round in 0..rounds {
        for turn in order(round, racers.len()) {
            racers[turn].sample();
        }
    }
    Measured {
        group: group.to_owned(),
        case: case.name,
        per: case.per.to_owned(),
        quantity: case.quantity,
        pinned,
        rows: racers.into_iter().map(Racer::row).collect(),
    }
}

/// A body of which each call is one run of `work`.
pub fn calls<'a>(mut work: impl FnMut(u64) + 'a) -> Body<'a> {
    Box::new(move |calls| {
        let meter = Meter::start();
        work(calls);
        meter.stop()
    })
}

/// A body with a preparation before each call, which is not measured.
pub fn each_call<'a>(mut call: impl FnMut(u64) -> Spent + 'a) -> Body<'a> {
    Box::new(move |calls| {
        let mut spent = Spent::default();
        for number in 0..calls {
            spent += call(number);
        }
        spent
    })
}

/// A body like that of [`each_call`], of which the slowest call counts.
pub fn slowest_call<'a>(mut call: impl FnMut(u64) -> Spent + 'a) -> Body<'a> {
    Box::new(move |calls| {
        let mut slowest = Spent::default();
        for number in 0..calls {
            let spent = call(number);
            if spent.amount > slowest.amount {
                slowest = spent;
            }
        }
        // A row divides by the number of calls.
        let calls = calls as f64;
        Spent {
            amount: slowest.amount * calls,
            cpu_ns: slowest.cpu_ns * calls,
            switches: slowest.switches * calls,
        }
    })
}

/// Measures from its start to its stop.
pub struct Meter {
    usage: Usage,
    begun: Instant,
}

impl Meter {
    pub fn start() -> Meter {
        Meter {
            usage: machine::usage(),
            begun: Instant::now(),
        }
    }

    pub fn stop(self) -> Spent {
        let wall = self.begun.elapsed();
        let usage = machine::usage();
        let switches = usage.switches.saturating_sub(self.usage.switches);
        Spent {
            amount: nanoseconds(wall),
            cpu_ns: nanoseconds(usage.cpu.saturating_sub(self.usage.cpu)),
            switches: switches as f64,
        }
    }
}

struct Racer<'a> {
    variant: Variant<'a>,
    /// The number of calls that fill a sample.
    calls: u64,
    samples: Vec<Spent>,
}

impl<'a> Racer<'a> {
    fn new(variant: Variant<'a>, calls: u64) -> Racer<'a> {
        Racer {
            variant,
            calls,
            samples: Vec::new(),
        }
    }

    /// Finds the number of calls that fill a sample.
    ///
    /// Corrected step by step, not computed from one call: the first ones also start threads and
    /// fill caches, and a fixed price for the start of a sample does not scale with its calls. The
    /// better of two runs counts, so that a moment in which others have the core is not taken for
    /// the price of a call.
    fn calibrate(mut variant: Variant<'a>, sample: Duration) -> Racer<'a> {
        let sample = nanoseconds(sample);
        let mut calls = 1;
        for _ in 0..40 {
            let [one, other] = [(); 2].map(|()| (variant.body)(calls).amount);
            let wall = one.min(other);
            if wall >= sample / 2.0 {
                break;
            }
            calls = scaled(calls, (sample / wall.max(1.0)).clamp(1.25, 8.0));
        }
        Racer::new(variant, calls)
    }

    fn sample(&mut self) {
        // Unmeasured calls first: caches and run queues still hold the state of the previous variant.
        (self.variant.body)(self.calls / 10 + 1);
        let spent = (self.variant.body)(self.calls);
        self.samples.push(spent);
    }

    fn row(self) -> Row {
        let calls = self.calls as f64;
        let each = |figure: &dyn Fn(&Spent) -> f64| -> Vec<f64> {
            self.samples.iter().map(|s| figure(s) / calls).collect()
        };
        let amounts = each(&|spent| spent.amount);
        Row {
            variant: self.variant.name.to_owned(),
            min: amounts.iter().copied().fold(f64::INFINITY, f64::min),
            median: median(amounts),
            cpu_ns: median(each(&|spent| spent.cpu_ns)),
            switches: median(each(&|spent| spent.switches)),
        }
    }
}

fn nanoseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e9
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Positive and far from the ends.
fn scaled(calls: u64, factor: f64) -> u64 {
    (calls as f64 * factor).ceil() as u64
}

fn order(round: usize, len: usize) -> impl Iterator<Item = usize> {
    (0..len).map(move |turn| {
        let turn = (turn + round) % len;
        if round.is_multiple_of(2) {
            turn
        } else {
            len - 1 - turn
        }
    })
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len().is_multiple_of(2) {
        f64::midpoint(values[middle - 1], values[middle])
    } else {
        values[middle]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_round_runs_every_variant_once() {
        for round in 0..10 {
            let mut turns: Vec<_> = order(round, 4).collect();
            turns.sort_unstable();
            assert_eq!(turns, [0, 1, 2, 3]);
        }
    }

    #[test]
    fn neighbours_change_from_round_to_round() {
        assert_eq!(order(0, 4).collect::<Vec<_>>(), [0, 1, 2, 3]);
        assert_eq!(order(1, 4).collect::<Vec<_>>(), [2, 1, 0, 3]);
        assert_eq!(order(2, 4).collect::<Vec<_>>(), [2, 3, 0, 1]);
    }

    #[test]
    fn the_median_of_an_even_count_lies_between_the_middle_two() {
        assert!((median(vec![4.0, 1.0, 3.0, 2.0]) - 2.5).abs() < 1e-9);
        assert!((median(vec![9.0, 1.0, 2.0]) - 2.0).abs() < 1e-9);
    }
}
