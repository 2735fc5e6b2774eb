//! The threads: callers, one that starts and stops loops, and the watchdog.

use std::env;
use std::fmt;
use std::process;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use koil::{Handle, Koil};
use tokio::runtime::{Builder, Runtime};

use crate::calls::{BURSTS, Caller, KINDS};
use crate::guards::Ledger;

/// How many threads make calls; see `main`.
fn callers() -> usize {
    env::var("KOIL_STRESS_CALLERS").map_or(12, |text| text.parse().unwrap())
}

/// How many bursts of short calls come upon anything else, beside their place among the kinds.
fn bursts() -> usize {
    env::var("KOIL_STRESS_BURSTS").map_or(0, |text| text.parse().unwrap())
}

/// Nothing here takes long, so that only a hang takes this.
const PATIENCE: Duration = Duration::from_secs(15);

/// The state that all threads share.
pub(crate) struct World {
    /// The loop that stays, and the one that comes and goes.
    pub(crate) stays: Koil,
    pub(crate) comes_and_goes: Mutex<Handle>,
    /// The last that came and was not adopted.
    pub(crate) owned: Mutex<Handle>,
    pub(crate) ledger: Arc<Ledger>,
    /// A runtime that is not koil's.
    pub(crate) foreign: Runtime,
    pub(crate) over: AtomicBool,
    seed: u64,
    progress: Vec<Progress>,
    loops: AtomicUsize,
    /// Callers, and the one who starts and stops loops.
    running: AtomicUsize,
}

#[derive(Default)]
struct Progress {
    calls: [AtomicU64; KINDS.len()],
    /// The call that the caller is in.
    kind: AtomicUsize,
}

/// How many calls of each kind were made.
pub(crate) struct Calls {
    counts: Vec<(&'static str, u64)>,
    loops: usize,
    ledger: String,
}

impl World {
    pub(crate) fn start(seed: u64) -> Arc<World> {
        let ledger = Arc::new(Ledger::default());
        let stays = ledger.watch(Koil::builder()).build();
        let stays = stays.expect("a loop can be started");
        let mut foreign = Builder::new_multi_thread();
        foreign
            .worker_threads(2)
            .enable_all()
            .thread_keep_alive(Duration::from_millis(200));
        Arc::new(World {
            comes_and_goes: Mutex::new(stays.handle()),
            owned: Mutex::new(stays.handle()),
            ledger,
            stays,
            foreign: foreign.build().expect("a runtime can be started"),
            over: AtomicBool::new(false),
            seed,
            progress: (0..callers()).map(|_| Progress::default()).collect(),
            loops: AtomicUsize::new(0),
            running: AtomicUsize::new(callers() + 1),
        })
    }

    /// Runs it for a while, and returns when all threads have ended.
    pub(crate) fn run(self: Arc<World>, time: Duration) -> Calls {
        let watchdog = self.clone().spawn(World::watch);
        let callers: Vec<_> = (0..callers())
            .map(|at| self.clone().spawn(move |world| world.call(at)))
            .collect();
        let stopper = self.clone().spawn(World::start_and_stop);
        thread::sleep(time);
        self.over.store(true, Ordering::Relaxed);
        for thread in callers.into_iter().chain([stopper, watchdog]) {
            thread.join().expect("no thread panics");
        }
        let world = Arc::into_inner(self).expect("all threads have ended");
        // Jobs of the foreign runtime may still hold guards, which the loop waits for.
        world.foreign.shutdown_timeout(PATIENCE);
        let report = world.stays.shutdown();
        assert!(report.is_clean(), "{report:?}");
        let count = |kind: usize| {
            let counts = world.progress.iter().map(|progress| &progress.calls[kind]);
            counts.map(|count| count.load(Ordering::Relaxed)).sum()
        };
        Calls {
            counts: KINDS
                .iter()
                .enumerate()
                .map(|(kind, (name, _))| (*name, count(kind)))
                .collect(),
            loops: world.loops.load(Ordering::Relaxed),
            ledger: world.ledger.check(),
        }
    }

