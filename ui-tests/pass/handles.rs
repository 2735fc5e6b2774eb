//! Handles as arguments, and promise 17: methods act on their own receiver, never on a copy.
#![deny(warnings)]

use std::ptr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use koil::koiled;

#[koiled]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Counter {
    n: u32,
}

#[koiled]
impl Counter {
    const START: Self = Counter { n: 10 };
    const LIMIT: usize = 3;

    async fn add(&mut self, n: u32) -> u32 {
        self.n += n;
        self.n
    }

    fn sync_add(&mut self, n: u32) -> &mut Self {
        self.n += n;
        self
    }

    #[koil(raw)]
    async fn address(&self) -> *const Counter {
        self
    }

    #[koil(raw)]
    fn sync_address(&self) -> *const Self {
        self
    }

    // By value, by reference, by unique reference; by `Self` and by name.
    async fn merged(self, other: Self) -> Self {
        Counter {
            n: self.n + other.n,
        }
    }

    async fn absorb(&mut self, other: Counter) {
        self.n += other.n;
    }

    async fn same(&self, other: &Self) -> bool {
        self == other
    }

    async fn is(&self, other: &Counter) -> bool {
        ptr::eq(self, other)
    }

    async fn swap(&mut self, other: &mut Self) {
        std::mem::swap(self, other);
    }

    async fn pour(&self, Counter { n }: Self, into: &mut Counter) {
        into.n += n;
    }

    async fn larger<'a>(&'a self, other: &'a Self) -> &'a Self {
        if other.n > self.n { other } else { self }
    }

    fn sync_merged(self, other: Self) -> Self {
        Counter {
            n: self.n * other.n,
        }
    }

    fn from_two(a: &Self, b: Self) -> Self {
        Counter { n: a.n + b.n }
    }

    // Twins in a container, a slice, a pointer; everything else takes the async type.
    async fn absorb_all(&mut self, others: Vec<Self>) {
        self.n += others.iter().map(|other| other.n).sum::<u32>();
    }

    async fn maybe(&self, other: Option<&Self>) -> u32 {
        other.map_or(0, |other| other.n)
    }

    async fn slice(others: &[Self]) -> usize {
        others.len()
    }

    async fn iterator(others: impl IntoIterator<Item = Self>) -> u32 {
        others.into_iter().map(|other| other.n).sum()
    }

    async fn shared(other: Arc<Self>) -> u32 {
        other.n
    }

    async fn callback(&mut self, f: impl FnOnce(&mut Self)) {
        f(self);
    }

    async fn async_callback<R>(&mut self, f: impl AsyncFnOnce(&mut Self) -> R) -> R {
        f(self).await
    }

    async fn generic_callback<F>(&self, f: F) -> u32
    where
        F: Fn(&Self) -> u32,
    {
        f(self)
    }

    async fn bound_by_self<T: Into<Self>>(value: T) -> Self {
        value.into()
    }

    async fn function(f: fn(Self) -> u32, this: Self) -> u32 {
        f(this)
    }
}

impl From<u32> for Counter {
    fn from(n: u32) -> Counter {
        Counter { n }
    }
}

/// A copy of this one would go unnoticed by the compiler.
#[koiled]
#[derive(Clone, Copy, Debug, PartialEq)]
struct Point {
    x: i32,
}

#[koiled]
impl Point {
    async fn shift(&mut self, by: i32) {
        self.x += by;
    }

    async fn shifted(mut self, by: i32) -> Self {
        self.x += by;
        self
    }

    async fn typed(self: &mut Self) -> &mut i32 {
        &mut self.x
    }

    async fn boxed(mut self: Box<Self>) -> Box<Self> {
        self.x += 1;
        self
    }
}

/// Bare, since it borrows: here even the twin is `Copy`.
#[koiled]
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cursor<'a> {
    rest: &'a [u8],
}

#[koiled]
impl<'a> Cursor<'a> {
    async fn advance(&mut self) -> Option<&'a u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }
}

/// Clones share their state, so that a copy would act on the same thing and only its drop tells.
#[koiled]
#[derive(Clone)]
struct Session {
    drops: Arc<AtomicU32>,
}

impl Drop for Session {
    fn drop(&mut self) {
        self.drops.fetch_add(1, Ordering::SeqCst);
    }
}

#[koiled]
impl Session {
    async fn touch(&self) {}

    async fn touch_mut(&mut self) {}

    async fn drops(&self) -> u32 {
        self.drops.load(Ordering::SeqCst)
    }

    async fn close(self) -> Arc<AtomicU32> {
        self.drops.clone()
    }

