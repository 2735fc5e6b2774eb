//! A user without any socket: the original in a coroutine, fed by hand in odd chunks.
//!
//! The client asks for bytes where it would read, and yields the bytes that it writes. So the same
//! source runs where bytes come from a serial line, a test or an event loop of another kind.

use std::collections::BTreeMap;
use std::error::Error;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_io::{AsyncRead, AsyncWrite};
use koil::coroutine::{Co, Resumed, Yield, coroutine};
use koil::inline;
use koil_parser::{COMMANDS, Client, Value, server};

/// A request of the client to its user.
enum Needs {
    Bytes,
    Sent(Vec<u8>),
    Shown(Value),
}

/// A transport whose other end is the user of the coroutine.
struct ByHand<'a> {
    co: &'a Co<Needs, Vec<u8>>,
    asks: Option<Yield<'a, Needs, Vec<u8>>>,
    /// Bytes that were fed and not been read yet.
    rest: Vec<u8>,
}

impl ByHand<'_> {
    /// Yields once, and waits for the answer.
    fn ask(&mut self, cx: &mut Context<'_>, needs: impl FnOnce() -> Needs) -> Poll<Vec<u8>> {
        let asks = self.asks.get_or_insert_with(|| self.co.yield_(needs()));
        let answer = Pin::new(asks).poll(cx);
        if answer.is_ready() {
            self.asks = None;
        }
        answer
    }
}

impl AsyncRead for ByHand<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        if self.rest.is_empty() {
            match self.ask(cx, || Needs::Bytes) {
                Poll::Ready(bytes) => self.rest = bytes,
                Poll::Pending => return Poll::Pending,
            }
        }
        let amount = self.rest.len().min(buf.len());
        buf[..amount].copy_from_slice(&self.rest[..amount]);
        self.rest.drain(..amount);
        Poll::Ready(Ok(amount))
    }
}

impl AsyncWrite for ByHand<'_> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let sent = self.ask(cx, || Needs::Sent(buf.to_vec()));
        sent.map(|_| Ok(buf.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut client = coroutine(|co: Co<Needs, Vec<u8>>, _: Vec<u8>| async move {
        let mut client = Client::new(ByHand {
            co: &co,
            asks: None,
            rest: Vec::new(),
        });
        for words in COMMANDS {
            let value = client.command(words).await?;
            co.yield_(Needs::Shown(value)).await;
        }
        io::Result::Ok(())
    });

    let (mut values, mut replies) = (BTreeMap::new(), Vec::new());
    let mut answer = Vec::new();
    loop {
        match inline::run(client.resume(std::mem::take(&mut answer)))? {
            // Three bytes at a time: a line may end anywhere.
            Resumed::Yielded(Needs::Bytes) => {
                let length = replies.len().min(3);
                answer = replies.drain(..length).collect();
            }
            Resumed::Yielded(Needs::Sent(request)) => {
                replies.extend(server::reply(&words_of(&request), &mut values));
            }
            Resumed::Yielded(Needs::Shown(value)) => println!("{value:?}"),
            Resumed::Complete(ended) => return Ok(ended?),
        }
    }
}

/// The words of a command; every second line has the length of the next one.
fn words_of(request: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(request);
    let words = text.lines().skip(2).step_by(2);
    words.map(ToOwned::to_owned).collect()
}
