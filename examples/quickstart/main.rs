//! A tour of koil: an async SDK, its blocking twin, and both against a real HTTP service.
//!
//! `cargo run --example quickstart`; read `sdk` first, then `blocking_user` and `async_user`.

// The SDK is written like a crate, so it says `pub`.
#![allow(unreachable_pub)]

mod async_user;
mod blocking_user;
mod sdk;
mod server;
mod show;

use std::error::Error;
use std::process::ExitCode;
use std::time::Instant;

use sdk::Reading;
use server::Server;
use show::{check, title};

/// The results of one side. Both sides must have the same.
#[derive(Debug, PartialEq)]
struct Findings {
    now: Reading,
    noted: Reading,
    unknown_city: String,
    refused: String,
    watched: Vec<Reading>,
    tomorrow: Vec<Reading>,
}

fn main() -> ExitCode {
    let start = Instant::now();
    match tour() {
        Ok(()) => {
            let seconds = start.elapsed().as_secs_f64();
            println!("\nAll of it agrees, in {seconds:.1} s.");
            println!(
                "Next: read examples/quickstart/sdk.rs, then put `#[koiled]` on a type of yours."
            );
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("\nThe quickstart failed: {error}");
            ExitCode::FAILURE
        }
    }
}

fn tour() -> Result<(), Box<dyn Error>> {
    let server = Server::start()?;
    println!("A weather service listens on {}.", server.url);
    println!(
        "`sdk::Weather` is an async client for it, with `#[koiled]` on its type and its impl."
    );

    title("Blocking code uses the twin: the same names, no runtime, no `.await`");
    let blocking = blocking_user::visit(&server)?;

    title("Async code uses what was written");
    let aio = async_user::visit(&server)?;

    title("Both sides together");
    check(
        blocking == aio,
        "blocking and async code saw the same readings, events and errors",
    )?;
    Ok(())
}
