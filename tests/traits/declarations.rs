//! Everything that a trait may declare.

use std::fmt::{Debug, Display};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use futures::future::BoxFuture;
use futures::stream::{self, Stream};
use koil::{Blocking, Iter, koiled};

/// Associated types, generic ones, consts.
#[koiled]
trait Till: Send {
    /// The type of its entries.
    type Coin: Display + Into<u64>;
    type Error: Debug;
    type Handful<'a>: IntoIterator<Item = &'a u8>
    where
        Self: 'a;
    type Bag<T: Clone>: Default;

    const SLOTS: usize;
    const NAME: &'static str = "till";

    async fn take(&self, n: u32) -> Result<Self::Coin, Self::Error>;
    fn handful(&self) -> Self::Handful<'_>;
    async fn bag<T: Clone + 'static>(&self) -> Self::Bag<T>;
    async fn both(&self, coin: Self::Coin) -> (Self::Coin, usize);
}

#[koiled]
#[derive(Debug)]
struct Register {
    coins: Vec<u8>,
}

impl Till for Register {
    type Coin = u32;
    type Error = String;
    type Handful<'a> = &'a [u8];
    type Bag<T: Clone> = Vec<T>;

    const SLOTS: usize = 3;

    async fn take(&self, n: u32) -> Result<u32, String> {
        tokio::task::yield_now().await;
        n.checked_sub(1).ok_or_else(|| "empty".to_owned())
    }

    fn handful(&self) -> &[u8] {
        &self.coins
    }

    async fn bag<T: Clone + 'static>(&self) -> Vec<T> {
        Vec::new()
    }

    async fn both(&self, coin: u32) -> (u32, usize) {
        (coin, Self::SLOTS)
    }
}

fn coin<T: BlockingTill<Coin = u32>>(till: &T) -> u32 {
    till.take(2).unwrap_or_default()
}

#[test]
fn associated_types_and_consts_are_those_of_the_original() {
    let till = BlockingRegister::from(Register { coins: vec![1, 2] });
    assert_eq!(till.take(4), Ok(3));
    assert_eq!(till.take(0), Err("empty".to_owned()));
    assert_eq!(BlockingTill::handful(&till), [1, 2]);
    assert_eq!(till.bag::<String>(), Vec::<String>::new());
    assert_eq!(till.both(1), (1, 3));
    assert_eq!(<BlockingRegister as BlockingTill>::SLOTS, 3);
    assert_eq!(<BlockingRegister as BlockingTill>::NAME, "till");
    assert_eq!(coin(&till), 1);
}

