//! Group `lock`: the mutex of `koil::sched` beside that of tokio.

use std::hint::black_box;

use koil::sched;

use super::{Group, MakeCase, Scene, When};
use crate::harness::{Case, Variant, calls};
use crate::rivals::KOIL;

pub static GROUP: Group = Group {
    name: "lock",
    about: "an async lock that nobody else wants, taken and given back",
    when: When::Chosen,
    cases: locks,
};

fn locks<'a>(_: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    vec![Box::new(|| {
        let own = sched::Mutex::new(0_u64);
        let tokio = tokio::sync::Mutex::new(0_u64);
        let variants = [
            Variant::new(
                KOIL,
                calls(move |times| {
                    futures::executor::block_on(async {
                        for _ in 0..times {
                            *black_box(&own).lock().await += 1;
                        }
                    });
                }),
            ),
            Variant::new(
                "tokio",
                calls(move |times| {
                    futures::executor::block_on(async {
                        for _ in 0..times {
                            *black_box(&tokio).lock().await += 1;
                        }
                    });
                }),
            ),
        ];
        Case::new("uncontended", "lock", variants)
    })]
}