    fn spawn(self: Arc<World>, f: impl FnOnce(&World) + Send + 'static) -> JoinHandle<()> {
        thread::spawn(move || f(&self))
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    fn call(&self, at: usize) {
        let progress = &self.progress[at];
        let mut caller = Caller::new(self, self.seed * 1000 + at as u64 + 1);
        let bursts = bursts();
        while !self.is_over() {
            let kind = match caller.choose(bursts + 1) {
                0 => caller.choose(KINDS.len()),
                _ => BURSTS,
            };
            progress.kind.store(kind, Ordering::Relaxed);
            let calls = KINDS[kind].1(&mut caller);
            progress.calls[kind].fetch_add(calls, Ordering::Relaxed);
        }
        drop(caller);
        self.running.fetch_sub(1, Ordering::Relaxed);
    }

    fn start_and_stop(&self) {
        let mut round = 0;
        let pause = Duration::from_millis(1 + bursts() as u64);
        while !self.is_over() {
            let mut runtime = None;
            let koil = match round % 3 {
                0 => self.ledger.watch(Koil::builder()).build(),
                1 => self.ledger.watch(Koil::builder().worker_threads(2)).build(),
                _ => {
                    let adopted = Runtime::new().expect("a runtime can be started");
                    let handle = adopted.handle().clone();
                    runtime = Some(adopted);
                    Koil::from_handle(handle)
                }
            };
            let koil = koil.expect("a loop can be started");
            *self.comes_and_goes.lock().unwrap() = koil.handle();
            if runtime.is_none() {
                *self.owned.lock().unwrap() = koil.handle();
            }
            thread::sleep(pause * (1 + round % 7));
            if round % 2 == 0 {
                // It ends while callers use it.
                drop(runtime.take());
            }
            let report = koil.shutdown();
            assert!(report.is_clean(), "{report:?}");
            self.loops.fetch_add(1, Ordering::Relaxed);
            round += 1;
        }
        *self.comes_and_goes.lock().unwrap() = self.stays.handle();
        *self.owned.lock().unwrap() = self.stays.handle();
        self.running.fetch_sub(1, Ordering::Relaxed);
    }

    fn watch(&self) {
        let mut seen = vec![(0, Instant::now()); self.progress.len() + 1];
        loop {
            thread::sleep(Duration::from_millis(100));
            if self.running.load(Ordering::Relaxed) == 0 {
                return;
            }
            let counts = self.progress.iter().map(|progress| {
                progress
                    .calls
                    .iter()
                    .map(|count| count.load(Ordering::Relaxed))
                    .sum()
            });
            let counts = counts.chain([self.loops.load(Ordering::Relaxed) as u64]);
            for (at, (count, seen)) in counts.zip(&mut seen).enumerate() {
                if count != seen.0 {
                    *seen = (count, Instant::now());
                } else if seen.1.elapsed() > PATIENCE {
                    self.tell(at);
                    process::abort();
                }
            }
        }
    }

    fn tell(&self, at: usize) {
        match self.progress.get(at) {
            Some(progress) => {
                let kind = progress.kind.load(Ordering::Relaxed);
                eprintln!(
                    "caller {at} hangs in: {:?}",
                    KINDS.get(kind).map(|kind| kind.0)
                );
            }
            None => eprintln!("stopping a loop hangs"),
        }
        eprintln!("{:?}\n{:?}", self.stays, self.comes_and_goes);
    }
}

impl Calls {
    pub(crate) fn total(&self) -> u64 {
        self.counts.iter().map(|count| count.1).sum()
    }
}

impl fmt::Display for Calls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, count) in &self.counts {
            writeln!(f, "{count:>12} {name}")?;
        }
        write!(
            f,
            "{:>12} calls in all, {} loops started and stopped\n{}",
            self.total(),
            self.loops,
            self.ledger
        )
    }
}
