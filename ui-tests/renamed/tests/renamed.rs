//! koil under another name: `crate = ".."` reaches everything that expansions name.
#![deny(warnings)]
#![allow(
    clippy::manual_async_fn,
    clippy::unnecessary_wraps,
    clippy::unused_async
)]

use std::sync::Arc;

use futures::stream::{self, BoxStream, Stream, StreamExt};
use kettle::{koiled, threaded, threaded_iterable};

/// Re-exported by an SDK for its own macros.
mod reexported {
    pub(crate) mod deep {
        pub(crate) use kettle as boiler;
    }
}

#[koiled(crate = "kettle")]
#[derive(Clone, Debug, Default, PartialEq)]
struct Client {
    n: u32,
}

#[koiled(crate = "::kettle")]
impl Client {
    const ONE: Self = Client { n: 1 };

    fn new(n: u32) -> Self {
        Client { n }
    }

    async fn get(&self) -> u32 {
        self.n
    }

    async fn maybe(self: Arc<Self>) -> Result<Option<Self>, ()> {
        Ok(Some((*self).clone()))
    }

    fn all(&self) -> impl Stream<Item = Self> + use<> {
        stream::iter([self.clone()])
    }

    fn boxed(&self) -> BoxStream<'static, Result<Self, u8>> {
        stream::iter([Ok(self.clone())]).boxed()
    }

    fn later(&self) -> impl Future<Output = (u32, &Self)> {
        async move { (1, self) }
    }

    async fn numbers(&self) -> Option<impl Stream<Item = u32> + use<>> {
        Some(stream::iter([self.n]))
    }

    #[koil(iter)]
    fn named(&self) -> stream::Iter<std::array::IntoIter<u32, 1>> {
        stream::iter([self.n])
    }

    #[koil(wait)]
    fn waited(&self) -> std::future::Ready<u32> {
        std::future::ready(self.n)
    }
}

#[koiled(crate = "crate::reexported::deep::boiler")]
async fn fetch() -> u32 {
    1
}

#[koiled(crate = "self::reexported::deep::boiler", name = "list")]
fn list_async() -> impl Stream<Item = u32> {
    stream::iter([1, 2])
}

#[koiled(crate = "kettle")]
struct Borrowed<'a>(&'a str);

#[koiled(crate = "kettle")]
impl Borrowed<'_> {
    async fn same(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    async fn shorter(&self) -> Borrowed<'_> {
        Borrowed(self.0)
    }
}

#[threaded(crate = "kettle", separate)]
fn sum(of: &[u32], more: u32) -> u32 {
    of.iter().sum::<u32>() + more
}

#[threaded_iterable(crate = "::kettle", capacity = 2)]
fn split(text: &str) -> Option<impl Iterator<Item = String> + '_> {
    Some(text.split(' ').map(str::to_owned))
}

#[threaded_iterable(crate = "crate::reexported::deep::boiler")]
fn produce(upto: u32, out: &mut kettle::Yielder<u32>) -> Result<(), kettle::Closed> {
    (0..upto).try_for_each(|n| out.push(n))
}

#[threaded(crate = "kettle", clone)]
impl Client {
    fn block(&self) -> u32 {
        self.n
    }

    #[threaded_iterable]
    fn each(&self) -> std::ops::Range<u32> {
        0..self.n
    }
}

mod inner {
    use kettle::koiled;

    #[koiled(crate = "super::reexported::deep::boiler")]
    pub(crate) async fn fetch() -> u32 {
        3
    }
}

#[test]
fn nothing_needs_the_usual_name() {
    kettle::unkoil(async {
        assert_eq!(sum_async(&[1, 2], 3).await, 6);
        assert_eq!(split_async("a b").await.unwrap().count().await, 2);
        assert_eq!(produce_async(3).count().await, 3);
        assert_eq!(Client { n: 5 }.block_async().await, 5);
        assert_eq!(Client { n: 5 }.each_async().count().await, 5);
    });
    let client = BlockingClient::new(5);
    assert_eq!(client.get(), 5);
    assert_eq!(BlockingClient::ONE.get(), 1);
    assert_eq!(Arc::new(client.clone()).maybe(), Ok(Some(client.clone())));
    assert_eq!(client.all().count(), 1);
    assert_eq!(client.boxed().filter_map(Result::ok).count(), 1);
    assert_eq!(client.later(), (1, &client));
    assert_eq!(client.numbers().unwrap().sum::<u32>(), 5);
    assert_eq!(client.named().sum::<u32>(), 5);
    assert_eq!(client.waited(), 5);
    assert_eq!(fetch_blocking() + inner::fetch_blocking(), 4);
    assert_eq!(list().sum::<u32>(), 3);
    let borrowed = Borrowed("a").into_blocking();
    assert!(borrowed.same(&borrowed.shorter()));
}
