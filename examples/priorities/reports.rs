//! A pool with two connections that serves by priority, and blocking callers that know nothing of it.

use std::mem;
use std::ops::{Deref, DerefMut};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use koil::koiled;
use koil::sched::{Priority, Semaphore, SemaphorePermit};

const REPORTS: usize = 100;
const QUERIES: usize = 10;
const QUERY: Duration = Duration::from_millis(1);

/// A connection to a database.
#[derive(Default)]
struct Connection {
    queries: usize,
}

/// Two connections, which are waited for by priority.
#[koiled]
struct Pool {
    permits: Semaphore,
    free: Mutex<Vec<Connection>>,
}

#[koiled]
impl Pool {
    fn new() -> Self {
        Pool {
            permits: Semaphore::new(2),
            free: Mutex::new(vec![Connection::default(), Connection::default()]),
        }
    }

    /// Runs a query on a connection, once there is one for it.
    async fn query(&self) -> usize {
        let mut connection = self.connection().await;
        tokio::time::sleep(QUERY).await;
        connection.queries += 1;
        connection.queries
    }

    #[koil(skip)]
    async fn connection(&self) -> Lent<'_> {
        let permit = self.permits.acquire(1).await;
        let connection = self.free.lock().unwrap().pop();
        Lent {
            connection: connection.expect("there is one for each permit"),
            free: &self.free,
            _permit: permit,
        }
    }
}

/// A connection that goes back to its pool, also if the query is cancelled.
struct Lent<'a> {
    connection: Connection,
    free: &'a Mutex<Vec<Connection>>,
    // Given back after the connection.
    _permit: SemaphorePermit<'a>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let connection = mem::take(&mut self.connection);
        self.free.lock().unwrap().push(connection);
    }
}

impl Deref for Lent<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for Lent<'_> {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
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
