//! Group `context`: the cost of context variables, in calls and in work on other threads.

use std::future::ready;
use std::hint::black_box;

use koil::{ContextSnapshot, context_var};

use super::{Group, MakeCase, Scene, When};
use crate::harness::{Body, Case, Variant, calls};
use crate::rivals::KOIL;

pub static GROUP: Group = Group {
    name: "context",
    about: "context variables: none and four of them set",
    when: When::Chosen,
    cases,
};

context_var! {
    static REQUEST: String;
    static USER: u64;
    static TENANT: u64;
    static DEPTH: u32 = 0;
}

tokio::task_local! {
    static LOCAL: u64;
}

fn cases<'a>(_scene: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    vec![
        Box::new(|| {
            let call = |number| koil::unkoil(ready(number));
            let variants = [
                Variant::new(KOIL, each(call)),
                Variant::new("koil, 4 set", with_four(each(call))),
            ];
            Case::new("a ready call", "call", variants)
        }),
        Box::new(|| {
            let there = |number| ContextSnapshot::capture().run(|| black_box(number));
            let variants = [
                Variant::new(KOIL, each(there)),
                Variant::new("koil, 4 set", with_four(each(there))),
            ];
            Case::new("taken and entered", "time", variants)
        }),
        Box::new(|| {
            let scoped = |number| USER.scope(number, || USER.get().unwrap_or_default());
            let local = |number| LOCAL.sync_scope(number, || LOCAL.get());
            let variants = [
                Variant::new(KOIL, each(scoped)),
                Variant::new("koil, 4 set", with_four(each(scoped))),
                Variant::new("tokio::task_local", each(local)),
            ];
            Case::new("one set in a scope and read", "scope", variants)
        }),
    ]
}

fn each<'a>(call: impl Fn(u64) -> u64 + 'a) -> Body<'a> {
    calls(move |calls| {
        for number in 0..calls {
            assert_eq!(call(black_box(number)), number);
        }
    })
}

/// The same inside a context of four variables.
fn with_four(mut body: Body<'_>) -> Body<'_> {
    Box::new(move |calls| {
        let _request = REQUEST.enter("r-17".to_owned());
        let _user = USER.enter(1);
        let _tenant = TENANT.enter(2);
        let _depth = DEPTH.enter(3);
        body(calls)
    })
}
