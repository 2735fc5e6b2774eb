//! An async user: the original over a socket of tokio.

use std::io;

use koil_parser::{COMMANDS, Client, server};
use tokio::net::TcpStream;
use tokio_util::compat::TokioAsyncReadCompatExt;

fn main() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?;
    runtime.block_on(async {
        let socket = TcpStream::connect(server::start()?).await?;
        let mut client = Client::new(socket.compat());
        for words in COMMANDS {
            println!("{:?}", client.command(words).await?);
        }
        Ok(())
    })
}
