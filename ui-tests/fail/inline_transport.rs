//! A transport that may wait, where the twin never does.

use koil::koiled;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::net::TcpStream;

#[koiled(inline)]
struct Conn<T> {
    io: T,
}

#[koiled(inline(T))]
impl<T: AsyncRead + Unpin> Conn<T> {
    fn new(io: T) -> Self {
        Conn { io }
    }

    async fn get(&mut self) -> std::io::Result<u8> {
        self.io.read_u8().await
    }
}

#[koiled(inline(R))]
async fn byte<R: AsyncRead + Unpin>(mut input: R) -> std::io::Result<u8> {
    input.read_u8().await
}

// The original takes it.
async fn awaits(stream: TcpStream) -> std::io::Result<u8> {
    Conn::new(stream).get().await
}

fn blocks(stream: TcpStream) -> std::io::Result<u8> {
    BlockingConn::new(stream).get()
}

fn reads(stream: TcpStream) -> std::io::Result<u8> {
    byte_blocking(stream)
}

// The error type cannot hold the failure.
#[koiled(inline, fallible)]
async fn narrow() -> Result<u8, std::num::ParseIntError> {
    "1".parse()
}

fn main() {}
