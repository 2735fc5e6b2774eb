//! Group `yields`: one call on a future that gives way ten times.

use std::hint::black_box;

use super::{Group, MakeCase, Scene, When};
use crate::harness::{Body, Case, calls};
use crate::rivals::{Bridge, Task};

pub static GROUP: Group = Group {
    name: "yields",
    about: "ten `yield_now` in one call: the cost of polling again",
    when: When::Chosen,
    cases,
};

fn cases<'a>(scene: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    vec![Box::new(|| {
        Case::new("ten yields", "call", scene.rivals.run(&TenYields))
    })]
}

struct TenYields;

impl Task for TenYields {
    fn body<'a, B: Bridge>(&self, bridge: &'a B) -> Body<'a> {
        calls(move |calls| {
            for call in 0..calls {
                assert_eq!(bridge.block_on(ten_yields(black_box(call))), call);
            }
        })
    }
}

async fn ten_yields(value: u64) -> u64 {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    value
}
