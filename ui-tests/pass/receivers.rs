//! Every receiver that Rust knows, by each of its spellings.
#![deny(warnings)]

use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use koil::koiled;

#[koiled]
#[derive(Debug, PartialEq)]
struct Counter {
    n: u32,
}

#[koiled]
impl Counter {
    async fn by_ref(&self) -> u32 {
        self.n
    }

    async fn by_mut(&mut self) -> u32 {
        self.n += 1;
        self.n
    }

    async fn by_value(self) -> u32 {
        self.n
    }

    async fn by_mut_value(mut self) -> u32 {
        self.n += 10;
        self.n
    }

    async fn typed_value(self: Self) -> u32 {
        self.n
    }

    async fn typed_mut_value(mut self: Self) -> u32 {
        self.n += 10;
        self.n
    }

    async fn typed_ref(self: &Self) -> u32 {
        self.n
    }

    async fn typed_mut(self: &mut Self) -> u32 {
        self.n += 1;
        self.n
    }

    async fn own_name(self: Counter) -> u32 {
        self.n
    }

    async fn own_name_ref(self: &Counter) -> u32 {
        self.n
    }

    async fn named_lifetime<'a>(&'a self) -> &'a u32 {
        &self.n
    }

    async fn named_lifetime_mut<'a>(&'a mut self) -> &'a mut u32 {
        &mut self.n
    }

    async fn typed_lifetime<'a>(self: &'a Self) -> &'a u32 {
        &self.n
    }

    async fn arc(self: Arc<Self>) -> u32 {
        self.n
    }

    async fn arc_by_path(self: std::sync::Arc<Self>) -> u32 {
        self.n
    }

    async fn arc_of_own_name(self: Arc<Counter>) -> u32 {
        self.n
    }

    async fn rc(self: Rc<Self>) -> u32 {
        self.n
    }

    async fn boxed(self: Box<Self>) -> u32 {
        self.n
    }

    async fn mut_boxed(mut self: Box<Self>) -> u32 {
        self.n += 5;
        self.n
    }

    async fn pinned(self: Pin<&Self>) -> u32 {
        self.n
    }

    async fn pinned_mut(self: Pin<&mut Self>) -> u32 {
        self.get_mut().n += 1;
        0
    }

    async fn mut_pinned_mut(mut self: Pin<&mut Self>) -> u32 {
        self.n += 1;
        self.n
    }

    async fn pinned_with_lifetime<'a>(self: Pin<&'a Self>) -> &'a u32 {
        &self.get_ref().n
    }

    async fn pinned_box(self: Pin<Box<Self>>) -> u32 {
        self.n
    }

    // The same by value and by smart pointer, sync: `Deref` cannot carry these.
    fn sync_value(self) -> u32 {
        self.n
    }

    fn sync_mut_value(mut self) -> u32 {
        self.n += 1;
        self.n
    }

    fn sync_arc(self: Arc<Self>) -> u32 {
        self.n
    }

    fn sync_box(self: Box<Self>) -> u32 {
        self.n
    }

    fn sync_pinned_mut(self: Pin<&mut Self>) -> u32 {
        self.get_mut().n += 1;
        7
    }

    // And these it carries.
    fn sync_ref(&self) -> u32 {
        self.n
    }

    fn sync_mut(&mut self) -> u32 {
        self.n += 1;
        self.n
    }

    fn sync_typed_mut(self: &mut Self) -> u32 {
        self.n += 1;
        self.n
    }
}

/// The same on a type with parameters of its own, and with an elided lifetime in the header.
#[koiled]
struct View<'a, T> {
    items: &'a [T],
}

#[koiled]
impl<T: Clone> View<'_, T> {
    async fn first(&self) -> T {
        self.items[0].clone()
    }

    async fn longest_lived(self) -> T {
        self.items[1].clone()
    }

    async fn shared(self: Arc<Self>) -> T {
        self.items[0].clone()
    }

    async fn pinned(self: Pin<&mut Self>) -> usize {
        self.items.len()
    }
}

#[koiled]
impl<'a, T> View<'a, T> {
    async fn outlives_self(&self) -> &'a T {
        &self.items[0]
    }

    async fn own_name(self: &View<'a, T>) -> &'a [T] {
        self.items
    }
}

fn counter() -> BlockingCounter {
    Counter { n: 1 }.into_blocking()
}

pub(crate) fn main() {
    let mut twin = counter();
    assert_eq!(twin.by_ref(), 1);
    assert_eq!(twin.by_mut(), 2);
    assert_eq!(twin.typed_ref(), 2);
    assert_eq!(twin.typed_mut(), 3);
    assert_eq!(twin.own_name_ref(), 3);
    assert_eq!(*twin.named_lifetime(), 3);
    *twin.named_lifetime_mut() = 7;
    assert_eq!(*twin.typed_lifetime(), 7);
    assert_eq!(twin.sync_ref(), 7);
    assert_eq!(twin.sync_mut(), 8);
    assert_eq!(twin.sync_typed_mut(), 9);

    assert_eq!(counter().by_value(), 1);
    assert_eq!(counter().by_mut_value(), 11);
    assert_eq!(counter().typed_value(), 1);
    assert_eq!(counter().typed_mut_value(), 11);
    assert_eq!(counter().own_name(), 1);
    assert_eq!(counter().sync_value(), 1);
    assert_eq!(counter().sync_mut_value(), 2);

    let shared = Arc::new(counter());
    assert_eq!(shared.clone().arc(), 1);
    assert_eq!(shared.clone().arc_by_path(), 1);
    assert_eq!(shared.clone().arc_of_own_name(), 1);
    assert_eq!(shared.clone().sync_arc(), 1);
    assert_eq!(Arc::strong_count(&shared), 1);
    assert_eq!(Rc::new(counter()).rc(), 1);
    assert_eq!(Box::new(counter()).boxed(), 1);
    assert_eq!(Box::new(counter()).mut_boxed(), 6);
    assert_eq!(Box::new(counter()).sync_box(), 1);
    assert_eq!(Box::pin(counter()).pinned_box(), 1);

    let mut pinned = std::pin::pin!(counter());
    assert_eq!(pinned.as_ref().pinned(), 1);
    assert_eq!(pinned.as_mut().pinned_mut(), 0);
    assert_eq!(pinned.as_mut().sync_pinned_mut(), 7);
    assert_eq!(pinned.as_mut().mut_pinned_mut(), 4);
    assert_eq!(*pinned.as_ref().pinned_with_lifetime(), 4);

    let items = [String::from("a"), String::from("b")];
    let view = || View { items: &items }.into_blocking();
    assert_eq!(view().first(), "a");
    assert_eq!(view().longest_lived(), "b");
    assert_eq!(Arc::new(view()).shared(), "a");
    assert_eq!(std::pin::pin!(view()).as_mut().pinned(), 2);
    assert_eq!(view().own_name().len(), 2);
    let first = {
        let view = view();
        view.outlives_self()
    };
    assert_eq!(first, "a");
}
