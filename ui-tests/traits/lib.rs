//! Traits that other crates implement, in edition 2021, where `impl Trait` captures less.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs)]

use std::fmt::Debug;

use futures::stream::{BoxStream, Stream};
use koil::koiled;

/// A store of numbers.
#[koiled]
pub trait Store {
    /// The errors of the store.
    type Error: Debug + Send;

    /// How many it can hold.
    const LIMIT: usize;

    /// The number behind a key.
    fn get(&self, key: &str) -> impl std::future::Future<Output = Result<u32, Self::Error>> + Send;

    /// All keys.
    fn keys<'a>(&'a self, prefix: &'a str) -> impl Stream<Item = String> + 'a;

    /// Found in this crate by twins of another one.
    #[allow(async_fn_in_trait)]
    async fn get_twice(&self, key: &str) -> Result<u32, Self::Error> {
        Ok(self.get(key).await? * 2)
    }
}

/// With parameters of its own.
#[koiled]
#[async_trait::async_trait]
pub trait Cache<K: Send + Sync + 'static, V = u32>: Send + Sync {
    /// The value that was put in.
    async fn cached(&self, key: &K) -> Option<V>;

    /// Everything.
    fn all(&self) -> BoxStream<'_, K>;

    /// Asks for `Self: Sync`, which only `async_trait` sees.
    async fn has(&self, key: &K) -> bool {
        self.cached(key).await.is_some()
    }

    /// Asks for `Self: Send`.
    async fn clear(&mut self) -> usize {
        0
    }
}

/// Of which each implementor makes more.
#[koiled(name = "FactorySync", twins(Store))]
#[trait_variant::make(SendFactory: Send)]
pub trait Factory: Store + Sized {
    /// Another one.
    async fn fork(&self) -> Option<Self>;

    /// A sum.
    async fn sum<I, const N: usize>(&self, keys: [I; N]) -> Result<u32, Self::Error>
    where
        I: AsRef<str>;
}

/// Works with any of them.
pub fn first<S: BlockingStore>(store: &S) -> Option<String> {
    store.keys("").next()
}

/// A handle type of this crate; the other one implements its own trait for it.
#[koiled]
#[derive(Clone, Debug, Default)]
pub struct Ticket {
    /// Its number.
    pub id: u32,
}

#[koiled]
impl Ticket {
    /// Its number, after a while.
    #[allow(clippy::unused_async)] // It stands for one that awaits.
    pub async fn number(&self) -> u32 {
        self.id
    }
}
