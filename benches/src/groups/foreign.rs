//! Group `foreign`: a blocking call inside a task of a foreign current-thread runtime, whose scheduler
//! stands still meanwhile.
//!
//! koil cannot see every wake of such a thread and also polls at intervals; so the cost of a wait and
//! the delay of the next poll are figures of their own.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Handle};

use super::{Group, MakeCase, Scene, When};
use crate::harness::{Body, Case, Meter, Spent, Variant, each_call};
use crate::machine;
use crate::rivals::KOIL;

pub static GROUP: Group = Group {
    name: "foreign",
    about: "a blocking call in a task of a foreign current-thread runtime: its waits and its yields",
    when: When::Chosen,
    cases,
};

const WAIT: Duration = Duration::from_secs(1);
const YIELDS: u32 = 1000;
/// Never reached.
const FAR: Duration = Duration::from_secs(60);

fn cases<'a>(scene: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    let waits = Rc::new(waits(scene.rivals.loop_thread.handle()));
    let process = waits.clone();
    let mut cases: Vec<MakeCase<'a>> = Vec::new();
    if cfg!(target_os = "linux") {
        cases.push(Box::new(move || {
            let name = "a wait of a second, CPU of its thread";
            used(name, &waits, |used| used.thread)
        }));
    }
    if cfg!(unix) {
        cases.push(Box::new(move || {
            let name = "a wait of a second, CPU of the process";
            used(name, &process, |used| used.process)
        }));
    }
    cases.push(Box::new(|| -> Case<'a> { yields() }));
    cases
}

/// The CPU time that a wait of a second has used.
#[derive(Clone, Copy)]
struct Used {
    /// CPU time of the thread that waits.
    thread: Spent,
    /// CPU time of the whole process.
    process: Spent,
}

/// A rival that waits once; both of its figures are of that one wait.
struct Wait {
    name: &'static str,
    work: Arc<dyn Fn() + Send + Sync>,
    used: OnceCell<Used>,
}

/// Each waits for a timer of a loop that another thread drives.
fn waits(handle: &Handle) -> Vec<Wait> {
    let new = |name, work: Arc<dyn Fn() + Send + Sync>| Wait {
        name,
        work,
        used: OnceCell::new(),
    };
    let (shared, quiet) = (handle.clone(), quiet_loop());
    let pollster = handle.clone();
    vec![
        new(
            KOIL,
            Arc::new(move || {
                let _entered = quiet.enter();
                koil::unkoil(a_second());
            }),
        ),
        new(
            "pollster + enter",
            Arc::new(move || {
                let _entered = pollster.enter();
                pollster::block_on(a_second());
            }),
        ),
        new(
            "futures block_on + enter",
            Arc::new(move || {
                let _entered = shared.enter();
                futures::executor::block_on(a_second());
            }),
        ),
    ]
}

async fn a_second() {
    tokio::time::sleep(WAIT).await;
}

fn used(name: &str, waits: &Rc<Vec<Wait>>, of: fn(Used) -> Spent) -> Case<'static> {
    let variants = waits.iter().enumerate().map(|(at, wait)| {
        let waits = waits.clone();
        let body = each_call(move |_| of(waits[at].used()));
        Variant::new(wait.name, body)
    });
    Case::new(name, "wait", variants).counted(1, 1, 1)
}

impl Wait {
    /// Waits, if that has not been done yet.
    fn used(&self) -> Used {
        *self.used.get_or_init(|| {
            let work = self.work.clone();
            in_foreign_task(move || {
                let (meter, before) = (Meter::start(), machine::thread_cpu());
                work();
                let thread = machine::thread_cpu().saturating_sub(before);
                let process = meter.stop();
                let of_thread = thread.as_secs_f64() * 1e9;
                let of_process = process.cpu_ns;
                let amount = |amount| Spent { amount, ..process };
                Used {
                    thread: amount(of_thread),
                    process: amount(of_process),
                }
            })
        })
    }
}

/// koil alone: the scheduler of that thread holds the wakes of these back, so the others would hang.
fn yields() -> Case<'static> {
    let within = || koil::unkoil(async { tokio::time::timeout(FAR, yield_often()).await.is_ok() });
    let variants = [
        Variant::new(
            KOIL,
            yielded(|| {
                koil::unkoil(yield_often());
                true
            }),
        ),
        Variant::new("koil, tokio::time::timeout", yielded(within)),
        Variant::new(
            "koil, lent to the loop",
            yielded(|| {
                koil::unkoil_lend(yield_often());
                true
            }),
        ),
    ];
    Case::new("a thousand yields", "call", variants).counted(1, 5, 15)
}

async fn yield_often() {
    for _ in 0..YIELDS {
        tokio::task::yield_now().await;
    }
}

/// `call` returns true if the call has finished.
fn yielded(call: fn() -> bool) -> Body<'static> {
    let quiet = Arc::new(quiet_loop());
    each_call(move |_| {
        let quiet = quiet.clone();
        in_foreign_task(move || {
            let _entered = quiet.enter();
            let meter = Meter::start();
            assert!(call(), "no bound cuts it short");
            meter.stop()
        })
    })
}

/// A loop like the process-wide one, which does not print that a call holds up a foreign scheduler.
fn quiet_loop() -> koil::Koil {
    let quiet = koil::Koil::builder().on_blocking_in_async(|_| ()).build();
    quiet.expect("a loop can be started")
}

/// Runs `work` in a task of a current-thread runtime on this thread.
fn in_foreign_task<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime can be built");
    runtime.block_on(async {
        let task = tokio::spawn(async move { work() });
        task.await.expect("it does not panic")
    })
}
