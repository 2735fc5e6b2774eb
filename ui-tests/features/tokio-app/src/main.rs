//! Uses the inline SDK from async code over tokio's sockets.

#![deny(warnings)]

use futures::StreamExt;
use inline_sdk::{Answer, Conn, ask, peer};
use tokio::net::TcpStream;
use tokio_util::compat::{Compat, TokioAsyncReadCompatExt};

async fn connect() -> Compat<TcpStream> {
    TcpStream::connect(peer()).await.expect("a peer").compat()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut conn = Conn::connect(connect().await).await.expect("a connection");
    assert_eq!(conn.call("GET").await.expect("an answer"), "get");
    assert_eq!(conn.answer().await, "answer");
    assert_eq!(conn.call("BYE").await.expect("an answer"), "bye");
    assert_eq!(conn.lines().collect::<Vec<_>>().await, ["see", "you"]);
    assert_eq!(conn.calls(), 4);
    assert_eq!(
        ask(connect().await, "PING").await.expect("an answer"),
        "ping"
    );
    println!("async over tokio: as it was");
}
