//! Group `idle`: what a program holds that has made one call and waits for the next.

use super::{Group, MakeCase, Scene, When};
use crate::child::{self, CHANNEL, HANDLE, KOIL, MULTI, NOTHING, OWN, Program, Report};
use crate::harness::{Case, Quantity, Spent, Variant, each_call};

pub static GROUP: Group = Group {
    name: "idle",
    about: "memory and threads of a program that has made one call",
    when: When::Chosen,
    cases,
};

fn cases<'a>(_scene: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    if cfg!(not(target_os = "linux")) {
        return Vec::new();
    }
    let case = |name, quantity, of: fn(&Report) -> f64| -> MakeCase<'a> {
        Box::new(move || {
            let programs = [KOIL, HANDLE, CHANNEL, OWN, MULTI, NOTHING];
            let variants = programs.map(|program| holds(program, of));
            Case::new(name, "process", variants)
                .of(quantity)
                .counted(1, 3, 5)
        })
    };
    vec![
        case("resident memory", Quantity::Size, |report| {
            report.resident_bytes
        }),
        case("threads", Quantity::Number, |report| report.threads),
    ]
}

fn holds(program: Program, of: fn(&Report) -> f64) -> Variant<'static> {
    let body = each_call(move |_| Spent::amount(of(&child::run(program))));
    Variant::new(program.name, body)
}