/// Generics of every kind, and `where` on all of them.
#[koiled]
trait Index<'k, K: ?Sized + 'k, V = u32, const N: usize = 2>
where
    K: Debug,
    V: Clone,
    Self::Found: Debug,
    Self: Unpin,
{
    type Found;

    async fn find(&self, key: &'k K) -> Option<Self::Found>;
    async fn put<I>(&mut self, key: &'k K, values: I) -> [usize; N]
    where
        I: IntoIterator<Item = V>,
        I::IntoIter: Debug;
}

#[koiled]
#[derive(Default)]
struct Table(Vec<(String, u32)>);

impl<'k> Index<'k, str> for Table {
    type Found = u32;

    async fn find(&self, key: &'k str) -> Option<u32> {
        self.0
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| *value)
    }

    async fn put<I>(&mut self, key: &'k str, values: I) -> [usize; 2]
    where
        I: IntoIterator<Item = u32>,
        I::IntoIter: Debug,
    {
        let before = self.0.len();
        self.0
            .extend(values.into_iter().map(|value| (key.to_owned(), value)));
        [before, self.0.len()]
    }
}

fn generic<T: for<'k> BlockingIndex<'k, str>>(table: &T) -> bool
where
    for<'k> <T as BlockingIndex<'k, str>>::Found: Debug,
{
    table.find("b").is_none()
}

#[test]
fn generics_and_where_clauses_are_carried() {
    let mut table = BlockingTable::default();
    assert_eq!(table.put("a", [1, 2]), [0, 2]);
    assert_eq!(table.find("a"), Some(1));
    assert!(generic(&table));
}

/// Every receiver, and `Self` in every place that can be mapped.
#[koiled]
trait Shape: Sized {
    const UNIT: Self;

    async fn open(size: u32) -> Result<Self, String>;
    async fn size(&self) -> u32;
    async fn grow(&mut self, by: u32) -> &mut Self;
    async fn close(self) -> u32;
    async fn boxed(self: Box<Self>) -> Box<Self>;
    async fn shared(self: Arc<Self>) -> Arc<Self>;
    async fn counted(self: Rc<Self>) -> u32;
    async fn pinned(self: Pin<&mut Self>) -> u32;
    async fn pinned_ref(self: Pin<&Self>) -> u32;
    async fn split(self) -> (Self, Vec<Self>);
    async fn bigger(&self, other: &Self, third: Self) -> Option<Self>;
    fn new() -> Self;
    fn each(&self) -> impl Stream<Item = Self>;
    fn iter(&self) -> impl Iterator<Item = Self>;
}

#[koiled]
#[derive(Clone, Debug, PartialEq)]
struct Square(u32);

impl Shape for Square {
    const UNIT: Self = Square(1);

    async fn open(size: u32) -> Result<Self, String> {
        Ok(Square(size))
    }
    async fn size(&self) -> u32 {
        self.0
    }
    async fn grow(&mut self, by: u32) -> &mut Self {
        self.0 += by;
        self
    }
    async fn close(self) -> u32 {
        self.0
    }
    async fn boxed(self: Box<Self>) -> Box<Self> {
        self
    }
    async fn shared(self: Arc<Self>) -> Arc<Self> {
        self
    }
    async fn counted(self: Rc<Self>) -> u32 {
        self.0
    }
    async fn pinned(self: Pin<&mut Self>) -> u32 {
        self.0
    }
    async fn pinned_ref(self: Pin<&Self>) -> u32 {
        self.0
    }
    async fn split(self) -> (Self, Vec<Self>) {
        (self.clone(), vec![self])
    }
    async fn bigger(&self, other: &Self, third: Self) -> Option<Self> {
        [self, other, &third]
            .into_iter()
            .max_by_key(|square| square.0)
            .cloned()
    }
    fn new() -> Self {
        Square(0)
    }
    fn each(&self) -> impl Stream<Item = Self> {
        stream::iter([self.clone(), Square(9)])
    }
    fn iter(&self) -> impl Iterator<Item = Self> {
        std::iter::once(self.clone())
    }
}

#[test]
fn self_is_the_twin_wherever_it_stands() {
    let mut two: BlockingSquare = BlockingShape::open(2).unwrap();
    assert_eq!(two.grow(1).size(), 3);
    assert_eq!(BlockingSquare::UNIT.close(), 1);
    assert_eq!(Box::new(two.clone()).boxed().size(), 3);
    assert_eq!(Arc::new(two.clone()).shared().size(), 3);
    assert_eq!(Rc::new(two.clone()).counted(), 3);
    assert_eq!(Pin::new(&mut two).pinned() + Pin::new(&two).pinned_ref(), 6);
    let (one, all): (BlockingSquare, Vec<BlockingSquare>) = two.clone().split();
    assert_eq!(all, [one]);
    let five = BlockingSquare::from(Square(5));
    assert_eq!(two.bigger(&five, BlockingShape::new()), Some(five));
    let each: Vec<BlockingSquare> = two.each().collect();
    assert_eq!(each[1].size(), 9);
    assert_eq!(BlockingShape::iter(&two).next(), Some(two.clone()));
}

/// The same through `Blocking`.
fn unit<S: Shape>() -> Blocking<S> {
    <Blocking<S> as BlockingShape>::UNIT
}

#[test]
fn blocking_has_constructors_too() {
    assert_eq!(unit::<Square>().close(), 1);
    let opened: Blocking<Square> = BlockingShape::open(4).unwrap();
    assert_eq!(opened.size(), 4);
}

/// All that can be async.
#[koiled]
trait Answers {
    fn future(&self) -> impl Future<Output = u8> + Send;
    fn boxed<'a>(&'a self, text: &'a str) -> BoxFuture<'a, &'a str>;
    fn dynamic(&self) -> Pin<Box<dyn Future<Output = u8> + '_>>;
    fn stream(&self) -> impl Stream<Item = u8> + '_;
    async fn later(&self) -> Result<impl Stream<Item = u8>, String>;
    async fn call<F: AsyncFn(u8) -> u8>(&self, call: F) -> u8;
    async fn call_opaque(&self, call: impl AsyncFn(u8) -> u8) -> u8;
    async fn with_pattern(&self, (a, _): (u8, u8), _: u8) -> u8 {
        a + self.future().await
    }
    /// # Safety
    ///
    /// Always safe.
    unsafe fn raw(&self) -> impl Future<Output = u8>;
    async fn r#async(&self, r#type: u8) -> u8;
    async fn maybe(&self, #[cfg(any())] never: u8) -> u8;
    #[cfg(any())]
    async fn never(&self) -> u8;
    #[koil(name = "renamed")]
    async fn named(&self) -> u8;
    #[koil(lend)]
    fn lent(&self) -> impl Future<Output = u8> + Send;
    #[koil(skip)]
    async fn skipped(&self, others: Vec<&Self>) -> usize;
}

#[koiled]
struct Oracle(u8);

impl Answers for Oracle {
    async fn future(&self) -> u8 {
        tokio::task::yield_now().await;
        self.0
    }
    fn boxed<'a>(&'a self, text: &'a str) -> BoxFuture<'a, &'a str> {
        Box::pin(async move { text })
    }
    fn dynamic(&self) -> Pin<Box<dyn Future<Output = u8> + '_>> {
        Box::pin(async { self.0 })
    }
    fn stream(&self) -> impl Stream<Item = u8> + '_ {
        stream::iter([self.0, 1])
    }
    async fn later(&self) -> Result<impl Stream<Item = u8>, String> {
        Ok(stream::iter([self.0]))
    }
    async fn call<F: AsyncFn(u8) -> u8>(&self, call: F) -> u8 {
        call(self.0).await
    }
    async fn call_opaque(&self, call: impl AsyncFn(u8) -> u8) -> u8 {
        call(self.0).await
    }
    // SAFETY: nothing about it is unsafe.
    unsafe fn raw(&self) -> impl Future<Output = u8> {
        std::future::ready(self.0)
    }
    async fn r#async(&self, r#type: u8) -> u8 {
        r#type
    }
    async fn maybe(&self) -> u8 {
        self.0
    }
    async fn named(&self) -> u8 {
        self.0
    }
    async fn lent(&self) -> u8 {
        self.0
    }
    async fn skipped(&self, others: Vec<&Self>) -> usize {
        others.len()
    }
}

