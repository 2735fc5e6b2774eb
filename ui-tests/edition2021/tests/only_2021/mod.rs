//! The differences between the editions: captures of opaque types, and words that became keywords.

use futures::stream::{self, Stream};
use koil::koiled;

/// Captures no lifetime here, and would in 2024.
#[koiled]
fn captures_nothing(count: &u32) -> impl Stream<Item = u32> {
    stream::iter(0..*count)
}

/// The type that an async fn returns captures a lifetime if it names one.
#[koiled]
async fn captures(text: &str) -> impl Stream<Item = char> + '_ {
    stream::iter(text.chars())
}

#[koiled]
struct Client {
    count: u32,
}

#[koiled]
impl Client {
    fn captures_nothing(&self) -> impl Stream<Item = u32> {
        stream::iter(0..self.count)
    }

    fn selves(&self) -> impl Stream<Item = Self> {
        stream::iter((0..self.count).map(|count| Client { count }))
    }

    fn in_a_result(&self) -> Result<impl Stream<Item = Self>, ()> {
        Ok(self.selves())
    }

    fn iterator(&self) -> impl Iterator<Item = Self> {
        (0..self.count).map(|count| Client { count })
    }

    fn future(&self) -> impl std::future::Future<Output = impl Iterator<Item = u32>> {
        let count = self.count;
        async move { 0..count }
    }

    async fn gen(&self, gen: u32) -> u32 {
        gen
    }
}

#[koiled]
async fn gen(gen: u32) -> u32 {
    gen
}

fn outlives<T>(make: impl FnOnce(&BlockingClient) -> T) -> T {
    make(&Client { count: 3 }.into_blocking())
}

#[test]
fn captures_are_those_of_the_users_edition() {
    let numbers = {
        let count = 3;
        captures_nothing_blocking(&count)
    };
    assert_eq!(numbers.count(), 3);
    assert_eq!(captures_blocking("ab").count(), 2);

    let client = Client { count: 3 }.into_blocking();
    let (a, b, c, d, e) = (
        client.captures_nothing(),
        client.selves(),
        client.in_a_result().unwrap(),
        client.iterator(),
        client.future(),
    );
    drop(client);
    assert_eq!(
        [a.count(), b.count(), c.count(), d.count(), e.count()],
        [3; 5]
    );
}

#[test]
fn gen_is_a_name() {
    assert_eq!(gen_blocking(1) + outlives(|client| client.gen(2)), 3);
}
