//! Uses the inline SDK over std's sockets, without any runtime.

#![deny(warnings)]

use std::net::TcpStream;

use inline_sdk::blocking::{Answer, Conn, StdIo, ask};
use inline_sdk::peer;

fn main() {
    let connect = || StdIo::new(TcpStream::connect(peer()).expect("a peer"));
    let mut conn = Conn::connect(connect()).expect("a connection");
    assert_eq!(conn.call("GET").expect("an answer"), "get");
    assert_eq!(conn.answer(), "answer");
    assert_eq!(conn.call("BYE").expect("an answer"), "bye");
    assert_eq!(conn.lines().collect::<Vec<_>>(), ["see", "you"]);
    assert_eq!(conn.calls(), 4);
    assert_eq!(conn.aio().calls(), 4);
    assert_eq!(ask(connect(), "PING").expect("an answer"), "ping");
    println!("inline over std: the same answers");
}
