//! An SDK that is async, and whose blocking side runs inline: over transports of std, without a runtime.

#![forbid(unsafe_code)]
#![deny(warnings, missing_docs)]

use std::io;

use futures::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use futures::stream::{self, Stream};
use koil::inline::WouldBlock;
use koil::koiled;

/// The errors of this SDK.
#[derive(Debug)]
pub enum Error {
    /// The transport failed.
    Io(io::Error),
    /// The peer said something else.
    Protocol(String),
    /// The transport of a blocking client would have to wait.
    Transport(WouldBlock),
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        Error::Io(error)
    }
}

impl From<WouldBlock> for Error {
    fn from(error: WouldBlock) -> Error {
        Error::Transport(error)
    }
}

/// A connection.
#[koiled(inline)]
#[derive(Debug, Clone, PartialEq)]
pub struct Conn<T> {
    io: T,
    calls: usize,
}

#[koiled(inline(T), fallible)]
impl<T: AsyncRead + AsyncWrite + Unpin> Conn<T> {
    /// Connects.
    pub async fn connect(io: T) -> Result<Self, Error> {
        let mut conn = Conn { io, calls: 0 };
        conn.call("HELLO").await?;
        Ok(conn)
    }

    /// The answer to a line.
    pub async fn call(&mut self, line: &str) -> Result<String, Error> {
        self.calls += 1;
        self.io.write_all(line.as_bytes()).await?;
        self.io.write_all(b"\n").await?;
        self.io.flush().await?;
        self.line().await
    }

    /// The next line.
    pub async fn line(&mut self) -> Result<String, Error> {
        let (mut line, mut byte) = (Vec::new(), [0]);
        loop {
            self.io.read_exact(&mut byte).await?;
            match byte[0] {
                b'\n' => break,
                other => line.push(other),
            }
        }
        String::from_utf8(line).map_err(|error| Error::Protocol(error.to_string()))
    }

    /// All lines until the peer hangs up.
    pub fn lines(&mut self) -> impl Stream<Item = String> {
        Box::pin(stream::unfold(self, |conn| async move {
            let line = conn.line().await.ok()?;
            Some((line, conn))
        }))
    }

    /// How many calls were made.
    pub fn calls(&self) -> usize {
        self.calls
    }
}

/// Things that answer.
#[koiled(inline)]
#[allow(async_fn_in_trait)]
pub trait Answer {
    /// The answer.
    async fn answer(&mut self) -> String;
}

impl<T: AsyncRead + AsyncWrite + Unpin> Answer for Conn<T> {
    async fn answer(&mut self) -> String {
        self.call("ANSWER").await.unwrap_or_default()
    }
}

/// The answer of a peer to one line.
#[koiled(inline(T))]
pub async fn ask<T: AsyncRead + AsyncWrite + Unpin>(io: T, line: &str) -> Result<String, Error> {
    Conn::connect(io).await?.call(line).await
}

/// The blocking side, under the names of the async one and over the transports of std.
pub mod blocking {
    pub use super::{BlockingAnswer as Answer, ask_blocking as ask};
    pub use koil::inline::StdIo;

    /// A connection over a std transport.
    pub type Conn<T> = super::BlockingConn<StdIo<T>>;
}

/// A peer for the tests: it answers each line of one client with the same line in lower case, and has a
/// last word.
#[must_use]
pub fn peer() -> std::net::SocketAddr {
    use std::io::{BufRead, BufReader, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a client");
        for line in BufReader::new(&stream).lines() {
            let line = line.expect("a line");
            writeln!(&stream, "{}", line.to_lowercase()).expect("the client reads");
            if line == "BYE" {
                writeln!(&stream, "see\nyou").expect("the client reads");
                return;
            }
        }
    });
    address
}
