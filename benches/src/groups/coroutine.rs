//! Group `coroutine`: the cost of an item that an async body yields, beside other crates.

use std::hint::black_box;
use std::pin::pin;

use futures::{Stream, StreamExt};
use koil::coroutine::stream;

use super::{Group, MakeCase, Scene, When};
use crate::harness::{Body, Case, Variant, calls};
use crate::rivals::KOIL;

pub static GROUP: Group = Group {
    name: "coroutine",
    about: "an async body yields numbers, and a loop takes them",
    when: When::Chosen,
    cases,
};

fn cases<'a>(_: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    vec![Box::new(|| item())]
}

/// One stream of as many items as there are calls.
fn item() -> Case<'static> {
    let variants = [
        Variant::new(
            KOIL,
            taken(|items| {
                stream(move |co| async move {
                    for n in 0..items {
                        co.yield_(black_box(n)).await;
                    }
                })
            }),
        ),
        Variant::new(
            "async-fn-stream",
            taken(|items| {
                async_fn_stream::fn_stream(move |emitter| async move {
                    for n in 0..items {
                        emitter.emit(black_box(n)).await;
                    }
                })
            }),
        ),
        Variant::new(
            "async-stream",
            taken(|items| {
                async_stream::stream! {
                    for n in 0..items {
                        yield black_box(n);
                    }
                }
            }),
        ),
        Variant::new(
            "genawaiter, sync",
            taken(|items| {
                genawaiter::sync::Gen::new(move |co| async move {
                    for n in 0..items {
                        co.yield_(black_box(n)).await;
                    }
                })
            }),
        ),
    ];
    Case::new("an item", "item", variants)
}

fn taken<S: Stream<Item = u64> + 'static>(make: fn(u64) -> S) -> Body<'static> {
    calls(move |items| {
        futures::executor::block_on(async {
            let mut numbers = pin!(make(items));
            let mut count = 0;
            while let Some(n) = numbers.next().await {
                assert_eq!(n, count);
                count += 1;
            }
            assert_eq!(count, items);
        });
    })
}
