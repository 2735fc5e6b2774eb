//! The child process: runs the cases of one place, one after the other, and says how each ended.

use std::any::Any;
use std::env;
use std::panic;

use crate::cases::{self, Case, Outcome};
use crate::places::{self, PLACES, Place};

/// The child's orders: the number of its place, and how many cases to skip.
pub(crate) const ORDERS: &str = "KOIL_TEST_HOSTILE";

/// Before each case, and after it, with what became of it.
pub(crate) const BEGIN: &str = "case begins";
pub(crate) const END: &str = "case ends: ";

/// The cases that make sense in a place, with what is expected.
pub(crate) fn cases(place: &Place) -> impl Iterator<Item = (&'static Case, Outcome)> {
    cases::all().filter_map(|case| Some((case, case.expects.of(place)?)))
}

/// Follows the orders, where there are any.
pub(crate) fn run() {
    let Ok(orders) = env::var(ORDERS) else {
        return;
    };
    let numbers: Vec<usize> = orders.split(' ').map(|n| n.parse().unwrap()).collect();
    let [place, skip] = numbers[..] else {
        panic!("two numbers, not {orders}")
    };
    let place = &PLACES[place];
    for (case, _) in cases(place).skip(skip) {
        println!("\n{BEGIN}");
        let outcome = places::at(place, || match panic::catch_unwind(case.run) {
            Ok(Ok(())) => Outcome::Works.to_string(),
            Ok(Err(error)) => of_error(&error),
            Err(payload) => of_panic(payload),
        });
        println!("\n{END}{}", outcome.replace('\n', " "));
    }
}

fn of_error(error: &koil::Error) -> String {
    let text = error.to_string();
    if error.is_timeout() {
        Outcome::OnlyHere.to_string()
    } else if error.would_deadlock() {
        of_refusal(&text)
    } else {
        text
    }
}

fn of_panic(payload: Box<dyn Any + Send>) -> String {
    let text = match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => match payload.downcast::<&str>() {
            Ok(text) => (*text).to_owned(),
            Err(_) => "no text".to_owned(),
        },
    };
    if text.contains("cannot wait on this thread") {
        return of_refusal(&text);
    }
    format!("a panic: {text}")
}

/// A refusal says where the call was made, why, and what to write instead.
fn of_refusal(text: &str) -> String {
    let parts = [
        "tests/hostile/cases/",
        "cannot wait on this thread",
        "await ",
        "lend",
    ];
    match parts.into_iter().find(|part| !text.contains(part)) {
        Some(part) => format!("the refusal should say `{part}`: {text}"),
        None => Outcome::Refused.to_string(),
    }
}
