//! The async twins of blocking traits: of values, of trait objects, by hand, generic, odd.
#![deny(warnings)]
#![forbid(unsafe_code)]
#![allow(clippy::all, clippy::pedantic)]

use std::fmt::Debug;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use futures::StreamExt;
use futures::executor::block_on;
use koil::{Threaded, ThreadedCall, ThreadedIter, Yielder, threaded};

/// A back end.
#[threaded]
pub(crate) trait Storage: Debug {
    /// Opens it.
    #[koil(skip)]
    fn open(path: &Path) -> Self
    where
        Self: Sized;

    /// The value of a key.
    #[must_use]
    fn get(&self, key: &str) -> io::Result<Vec<u8>>;

    /// Sets it, and says how many there are.
    #[threaded(separate)]
    fn set(&self, key: &str, value: Vec<u8>) -> usize;

    /// By default this is 7.
    fn provided(self: &Self, (a, _): (u8, u8)) -> u8 {
        a + 7
    }

    #[threaded_iterable(capacity = 2)]
    fn keys(&self) -> Box<dyn Iterator<Item = String> + '_>;

    fn tell(&self, out: &mut Yielder<u8>) -> Result<(), String>;

    fn close(self: Arc<Self>) -> usize;

    #[cfg(any())]
    fn absent(&self, missing: Missing);
}

#[derive(Debug, Default)]
struct InMemory(Mutex<Vec<(String, Vec<u8>)>>);

impl Storage for InMemory {
    fn open(_: &Path) -> Self {
        InMemory::default()
    }

    fn get(&self, key: &str) -> io::Result<Vec<u8>> {
        let rows = self.0.lock().unwrap();
        let row = rows.iter().find(|(own, _)| own == key);
        row.map(|(_, value)| value.clone()).ok_or(io::ErrorKind::NotFound.into())
    }

    fn set(&self, key: &str, value: Vec<u8>) -> usize {
        let mut rows = self.0.lock().unwrap();
        rows.push((key.to_owned(), value));
        rows.len()
    }

    fn keys(&self) -> Box<dyn Iterator<Item = String> + '_> {
        Box::new((0..).map_while(|at| self.0.lock().unwrap().get(at).map(|(key, _)| key.clone())))
    }

    fn tell(&self, out: &mut Yielder<u8>) -> Result<(), String> {
        let _ = out.push(1);
        Err("told".to_owned())
    }

    fn close(self: Arc<Self>) -> usize {
        self.0.lock().unwrap().len()
    }
}

/// A mock, async by nature.
struct Fake;

impl AsyncStorage for Fake {
    fn get(&self, key: &str) -> ThreadedCall<io::Result<Vec<u8>>> {
        let key = key.to_owned();
        koil::run_threaded(move || Ok(key.into_bytes()))
    }

    fn set(&self, _: &str, _: Vec<u8>) -> ThreadedCall<usize> {
        koil::run_threaded(|| 0)
    }

    fn provided(&self, _: (u8, u8)) -> ThreadedCall<u8> {
        koil::run_threaded(|| 0)
    }

    fn keys(&self) -> ThreadedIter<String> {
        koil::iterate_threaded(1, || ["fake".to_owned()])
    }

    fn tell(&self) -> ThreadedIter<Result<u8, String>> {
        koil::iterate_threaded(1, || [Ok(1), Err("told".to_owned())])
    }

    fn close(&self) -> ThreadedCall<usize> {
        koil::run_threaded(|| 0)
    }
}

async fn used(storage: &dyn AsyncStorage) -> (usize, Vec<String>, usize) {
    let before = storage.set("a", vec![1]).await;
    assert_eq!(storage.provided((1, 0)).await % 8, 0);
    let told = storage.tell().collect::<Vec<_>>().await;
    assert_eq!(told, [Ok(1), Err("told".to_owned())]);
    let _ = storage.get("a").await.unwrap();
    (before, storage.keys().collect().await, storage.close().await)
}

// Generics, associated types and constants.
#[threaded(name = "Later")]
trait Table<K: Clone + Send + 'static, const N: usize = 1>
where
    K: Debug,
{
    type Row: Clone + Send + 'static;
    type Many<T: Send + 'static>: IntoIterator<Item = T> + Send + 'static;
    const LIMIT: usize = N;

    fn find(&self, key: &K) -> Option<Self::Row>;

    fn many<T: Send + 'static>(&self, of: T) -> Self::Many<T>;

    fn with<F>(&self, rows: &[Self::Row], each: F) -> Vec<u8>
    where
        F: Fn(&Self::Row) -> u8;

    fn rows(&self) -> Result<impl Iterator<Item = Self::Row> + '_, K>;
}

#[derive(Clone)]
struct Numbers(Vec<u32>);

impl Table<u32, 5> for Numbers {
    type Row = u32;
    type Many<T: Send + 'static> = [T; 1];

    fn find(&self, key: &u32) -> Option<u32> {
        self.0.iter().copied().find(|own| own == key)
    }

    fn many<T: Send + 'static>(&self, of: T) -> [T; 1] {
        [of]
    }

    fn with<F>(&self, rows: &[u32], each: F) -> Vec<u8>
    where
        F: Fn(&u32) -> u8,
    {
        rows.iter().map(each).collect()
    }

    fn rows(&self) -> Result<impl Iterator<Item = u32> + '_, u32> {
        if self.0.is_empty() { Err(0) } else { Ok(self.0.iter().copied()) }
    }
}

async fn generic<T: Later<u32, 5, Row = u32>>(table: &T) -> u32 {
    assert_eq!(T::LIMIT, 5);
    assert_eq!(table.many('a').await.into_iter().count(), 1);
    assert_eq!(table.with(&[1, 2], |n| *n as u8).await, [1, 2]);
    let rows = table.rows().await.unwrap().collect::<Vec<_>>().await;
    table.find(&2).await.unwrap() + rows.len() as u32
}

pub(crate) fn main() {
    block_on(async {
        let storage = Threaded::new(InMemory::open(Path::new("")));
        assert_eq!(used(&storage).await, (1, vec!["a".to_owned()], 1));
        assert_eq!(used(&storage.clone()).await.0, 2);
        assert_eq!(storage.get_ref().0.lock().unwrap().len(), 2);
        assert_eq!(used(&Fake).await, (0, vec!["fake".to_owned()], 0));

        let numbers = Threaded::new(Numbers(vec![1, 2]));
        assert_eq!(generic(&numbers).await, 4);
        let empty = Threaded::new(Numbers(Vec::new()));
        assert_eq!(empty.rows().await.err(), Some(0));
    });

    // An object on the blocking side, which has no methods that need a size.
    #[threaded]
    trait Small: Send + Sync {
        fn one(&self) -> u8;
    }

    impl Small for u8 {
        fn one(&self) -> u8 {
            *self
        }
    }

    let small: Arc<dyn Small> = Arc::new(1_u8);
    let small: Threaded<dyn Small> = small.into();
    assert_eq!(koil::unkoil(small.one()), 1);
}
