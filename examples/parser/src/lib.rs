//! A client of the Redis protocol (RESP), written once, async, over any transport.
//!
//! * async users give it a socket of their runtime;
//! * blocking users call its inline twin, over a socket of std: no runtime, no thread;
//! * a user with bytes from elsewhere feeds it by hand, through a coroutine (`by_hand`).

use std::future::poll_fn;
use std::io;
use std::pin::Pin;

use futures_io::{AsyncRead, AsyncWrite};
use koil::koiled;

pub mod server;

/// A value of the protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Simple(String),
    Error(String),
    Integer(i64),
    Bulk(Vec<u8>),
    Null,
    Array(Vec<Value>),
}

/// A connection to a server.
#[koiled(inline)]
pub struct Client<T> {
    io: T,
    /// Bytes that have been read; those before `at` have been used.
    buffer: Vec<u8>,
    at: usize,
}

#[koiled(inline(T))]
impl<T: AsyncRead + AsyncWrite + Unpin> Client<T> {
    /// A client over a transport that is connected.
    pub fn new(io: T) -> Client<T> {
        Client {
            io,
            buffer: Vec::new(),
            at: 0,
        }
    }

    /// Sends a command, and returns the reply.
    ///
    /// # Errors
    ///
    /// The errors of the transport, and `InvalidData` if the reply is not RESP.
    pub async fn command(&mut self, words: &[&str]) -> io::Result<Value> {
        let mut request = format!("*{}\r\n", words.len());
        for word in words {
            request.push_str(&format!("${}\r\n{word}\r\n", word.len()));
        }
        self.write_all(request.as_bytes()).await?;
        self.value().await
    }

    /// The next value of the server.
    ///
    /// # Errors
    ///
    /// As [`command`](Client::command).
    pub async fn value(&mut self) -> io::Result<Value> {
        // The arrays around the value, each with the number of items that it lacks.
        let mut open: Vec<(usize, Vec<Value>)> = Vec::new();
        loop {
            let line = self.line().await?;
            let (kind, rest) = line.split_at_checked(1).ok_or_else(invalid)?;
            let mut value = match kind {
                "+" => Value::Simple(rest.to_owned()),
                "-" => Value::Error(rest.to_owned()),
                ":" => Value::Integer(rest.parse().map_err(|_| invalid())?),
                "$" | "*" if rest == "-1" => Value::Null,
                "$" => Value::Bulk(self.bulk(length(rest)?).await?),
                "*" => match length(rest)? {
                    0 => Value::Array(Vec::new()),
                    items => {
                        open.push((items, Vec::new()));
                        continue;
                    }
                },
                _ => return Err(invalid()),
            };
            loop {
                let Some((lacks, items)) = open.last_mut() else {
                    return Ok(value);
                };
                items.push(value);
                *lacks -= 1;
                if *lacks > 0 {
                    break;
                }
                let items = open.pop().map(|(_, items)| items);
                value = Value::Array(items.unwrap_or_default());
            }
        }
    }

    #[koil(skip)]
    async fn line(&mut self) -> io::Result<String> {
        let mut seen = 0;
        loop {
            let unread = &self.buffer[self.at..];
            if let Some(end) = unread[seen..].windows(2).position(|two| two == b"\r\n") {
                let line = unread[..seen + end].to_vec();
                self.at += line.len() + 2;
                return String::from_utf8(line).map_err(|_| invalid());
            }
            seen = unread.len().saturating_sub(1);
            self.fill().await?;
        }
    }

    #[koil(skip)]
    async fn bulk(&mut self, length: usize) -> io::Result<Vec<u8>> {
        while self.buffer.len() - self.at < length + 2 {
            self.fill().await?;
        }
        let (bytes, end) = self.buffer[self.at..][..length + 2].split_at(length);
        if end != b"\r\n" {
            return Err(invalid());
        }
        let bytes = bytes.to_vec();
        self.at += length + 2;
        Ok(bytes)
    }

    /// Reads more bytes, at least one.
    #[koil(skip)]
    async fn fill(&mut self) -> io::Result<()> {
        self.buffer.drain(..self.at);
        self.at = 0;
        let mut chunk = [0; 4096];
        let read = poll_fn(|cx| Pin::new(&mut self.io).poll_read(cx, &mut chunk)).await?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.buffer.extend_from_slice(&chunk[..read]);
        Ok(())
    }

    #[koil(skip)]
    async fn write_all(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let written = poll_fn(|cx| Pin::new(&mut self.io).poll_write(cx, bytes)).await?;
            if written == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            bytes = &bytes[written..];
        }
        poll_fn(|cx| Pin::new(&mut self.io).poll_flush(cx)).await
    }
}

fn length(text: &str) -> io::Result<usize> {
    text.parse().map_err(|_| invalid())
}

fn invalid() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the reply is not RESP")
}

/// The commands that each of the three users sends.
pub const COMMANDS: [&[&str]; 5] = [
    &["PING"],
    &["SET", "greeting", "hello, world"],
    &["GET", "greeting"],
    &["GET", "nothing"],
    &["LIST"],
];
