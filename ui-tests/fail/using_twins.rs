use std::rc::Rc;

use futures::{Stream, stream};
use koil::koiled;

#[koiled]
#[derive(Debug)]
struct Client {
    n: u32,
}

#[koiled]
impl Client {
    async fn get(&self, text: &str) -> usize {
        text.len()
    }

    async fn set(&mut self, n: u32) {
        self.n = n;
    }

    async fn absorb(&mut self, other: Self) {
        self.n += other.n;
    }

    async fn close(self) {}

    fn items(&self) -> impl Stream<Item = u32> + '_ {
        stream::iter([self.n])
    }

    #[koil(skip)]
    async fn skipped(&self) -> u32 {
        1
    }

    async unsafe fn unchecked(&self) {}
}

#[koiled]
async fn take(shared: Rc<u32>) -> Rc<u32> {
    shared
}

async fn awaits(client: BlockingClient) -> usize {
    client.get("a").await
}

fn misuses(client: BlockingClient, original: Client) {
    client.get(1);
    client.get();
    client.set(1);
    let number: u32 = client.skipped();
    let mut client = client;
    client.absorb(original);
    drop(number);
    std::thread::spawn(|| take_blocking(Rc::new(1)));
    let _: Vec<u32> = client.items().await;
    client.missing();
    BlockingClient { n: 1 };
}

fn main() {}
