//! Group `yields`: one call on a future that gives way ten times.

use std::hint::black_box;

use super::{MakeCase, Scene};
use crate::harness::{Body, Case, calls};
use crate::rivals::{Bridge, Task};

pub fn cases<'a>(scene: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    vec![Box::new(|| Case {
        name: "ten yields".to_owned(),
        unit: "call",
        stretch: 1,
        variants: scene.rivals.run(&TenYields),
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
