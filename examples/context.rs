//! Async contexts: a connection pool with a guard, and a service that is composed of two contexts,
//! read from a config file.
//!
//! Run with `cargo run --example context`.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use koil::{AsyncContext, Exit, koilable, koiled};
use serde::Deserialize;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Connections that are open at this moment, in the whole program; zero at the end.
static CONNECTIONS: AtomicUsize = AtomicUsize::new(0);

/// A pool of connections to one server.
#[koiled]
#[derive(Deserialize)]
pub struct Pool {
    server: String,
    size: usize,
    #[serde(skip)]
    connections: Vec<TcpStream>,
}

#[koiled]
impl Pool {
    /// The ports of the server's ends, of connections that can be written to.
    ///
    /// # Errors
    ///
    /// The errors of the connections.
    pub async fn peers(&self) -> io::Result<Vec<u16>> {
        for connection in &self.connections {
            connection.writable().await?;
        }
        let peers = self.connections.iter().map(TcpStream::peer_addr);
        peers.map(|peer| peer.map(|peer| peer.port())).collect()
    }
}

#[koilable]
impl AsyncContext for Pool {
    type Error = io::Error;

    /// Opens all connections at once.
    async fn aenter(&mut self) -> io::Result<()> {
        let mut opening = JoinSet::new();
        for _ in 0..self.size {
            opening.spawn(TcpStream::connect(self.server.clone()));
        }
        // If one fails the others are dropped with the pool: nothing is left open.
        while let Some(opened) = opening.join_next().await {
            self.connections.push(opened??);
        }
        CONNECTIONS.fetch_add(self.size, Ordering::Relaxed);
        Ok(())
    }

    /// Says goodbye on each connection.
    async fn aexit(&mut self, cause: Exit) -> io::Result<()> {
        println!("  the pool is left: {cause}");
        for mut connection in self.connections.drain(..) {
            CONNECTIONS.fetch_sub(1, Ordering::Relaxed);
            tokio::io::AsyncWriteExt::shutdown(&mut connection).await?;
        }
        Ok(())
    }
}

/// Renews something in the background for as long as it is entered.
#[derive(Deserialize)]
pub struct Lease {
    every_ms: u64,
    #[serde(skip)]
    renewing: Option<tokio::task::JoinHandle<()>>,
}

impl AsyncContext for Lease {
    type Error = io::Error;

    async fn aenter(&mut self) -> io::Result<()> {
        let mut interval = tokio::time::interval(Duration::from_millis(self.every_ms));
        self.renewing = Some(tokio::spawn(async move {
            loop {
                interval.tick().await;
            }
        }));
        Ok(())
    }

    async fn aexit(&mut self, _cause: Exit) -> io::Result<()> {
        println!("  the lease is left");
        if let Some(renewing) = self.renewing.take() {
            renewing.abort();
            let _ = renewing.await;
        }
        Ok(())
    }
}

/// Both, as a config file describes them: the pool is entered first, and left last.
#[koiled]
#[koilable]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    #[koil(context)]
    pool: Pool,
    #[koil(context)]
    lease: Lease,
    name: String,
}

#[koiled]
impl Service {
    /// The number of peers of the service.
    ///
    /// # Errors
    ///
    /// The errors of the pool.
    pub async fn peers(&self) -> io::Result<usize> {
        Ok(self.pool.peers().await?.len())
    }
}

fn main() -> io::Result<()> {
    let server = koil::unkoil(TcpListener::bind("127.0.0.1:0"))?;
    let address = server.local_addr()?.to_string();
    let config = format!(
        r#"{{
            "name": "shop",
            "pool": {{ "server": "{address}", "size": 3 }},
            "lease": {{ "every_ms": 10 }}
        }}"#
    );
    let read = || -> io::Result<Service> { Ok(serde_json::from_str(&config)?) };

    println!("A pool, closed by hand:");
    let pool = read()?.pool.into_blocking().enter()?;
    assert_eq!(pool.peers()?.len(), 3);
    assert_eq!(open(), 3);
    pool.close().map_err(|(_pool, error)| error)?;
    assert_eq!(open(), 0);

    println!("A service, left at the end of its scope:");
    {
        let service = BlockingService::from(read()?).enter()?;
        assert_eq!((service.peers()?, &*service.name), (3, "shop"));
    }
    assert_eq!(open(), 0, "the drop has waited for the exits");

    println!("The same by a panic:");
    let panicked = std::panic::catch_unwind(|| {
        let _service = BlockingService::from(read().unwrap()).enter().unwrap();
        std::panic::resume_unwind(Box::new("on purpose"));
    });
    assert!(panicked.is_err());
    assert_eq!(open(), 0);

    println!("In async code, on koil's loop:");
    koil::unkoil(async {
        let service = read()?.enter().await?;
        assert_eq!(service.peers().await?, 3);
        service.close().await.map_err(|(_service, error)| error)?;
        io::Result::Ok(())
    })?;
    assert_eq!(open(), 0);

    println!("A server that is not there: nothing is entered, the error is the context's own:");
    let mut nowhere = read()?;
    nowhere.lease.every_ms = 1;
    nowhere.pool.server = String::from("127.0.0.1:1");
    let refused = BlockingService::from(nowhere).enter();
    assert!(refused.is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused));
    assert_eq!(open(), 0);

    println!("Held by a loop for as long as it lives:");
    let koil = koil::Koil::new()?;
    let pool = koil.hold(read()?.pool)?;
    assert_eq!((pool.connections.len(), open()), (3, 3));
    drop(pool);
    assert!(koil.shutdown().is_clean());
    assert_eq!(open(), 0);

    println!("Every connection that was opened is closed.");
    Ok(())
}

fn open() -> usize {
    CONNECTIONS.load(Ordering::Relaxed)
}
