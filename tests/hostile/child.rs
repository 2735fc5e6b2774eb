//! The child process: runs the cases of one place, one after the other, and says how each ended.

use std::any::Any;
use std::panic;

use crate::cases::{self, Case, Outcome};
use crate::places::{self, PLACES, Place};
use crate::series;

/// The cases that make sense in a place, with what is expected.
pub(crate) fn cases(place: &Place) -> impl Iterator<Item = (&'static Case, Outcome)> {
    cases::all().filter_map(|case| Some((case, case.expects.of(place)?)))
}

/// Follows the orders, where there are any.
pub(crate) fn run() {
    let Some(([place], skip)) = series::orders() else {
        return;
    };
    let place = &PLACES[place];
    for (case, _) in cases(place).skip(skip) {
        series::run(|| {
            places::at(place, || match panic::catch_unwind(case.run) {
                Ok(Ok(())) => Outcome::Works.to_string(),
                Ok(Err(error)) => of_error(&error),
                Err(payload) => of_panic(payload),
            })
        });
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
    // In async code a future is awaited, and the items of a stream are taken.
    let remedy = ["take the items of ", "await "];
    let remedy = remedy.into_iter().find(|part| text.contains(part));
    let parts = [
        "tests/hostile/cases/",
        "cannot wait on this thread",
        remedy.unwrap_or("await "),
        "lend",
    ];
    match parts.into_iter().find(|part| !text.contains(part)) {
        Some(part) => format!("the refusal should say `{part}`: {text}"),
        None => Outcome::Refused.to_string(),
    }
}
