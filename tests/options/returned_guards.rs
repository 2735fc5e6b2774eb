//! Methods that return an entered context: their twins return the guard of blocking code.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures::stream::{self, Stream};
use koil::{
    AsyncContext, AsyncEntered, AsyncManager, Entered, Exit, Koil, LocalAsyncContext,
    LocalAsyncEntered, Managed, koilable, koiled,
};

type Log = Arc<Mutex<Vec<String>>>;

#[derive(Debug)]
pub struct Error;

#[koiled]
#[derive(Debug)]
pub struct Conn {
    id: u32,
    log: Log,
}

impl Conn {
    fn note(&self, what: &str) {
        self.log.lock().unwrap().push(format!("{what} {}", self.id));
    }
}

#[koiled]
impl Conn {
    pub async fn query(&mut self) -> u32 {
        tokio::task::yield_now().await;
        self.id
    }
}

#[koilable]
impl AsyncContext for Conn {
    type Error = Error;

    async fn aenter(&mut self) -> Result<(), Error> {
        tokio::task::yield_now().await;
        self.note("enter");
        Ok(())
    }

    async fn aexit(&mut self, cause: Exit) -> Result<(), Error> {
        // Needs a driven loop.
        tokio::time::sleep(Duration::from_millis(1)).await;
        self.note(&cause.to_string());
        if self.id == 9 { Err(Error) } else { Ok(()) }
    }
}

#[koiled]
pub struct Transaction<'a> {
    pool: &'a Pool,
}

#[koilable(local)]
impl LocalAsyncContext for Transaction<'_> {
    type Error = Error;

    async fn aenter(&mut self) -> Result<(), Error> {
        Ok(())
    }

    async fn aexit(&mut self, cause: Exit) -> Result<(), Error> {
        self.pool
            .log
            .lock()
            .unwrap()
            .push(format!("transaction {cause}"));
        Ok(())
    }
}

#[koiled]
pub struct Pool {
    log: Log,
}

impl Pool {
    fn conn(&self, id: u32) -> Conn {
        let log = self.log.clone();
        Conn { id, log }
    }
}

#[koiled(twins(Conn, Transaction))]
impl Pool {
    pub async fn get(&self, id: u32) -> Result<AsyncEntered<Conn>, Error> {
        self.conn(id).enter().await
    }

    #[koil(lend)]
    pub async fn get_lent(&self, id: u32) -> Result<AsyncEntered<Conn>, Error> {
        self.conn(id).enter().await
    }

    pub async fn get_two(
        &self,
    ) -> Result<(koil::AsyncEntered<Conn>, Option<AsyncEntered<Conn>>), Error> {
        Ok((self.get(1).await?, Some(self.get(2).await?)))
    }

    pub fn all(&self) -> impl Stream<Item = Result<AsyncEntered<Conn>, Error>> + '_ {
        stream::unfold(
            1,
            move |id| async move { Some((self.get(id).await, id + 1)) },
        )
    }

    pub async fn transaction(&self) -> Result<LocalAsyncEntered<Transaction<'_>>, Error> {
        Transaction { pool: self }.enter().await
    }

    /// The context has no twin.
    pub async fn lease(&self) -> Result<AsyncEntered<Managed<Leases>>, Error> {
        Managed::new(Leases(self.log.clone())).enter().await
    }

    #[koil(raw)]
    pub async fn raw(&self) -> Result<AsyncEntered<Conn>, Error> {
        self.get(7).await
    }
}

/// Beside their originals.
#[koiled(suffix = "_blocking")]
impl Pool {
    pub async fn open(log: Log) -> Result<AsyncEntered<Conn>, Error> {
        Pool { log }.get(5).await
    }
}

/// Lends a number.
pub struct Leases(Log);

impl AsyncManager for Leases {
    type Value = u32;
    type Error = Error;

    async fn aenter(&mut self) -> Result<u32, Error> {
        tokio::task::yield_now().await;
        Ok(42)
    }

    async fn aexit(&mut self, value: u32, cause: Exit) -> Result<(), Error> {
        self.0.lock().unwrap().push(format!("{cause} {value}"));
        Ok(())
    }
}

/// A manager is a part of a composition.
#[koilable(suffix = "_blocking")]
pub struct Service {
    #[koil(context)]
    lease: Managed<Leases>,
    #[koil(context)]
    conn: Conn,
}

fn pool() -> (BlockingPool, Log) {
    let log = Log::default();
    (BlockingPool::from(Pool { log: log.clone() }), log)
}

fn taken(log: &Log) -> Vec<String> {
    std::mem::take(&mut *log.lock().unwrap())
}