#[test]
fn all_that_can_be_async_is_waited_for() {
    let oracle = BlockingOracle::from(Oracle(4));
    assert_eq!(koil::unkoil(oracle.skipped(vec![])), 0);
    assert_eq!(oracle.future() + oracle.dynamic(), 8);
    assert_eq!(oracle.boxed("x"), "x");
    assert_eq!(oracle.stream().collect::<Vec<_>>(), [4, 1]);
    assert_eq!(oracle.later().unwrap().count(), 1);
    let more = std::cell::Cell::new(1);
    assert_eq!(oracle.call(async |n| n + more.get()), 5);
    assert_eq!(oracle.call_opaque(async |n| n + 2), 6);
    assert_eq!(oracle.with_pattern((1, 2), 3), 5);
    // SAFETY: nothing about it is unsafe.
    assert_eq!(unsafe { oracle.raw() }, 4);
    assert_eq!(
        oracle.r#async(3) + oracle.maybe() + oracle.renamed() + oracle.lent(),
        15
    );
}

#[test]
fn a_mock_makes_its_iterators_of_what_it_has() {
    #[koiled]
    trait Ticks {
        fn ticks(&self) -> impl Stream<Item = u8> + '_;
    }
    struct Fake([u8; 2]);
    impl BlockingTicks for Fake {
        fn ticks(&self) -> Iter<impl Stream<Item = u8> + '_> {
            Iter::from_iter(self.0)
        }
    }
    assert_eq!(Fake([1, 2]).ticks().sum::<u8>(), 3);
}
