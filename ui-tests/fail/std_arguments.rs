use koil::koiled;
use tokio::io::{AsyncRead, AsyncReadExt};

mod other {
    pub trait AsyncRead {}
}

#[koiled]
async fn put(#[koil(std)] body: &mut (impl AsyncRead + Unpin)) -> std::io::Result<u8> {
    body.read_u8().await
}

/// A trait of that name that is not the one of tokio or of futures.
#[koiled]
async fn of_another_crate(#[koil(std)] body: impl other::AsyncRead) {
    let _ = body;
}

#[koiled]
async fn spawned(#[koil(std)] body: impl AsyncRead + Send + 'static) {
    tokio::spawn(async { drop(body) });
}

#[koiled]
#[koil(lend)]
async fn lent(#[koil(std)] body: impl AsyncRead) {
    let _ = body;
}

fn main() {
    let _ = put_blocking(&mut std::io::empty());
    // An async reader is none of std.
    let _ = put_blocking(&mut tokio::io::empty());
}