#[test]
fn a_returned_guard_is_one_of_blocking_code() {
    let (pool, log) = pool();
    let mut conn: Entered<BlockingConn> = pool.get(3).unwrap();
    assert_eq!(conn.query(), 3);
    assert_eq!(taken(&log), ["enter 3"]);
    drop(conn);
    assert_eq!(taken(&log), ["dropped 3"]);
    let conn = pool.get(4).unwrap();
    let conn: BlockingConn = conn.close().map_err(|(_, error)| error).unwrap();
    assert_eq!(conn.aio().id, 4);
    assert_eq!(taken(&log), ["enter 4", "closed 4"]);
    let (_conn, Error) = pool.get(9).unwrap().close().unwrap_err();
    taken(&log);
}

#[test]
fn guards_inside_of_other_values_are_mapped_too() {
    let (pool, log) = pool();
    let (mut one, two) = pool.get_two().unwrap();
    assert_eq!((one.query(), two.unwrap().query()), (1, 2));
    drop(one);
    assert_eq!(
        taken(&log),
        ["enter 1", "enter 2", "dropped 2", "dropped 1"]
    );
    let mut lent = pool.get_lent(3).unwrap();
    assert_eq!(lent.query(), 3);
    drop(lent);
    assert_eq!(taken(&log), ["enter 3", "dropped 3"]);
    for conn in pool.all().take(2) {
        conn.unwrap().query();
    }
    assert_eq!(
        taken(&log),
        ["enter 1", "dropped 1", "enter 2", "dropped 2"]
    );
    drop(pool.transaction().unwrap());
    pool.transaction().unwrap().close().map_err(drop).unwrap();
    assert_eq!(taken(&log), ["transaction dropped", "transaction closed"]);
    let raw: AsyncEntered<Conn> = pool.raw().unwrap();
    drop(raw);
    assert_eq!(taken(&log), ["enter 7", "dropped 7"]);
    let mut beside: Entered<Conn> = Pool::open_blocking(log.clone()).unwrap();
    assert_eq!(beside.blocking_mut().query(), 5);
    drop(beside);
    assert_eq!(taken(&log), ["enter 5", "dropped 5"]);
}

#[test]
fn a_returned_guard_knows_its_loop_and_not_the_call_that_made_it() {
    let grace = Duration::from_secs(120);
    let koil = Koil::builder().cancel_grace(grace).build().unwrap();
    let (pool, log) = pool();
    let conn = {
        let _entered = koil.enter();
        let scope = koil::CancelScope::new();
        let conn = scope.run(|| pool.get(3).unwrap()).unwrap();
        // The token of the call was below that of the scope.
        scope.token().cancel("the call is over");
        conn
    };
    drop(conn);
    assert_eq!(taken(&log), ["enter 3", "dropped 3"]);
    let conn = {
        let _entered = koil.enter();
        pool.get_lent(4).unwrap()
    };
    // The stop does not wait for guards of its own thread, though the loop thread has entered it.
    let begun = Instant::now();
    koil.shutdown();
    assert!(begun.elapsed() < grace / 2);
    drop(conn);
    assert_eq!(taken(&log), ["enter 4"]);
}

#[test]
fn a_manager_gives_its_value_to_both_guards() {
    let (pool, log) = pool();
    let mut lease: Entered<Managed<Leases>> = pool.lease().unwrap();
    assert_eq!(**lease, 42);
    **lease += 1;
    let left = lease.close().map_err(|(_, error)| error).unwrap();
    assert_eq!(taken(&log), ["closed 43"]);
    // Again, in async code.
    koil::unkoil(async {
        let lease = left.enter().await.unwrap();
        assert_eq!(**lease, 42);
        let left = lease.close().await.map_err(|(_, error)| error).unwrap();
        assert!(Arc::ptr_eq(&left.manager().0, &log));
    });
    assert_eq!(taken(&log), ["closed 42"]);
}

#[test]
fn a_manager_is_held_and_composed() {
    let koil = Koil::new().unwrap();
    let (pool, log) = pool();
    let held = koil.hold(Managed::new(Leases(log.clone()))).unwrap();
    assert_eq!(**held, 42);
    drop(held);
    assert!(koil.shutdown().is_clean());
    assert_eq!(taken(&log), ["shutdown 42"]);
    let service = Service {
        lease: Managed::new(Leases(log.clone())),
        conn: pool.aio().conn(1),
    };
    let service = Entered::enter(service).unwrap();
    assert_eq!(*service.lease, 42);
    drop(service);
    assert_eq!(taken(&log), ["enter 1", "dropped 1", "dropped 42"]);
}

#[test]
#[should_panic(expected = "only while it is entered")]
fn a_manager_that_is_not_entered_has_no_value() {
    let managed = Managed::new(Leases(Log::default()));
    let _ = *managed;
}
