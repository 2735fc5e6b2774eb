//! Objects of every legal shape get async types that keep them on a thread of their own.
#![deny(warnings)]
// The originals are as odd as they can be on purpose.
#![allow(clippy::all, clippy::pedantic)]

use std::cell::RefCell;
use std::fmt::{Debug, Display};
use std::path::Path;
use std::rc::Rc;

use futures::StreamExt;
use futures::executor::block_on;
use koil::{Pinned, ThreadedCall, ThreadedIter, Yielder, threaded};

/// A table that is neither `Send` nor `Sync`.
pub struct Table {
    rows: Rc<RefCell<Vec<String>>>,
}

#[threaded(pinned)]
impl Table {
    const LIMIT: usize = 3;

    pub fn new() -> Self {
        Table {
            rows: Rc::default(),
        }
    }

    pub fn open(path: &Path) -> Result<Self, String> {
        if path.as_os_str().is_empty() {
            return Err("no path".to_owned());
        }
        Ok(Table::new())
    }

    fn maybe(is: bool) -> Option<Self> {
        is.then(Table::new)
    }

    /// Touches no object, so it runs in the pool.
    pub(crate) fn limit(more: usize) -> usize {
        Self::LIMIT + more
    }

    #[must_use]
    pub fn insert(&mut self, row: &str, _: u8) -> usize {
        self.rows.borrow_mut().push(row.to_owned());
        self.rows.borrow().len()
    }

    pub fn len(&self) -> usize {
        self.rows.borrow().len()
    }

    fn typed(self: &mut Self, (more, __self): (u8, u8)) -> u8 {
        more + __self
    }

    fn generic<T: Debug>(&self, value: T, shown: &impl Display) -> String {
        format!("{value:?} {shown} {}", self.len())
    }

    pub fn rows(&mut self) -> impl Iterator<Item = String> + '_ {
        (0..).map_while(|at| self.rows.borrow().get(at).cloned())
    }

    #[koil::threaded_iterable]
    fn since(&self, at: usize) -> Result<std::vec::IntoIter<String>, String> {
        let rows = self.rows.borrow();
        let rows = rows.get(at..).ok_or("too far")?;
        Ok(rows.to_vec().into_iter())
    }

    #[koil::threaded_iterable(capacity = 1)]
    fn scan(&mut self, out: &mut Yielder<usize>) -> Result<(), String> {
        for row in self.rows.borrow().iter() {
            out.push(row.len()).map_err(|closed| closed.to_string())?;
        }
        Err("the end".to_owned())
    }

    #[threaded(name = "wipe")]
    fn clear(&mut self) {
        self.rows.borrow_mut().clear();
    }

    unsafe fn risky(&mut self) -> u8 {
        1
    }

    pub fn into_rows(self) -> Vec<String> {
        self.rows.take()
    }

    #[koil(skip)]
    pub fn fork(&self) -> Self {
        Table {
            rows: self.rows.clone(),
        }
    }
}

// More methods of the same type.
mod more {
    use super::*;

    #[threaded(pinned(AsyncTable))]
    impl Table {
        pub fn first(&self) -> Option<String> {
            self.rows.borrow().first().cloned()
        }

        pub fn twin_of(rows: Vec<String>) -> Option<Self> {
            Some(Table {
                rows: Rc::new(RefCell::new(rows)),
            })
        }
    }
}

// A private object with public methods, and a type with parameters.
struct Stack<T, const N: usize>
where
    T: Clone,
{
    items: Vec<T>,
}

#[threaded(pinned, name = "Pile")]
impl<T: Send + 'static, const N: usize> Stack<T, N>
where
    T: Clone,
{
    pub(crate) fn new(items: Vec<T>) -> Self {
        Stack { items }
    }

    pub(crate) fn push(&mut self, item: T) -> usize {
        self.items.push(item);
        self.items.len() + N
    }

    pub(crate) fn like(&self, other: &T) -> (T, T) {
        (self.items[0].clone(), other.clone())
    }
}

// The type of the handle may be written by hand.
#[derive(Clone)]
struct Handle(Pinned<Counter>);

impl AsRef<Pinned<Counter>> for Handle {
    fn as_ref(&self) -> &Pinned<Counter> {
        &self.0
    }
}

impl From<Handle> for Pinned<Counter> {
    fn from(handle: Handle) -> Pinned<Counter> {
        handle.0
    }
}

struct Counter(u32);

#[threaded(pinned(Handle))]
impl Counter {
    fn add(&mut self, n: u32) -> u32 {
        self.0 += n;
        self.0
    }

    fn end(self) -> u32 {
        self.0
    }
}

async fn tables() {
    let table: AsyncTable = AsyncTable::new().await;
    let count: ThreadedCall<usize> = table.insert("one", 0);
    assert_eq!(count.await, 1);
    assert_eq!(table.clone().insert("three", 0).await, 2);
    assert_eq!(table.len().await, 2);
    assert_eq!(AsyncTable::limit(1).await, 4);
    assert_eq!(table.typed((1, 2)).await, 3);
    assert_eq!(table.generic(1, &"two").await, "1 two 2");
    let rows: ThreadedIter<String> = table.rows();
    assert_eq!(rows.collect::<Vec<_>>().await, ["one", "three"]);
    assert_eq!(
        table.since(1).await.unwrap().collect::<Vec<_>>().await,
        ["three"]
    );
    assert_eq!(table.since(3).await.unwrap_err(), "too far");
    let scanned = table.scan().collect::<Vec<_>>().await;
    assert_eq!(scanned, [Ok(3), Ok(5), Err("the end".to_owned())]);
    assert_eq!(table.first().await.as_deref(), Some("one"));
    // SAFETY: the original asks for nothing.
    assert_eq!(unsafe { table.risky() }.await, 1);
    table.wipe().await;
    let _ = table.insert("last", 0).await;
    assert_eq!(table.as_ref().with(|table| table.fork().len()).await, 1);
    assert_eq!(format!("{table:?}"), "AsyncTable");
    assert_eq!(table.clone().into_rows().await, ["last"]);
    assert!(table.len().fallible().await.unwrap_err().is_closed());

    assert_eq!(
        AsyncTable::open(Path::new("")).await.unwrap_err(),
        "no path"
    );
    assert_eq!(
        AsyncTable::open(Path::new("a")).await.unwrap().len().await,
        0
    );
    assert!(AsyncTable::maybe(false).await.is_none());
    assert!(AsyncTable::maybe(true).await.is_some());
    let other = AsyncTable::twin_of(vec!["x".to_owned()]).await.unwrap();
    assert_eq!(other.len().await, 1);
    let pinned: Pinned<Table> = other.into();
    assert_eq!(AsyncTable::from(pinned).first().await.as_deref(), Some("x"));
}

async fn others() {
    let pile = Pile::<u8, 2>::new(vec![1]).await;
    assert_eq!(pile.push(2).await, 4);
    assert_eq!(pile.like(&5).await, (1, 5));
    let handle = Handle(Pinned::new(|| Counter(1)).await);
    assert_eq!(handle.add(2).await, 3);
    assert_eq!(handle.clone().end().await, 3);
}

pub(crate) fn main() {
    block_on(async {
        tables().await;
        others().await;
    });
}
