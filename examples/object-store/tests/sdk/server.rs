//! The internet: an object store on loopback, on a thread and a runtime of its own.

use std::io;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, HeaderName};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, put};
use axum::{Json, Router};
use koil_object_store::{Address, Backend, Error, Memory, Page};
use serde::Deserialize;
use tokio::net::TcpListener;

/// The service, as seen by its operator.
pub struct Server {
    pub url: String,
    /// The state of the service.
    pub memory: Memory,
    log: Log,
}

type Log = Arc<Mutex<Vec<String>>>;
type Refusal = (StatusCode, String);

impl Server {
    /// Starts a service on a free port, with two objects on each page; it ends with the process.
    pub fn start() -> io::Result<Server> {
        let memory = Memory::with_pages_of(2);
        let log = Log::default();
        let object = get(read).head(head).put(write).delete(delete).post(upload);
        let router = Router::new()
            .route("/", get(buckets))
            .route("/{bucket}", put(create_bucket).get(page))
            .route("/{bucket}/{*key}", object)
            .layer(middleware::from_fn_with_state(log.clone(), note))
            .with_state(memory.clone());
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
            .map_err(|_| io::Error::other("the object store did not start"))?;
        Ok(Server {
            url: format!("http://{address}"),
            memory,
            log,
        })
    }

    /// The requests since the last call of this function.
    pub fn log(&self) -> Vec<String> {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut log)
    }
}

/// Notes each request, and takes a moment for it, so that the client has to wait.
async fn note(State(log): State<Log>, request: Request, next: Next) -> Response {
    let line = format!("{} {}", request.method(), request.uri());
    log.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(line);
    tokio::time::sleep(Duration::from_millis(1)).await;
    next.run(request).await
}

type Service = State<Memory>;

#[derive(Deserialize)]
struct Listing {
    prefix: String,
    after: Option<String>,
}

#[derive(Deserialize)]
struct Piece {
    from: u64,
}

#[derive(Deserialize)]
struct Upload {
    upload: Option<String>,
    part: Option<u32>,
}

async fn buckets(State(memory): Service) -> Result<Json<Vec<String>>, Refusal> {
    memory.buckets().await.map(Json).map_err(refusal)
}

async fn create_bucket(State(memory): Service, Path(name): Path<String>) -> Result<(), Refusal> {
    memory.create_bucket(&name).await.map_err(refusal)
}

async fn page(
    State(memory): Service,
    Path(bucket): Path<String>,
    Query(Listing { prefix, after }): Query<Listing>,
) -> Result<Json<Page>, Refusal> {
    let page = memory.page(&bucket, &prefix, after.as_deref()).await;
    page.map(Json).map_err(refusal)
}

async fn head(
    State(memory): Service,
    Path(at): Path<(String, String)>,
) -> Result<[(HeaderName, u64); 1], Refusal> {
    let entry = memory.head(&address(at)).await.map_err(refusal)?;
    Ok([(CONTENT_LENGTH, entry.size)])
}

async fn read(
    State(memory): Service,
    Path(at): Path<(String, String)>,
    Query(Piece { from }): Query<Piece>,
) -> Result<Bytes, Refusal> {
    memory.read(&address(at), from).await.map_err(refusal)
}

async fn write(
    State(memory): Service,
    Path(at): Path<(String, String)>,
    Query(Upload { upload, part }): Query<Upload>,
    body: Bytes,
) -> Result<(), Refusal> {
    let at = address(at);
    let written = match (upload, part) {
        (Some(upload), Some(part)) => memory.part(&at, &upload, part, body).await,
        _ => memory.write(&at, body).await,
    };
    written.map_err(refusal)
}

async fn delete(
    State(memory): Service,
    Path(at): Path<(String, String)>,
    Query(Upload { upload, .. }): Query<Upload>,
) -> Result<(), Refusal> {
    let at = address(at);
    let deleted = match upload {
        Some(upload) => memory.abort(&at, &upload).await,
        None => memory.delete(&at).await,
    };
    deleted.map_err(refusal)
}

async fn upload(
    State(memory): Service,
    Path(at): Path<(String, String)>,
    Query(Upload { upload, .. }): Query<Upload>,
) -> Result<String, Refusal> {
    let at = address(at);
    let id = match upload {
        Some(upload) => memory.complete(&at, &upload).await.map(|()| upload),
        None => memory.begin(&at).await,
    };
    id.map_err(refusal)
}

fn address((bucket, key): (String, String)) -> Address {
    Address { bucket, key }
}

/// The response from which the client makes the same error.
fn refusal(error: Error) -> Refusal {
    match error {
        Error::NotFound(what) => (StatusCode::NOT_FOUND, what),
        Error::Conflict(what) => (StatusCode::CONFLICT, what),
        error => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    }
}
