//! Handles, mocks and trait objects in another crate than the traits.
#![forbid(unsafe_code)]
#![deny(warnings)]

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::stream::{self, BoxStream, Stream, StreamExt};
use koil::{koiled, Blocking, Iter};
use koil_ui_tests_traits::{
    first, BlockingCache, BlockingStore, BlockingTicket, Cache, Factory, FactorySync, Store, Ticket,
};

/// A handle type here, a trait there: no attribute on the impl.
#[koiled]
#[derive(Clone, Debug, Default, PartialEq)]
struct Memory {
    values: BTreeMap<String, u32>,
}

impl Store for Memory {
    type Error = String;

    const LIMIT: usize = 2;

    async fn get(&self, key: &str) -> Result<u32, String> {
        tokio::task::yield_now().await;
        self.values.get(key).copied().ok_or_else(|| key.to_owned())
    }

    fn keys<'a>(&'a self, prefix: &'a str) -> impl Stream<Item = String> + 'a {
        let keys = self
            .values
            .keys()
            .filter(move |key| key.starts_with(prefix));
        stream::iter(keys.cloned())
    }
}

impl Factory for Memory {
    async fn fork(&self) -> Option<Self> {
        Some(self.clone())
    }

    async fn sum<I: AsRef<str>, const N: usize>(&self, keys: [I; N]) -> Result<u32, String> {
        let mut sum = 0;
        for key in keys {
            sum += self.get(key.as_ref()).await?;
        }
        Ok(sum)
    }
}

#[async_trait::async_trait]
impl Cache<String> for Memory {
    async fn cached(&self, key: &String) -> Option<u32> {
        self.get(key).await.ok()
    }

    fn all(&self) -> BoxStream<'_, String> {
        stream::iter(self.values.keys().cloned()).boxed()
    }
}

fn memory() -> BlockingMemory {
    let values = [("a", 1), ("ab", 2)].map(|(key, value)| (key.to_owned(), value));
    Memory {
        values: values.into(),
    }
    .into_blocking()
}

#[test]
fn a_handle_type_has_the_twins_of_traits_of_other_crates() {
    let memory = memory();
    assert_eq!(memory.get("ab"), Ok(2));
    assert_eq!(memory.get_twice("ab"), Ok(4));
    assert_eq!(memory.get("x"), Err("x".to_owned()));
    assert_eq!(memory.keys("ab").collect::<Vec<_>>(), ["ab"]);
    assert_eq!(first(&memory).as_deref(), Some("a"));
    assert_eq!(BlockingMemory::LIMIT, 2);
}

#[test]
fn generic_traits_and_hidden_bounds() {
    let mut memory = memory();
    assert_eq!(memory.cached(&"a".to_owned()), Some(1));
    assert!(!BlockingCache::has(&memory, &"x".to_owned()));
    assert_eq!(memory.clear(), 0);
    assert_eq!(memory.all().count(), 2);
}

#[test]
fn constructors_of_a_trait_give_twins() {
    let memory = memory();
    let fork: BlockingMemory = memory.fork().unwrap();
    assert_eq!(fork, memory);
    assert_eq!(fork.sum(["a", "ab"]), Ok(3));
    assert_eq!(fork.sum::<String, 0>([]), Ok(0));
}

#[tokio::test]
async fn a_future_that_says_send_is_lent() {
    assert_eq!(memory().get("a"), Ok(1));
}

/// Mocks: of a plain trait, of a generic one, generic themselves.
struct Fake<T>(T);

impl<T> BlockingStore for Fake<T> {
    type Error = std::convert::Infallible;

    const LIMIT: usize = 0;

    fn get(&self, _key: &str) -> Result<u32, Self::Error> {
        Ok(5)
    }

    fn keys<'a>(&'a self, prefix: &'a str) -> Iter<impl Stream<Item = String> + 'a> {
        Iter::from_iter([prefix.to_owned()])
    }

    fn get_twice(&self, _key: &str) -> Result<u32, Self::Error> {
        Ok(10)
    }
}

impl<T: Send + Sync> BlockingCache<u8> for Fake<T> {
    fn cached(&self, key: &u8) -> Option<u32> {
        Some((*key).into())
    }

    fn all(&self) -> Iter<BoxStream<'_, u8>> {
        koil::unkoil_iter(stream::iter([1, 2]).boxed())
    }

    fn has(&self, _key: &u8) -> bool {
        true
    }

    fn clear(&mut self) -> usize {
        1
    }
}

#[test]
fn mocks_stand_beside_the_blanket_impl() {
    let fake = Fake("any");
    assert_eq!((fake.get("a"), fake.get_twice("a")), (Ok(5), Ok(10)));
    assert_eq!(first(&fake).as_deref(), Some(""));
    let caches: Vec<Box<dyn BlockingCache<u8>>> = vec![Box::new(fake), Box::new(Fake(1))];
    let all: usize = caches.iter().map(|cache| cache.all().count()).sum();
    assert_eq!(all, 4);
}

#[test]
fn trait_objects_of_either_side() {
    let shared: Arc<dyn BlockingCache<String>> = Arc::new(memory());
    assert_eq!(shared.cached(&"ab".to_owned()), Some(2));
    let object: Box<dyn Cache<String>> = Box::new(memory().into_aio());
    let blocking: Box<Blocking<dyn Cache<String>>> = Blocking::from_box(object);
    assert!(blocking.has(&"ab".to_owned()));
    let thread = std::thread::spawn(move || blocking.all().count());
    assert_eq!(thread.join().unwrap(), 2);
}

/// A trait here, for a handle type of the other crate.
#[koiled(twins(Ticket))]
trait Desk {
    async fn next(&self, after: &Ticket) -> Ticket;
}

impl Desk for Ticket {
    async fn next(&self, after: &Ticket) -> Ticket {
        Ticket {
            id: self.id + after.id,
        }
    }
}

#[test]
fn a_trait_here_for_a_handle_of_there() {
    let ticket = BlockingTicket::from(Ticket { id: 2 });
    assert_eq!(BlockingDesk::next(&ticket, &ticket).number(), 4);
}

/// Calls traits by bounds alone.
async fn both<S: Store<Error = String>>(store: &S) -> Result<u32, String> {
    store.get("a").await
}

#[test]
fn generic_code_of_both_sides_takes_both() {
    fn blocking<S: BlockingStore<Error = String>>(store: &S) -> Result<u32, String> {
        store.get("a")
    }
    let memory = memory();
    assert_eq!(blocking(&memory), koil::unkoil(both(memory.aio())));
    assert_eq!(blocking(Blocking::from_ref(memory.aio())), Ok(1));
}
