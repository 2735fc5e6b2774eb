//! The output of the quickstart: a line of code and its result, and a stop if that is wrong.

use std::fmt::Display;

use crate::sdk::Reading;

/// `show! { let value = code; }` runs the code and prints it with its value.
macro_rules! show {
    (let $value:ident = $code:expr;) => {
        let $value = $code;
        $crate::show::line(stringify!($code), &$value);
    };
}
pub(crate) use show;

pub fn title(text: &str) {
    println!("\n{text}\n");
}

pub fn line(code: &str, value: &dyn Show) {
    let code: Vec<&str> = code.split_whitespace().collect();
    println!("  {}", code.join(" "));
    println!("      = {}", value.show());
}

/// Stops the quickstart, unless `agrees`.
pub fn check(agrees: bool, claim: &str) -> Result<(), String> {
    if !agrees {
        return Err(format!("this should hold, and does not: {claim}"));
    }
    println!("      ✓ {claim}");
    Ok(())
}

/// A value as a newcomer wants to read it.
pub trait Show {
    fn show(&self) -> String;
}

impl Show for Reading {
    fn show(&self) -> String {
        self.to_string()
    }
}

impl<T: Show> Show for Vec<T> {
    fn show(&self) -> String {
        let shown: Vec<String> = self.iter().map(Show::show).collect();
        shown.join(", ")
    }
}

impl<T: Show, E: Display> Show for Result<T, E> {
    fn show(&self) -> String {
        match self {
            Ok(value) => value.show(),
            Err(error) => format!("error: {error}"),
        }
    }
}

impl<T: Show> Show for Option<T> {
    fn show(&self) -> String {
        match self {
            Some(value) => value.show(),
            None => "nothing".to_owned(),
        }
    }
}

impl<A: Show, B: Show> Show for (A, B) {
    fn show(&self) -> String {
        format!("{} and {}", self.0.show(), self.1.show())
    }
}
