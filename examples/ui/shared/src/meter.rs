//! Meters of a UI thread: the time in koil's events, and the time in the frames of the toolkit.

use std::fmt;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use cpu_time::ThreadTime;

/// The events of koil on the UI thread.
pub static EVENTS: Meter = Meter::new();
/// The frames that the toolkit draws.
pub static FRAMES: Meter = Meter::new();

/// Measures spans of the UI thread, one after the other.
pub struct Meter(Mutex<State>);

struct State {
    begun: Option<(Instant, Duration)>,
    figures: Figures,
    ended: Option<Instant>,
}

/// The figures of a meter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
    pub count: u32,
    pub total: Duration,
    pub longest: Duration,
    /// The longest time that the processor spent in one span: other programs do not count.
    pub longest_on_cpu: Duration,
    /// The spans in which the processor spent more than a millisecond.
    pub long: u32,
}

impl Meter {
    const fn new() -> Meter {
        let figures = Figures {
            count: 0,
            total: Duration::ZERO,
            longest: Duration::ZERO,
            longest_on_cpu: Duration::ZERO,
            long: 0,
        };
        Meter(Mutex::new(State {
            begun: None,
            figures,
            ended: None,
        }))
    }

    /// Measures `f`.
    pub fn time<R>(&self, f: impl FnOnce() -> R) -> R {
        self.begin();
        let value = f();
        self.end();
        value
    }

    /// A span begins; on the thread on which it ends.
    pub fn begin(&self) {
        self.state().begun = Some((Instant::now(), ThreadTime::now().as_duration()));
    }

    /// The span ends, if one has begun.
    pub fn end(&self) {
        let (now, on_cpu) = (Instant::now(), ThreadTime::now().as_duration());
        let mut state = self.state();
        let Some((begun, begun_on_cpu)) = state.begun.take() else {
            return;
        };
        let figures = &mut state.figures;
        figures.count += 1;
        figures.total += now - begun;
        figures.longest = figures.longest.max(now - begun);
        let spent = on_cpu - begun_on_cpu;
        figures.longest_on_cpu = figures.longest_on_cpu.max(spent);
        figures.long += u32::from(spent > Duration::from_millis(1));
        state.ended = Some(now);
    }

    /// Forgets the spans so far.
    pub fn reset(&self) {
        self.state().figures = Figures::default();
    }

    pub fn figures(&self) -> Figures {
        self.state().figures
    }

    /// True if no span has ended in the last `time`.
    pub fn is_quiet(&self, time: Duration) -> bool {
        let state = self.state();
        state.begun.is_none() && state.ended.is_none_or(|ended| ended.elapsed() >= time)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no holder of the lock panics")
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mean = self.total / self.count.max(1);
        write!(
            f,
            "{}, mean {mean:.3?}, longest {:.3?}; on the processor at most {:.3?}, {} of them over 1 ms",
            self.count, self.longest, self.longest_on_cpu, self.long
        )
    }
}
