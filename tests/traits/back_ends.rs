//! One trait with several implementors: twins, `Blocking`, trait objects, mocks, types of others.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread::{self, ThreadId};

use futures::stream::{self, BoxStream, StreamExt};
use koil::{Blocking, koiled};

#[koiled]
trait Store {
    async fn get(&self, key: &str) -> Option<u32>;

    async fn put(&mut self, key: &str, value: u32);

    /// Found through the blanket impl, though no implementor wrote it.
    async fn sum(&self, keys: &[&str]) -> u32 {
        let mut sum = 0;
        for key in keys {
            sum += self.get(key).await.unwrap_or(0);
        }
        sum
    }

    fn len(&self) -> usize;
}

#[koiled]
#[derive(Default)]
struct Memory {
    values: HashMap<String, u32>,
}

impl Store for Memory {
    async fn get(&self, key: &str) -> Option<u32> {
        tokio::task::yield_now().await;
        self.values.get(key).copied()
    }

    async fn put(&mut self, key: &str, value: u32) {
        self.values.insert(key.to_owned(), value);
    }

    fn len(&self) -> usize {
        self.values.len()
    }
}

/// A type of another crate, which can have no twin type.
impl Store for Vec<u32> {
    async fn get(&self, key: &str) -> Option<u32> {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        self.as_slice().get(key.parse::<usize>().ok()?).copied()
    }

    async fn put(&mut self, _key: &str, value: u32) {
        self.push(value);
    }

    fn len(&self) -> usize {
        Vec::len(self)
    }
}

/// Blocking from the start.
struct Fake;

impl BlockingStore for Fake {
    fn get(&self, _key: &str) -> Option<u32> {
        Some(7)
    }

    fn put(&mut self, _key: &str, _value: u32) {}

    fn sum(&self, keys: &[&str]) -> u32 {
        u32::try_from(keys.len()).unwrap()
    }

    fn len(&self) -> usize {
        0
    }
}

fn fill(store: &mut impl BlockingStore) -> Option<u32> {
    store.put("a", 1);
    store.put("b", 2);
    store.get("a")
}

#[test]
fn a_twin_has_the_twin_of_each_trait_that_its_original_has() {
    let mut twin = BlockingMemory::default();
    assert_eq!(fill(&mut twin), Some(1));
    assert_eq!(twin.sum(&["a", "b", "c"]), 3);
    assert_eq!(BlockingStore::len(&twin), 2);
}

#[test]
fn a_type_without_a_twin_has_it_behind_blocking() {
    let mut store = Blocking::new(vec![5]);
    fill(&mut store);
    assert_eq!(store.get("0"), Some(5));
    assert_eq!(store.sum(&["0", "1"]), 6);
}

#[test]
fn a_mock_implements_it_by_hand() {
    assert_eq!(fill(&mut Fake), Some(7));
}

#[test]
fn all_of_them_fit_in_one_box_though_the_original_is_not_dyn_compatible() {
    let all: Vec<Box<dyn BlockingStore>> = vec![
        Box::new(BlockingMemory::default()),
        Box::new(Blocking::new(vec![7])),
        Box::new(Fake),
    ];
    let found: Vec<_> = all.iter().map(|store| store.get("0")).collect();
    assert_eq!(found, [None, Some(7), Some(7)]);
}

#[test]
fn with_only_the_async_trait_in_scope_a_twin_gives_a_future() {
    mod elsewhere {
        use crate::back_ends::{BlockingMemory, Store};

        pub(super) fn get(twin: &BlockingMemory) -> impl Future<Output = Option<u32>> {
            twin.get("a")
        }
    }
    let twin = BlockingMemory::default();
    assert_eq!(koil::unkoil(elsewhere::get(&twin)), None);
    assert_eq!(twin.get("a"), None); // `BlockingStore` is in scope here
}

/// For types that other code holds as trait objects.
#[koiled]
#[async_trait::async_trait]
trait Feed: Send + Sync {
    async fn next(&mut self) -> Option<u32>;

