//! Group `ready`: one call on a future that is ready at its first poll.

use std::hint::black_box;

use koil::koiled;

use super::{Group, MakeCase, Scene, When};
use crate::harness::{Body, Case, Variant, calls};
use crate::rivals::{Bridge, TWIN, Task};

pub static GROUP: Group = Group {
    name: "ready",
    about: "a future that is ready at once: the bridge's own cost",
    when: When::Chosen,
    cases,
};

fn cases<'a>(scene: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    vec![Box::new(|| {
        let mut variants = scene.rivals.run(&Ready);
        variants.push(scene.rivals.run_per_call(&Ready));
        variants.insert(1, Variant::new(TWIN, twin()));
        Case::new("ready", "call", variants)
    })]
}

struct Ready;

impl Task for Ready {
    fn body<'a, B: Bridge>(&self, bridge: &'a B) -> Body<'a> {
        calls(move |calls| {
            for call in 0..calls {
                assert_eq!(bridge.block_on(ready(black_box(call))), call);
            }
        })
    }
}

fn twin() -> Body<'static> {
    calls(|calls| {
        for call in 0..calls {
            assert_eq!(ready_blocking(black_box(call)), call);
        }
    })
}

#[koiled]
#[allow(clippy::unused_async)] // Its being ready at once is the point.
async fn ready(value: u64) -> u64 {
    value
}
