//! The SDK: async Rust, without a word of Python.

use std::io;
use std::time::Duration;

use futures_util::Stream;
use futures_util::stream;
use koil::{AsyncContext, Exit, koilable, koiled};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::Mutex;

/// A failure of the client.
#[derive(Debug)]
pub enum Error {
    /// The connection failed.
    Io(io::Error),
    /// The server did not answer in time.
    Late,
    /// The server refused a request.
    Refused(String),
    /// The call was cut short before its answer was there.
    Bridge(koil::Error),
}

impl From<koil::Error> for Error {
    fn from(error: koil::Error) -> Error {
        Error::Bridge(error)
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        Error::Io(error)
    }
}

/// A client of a server that answers lines.
#[koiled]
#[derive(Clone)]
pub struct Echo {
    addr: String,
}

#[koiled(fallible)]
impl Echo {
    pub fn new(addr: &str) -> Echo {
        Echo {
            addr: addr.to_owned(),
        }
    }

    pub fn addr(&self) -> &str {
        &self.addr
    }

    /// Asks one question on a connection of its own.
    pub async fn ask(&self, question: &str) -> Result<String, Error> {
        let mut line = Line::connect(&self.addr).await?;
        line.ask(question).await
    }

    /// As `ask`, at most for `limit`.
    pub async fn ask_within(&self, question: &str, limit: Duration) -> Result<String, Error> {
        match tokio::time::timeout(limit, self.ask(question)).await {
            Ok(answer) => answer,
            Err(_) => Err(Error::Late),
        }
    }

    /// `count` answers, one every `pause`.
    pub fn ticks(
        &self,
        count: u64,
        pause: Duration,
    ) -> impl Stream<Item = Result<String, Error>> + Send + use<> {
        let addr = self.addr.clone();
        stream::unfold((None, 0, addr), move |(line, n, addr)| async move {
            if n == count {
                return None;
            }
            let answer = async {
                let mut line = match line {
                    Some(line) => line,
                    None => Line::connect(&addr).await?,
                };
                tokio::time::sleep(pause).await;
                let answer = line.ask(&format!("tick {n}")).await?;
                Ok((answer, line))
            };
            match answer.await {
                Ok((answer, line)) => Some((Ok(answer), (Some(line), n + 1, addr))),
                Err(error) => Some((Err(error), (None, count, addr))),
            }
        })
    }
}

/// One connection.
struct Line {
    stream: BufReader<TcpStream>,
}

impl Line {
    async fn connect(addr: &str) -> io::Result<Line> {
        let stream = BufReader::new(TcpStream::connect(addr).await?);
        Ok(Line { stream })
    }

    async fn ask(&mut self, question: &str) -> Result<String, Error> {
        self.stream
            .write_all(format!("{question}\n").as_bytes())
            .await?;
        let mut answer = String::new();
        if self.stream.read_line(&mut answer).await? == 0 {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        match answer.trim_end().strip_prefix("refused ") {
            Some(reason) => Err(Error::Refused(reason.to_owned())),
            None => Ok(answer.trim_end().to_owned()),
        }
    }
}

/// A session: it says HELLO when it is entered, BYE when it is closed, and ABORT otherwise.
#[koiled]
pub struct Session {
    addr: String,
    line: Option<Mutex<Line>>,
}

impl Session {
    pub fn new(addr: &str) -> Session {
        Session {
            addr: addr.to_owned(),
            line: None,
        }
    }

    /// Asks a question on the connection of the session.
    pub async fn ask(&self, question: &str) -> Result<String, Error> {
        let line = self
            .line
            .as_ref()
            .expect("an open session has a connection");
        line.lock().await.ask(question).await
    }
}

#[koilable]
impl AsyncContext for Session {
    type Error = Error;

    async fn aenter(&mut self) -> Result<(), Error> {
        let mut line = Line::connect(&self.addr).await?;
        line.ask("HELLO").await?;
        self.line = Some(Mutex::new(line));
        Ok(())
    }

    async fn aexit(&mut self, exit: Exit) -> Result<(), Error> {
        let line = self.line.take().expect("an open session has a connection");
        let word = if exit == Exit::Closed { "BYE" } else { "ABORT" };
        line.into_inner().ask(word).await?;
        Ok(())
    }
}
