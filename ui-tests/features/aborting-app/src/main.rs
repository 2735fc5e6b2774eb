//! Where panics abort, a scope that cuts plain calls short by unwinding is refused before anything
//! runs in it, and everything that answers by value works.

#![deny(warnings)]

use std::future::pending;
use std::io;
use std::time::Duration;

use koil::{CancelScope, deadline, deadline_unwinding, run_threaded, try_unkoil, unkoil};

const SOON: Duration = Duration::from_millis(5);

fn main() {
    const { assert!(cfg!(panic = "abort"), "build it with `panic = \"abort\"`") };

    let refused = CancelScope::new().unwinding().run(never);
    is_unsupported(refused.unwrap_err());
    let refused = deadline_unwinding(SOON, never);
    is_unsupported(refused.unwrap_err());

    let cut = deadline(SOON, || try_unkoil(pending::<()>())).expect("the scope is run");
    assert!(cut.unwrap_err().is_timeout());
    let cut = deadline(SOON, never_ends_blocking).expect("the scope is run");
    assert!(cut.unwrap_err().is_timeout());
    let scope = CancelScope::new();
    let token = scope.token().clone();
    let cut = scope.run(|| {
        token.cancel("enough");
        try_unkoil(pending::<()>())
    });
    assert!(cut.expect("the scope is run").unwrap_err().is_cancelled());

    assert_eq!(unkoil(async { 7 }), 7);
    // A job has an answer all the same: its plain calls wait on.
    let job = run_threaded(|| unkoil(async { 8 })).unwinding();
    assert_eq!(unkoil(job), 8);
    println!("aborting: refused where it cannot work");
}

fn never() {
    unreachable!("it is refused before")
}

/// As in `tests/it/support.rs`.
fn assert_told(text: &str, problem: &str, remedy: &[&str]) {
    for words in remedy.iter().chain([&problem]) {
        assert!(text.contains(words), "{text}\nshould say {words:?}");
    }
}

#[koil::koiled(fallible)]
async fn never_ends() -> Result<(), koil::Error> {
    pending().await
}

fn is_unsupported(error: koil::Error) {
    let text = error.to_string();
    assert_told(
        &text,
        "which is impossible with `panic = \"abort\"`",
        &["call `try_unkoil` and `fallible` twins in it instead"],
    );
    assert_eq!(io::Error::from(error).kind(), io::ErrorKind::Unsupported);
}
