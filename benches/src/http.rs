//! The HTTP server on a thread of its own: small answers, and large ones.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::thread;

use bytes::Bytes;
use futures::stream;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::CONTENT_LENGTH;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime;

/// A megabyte, as disks and networks count.
pub const MEGABYTE: usize = 1_000_000;

/// The answer of `/number/N`: the number again, in 64 bytes.
pub fn page(number: u64) -> String {
    format!("{number:064}")
}

/// The byte at this place of every download.
#[allow(clippy::cast_possible_truncation)] // Below 251.
pub fn byte_at(place: usize) -> u8 {
    (place % MEGABYTE % 251) as u8
}

/// Serves `/number/N` and `/megabytes/N` until the process ends. Returns its address.
pub fn start() -> io::Result<SocketAddr> {
    let runtime = runtime::Builder::new_current_thread().enable_io().build()?;
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    let block: Bytes = (0..MEGABYTE).map(byte_at).collect();
    thread::Builder::new()
        .name("http-server".to_owned())
        .spawn(move || runtime.block_on(accept(&listener, &block)))?;
    Ok(address)
}

async fn accept(listener: &TcpListener, block: &Bytes) {
    loop {
        match listener.accept().await {
            Ok((socket, _)) => drop(tokio::spawn(serve(socket, block.clone()))),
            Err(error) => eprintln!("the HTTP server cannot accept: {error}"),
        }
    }
}

/// Ends with its connection; one that its client has left is no error.
async fn serve(socket: TcpStream, block: Bytes) {
    let answer = service_fn(|request: Request<Incoming>| {
        let answer = answer(request.uri().path(), &block);
        async move { Ok::<_, Infallible>(answer) }
    });
    if socket.set_nodelay(true).is_ok() {
        let connection = http1::Builder::new().serve_connection(TokioIo::new(socket), answer);
        let _ = connection.await;
    }
}

fn answer(path: &str, block: &Bytes) -> Response<BoxBody<Bytes, Infallible>> {
    let number = |prefix| path.strip_prefix(prefix)?.parse::<usize>().ok();
    if let Some(number) = number("/number/") {
        return Response::new(Full::from(page(number as u64)).boxed());
    }
    if let Some(megabytes) = number("/megabytes/") {
        let block = block.clone();
        let blocks = (0..megabytes).map(move |_| Ok(Frame::data(block.clone())));
        let mut response = Response::new(StreamBody::new(stream::iter(blocks)).boxed());
        let length = (megabytes * MEGABYTE).into();
        response.headers_mut().insert(CONTENT_LENGTH, length);
        return response;
    }
    let mut response = Response::new(Full::default().boxed());
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}
