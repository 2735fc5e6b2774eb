//! `aio`: the plain names block, and the async side is beside them.

use std::sync::Arc;
use std::time::Duration;

use futures::stream::{self, Stream, StreamExt};
use koil::{AsyncContext, Exit, Handle, Koil, koilable, koiled, threaded, threaded_iterable};

#[koiled(aio)]
pub async fn count(words: &str) -> usize {
    tokio::task::yield_now().await;
    words.split(' ').count()
}

#[koiled(aio)]
pub fn words(text: &str) -> impl Stream<Item = &str> {
    stream::iter(text.split(' '))
}

#[koiled(aio)]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shop {
    items: Vec<u32>,
    left: Option<Exit>,
}

#[koiled(aio)]
impl Shop {
    pub fn new(items: &[u32]) -> Self {
        Shop {
            items: items.to_vec(),
            left: None,
        }
    }

    pub async fn open(items: &[u32]) -> Result<Self, String> {
        tokio::task::yield_now().await;
        if items.is_empty() {
            return Err("nothing to sell".to_owned());
        }
        Ok(Self::new(items))
    }

    pub async fn price(&self, index: usize) -> Option<u32> {
        tokio::task::yield_now().await;
        self.items.get(index).copied()
    }

    /// Calls the others in every way.
    pub async fn sum(&mut self) -> u32 {
        let Shop { items, .. } = self;
        items.push(0);
        let (first, second) = tokio::join!(self.price(0), Self::price(self, 1));
        let third = Shop::open(&[5]).await.unwrap();
        let third = third.into_aio().price_of_first().await;
        let listed: u32 = self.all().fold(0, async |sum, item| sum + item).await;
        first.unwrap() + second.unwrap() + third + listed
    }

    /// The `Other` in it has a `price` of its own.
    pub async fn beside(&self) -> u32 {
        struct Other;

        impl Other {
            fn price(&self) -> u32 {
                self.doubled() / 2
            }

            fn doubled(&self) -> u32 {
                14
            }
        }
        Other.price()
    }

    async fn price_of_first(self) -> u32 {
        self.price(0).await.unwrap()
    }

    pub fn all(&self) -> impl Stream<Item = u32> + '_ {
        stream::iter(self.items.iter().copied())
    }

    pub async fn shared(self: Arc<Self>) -> usize {
        Arc::strong_count(&self)
    }

    /// A sync method may use the async ones.
    pub fn price_later(self: Arc<Self>) -> tokio::task::JoinHandle<Option<u32>> {
        tokio::spawn(async move { self.price(1).await })
    }

    #[koil(enter)]
    pub fn here(&self) -> tokio::runtime::Id {
        Handle::current().tokio().id()
    }

    pub async fn each<T>(&self, #[koil(callback)] visit: impl AsyncFn(u32) -> T) -> Vec<T> {
        let mut seen = Vec::new();
        for item in &self.items {
            seen.push(visit(*item).await);
        }
        seen
    }
}

#[koiled(aio, fallible, timeout = "10ms")]
impl Shop {
    pub async fn never(&self) -> Result<u32, koil::Error> {
        std::future::pending().await
    }
}

#[koilable(aio)]
impl AsyncContext for Shop {
    type Error = String;

    async fn aenter(&mut self) -> Result<(), String> {
        self.items.push(100);
        Ok(())
    }

    async fn aexit(&mut self, cause: Exit) -> Result<(), String> {
        self.left = Some(cause);
        Ok(())
    }
}

#[koiled]
pub trait Sum {
    async fn total(&self) -> u32;
}

impl Sum for Shop {
    async fn total(&self) -> u32 {
        self.clone().aio_mut().sum().await
    }
}

#[threaded(aio)]
pub fn double(number: u32) -> u32 {
    number * 2
}

#[threaded_iterable(aio, capacity = 2)]
pub fn numbers(up_to: u32) -> impl Iterator<Item = u32> {
    0..up_to
}

#[threaded(aio, clone)]
impl Shop {
    /// Blocks.
    pub fn largest(&self, besides: &str) -> Option<u32> {
        let worker = koil::unkoil(async { 0 });
        let items = self.items.iter().copied();
        items
            .filter(|item| item.to_string() != besides)
            .max()
            .map(|item| item + worker)
    }
}

#[test]
fn the_plain_name_of_a_function_blocks_and_its_aio_is_async() {
    assert_eq!(count("a b"), 2);
    assert_eq!(words("a b").collect::<Vec<_>>(), ["a", "b"]);
    let both = koil::unkoil(async { (count::aio("a b c").await, words::aio("a b").count().await) });
    assert_eq!(both, (3, 2));
}

