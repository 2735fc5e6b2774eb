//! The internet: a small weather service on loopback, on a thread and a runtime of its own.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, mpsc};
use std::thread;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, Sse};
use axum::routing::get;
use axum::{Json, Router};
use futures::Stream;
use futures::stream;
use serde::Deserialize;
use tokio::net::TcpListener;

use crate::sdk::Reading;

/// The service, as seen by its operator.
pub struct Server {
    pub url: String,
    shared: Arc<Shared>,
}

/// State that its connections share.
struct Shared(Mutex<Books>);

struct Books {
    celsius: BTreeMap<String, f64>,
    watchers: usize,
}

type Service = State<Arc<Shared>>;
type Refusal = (StatusCode, String);

impl Server {
    /// Starts the service on a free port; it ends with the process.
    pub fn start() -> io::Result<Server> {
        let shared = Arc::new(Shared(Mutex::new(Books {
            celsius: BTreeMap::from([
                ("Oslo".to_owned(), 3.5),
                ("Rome".to_owned(), 19.0),
                ("Lima".to_owned(), 22.5),
            ]),
            watchers: 0,
        })));
        let router = Router::new()
            .route("/temperature/{city}", get(temperature).post(report))
            .route("/forecast/{city}", get(forecast))
            .route("/watch/{city}", get(watch))
            .with_state(shared.clone());
        let (started, address) = mpsc::channel();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(async {
                let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
                started.send(listener.local_addr()?).ok();
                axum::serve(listener, router).await
            })
        });
        let address = address
            .recv()
            .map_err(|_| io::Error::other("the weather service did not start"))?;
        Ok(Server {
            url: format!("http://{address}"),
            shared,
        })
    }

    /// The number of clients that watch a city at this moment.
    pub fn watchers(&self) -> usize {
        self.shared.books().watchers
    }
}

async fn temperature(
    State(shared): Service,
    Path(city): Path<String>,
) -> Result<Json<Reading>, Refusal> {
    shared.reading(city).map(Json)
}

#[derive(Deserialize)]
struct Report {
    celsius: f64,
}

async fn report(
    State(shared): Service,
    Path(city): Path<String>,
    Json(Report { celsius }): Json<Report>,
) -> Result<Json<Reading>, Refusal> {
    if celsius < -273.15 {
        let why = format!("{celsius} °C is colder than cold can be");
        return Err((StatusCode::UNPROCESSABLE_ENTITY, why));
    }
    shared.books().celsius.insert(city.clone(), celsius);
    Ok(Json(Reading { city, celsius }))
}

/// Takes its time.
async fn forecast(
    State(shared): Service,
    Path(city): Path<String>,
) -> Result<Json<Reading>, Refusal> {
    tokio::time::sleep(Duration::from_millis(300)).await;
    let mut reading = shared.reading(city)?;
    reading.celsius += 1.0;
    Ok(Json(reading))
}

/// Sends a reading every 20 ms, for ever.
async fn watch(
    State(shared): Service,
    Path(city): Path<String>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    let first = shared.reading(city)?;
    let watcher = Watcher::arrives(shared);
    let events = stream::unfold((watcher, first), async |(watcher, mut reading)| {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let event = Event::default().json_data(&reading).ok()?;
        reading.celsius += 0.5;
        Some((Ok(event), (watcher, reading)))
    });
    Ok(Sse::new(events))
}

impl Shared {
    fn reading(&self, city: String) -> Result<Reading, Refusal> {
        match self.books().celsius.get(&city) {
            Some(&celsius) => Ok(Reading { city, celsius }),
            None => Err((StatusCode::NOT_FOUND, format!("nobody measures {city}"))),
        }
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.0.lock().expect("no handler panics")
    }
}

/// Counts a client until its connection is gone.
struct Watcher(Arc<Shared>);

impl Watcher {
    fn arrives(shared: Arc<Shared>) -> Watcher {
        shared.books().watchers += 1;
        Watcher(shared)
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.0.books().watchers -= 1;
    }
}
