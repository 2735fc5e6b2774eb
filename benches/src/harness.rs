//! Interleaved rounds: runs all variants of a case in turn, and keeps medians and minima.

use std::time::{Duration, Instant};

use crate::machine::{self, Usage};

/// How long a measurement takes.
pub struct Effort {
    pub rounds: usize,
    pub sample: Duration,
}

impl Effort {
    pub const FULL: Effort = Effort {
        rounds: 21,
        sample: Duration::from_millis(20),
    };
    pub const QUICK: Effort = Effort {
        rounds: 7,
        sample: Duration::from_millis(8),
    };
}

/// Variants that do the same work, one of them through koil.
pub struct Case<'a> {
    pub name: String,
    /// What one call stands for, in the singular.
    pub unit: &'static str,
    /// How many times longer than usual a sample must be, because starting it takes its time.
    pub stretch: u32,
    pub variants: Vec<Variant<'a>>,
}

/// One way to do the work of a case.
pub struct Variant<'a> {
    pub name: &'static str,
    pub body: Body<'a>,
}

/// Makes so many calls, checks what they gave, and says what they took.
pub type Body<'a> = Box<dyn FnMut(u64) -> Spent + 'a>;

/// What some calls took.
pub struct Spent {
    wall: Duration,
    /// CPU time of the whole process, the echo server included.
    cpu: Duration,
    switches: u64,
}

/// The figures of one case.
pub struct Measured {
    pub group: &'static str,
    pub case: String,
    pub unit: &'static str,
    pub rows: Vec<Row>,
}

/// The figures of one variant, per call.
pub struct Row {
    pub variant: &'static str,
    pub median_ns: f64,
    pub min_ns: f64,
    pub cpu_ns: f64,
    pub switches: f64,
}

/// Measures the variants of a case against each other.
///
/// A machine drifts while it is measured, so each round takes one sample of every variant. The
/// order is rotated and reversed from round to round, so that nobody always follows the same one.
pub fn measure(group: &'static str, case: Case<'_>, effort: &Effort) -> Measured {
    let sample = effort.sample * case.stretch;
    let mut racers: Vec<Racer<'_>> = case
        .variants
        .into_iter()
        .map(|variant| Racer::calibrate(variant, sample))
        .collect();
    for round in 0..effort.rounds {
        for turn in order(round, racers.len()) {
            racers[turn].sample();
        }
    }
    Measured {
        group,
        case: case.name,
        unit: case.unit,
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
        Spent {
            wall,
            cpu: usage.cpu.saturating_sub(self.usage.cpu),
            switches: usage.switches.saturating_sub(self.usage.switches),
        }
    }
}

struct Racer<'a> {
    variant: Variant<'a>,
    /// How many calls fill a sample.
    calls: u64,
    samples: Vec<Spent>,
}

impl<'a> Racer<'a> {
    /// Finds how many calls fill a sample.
    ///
    /// Corrected step by step, not computed from one call: the first ones also start threads and
    /// fill caches, and a fixed price for the start of a sample does not scale with its calls.
    fn calibrate(mut variant: Variant<'a>, sample: Duration) -> Racer<'a> {
        let mut calls = 1;
        for _ in 0..40 {
            let wall = (variant.body)(calls).wall;
            if wall >= sample / 2 {
                break;
            }
            let missing = sample.as_secs_f64() / wall.as_secs_f64().max(1e-9);
            calls = scaled(calls, missing.clamp(1.25, 8.0));
        }
        Racer {
            variant,
            calls,
            samples: Vec::new(),
        }
    }

    fn sample(&mut self) {
        // What the previous variant left in caches and run queues is not this one's price.
        (self.variant.body)(self.calls / 10 + 1);
        let spent = (self.variant.body)(self.calls);
        self.samples.push(spent);
    }

    fn row(self) -> Row {
        let calls = self.calls as f64;
        let each = |figure: &dyn Fn(&Spent) -> f64| -> Vec<f64> {
            self.samples.iter().map(|s| figure(s) / calls).collect()
        };
        let wall = each(&|spent| spent.wall.as_secs_f64() * 1e9);
        Row {
            variant: self.variant.name,
            min_ns: wall.iter().copied().fold(f64::INFINITY, f64::min),
            median_ns: median(wall),
            cpu_ns: median(each(&|spent| spent.cpu.as_secs_f64() * 1e9)),
            switches: median(each(&|spent| spent.switches as f64)),
        }
    }
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

fn median(mut values: Vec<f64>) -> f64 {
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