    async fn again(self) -> Self {
        self
    }
}

fn twin(n: u32) -> BlockingCounter {
    Counter { n }.into_blocking()
}

fn identity() {
    // Two equal values: what is done to one must not be done to the other, nor to a third.
    let (mut a, mut b) = (twin(1), twin(1));
    assert!(a == b && !a.is(&b) && a.is(&a));
    assert_eq!(a.add(1), 2);
    a.sync_add(1).sync_add(1);
    assert_eq!((a.n, b.n), (4, 1));
    b.blocking_mut().add(1);
    assert_eq!((a.n, b.n), (4, 2));
    assert!(ptr::eq(a.address(), a.aio()));
    assert!(ptr::eq(a.address(), a.sync_address()));
    assert!(ptr::eq(a.aio().blocking(), &a));
    assert!(!ptr::eq(a.address(), b.address()));

    let mut original = Counter { n: 1 };
    original.blocking_mut().add(1);
    original.blocking_mut().sync_add(1);
    assert_eq!(original.n, 3);
    assert!(ptr::eq(original.blocking().address(), &original));

    let shared = Arc::new(twin(1));
    assert!(ptr::eq(shared.address(), shared.aio()));
    let here = Rc::new(twin(1));
    assert!(ptr::eq(here.address(), here.aio()));

    let mut point = Point { x: 1 }.into_blocking();
    let twin = point.clone();
    point.shift(1);
    *point.typed() += 1;
    assert_eq!((point.x, twin.x), (3, 1));
    assert_eq!(twin.clone().shifted(5).x, 6);
    assert_eq!(twin.x, 1);
    assert_eq!(Box::new(twin).boxed().x, 2);

    let mut cursor = Cursor { rest: b"ab" }.into_blocking();
    let start = cursor;
    assert_eq!(cursor.advance(), Some(&b'a'));
    assert_eq!(cursor.advance(), Some(&b'b'));
    assert_eq!(cursor.advance(), None);
    assert_eq!(start.rest, b"ab");
}

fn drops_once() {
    let drops = Arc::new(AtomicU32::new(0));
    let mut session = Session {
        drops: drops.clone(),
    }
    .into_blocking();
    session.touch();
    session.touch_mut();
    assert_eq!(session.drops(), 0);
    let session = session.again().again().into_aio().into_blocking();
    assert_eq!(session.drops(), 0);
    let copy = session.clone();
    drop(session);
    assert_eq!(copy.drops(), 1);
    copy.close();
    assert_eq!(drops.load(Ordering::SeqCst), 2);
    drop(
        Session {
            drops: drops.clone(),
        }
        .into_blocking()
        .into_aio(),
    );
    drop(Arc::new(BlockingSession::from(Session {
        drops: drops.clone(),
    })));
    assert_eq!(drops.load(Ordering::SeqCst), 4);
    assert_eq!(Arc::strong_count(&drops), 1);
}

pub(crate) fn main() {
    identity();
    drops_once();

    assert_eq!(BlockingCounter::START.n, 10);
    assert_eq!([0; BlockingCounter::LIMIT].len(), 3);
    let (mut a, mut b) = (twin(1), twin(2));
    assert_eq!(twin(1).merged(twin(2)).n, 3);
    a.absorb(twin(4));
    assert_eq!(a.n, 5);
    assert!(a.same(&twin(5)));
    a.swap(&mut b);
    assert_eq!((a.n, b.n), (2, 5));
    a.pour(twin(7), &mut b);
    assert_eq!(b.n, 12);
    assert!(ptr::eq(a.larger(&b), &b));
    assert_eq!(twin(2).sync_merged(twin(3)).n, 6);
    assert_eq!(BlockingCounter::from_two(&a, twin(1)).n, 3);
    a.absorb_all(vec![twin(1), twin(1)]);
    assert_eq!(a.maybe(Some(&b)), 12);
    assert_eq!(BlockingCounter::slice(&[twin(1)]), 1);
    assert_eq!(BlockingCounter::iterator([Counter { n: 1 }]), 1);
    assert_eq!(BlockingCounter::shared(Arc::default()), 0);
    a.callback(|this: &mut Counter| this.n = 1);
    let seen = a.async_callback(async |this: &mut Counter| {
        tokio::task::yield_now().await;
        this.n += 1;
        this.n
    });
    assert_eq!(seen, 2);
    assert_eq!(a.generic_callback(|this| this.n), 2);
    assert_eq!(BlockingCounter::bound_by_self(6_u32).n, 6);
    assert_eq!(BlockingCounter::function(|this| this.n, twin(3)), 3);
}