#[test]
fn a_function_in_a_body_has_both_sides() {
    #[koiled(aio)]
    async fn depth(below: u32) -> u32 {
        if below == 0 {
            return 0;
        }
        Box::pin(depth::aio(below - 1)).await + 1
    }
    assert_eq!(depth(3), 3);
    assert_eq!(koil::unkoil(depth::aio(4)), 4);
}

#[test]
fn plain_methods_block() {
    let mut shop = Shop::open(&[3, 4]).unwrap();
    assert_eq!(Shop::open(&[]).unwrap_err(), "nothing to sell");
    assert_eq!(shop.price(1), Some(4));
    assert_eq!(shop.sum(), 3 + 4 + 5 + 7);
    assert_eq!(shop.beside(), 7);
    assert_eq!(shop.all().collect::<Vec<_>>(), [3, 4, 0]);
    assert_eq!(Arc::new(shop.clone()).shared(), 1);
    let nested = shop.each(|item| koil::unkoil(async { item + 1 }));
    assert_eq!(nested, [4, 5, 1]);
    let koil = Koil::new().unwrap();
    let entered = koil.enter();
    assert_eq!(shop.here(), koil.handle().tokio().id());
    drop(entered);
}

#[test]
fn the_view_has_the_async_methods_and_bodies_call_them() {
    // Koil refuses a blocking call in these futures.
    koil::unkoil(async {
        let mut shop = ShopAio::open(&[3, 4]).await.unwrap();
        assert_eq!(shop.aio().price(1).await, Some(4));
        assert_eq!(shop.aio_mut().sum().await, 3 + 4 + 5 + 7);
        assert_eq!(shop.aio().all().count().await, 3);
        assert_eq!(shop.aio().items.len(), 3, "fields are there by `Deref`");
        let later = Arc::new(shop.clone()).price_later();
        assert_eq!(later.await.unwrap(), Some(4));
        let view = shop.clone().into_aio();
        assert_eq!(Arc::new(view.clone()).shared().await, 1);
        assert_eq!(*view.blocking(), shop);
        assert_eq!(Shop::from(view), shop);
    });
}

#[test]
fn the_async_side_needs_no_loop_of_koil() {
    let other = tokio::runtime::Builder::new_current_thread().build();
    let price = other.unwrap().block_on(async {
        let shop = ShopAio::open(&[3, 4]).await.unwrap();
        shop.aio().price(0).await
    });
    assert_eq!(price, Some(3));
}

#[test]
fn errors_name_both_sides() {
    let shop = Shop::new(&[]);
    let late = shop.never().unwrap_err();
    assert!(late.is_timeout());
    assert!(late.to_string().contains("`Shop::never`"), "{late}");
    let refused = koil::unkoil(async {
        // The blocking side, in async code.
        let refused = std::panic::AssertUnwindSafe(async { shop.price(0) });
        futures::FutureExt::catch_unwind(refused).await.unwrap_err()
    });
    let text = refused.downcast::<String>().unwrap();
    assert!(text.contains("await `ShopAio::price`"), "{text}");
}

#[test]
fn a_context_is_entered_on_both_sides() {
    let guard = Shop::new(&[1]).enter().unwrap();
    assert_eq!(guard.price(1), Some(100));
    assert_eq!(guard.close().unwrap().left, Some(Exit::Closed));
    koil::unkoil(async {
        let guard = Shop::new(&[1]).into_aio().enter().await.unwrap();
        assert_eq!(guard.aio().price(1).await, Some(100));
        assert_eq!(guard.close().await.unwrap().left, Some(Exit::Closed));
    });
}

#[test]
fn the_type_has_the_twins_of_its_traits() {
    fn blocking(of: &impl BlockingSum) -> u32 {
        of.total()
    }
    assert_eq!(blocking(&Shop::new(&[3, 4])), 19);
}

#[test]
fn blocking_functions_have_their_async_twins_in_aio() {
    let shop = Shop::new(&[3, 4]);
    assert_eq!(double(2), 4);
    assert_eq!(shop.largest("4"), Some(3));
    let ended = koil::unkoil_timeout(Duration::from_secs(30), async {
        assert_eq!(double::aio(2).await, 4);
        assert_eq!(numbers::aio(3).collect::<Vec<_>>().await, [0, 1, 2]);
        assert_eq!(shop.aio().largest("4").await, Some(3));
    });
    assert!(ended.is_ok());
}
