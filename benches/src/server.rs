//! The echo server on a thread of its own, and the message all echo groups send through it.

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::thread;

use koil::koiled;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime;

/// The message of one echo.
pub type Message = [u8; 64];

/// A message that no other call sends, so that a reply cannot be mistaken for another.
pub fn message(call: u64) -> Message {
    let mut message = [b'.'; 64];
    message[..8].copy_from_slice(&call.to_le_bytes());
    message
}

/// One echo over a tokio socket; its twin borrows the socket, as users of a twin would.
#[koiled]
pub async fn exchange(socket: &mut TcpStream, sent: Message) {
    let mut got = [0; 64];
    let written = socket.write_all(&sent).await;
    written.expect("the echo server listens");
    let read = socket.read_exact(&mut got).await;
    read.expect("the echo server answers");
    assert_eq!(got, sent, "the reply belongs to the request");
}

/// Ten echoes, one after the other.
#[koiled]
pub async fn ten_exchanges(socket: &mut TcpStream, sent: Message) {
    for _ in 0..10 {
        exchange(socket, sent).await;
    }
}

/// One echo: the future that every bridge gets.
///
/// It owns the socket and hands it back, since some bridges take no borrowed futures.
pub async fn echo(mut socket: TcpStream, sent: Message) -> TcpStream {
    exchange(&mut socket, sent).await;
    socket
}

/// Ten echoes, in the same way.
pub async fn ten_echoes(mut socket: TcpStream, sent: Message) -> TcpStream {
    ten_exchanges(&mut socket, sent).await;
    socket
}

/// One echo over a plain socket: the floor.
pub fn blocking_echo(socket: &mut std::net::TcpStream, sent: Message) {
    let mut got = [0; 64];
    socket.write_all(&sent).expect("the echo server listens");
    let read = socket.read_exact(&mut got);
    read.expect("the echo server answers");
    assert_eq!(got, sent, "the reply belongs to the request");
}

/// A connection of a tokio socket; it belongs to the loop under which this is polled.
pub async fn connect(server: SocketAddr) -> TcpStream {
    let socket = TcpStream::connect(server).await;
    let socket = socket.expect("the echo server accepts");
    socket
        .set_nodelay(true)
        .expect("a TCP socket has the option");
    socket
}

/// A connection of a plain socket.
pub fn blocking_connect(server: SocketAddr) -> std::net::TcpStream {
    let socket = std::net::TcpStream::connect(server).expect("the echo server accepts");
    socket
        .set_nodelay(true)
        .expect("a TCP socket has the option");
    socket
}

/// Sends back all bytes that it gets, on a loopback port, until the process ends.
pub struct EchoServer {
    address: SocketAddr,
}

impl EchoServer {
    /// One thread with one current-thread runtime, for all connections.
    pub fn start() -> io::Result<EchoServer> {
        let runtime = runtime::Builder::new_current_thread().enable_io().build()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        thread::Builder::new()
            .name("echo-server".to_owned())
            .spawn(move || runtime.block_on(accept(&listener)))?;
        Ok(EchoServer { address })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

/// The same server as a task on the loop under which this is polled.
pub async fn serve_here() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { accept(&listener).await });
    Ok(address)
}

async fn accept(listener: &TcpListener) {
    loop {
        match listener.accept().await {
            Ok((socket, _)) => drop(tokio::spawn(serve(socket))),
            Err(error) => eprintln!("the echo server cannot accept: {error}"),
        }
    }
}

/// Ends with its connection.
async fn serve(mut socket: TcpStream) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let mut buffer = [0; 1024];
    loop {
        match socket.read(&mut buffer).await? {
            0 => return Ok(()),
            length => socket.write_all(&buffer[..length]).await?,
        }
    }
}
