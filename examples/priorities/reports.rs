//! A pool with two connections that serves by priority, and blocking callers that know nothing of it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use koil::koiled;
use koil::sched::{Mutex, Priority};

const REPORTS: usize = 100;
const QUERIES: usize = 10;
const QUERY: Duration = Duration::from_millis(1);

/// A connection to a database.
struct Connection {
    queries: usize,
}

/// Connections that are waited for by priority.
#[koiled]
struct Pool {
    connections: [Mutex<Connection>; 2],
    turns: AtomicUsize,
}

#[koiled]
impl Pool {
    fn new() -> Self {
        let connection = || Mutex::new(Connection { queries: 0 });
        Pool {
            connections: [connection(), connection()],
            turns: AtomicUsize::new(0),
        }
    }

    /// Runs a query, as soon as the connection whose turn it is can do so.
    async fn query(&self) -> usize {
        // ORDERING: Relaxed; only the number counts.
        let turn = self.turns.fetch_add(1, Ordering::Relaxed);
        let mut connection = self.connections[turn % 2].lock().await;
        tokio::time::sleep(QUERY).await;
        connection.queries += 1;
        connection.queries
    }
}

pub(crate) fn everybody_alike() -> Vec<Duration> {
    queries(Priority::NORMAL, Priority::NORMAL)
}

pub(crate) fn by_priority() -> Vec<Duration> {
    queries(Priority::LOW, Priority::HIGH)
}

/// The waits of one interactive caller beside the threads of the reports.
fn queries(reports: Priority, interactive: Priority) -> Vec<Duration> {
    let pool = BlockingPool::new();
    let are_over = AtomicBool::new(false);
    let report = || {
        reports.scope(|| {
            // ORDERING: Relaxed; it ends the reports at some time.
            while !are_over.load(Ordering::Relaxed) {
                pool.query();
            }
        });
    };
    thread::scope(|scope| {
        for _ in 0..REPORTS {
            scope.spawn(report);
        }
        let waits = interactive.scope(|| {
            let query = || {
                let begun = Instant::now();
                pool.query();
                begun.elapsed()
            };
            (0..QUERIES).map(|_| query()).collect()
        });
        // ORDERING: Relaxed; see above.
        are_over.store(true, Ordering::Relaxed);
        waits
    })
}
