//! The same client with a runtime of its own and no thread; for the group `size`.

#[path = "shared/client.rs"]
mod client;

use std::io;

use client::Client;
use tokio::runtime::{Builder, Runtime};

struct BlockingClient {
    runtime: Runtime,
    client: Client,
}

impl BlockingClient {
    fn open(address: &str) -> io::Result<BlockingClient> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let client = runtime.block_on(Client::open(address))?;
        Ok(BlockingClient { runtime, client })
    }

    fn greet(&mut self, name: &str) -> io::Result<String> {
        self.runtime.block_on(self.client.greet(name))
    }

    fn length(&mut self, name: &str) -> io::Result<usize> {
        self.runtime.block_on(self.client.length(name))
    }

    fn close(self) -> io::Result<()> {
        self.runtime.block_on(self.client.close())
    }
}

fn main() -> io::Result<()> {
    let (address, name) = client::arguments()?;
    let mut client = BlockingClient::open(&address)?;
    println!("{}", client.greet(&name)?);
    println!("{}", client.length(&name)?);
    client.close()
}
