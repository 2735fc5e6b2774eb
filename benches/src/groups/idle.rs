//! Group `idle`: memory, threads and wakes of a program between calls.

use std::cell::OnceCell;
use std::rc::Rc;
use std::thread;

use super::{Group, MakeCase, Scene, When};
use crate::child::{self, CHANNEL, HANDLE, KOIL, MULTI, NOTHING, OWN, Program, Report};
use crate::harness::{Case, Quantity, Spent, Variant, each_call};

pub static GROUP: Group = Group {
    name: "idle",
    about: "memory, threads and wakes of a program that has made its calls",
    when: When::Chosen,
    cases,
};

const PROGRAMS: [Program; 6] = [KOIL, HANDLE, CHANNEL, OWN, MULTI, NOTHING];

fn cases<'a>(_scene: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    if cfg!(not(target_os = "linux")) {
        return Vec::new();
    }
    let held = |name, quantity, of: fn(&Report) -> f64| -> MakeCase<'a> {
        Box::new(move || {
            let variants = PROGRAMS.map(|program| holds(program, of));
            Case::new(name, "process", variants)
                .of(quantity)
                .counted(1, 3, 5)
        })
    };
    vec![
        held("resident memory", Quantity::Size, |report| {
            report.resident_bytes
        }),
        held("threads", Quantity::Number, |report| report.threads),
        Box::new(|| -> Case<'a> { wakes() }),
    ]
}

fn holds(program: Program, of: fn(&Report) -> f64) -> Variant<'static> {
    let body = each_call(move |_| Spent::amount(of(&child::first_call(program))));
    Variant::new(program.name, body)
}

/// All programs idle side by side, once: a second each would be long.
fn wakes() -> Case<'static> {
    let all = Rc::new(OnceCell::new());
    let variants = PROGRAMS.iter().enumerate().map(|(at, program)| {
        let all = all.clone();
        let body = each_call(move |_| Spent::amount(all.get_or_init(wakes_of_all)[at]));
        Variant::new(program.name, body)
    });
    Case::new("wakes in an idle second", "process", variants)
        .of(Quantity::Number)
        .counted(1, 1, 1)
}

fn wakes_of_all() -> [f64; PROGRAMS.len()] {
    thread::scope(|scope| {
        let idle = PROGRAMS.map(|program| scope.spawn(move || child::wakes(program)));
        idle.map(|child| child.join().expect("each child reports") as f64)
    })
}
