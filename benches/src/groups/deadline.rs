//! Group `deadline`: the cost of a bound that is never reached, and the delay of one that is.

use std::future::{pending, ready};
use std::hint::black_box;
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use super::{Group, MakeCase, Scene, When};
use crate::harness::{Body, Case, Spent, Variant, calls, each_call};
use crate::rivals::{Bridge, KOIL, KoilLoopThread};

pub static GROUP: Group = Group {
    name: "deadline",
    about: "a bound on a call that is ready at once, and on one that is never",
    when: When::Chosen,
    cases,
};

const FAR: Duration = Duration::from_secs(1);
const NEAR: Duration = Duration::from_millis(5);

fn cases<'a>(scene: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    let handle = scene.rivals.loop_thread.handle();
    let loop_driven = &scene.rivals.loop_driven;
    vec![
        Box::new(move || {
            let variants = [
                Variant::new(
                    KOIL,
                    ready_calls(|n| koil::unkoil_timeout(FAR, ready(n)).ok()),
                ),
                Variant::new(
                    "koil, no bound",
                    ready_calls(|n| Some(koil::unkoil(ready(n)))),
                ),
                Variant::new(
                    "koil, tokio::time::timeout",
                    ready_calls(|n| koil::unkoil(within(FAR, ready(n)))),
                ),
                Variant::new(
                    "Handle::block_on, timeout",
                    ready_calls(|n| handle.block_on(within(FAR, ready(n)))),
                ),
                Variant::new(
                    "pollster + enter, timeout",
                    ready_calls(|n| {
                        let _entered = handle.enter();
                        pollster::block_on(within(FAR, ready(n)))
                    }),
                ),
            ];
            Case::new("ready, bound of a second", "call", variants)
        }),
        Box::new(move || {
            let variants = [
                Variant::new(
                    KOIL,
                    overshoot(|| koil::unkoil_timeout(NEAR, pending::<()>()).is_err()),
                ),
                Variant::new("koil, while it drives", overshoot(cut_while_driving)),
                Variant::new(
                    KoilLoopThread::NAME,
                    overshoot(|| {
                        let call = || koil::unkoil_timeout(NEAR, pending::<()>());
                        loop_driven.inside(call).is_err()
                    }),
                ),
                Variant::new(
                    "koil, tokio::time::timeout",
                    overshoot(|| koil::unkoil(within(NEAR, pending::<()>())).is_none()),
                ),
                Variant::new(
                    "Handle::block_on, timeout",
                    overshoot(|| handle.block_on(within(NEAR, pending::<()>())).is_none()),
                ),
            ];
            Case::new("never ready, overshoot of 5 ms", "call", variants).counted(3, 10, 15)
        }),
    ]
}

/// The same of a call that is known to drive when its time comes.
fn cut_while_driving() -> bool {
    let me = thread::current().id();
    koil::unkoil_timeout(NEAR, async {
        // The first wait is long over when this is.
        while driver().await != me {
            tokio::task::yield_now().await;
        }
        pending::<()>().await;
    })
    .is_err()
}

/// The thread that polls tasks at this moment.
async fn driver() -> ThreadId {
    let task = tokio::spawn(async { thread::current().id() });
    task.await.expect("it does not panic")
}

async fn within<T>(bound: Duration, future: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(bound, future).await.ok()
}

fn ready_calls<'a>(call: impl Fn(u64) -> Option<u64> + 'a) -> Body<'a> {
    calls(move |calls| {
        for number in 0..calls {
            assert_eq!(call(black_box(number)), Some(number));
        }
    })
}

/// The time from the bound to the return of a call; `call` returns true if it was cut short.
fn overshoot<'a>(call: impl Fn() -> bool + 'a) -> Body<'a> {
    each_call(move |_| {
        let begun = Instant::now();
        assert!(call(), "a future that is never ready is cut short");
        let late = begun.elapsed().saturating_sub(NEAR);
        Spent::amount(late.as_secs_f64() * 1e9)
    })
}
