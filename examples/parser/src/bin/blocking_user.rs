//! A blocking user: the inline twin over a socket of std.

use std::io;
use std::net::TcpStream;

use koil::inline::StdIo;
use koil_parser::{BlockingClient, COMMANDS, server};

fn main() -> io::Result<()> {
    let socket = TcpStream::connect(server::start()?)?;
    let mut client = BlockingClient::new(StdIo::new(socket));
    for words in COMMANDS {
        println!("{:?}", client.command(words)?);
    }
    Ok(())
}
