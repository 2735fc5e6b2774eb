//! One span across threads: each event of a request has its span, on tasks, streams and threads.
//!
//! `cargo run --features tracing --example tracing`

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use futures::stream::{self, StreamExt};
use tracing::{info, info_span};
use tracing_subscriber::fmt::MakeWriter;

koil::context_var! {
    /// The customer of a request, without an argument in every function.
    static CUSTOMER: &'static str = "nobody";
}

fn main() -> Result<(), koil::Error> {
    let log = Log::default();
    tracing_subscriber::fmt()
        .with_writer(log.clone())
        .with_thread_names(true)
        .with_target(false)
        .without_time()
        .init();

    for customer in ["ada", "grace"] {
        let _span = info_span!("request", customer).entered();
        CUSTOMER.scope(customer, serve)?;
    }

    // Each line of a request names the customer, on every thread.
    let lines = log.lines();
    assert_eq!(lines.len(), 2 * 6, "{lines:#?}");
    for (n, line) in lines.iter().enumerate() {
        let customer = if n < 6 { "ada" } else { "grace" };
        let span = format!("request{{customer=\"{customer}\"}}");
        assert!(line.contains(&span), "{line}");
        assert!(line.ends_with(&format!("for {customer}")), "{line}");
    }
    Ok(())
}

/// Blocking code, with work on the loop and on other threads.
fn serve() -> Result<(), koil::Error> {
    info!("begun for {}", CUSTOMER.get());
    koil::unkoil(async {
        tokio::time::sleep(Duration::from_millis(1)).await;
        info!("looked up for {}", CUSTOMER.get());
    });
    // A task on the loop.
    let task = koil::unkoil_task(async { info!("billed for {}", CUSTOMER.get()) });
    task.result()?;
    // A stream that the loop reads ahead.
    let pages = stream::iter(1..=2).then(|page| async move {
        info!("page {page} for {}", CUSTOMER.get());
    });
    koil::unkoil_iter(pages.boxed()).prefetch(2).for_each(drop);
    // A thread of the program.
    let context = koil::ContextSnapshot::capture();
    let archive = thread::Builder::new().name("archive".to_owned());
    let archive = archive.spawn(move || context.run(|| info!("archived for {}", CUSTOMER.get())));
    let archive = archive.expect("a thread can be started");
    archive.join().expect("it does not panic");
    Ok(())
}

/// Prints the log, and keeps it for the assertions.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn lines(&self) -> Vec<String> {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&bytes);
        text.lines().map(ToOwned::to_owned).collect()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        io::stdout().write_all(bytes)?;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stdout().flush()
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Log;

    fn make_writer(&self) -> Log {
        self.clone()
    }
}
