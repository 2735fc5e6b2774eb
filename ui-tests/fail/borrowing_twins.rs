use futures::{Stream, stream};
use koil::koiled;

#[koiled]
struct Client {
    n: u32,
}

#[koiled]
impl Client {
    async fn get(&self) -> &u32 {
        &self.n
    }

    async fn set(&mut self, n: u32) {
        self.n = n;
    }

    async fn close(self) {}

    fn items(&self) -> impl Stream<Item = u32> + '_ {
        stream::iter([self.n])
    }

    async unsafe fn unchecked(&self) {}

    async fn longest<'a>(&self, a: &'a str, _b: &str) -> &'a str {
        a
    }
}

#[koiled]
async fn first(text: &str) -> &str {
    text
}

fn uses_after_a_move(client: BlockingClient) {
    client.close();
    client.get();
}

fn moves_while_borrowed(client: BlockingClient) {
    let items = client.items();
    client.close();
    drop(items);
}

fn changes_while_borrowed(mut client: BlockingClient) {
    let n = client.get();
    client.set(1);
    drop(*n);
}

fn changes_what_is_not_mut(client: BlockingClient) {
    client.set(1);
}

fn keeps_what_is_gone(client: &BlockingClient) -> &'static str {
    let text = String::from("text");
    let kept = first_blocking(&text);
    let longest = client.longest(kept, "b");
    longest
}

fn promises_nothing(client: &BlockingClient) {
    client.unchecked();
}

fn main() {}
