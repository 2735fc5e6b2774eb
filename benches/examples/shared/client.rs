//! The async client that all examples share, and the twin that one of them uses.

#![allow(dead_code)] // Each example uses one side of it.

use std::io;
use std::time::Duration;

use koil::koiled;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufStream};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Speaks lines with a server.
#[koiled]
pub struct Client {
    lines: BufStream<TcpStream>,
}

#[koiled]
impl Client {
    /// Connects within ten seconds.
    pub async fn open(address: &str) -> io::Result<Client> {
        let socket = timeout(Duration::from_secs(10), TcpStream::connect(address)).await??;
        let lines = BufStream::new(socket);
        Ok(Client { lines })
    }

    /// The answer of the server to a name.
    pub async fn greet(&mut self, name: &str) -> io::Result<String> {
        self.lines.write_all(name.as_bytes()).await?;
        self.lines.write_all(b"\n").await?;
        self.lines.flush().await?;
        let mut line = String::new();
        self.lines.read_line(&mut line).await?;
        Ok(line)
    }

    /// The length of that answer.
    pub async fn length(&mut self, name: &str) -> io::Result<usize> {
        Ok(self.greet(name).await?.len())
    }

    /// Says goodbye.
    pub async fn close(mut self) -> io::Result<()> {
        self.lines.shutdown().await
    }
}

/// An address and a name.
pub fn arguments() -> io::Result<(String, String)> {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next(), arguments.next()) {
        (Some(address), Some(name)) => Ok((address, name)),
        _ => Err(io::Error::other("usage: client ADDRESS NAME")),
    }
}
