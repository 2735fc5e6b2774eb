use std::pin::Pin;
use std::task::{Context, Poll};

use futures::io::{AsyncRead, Cursor};
use koil::koiled;

#[koiled]
async fn imported() -> std::io::Result<impl AsyncRead + Unpin> {
    Ok(Cursor::new("tea"))
}

#[koiled]
fn boxed() -> Pin<Box<dyn AsyncRead + Send>> {
    Box::pin(Cursor::new("tea"))
}

#[koiled]
#[koil(io)]
fn no_reader() -> Vec<String> {
    Vec::new()
}

#[koiled]
#[koil(io = "futures")]
fn of_tokio() -> tokio::io::DuplexStream {
    tokio::io::duplex(1).0
}

#[koiled(forward(Read, Debug))]
struct Body;

impl AsyncRead for Body {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: &mut [u8],
    ) -> Poll<std::io::Result<usize>> {
        Poll::Ready(Ok(0))
    }
}

#[koiled(forward(Read, Write), io = "futures")]
struct Pipe<'a>(&'a Body);

fn main() {}
