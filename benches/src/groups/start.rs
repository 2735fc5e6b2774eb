//! Group `start`: from nothing to the answer of the first call, in a fresh process.

use super::{Group, MakeCase, Scene, When};
use crate::child::{self, CHANNEL, HANDLE, KOIL, MULTI, OWN, Program};
use crate::harness::{Case, Variant, each_call};

pub static GROUP: Group = Group {
    name: "start",
    about: "the start of the loop and the first call, each time in a fresh process",
    when: When::Chosen,
    cases,
};

fn cases<'a>(_scene: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    vec![Box::new(|| {
        let variants = [KOIL, HANDLE, CHANNEL, OWN, MULTI].map(first_call);
        Case::new("first call", "process", variants).counted(3, 10, 15)
    })]
}

fn first_call(program: Program) -> Variant<'static> {
    let body = each_call(move |_| child::first_call(program).first_call);
    Variant::new(program.name, body)
}
