//! A blocking web server and a job server over one async SDK, under load.
//!
//! `cargo run --example web`. The server is plain std: a thread per request, and four workers that
//! take jobs from a queue. All of them call the blocking side of the SDK in `sdk.rs`, so one loop
//! with one thread serves every call. The load checks each answer. At the end of `main` the loop is
//! drained: a report that nobody waits for still arrives.

// The modules are written like crates, so they say `pub`.
#![allow(unreachable_pub)]

mod jobs;
mod load;
mod sdk;
mod server;
mod warehouse;

use std::error::Error;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use jobs::Jobs;
use sdk::BlockingStock;
use server::Server;
use warehouse::Warehouse;

const WORKERS: usize = 4;

fn main() -> Result<(), Box<dyn Error>> {
    let _koil = koil::shutdown_on_drop().draining(Duration::from_secs(10));
    let warehouse = Warehouse::start()?;
    let stock = Arc::new(BlockingStock::new(&warehouse.url)?);
    let jobs = Jobs::start(stock.clone(), WORKERS);
    let server = Server::start(stock.clone(), jobs.queue())?;

    let seen = load::run(server.address, &threads_of_koil)?;
    println!(
        "{} requests from {} clients in {:.1?}: {} per second",
        seen.requests,
        load::CLIENTS,
        seen.took,
        seen.requests as u128 * 1000 / seen.took.as_millis().max(1)
    );
    if let Some(threads) = seen.threads {
        println!(
            "{threads} threads at most, of which {} are koil's",
            seen.of_koil
        );
        assert_eq!(seen.of_koil, 1, "one loop thread for all of them");
    }

    let answered = server.stop();
    assert_eq!(answered, seen.requests);
    let done = jobs.finish();
    assert_eq!(
        done.len(),
        load::orders(),
        "each order was a job, done once"
    );
    assert!(done.iter().all(Result::is_ok), "{done:?}");
    assert_eq!(warehouse.reserved(), load::reserved_units());
    println!("{} orders were reserved by {WORKERS} workers", done.len());

    // Only the drain at the end of `main` waits for this task.
    koil::unkoil_task(async move {
        let told = stock.aio().report(answered).await;
        println!("the report has arrived: {}", told.is_ok());
    })
    .detach();
    Ok(())
}

/// The number of threads of this process, and of those that koil has started.
fn threads_of_koil() -> Option<(usize, usize)> {
    let tasks = std::fs::read_dir("/proc/self/task").ok()?;
    let names: Vec<String> = tasks
        .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok())
        .collect();
    let of_koil = names.iter().filter(|name| name.starts_with("koil")).count();
    Some((names.len(), of_koil))
}

/// A thread with a name, for lists of threads.
fn spawn<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> std::io::Result<thread::JoinHandle<T>> {
    thread::Builder::new().name(name.to_owned()).spawn(work)
}
