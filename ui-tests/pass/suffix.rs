//! The suffix face: twins beside their originals, no second type, so any type will do.
#![deny(warnings)]

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use futures::stream::{self, LocalBoxStream, Stream, StreamExt};
use koil::koiled;

#[derive(Clone, Debug, Default, PartialEq)]
struct Client<T = u32> {
    value: T,
}

#[koiled(suffix = "_blocking")]
impl<T: Clone> Client<T> {
    async fn open(value: T) -> Self {
        Client { value }
    }

    async fn get(&self) -> &T {
        &self.value
    }

    async fn set(&mut self, (value, _): (T, u32)) -> &mut Self {
        self.value = value;
        self
    }

    async fn into_value(self) -> T {
        self.value
    }

    async fn shared(self: Arc<Self>) -> Result<Arc<Self>, String> {
        Ok(self)
    }

    async fn pinned(self: Pin<&mut Self>) -> usize {
        size_of_val(&self.value)
    }

    async fn array(&self) -> [Self; 2] {
        [self.clone(), self.clone()]
    }

    async fn absorb(&mut self, other: Self, also: Option<&Self>) {
        self.value = also.unwrap_or(&other).value.clone();
    }

    fn items(&self) -> impl Stream<Item = Self> + '_ {
        stream::iter([self.clone()])
    }

    fn boxed(&self) -> Option<LocalBoxStream<'_, &T>> {
        Some(Box::pin(stream::iter([&self.value])))
    }

    fn later(&self) -> impl Future<Output = T> + '_ {
        async { self.value.clone() }
    }

    #[koil(skip)]
    async fn get_all(&self) {}

    fn get_all_blocking(&self) -> &'static str {
        "mine"
    }

    #[koil(name = "sleep_now")]
    async fn sleep(&self) -> u32 {
        1
    }

    async fn r#type(&self) -> u32 {
        2
    }

    // Sync: as they are.
    fn new(value: T) -> Self {
        Client { value }
    }

    fn value(&self) -> &T {
        &self.value
    }
}

/// Receivers that a twin type could not map.
#[koiled(suffix = "_sync")]
impl Client<String> {
    async fn by_ref_arc(self: &Arc<Self>) -> usize {
        Arc::strong_count(self)
    }

    async fn by_box_box(self: Box<Box<Self>>) -> String {
        self.value
    }
}

trait Object {}

impl Object for u32 {}

/// Types that can have no twin.
#[koiled(suffix = "_blocking")]
impl dyn Object {
    async fn of_an_object(&self) -> usize {
        size_of_val(self)
    }
}

#[koiled(suffix = "_sync")]
async fn fetch(url: &str) -> usize {
    url.len()
}

#[koiled(suffix = "_sync")]
fn count() -> impl Stream<Item = u32> {
    stream::iter(0..3)
}

#[koiled(suffix = "_now")]
async fn group(items: &[(&'static str, u32)]) -> HashMap<&'static str, u32> {
    stream::iter(items).map(|item| *item).collect().await
}

pub(crate) fn main() {
    let mut client = Client::open_blocking(1);
    assert_eq!(*client.get_blocking(), 1);
    client.set_blocking((2, 0)).set_blocking((3, 0));
    client.absorb_blocking(Client::new(5), Some(&Client::new(6)));
    assert_eq!(*client.value(), 6);
    assert_eq!(Arc::new(client.clone()).shared_blocking().unwrap().value, 6);
    assert_eq!(std::pin::pin!(client.clone()).pinned_blocking(), 4);
    assert_eq!(client.array_blocking()[1], client);
    assert_eq!(client.items_blocking().next(), Some(client.clone()));
    assert_eq!(client.boxed_blocking().unwrap().sum::<u32>(), 6);
    assert_eq!(client.later_blocking(), 6);
    assert_eq!(client.get_all_blocking(), "mine");
    koil::unkoil(client.get_all());
    assert_eq!(client.sleep_now() + client.type_blocking(), 3);
    assert_eq!(client.into_value_blocking(), 6);
    assert_eq!(Arc::new(Client::new(String::new())).by_ref_arc_sync(), 1);
    assert_eq!(
        Box::new(Box::new(Client::new("a".into()))).by_box_box_sync(),
        "a"
    );
    let object: &dyn Object = &1;
    assert_eq!(object.of_an_object_blocking(), 4);
    assert_eq!(fetch_sync("abc"), 3);
    assert_eq!(count_sync().sum::<u32>(), 3);
    assert_eq!(group_now(&[("a", 1)])["a"], 1);
}