    async fn peek(&self) -> u32 {
        tokio::task::yield_now().await;
        9
    }

    async fn rest(&mut self) -> Vec<u32> {
        let mut rest = Vec::new();
        while let Some(item) = self.next().await {
            rest.push(item);
        }
        rest
    }

    #[koil(lend)]
    async fn poller(&self) -> ThreadId {
        tokio::task::yield_now().await;
        thread::current().id()
    }

    fn all(&self) -> BoxStream<'_, u32>;
}

#[koiled]
struct Countdown(u32);

#[async_trait::async_trait]
impl Feed for Countdown {
    async fn next(&mut self) -> Option<u32> {
        self.0 = self.0.checked_sub(1)?;
        Some(self.0)
    }

    fn all(&self) -> BoxStream<'_, u32> {
        stream::iter((0..self.0).rev()).boxed()
    }
}

#[test]
fn a_trait_object_of_the_original_is_blocking_behind_blocking() {
    let mut feed: Box<Blocking<dyn Feed>> = Blocking::from_box(Box::new(Countdown(3)));
    assert_eq!(BlockingFeed::next(&mut *feed), Some(2));
    assert_eq!(feed.peek(), 9);
    let mut again: Box<dyn Feed> = Box::new(Countdown(2));
    assert_eq!(Blocking::from_mut(&mut *again).rest(), [1, 0]);
    let shared: Arc<Blocking<dyn Feed>> = Blocking::from_arc(Arc::new(Countdown(2)));
    assert_eq!(shared.all().collect::<Vec<_>>(), [1, 0]);
}

#[test]
fn a_boxed_stream_keeps_the_twin_dyn_compatible() {
    let feed: Box<dyn BlockingFeed> = Box::new(BlockingCountdown::from(Countdown(3)));
    assert_eq!(feed.all().collect::<Vec<_>>(), [2, 1, 0]);
}

#[tokio::test]
async fn boxed_futures_may_be_lent() {
    let mut feed = BlockingCountdown::from(Countdown(3));
    assert_ne!(feed.poller(), thread::current().id());
    assert_eq!((feed.peek(), BlockingFeed::next(&mut feed)), (9, Some(2)));
}

#[koiled]
#[async_trait::async_trait(?Send)]
trait Single {
    async fn twice(&self) -> u32 {
        let once = std::rc::Rc::new(self.once().await);
        tokio::task::yield_now().await;
        *once * 2
    }

    async fn once(&self) -> u32;
}

struct Cell(std::cell::Cell<u32>);

#[async_trait::async_trait(?Send)]
impl Single for Cell {
    async fn once(&self) -> u32 {
        self.0.get()
    }
}

#[test]
fn without_send_an_implementor_needs_neither_send_nor_sync() {
    assert_eq!(Blocking::new(Cell(4.into())).twice(), 8);
    let dynamic: &dyn Single = &Cell(2.into());
    assert_eq!(Blocking::from_ref(dynamic).once(), 2);
}

#[koiled]
#[trait_variant::make(Remote: Send)]
trait Local {
    async fn fetch(&self, id: u8) -> u8;
}

#[koiled]
#[trait_variant::make(Send)]
trait Movable {
    #[koil(lend)]
    async fn fetch(&self, id: u8) -> u8;
}

#[koiled]
struct Node;

impl Remote for Node {
    async fn fetch(&self, id: u8) -> u8 {
        tokio::task::yield_now().await;
        id + 1
    }
}

impl Movable for Node {
    async fn fetch(&self, id: u8) -> u8 {
        tokio::task::yield_now().await;
        id + 2
    }
}

#[test]
fn a_variant_of_a_trait_has_its_twin() {
    let node = BlockingNode::from(Node);
    assert_eq!(BlockingLocal::fetch(&node, 1), 2);
    assert_eq!(BlockingMovable::fetch(&node, 1), 3);
}

#[tokio::test]
async fn futures_of_a_send_variant_may_be_lent() {
    assert_eq!(BlockingMovable::fetch(&BlockingNode::from(Node), 1), 3);
}
