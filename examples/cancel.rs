//! A long download with a deadline, which Ctrl-C cancels too: `koil::deadline_unwinding`,
//! `koil::cancel_on_ctrl_c`.
//!
//! `cargo run --features signal --example cancel`; it ends by itself after two seconds. The
//! download is a plain blocking call: it has no `Result` for the bridge's errors and does not know of
//! deadlines. Press Ctrl-C to end it earlier, and once more while it cleans up to end the program.

use std::error::Error;
use std::io;
use std::time::Duration;

use koil::koiled;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Gets a file, slowly.
#[koiled]
struct Download {
    from: TcpStream,
    bytes: usize,
}

#[koiled]
impl Download {
    async fn open(address: &str) -> io::Result<Self> {
        let from = TcpStream::connect(address).await?;
        Ok(Download { from, bytes: 0 })
    }

    /// Reads to the end.
    async fn read(&mut self) -> io::Result<usize> {
        let mut chunk = [0; 1024];
        loop {
            match self.from.read(&mut chunk).await? {
                0 => return Ok(self.bytes),
                count => self.bytes += count,
            }
        }
    }
}

/// Reports the bytes so far when it is dropped; an unwinding runs this drop too.
struct Partial(BlockingDownload);

impl Drop for Partial {
    fn drop(&mut self) {
        println!("closing after {} bytes", self.0.bytes);
        // A blocking call in a clean-up is not cancelled.
        let goodbye = koil::try_unkoil(self.0.aio_mut().from.shutdown());
        println!("closed: {}", goodbye.is_ok_and(|closed| closed.is_ok()));
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let interrupted = koil::cancel_on_ctrl_c()?;
    let address = koil::unkoil(serve())?;

    let downloaded = koil::deadline_unwinding(Duration::from_secs(2), || {
        let mut download = Partial(BlockingDownload::open(&address)?);
        println!("downloading; Ctrl-C cancels");
        download.0.read()
    });
    match downloaded {
        Ok(read) => println!("all of it: {} bytes", read?),
        Err(error) if error.is_timeout() => println!("too slow: {error}"),
        Err(error) => println!("not wanted any more: {error}"),
    }
    println!("interrupted: {}", interrupted.is_cancelled());
    Ok(())
}

/// A server that never comes to its end.
async fn serve() -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    let _detached = koil::unkoil_task(async move {
        let (mut client, _) = listener.accept().await?;
        loop {
            client.write_all(&[0; 1024]).await?;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        #[allow(unreachable_code)] // It names the type of the errors above.
        io::Result::Ok(())
    });
    Ok(address)
}
