//! The internet: a warehouse on loopback, on a thread and a runtime of its own.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use tokio::net::TcpListener;

/// How long the warehouse takes to look something up.
const LOOK_UP: Duration = Duration::from_millis(2);

/// The service, as seen by its operator.
pub struct Warehouse {
    pub url: String,
    books: Arc<Books>,
}

#[derive(Default)]
struct Books {
    reservations: AtomicU32,
    units: AtomicU32,
}

/// The units of an article: known to the load, which checks the answers.
pub fn units_of(article: u32) -> u32 {
    article * 7 % 100
}

impl Warehouse {
    /// Starts the service on a free port; it ends with the process.
    pub fn start() -> io::Result<Warehouse> {
        let books = Arc::new(Books::default());
        let app = Router::new()
            .route("/units/{article}", get(units))
            .route("/reserve/{article}/{units}", post(reserve))
            .route("/report/{served}", post(async |_: Path<usize>| ()))
            .with_state(books.clone());
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        crate::spawn("warehouse", move || -> io::Result<()> {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener)?;
                axum::serve(listener, app).await
            })
        })?;
        let url = format!("http://{address}");
        Ok(Warehouse { url, books })
    }

    /// The number of units that have been reserved.
    pub fn reserved(&self) -> u32 {
        self.books.units.load(Ordering::SeqCst)
    }
}

async fn units(Path(article): Path<u32>) -> Json<u32> {
    tokio::time::sleep(LOOK_UP).await;
    Json(units_of(article))
}

async fn reserve(State(books): State<Arc<Books>>, Path((_, units)): Path<(u32, u32)>) -> Json<u32> {
    tokio::time::sleep(LOOK_UP).await;
    books.units.fetch_add(units, Ordering::SeqCst);
    Json(books.reservations.fetch_add(1, Ordering::SeqCst) + 1)
}
