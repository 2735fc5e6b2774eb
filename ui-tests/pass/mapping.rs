//! Twins in returned types: `Self`, the own name and listed types, behind and inside everything.
#![deny(warnings)]

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt::Debug;
use std::future::Future;
use std::io;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;

use futures::future::{self, BoxFuture, FutureExt};
use futures::stream::{self, BoxStream, Stream, StreamExt};
use koil::koiled;

type Fallible<T, E = String> = Result<T, E>;

#[koiled]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shop {
    name: String,
}

/// A container of the user's own.
#[derive(Debug)]
struct Page<T> {
    items: Vec<T>,
    next: Option<u64>,
}

impl<T> koil::MapTwin<0> for Page<T> {
    type Arg = T;
    type Mapped<U> = Page<U>;

    fn map_twin<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            next: self.next,
        }
    }
}

fn shop() -> Shop {
    Shop { name: "a".into() }
}

#[koiled]
impl Shop {
    pub(crate) const DEFAULT: Self = Shop {
        name: String::new(),
    };
    pub(crate) const OWN_NAME: Shop = Shop {
        name: String::new(),
    };
    pub(crate) const NAMES: &'static [&'static str] = &["a", "b"];

    // Constructors.
    pub(crate) fn new(name: &str) -> Self {
        Shop {
            name: name.to_owned(),
        }
    }

    pub(crate) const fn constant(name: String) -> Self {
        Shop { name }
    }

    async fn open() -> Self {
        shop()
    }

    async fn own_name() -> Shop {
        shop()
    }

    async fn own_path() -> self::Shop {
        shop()
    }

    async fn checked(good: bool) -> Result<Self, String> {
        if good { Ok(shop()) } else { Err("bad".into()) }
    }

    fn sync_checked() -> io::Result<Self> {
        Ok(shop())
    }

    // Builders.
    fn named(self, name: &str) -> Self {
        Shop {
            name: name.to_owned(),
        }
    }

    fn rename(&mut self, name: &str) -> &mut Self {
        self.name = name.to_owned();
        self
    }

    async fn reopened(mut self) -> Result<Self, String> {
        self.name.push('!');
        Ok(self)
    }

    async fn renamed(&mut self, name: &str) -> Result<&mut Self, String> {
        self.name = name.to_owned();
        Ok(self)
    }

    // Behind references and pointers.
    async fn this(&self) -> &Self {
        self
    }

    async fn this_mut(&mut self) -> &mut Self {
        self
    }

    async fn this_lifetime<'a>(&'a self, _other: &str) -> &'a Shop {
        self
    }

    async fn arc() -> Arc<Self> {
        Arc::new(shop())
    }

    async fn same_arc(self: Arc<Self>) -> Arc<Self> {
        self
    }

    async fn rc() -> Rc<Self> {
        Rc::new(shop())
    }

    async fn boxed() -> Box<Self> {
        Box::new(shop())
    }

    async fn pinned_box() -> Pin<Box<Self>> {
        Box::pin(shop())
    }

    async fn pinned(self: Pin<&mut Self>) -> Pin<&mut Self> {
        self
    }

    async fn pinned_ref<'a>(self: Pin<&'a Self>) -> Pin<&'a Self> {
        self
    }

    // Inside containers.
    async fn option(&self) -> Option<Self> {
        Some(self.clone())
    }

    async fn option_ref(&self) -> Option<&Self> {
        Some(self)
    }

    async fn option_mut(&mut self) -> Option<&mut Shop> {
        Some(self)
    }

    async fn list() -> Vec<Self> {
        vec![shop(), shop()]
    }

    async fn list_of_refs(&self) -> Vec<&Self> {
        vec![self, self]
    }

    async fn list_of_arcs() -> Result<Vec<Arc<Self>>, String> {
        Ok(vec![Arc::new(shop())])
    }

    async fn queue() -> VecDeque<Self> {
        [shop()].into()
    }

    async fn by_name() -> HashMap<String, Self> {
        HashMap::from([("a".to_owned(), shop())])
    }

    async fn by_number() -> BTreeMap<u32, Option<Self>> {
        BTreeMap::from([(1, Some(shop())), (2, None)])
    }

    fn poll() -> Poll<Self> {
        Poll::Ready(shop())
    }

    fn poll_result() -> Poll<Option<Result<Self, String>>> {
        Poll::Ready(Some(Ok(shop())))
    }

    async fn flow(stop: bool) -> ControlFlow<Self, u32> {
        if stop {
            ControlFlow::Break(shop())
        } else {
            ControlFlow::Continue(1)
        }
    }

    async fn alias() -> Fallible<Self> {
        Ok(shop())
    }

    async fn alias_with_error() -> Fallible<Shop, u8> {
        Err(3)
    }

    async fn nested() -> Result<Option<Vec<Self>>, String> {
        Ok(Some(vec![shop()]))
    }

    async fn in_the_error() -> Result<u32, Self> {
        Err(shop())
    }

    async fn page() -> Page<Self> {
        Page {
            items: vec![shop()],
            next: Some(1),
        }
    }

    async fn tuple() -> (u32, Self) {
        (1, shop())
    }

    async fn deep_tuple(&self) -> (Self, (Option<Self>, u8), Result<Vec<Self>, ()>, &Self) {
        (shop(), (None, 2), Ok(vec![shop()]), self)
    }

    async fn one_tuple() -> (Self,) {
        (shop(),)
    }

    async fn option_of_tuple() -> Option<(Self, u32)> {
        Some((shop(), 2))
    }

    // Iterators and streams.
    fn each() -> impl Iterator<Item = Self> {
        [shop(), shop()].into_iter()
    }

    fn each_ref(&self) -> impl Iterator<Item = &Self> + '_ {
        [self, self].into_iter()
    }

    fn each_result(
        &self,
    ) -> impl DoubleEndedIterator + Iterator<Item = Result<Self, String>> + use<> {
        vec![Ok(self.clone()), Err("end".into())].into_iter()
    }

    async fn each_later() -> Result<impl Iterator<Item = Self>, String> {
        Ok([shop()].into_iter())
    }

    fn stream() -> impl Stream<Item = Self> {
        stream::iter([shop(), shop()])
    }

    fn stream_of_refs(&self) -> impl Stream<Item = &Self> + '_ {
        stream::iter([self])
    }

    fn stream_of_results() -> impl Stream<Item = Result<Self, String>> + Send + 'static {
        stream::iter([Ok(shop()), Err("end".into())])
    }

    fn boxed_stream() -> BoxStream<'static, Self> {
        stream::iter([shop()]).boxed()
    }

    fn pinned_stream() -> Pin<Box<dyn Stream<Item = Result<Shop, String>> + Send>> {
        Box::pin(stream::iter([Ok(shop())]))
    }

    fn stream_in_result(&self) -> Result<impl Stream<Item = Self> + '_, String> {
        Ok(stream::iter([self.clone()]))
    }

    async fn stream_later() -> Option<impl Stream<Item = (u32, Self)>> {
        Some(stream::iter([(1, shop())]))
    }

    fn boxed_stream_in_option(&self) -> Option<BoxStream<'_, Arc<Self>>> {
        Some(stream::iter([Arc::new(self.clone())]).boxed())
    }

    async fn boxed_stream_in_result(&self) -> Result<BoxStream<'_, Result<Self, u8>>, String> {
        Ok(stream::iter([Ok(self.clone())]).boxed())
    }

    async fn boxed_streams(&self) -> (u32, Vec<BoxStream<'_, Self>>) {
        (1, vec![stream::iter([self.clone()]).boxed()])
    }

    // Futures.
    fn future() -> impl Future<Output = Self> {
        future::ready(shop())
    }

    fn future_of_result(&self) -> impl Future<Output = Result<&Self, String>> {
        future::ready(Ok(self))
    }

    fn boxed_future() -> BoxFuture<'static, Option<Self>> {
        async { Some(shop()) }.boxed()
    }

    fn pinned_future(&mut self) -> Pin<Box<dyn Future<Output = &mut Self> + '_>> {
        Box::pin(async move { self })
    }

    // Left alone.
    #[koil(raw)]
    async fn raw() -> Self {
        shop()
    }

    #[koil(raw)]
    async fn raw_array() -> [Self; 2] {
        [shop(), shop()]
    }

    #[koil(raw)]
    fn raw_sync(self) -> Option<Box<[Self]>> {
        Some(Box::new([self]))
    }

    async fn said_otherwise(&self) -> <Self as ToOwned>::Owned {
        self.clone()
    }

    async fn of_a_bound(&self) -> impl Debug + PartialEq<&'static str> + use<> {
        "a"
    }
}

#[koiled]
#[derive(Clone, Debug, PartialEq)]
struct Row<'r, T> {
    shop: &'r Shop,
    value: T,
}

#[koiled]
impl<'r, T: Clone> Row<'r, T> {
    async fn again(&self) -> Self {
        self.clone()
    }

    async fn with<U: Clone>(&self, value: U) -> Row<'r, U> {
        Row {
            shop: self.shop,
            value,
        }
    }

    async fn shorter<'a>(&'a self) -> Row<'a, &'a T>
    where
        'r: 'a,
    {
        Row {
            shop: self.shop,
            value: &self.value,
        }
    }

    async fn rows(self) -> Vec<Row<'r, Option<T>>> {
        vec![Row {
            shop: self.shop,
            value: Some(self.value),
        }]
    }
}

#[koiled]
impl<T: Clone> Row<'_, T> {
    async fn value(&self) -> &T {
        &self.value
    }

    async fn elided(&self) -> Row<'_, T> {
        Row {
            shop: self.shop,
            value: self.value.clone(),
        }
    }

    async fn halves(&self) -> (Self, Row<'_, u8>) {
        (
            self.clone(),
            Row {
                shop: self.shop,
                value: 1,
            },
        )
    }
}

/// Another type of this module, listed where it is returned.
#[koiled(twins(Row))]
impl Shop {
    async fn row<T>(&self, value: T) -> Row<'_, T> {
        Row { shop: self, value }
    }

    async fn maybe_row(&self, n: u32) -> Result<Option<Row<'_, u32>>, String> {
        Ok((n > 0).then_some(Row {
            shop: self,
            value: n,
        }))
    }

    fn rows<'a>(&'a self, count: u32) -> impl Stream<Item = Row<'a, u32>> + 'a {
        stream::iter(0..count).map(|value| Row { shop: self, value })
    }

    fn row_iter(&self) -> impl Iterator<Item = (u32, Row<'_, ()>)> {
        (0..2).map(|n| {
            (
                n,
                Row {
                    shop: self,
                    value: (),
                },
            )
        })
    }

    async fn open_with_row<'a>(shop: &'a Shop) -> (Self, Row<'a, u8>) {
        (shop.clone(), Row { shop, value: 0 })
    }
}

/// The type that a hand-written sync API would return instead.
struct Names(Vec<String>);

impl From<Vec<Shop>> for Names {
    fn from(shops: Vec<Shop>) -> Names {
        Names(shops.into_iter().map(|shop| shop.name).collect())
    }
}

struct Shops;

impl From<Shops> for Names {
    fn from(_: Shops) -> Names {
        Names(vec!["one".into()])
    }
}

#[koiled(twins(Shops = Names))]
impl Shop {
    async fn all(&self) -> Result<Shops, String> {
        Ok(Shops)
    }
}

/// Free functions know the types that are listed.
#[koiled(twins(Shop))]
async fn connect(name: &str) -> io::Result<Shop> {
    Ok(Shop::new(name))
}

#[koiled(twins(Shop, Shops = self::Names,))]
async fn connect_all() -> (Vec<Shop>, Option<Shops>) {
    (vec![shop()], Some(Shops))
}

#[koiled(twins(Shop))]
async fn compare(a: Shop, b: &Shop, c: &mut Shop) -> bool {
    c.name.push('!');
    a == *b
}

fn is_shop(twin: &BlockingShop) -> bool {
    twin.this().aio().name == "a"
}

fn constants_and_constructors_give_twins() {
    let _: [BlockingShop; 2] = [BlockingShop::DEFAULT, BlockingShop::OWN_NAME];
    assert_eq!(BlockingShop::NAMES.len(), 2);
    assert!(is_shop(&BlockingShop::new("a")));
    assert!(is_shop(&BlockingShop::constant("a".into())));
    assert!(is_shop(&BlockingShop::open()));
    assert!(is_shop(&BlockingShop::own_name()));
    assert!(is_shop(&BlockingShop::own_path()));
    assert!(is_shop(&BlockingShop::checked(true).unwrap()));
    assert!(BlockingShop::checked(false).is_err());
    assert!(is_shop(&BlockingShop::sync_checked().unwrap()));
}

fn chains_end_in_the_same_twin() {
    let mut twin = BlockingShop::new("x").named("y").reopened().unwrap();
    assert_eq!(twin.name, "y!");
    twin.rename("z")
        .rename("a")
        .renamed("b")
        .unwrap()
        .this_mut()
        .rename("a");
    assert!(is_shop(&twin));
    assert!(std::ptr::eq(twin.this(), &twin));
    assert!(std::ptr::eq(twin.this_lifetime(""), &twin));
}

fn pointers_to_originals_point_to_twins() {
    assert!(is_shop(&BlockingShop::arc()));
    let arc = BlockingShop::arc();
    assert!(Arc::ptr_eq(&arc.clone().same_arc(), &arc));
    assert!(is_shop(&BlockingShop::rc()));
    assert!(is_shop(&BlockingShop::boxed()));
    let mut pinned = BlockingShop::pinned_box();
    assert!(is_shop(&pinned.as_mut().pinned()));
    assert!(is_shop(pinned.as_ref().pinned_ref().get_ref()));
}

fn options_and_collections_hold_twins() {
    let mut twin = BlockingShop::new("a");
    assert!(is_shop(&twin.option().unwrap()));
    assert!(is_shop(twin.option_ref().unwrap()));
    assert!(is_shop(twin.option_mut().unwrap()));
    assert!(BlockingShop::list().iter().all(is_shop));
    assert!(twin.list_of_refs().into_iter().all(is_shop));
    assert!(
        BlockingShop::list_of_arcs()
            .unwrap()
            .iter()
            .all(|arc| is_shop(arc))
    );
    assert!(is_shop(&BlockingShop::queue()[0]));
    assert!(is_shop(&BlockingShop::by_name()["a"]));
    assert!(is_shop(BlockingShop::by_number()[&1].as_ref().unwrap()));
}

fn enums_of_std_and_aliases_hold_twins() {
    assert!(matches!(BlockingShop::poll(), Poll::Ready(twin) if is_shop(&twin)));
    assert!(matches!(BlockingShop::poll_result(), Poll::Ready(Some(Ok(twin))) if is_shop(&twin)));
    assert!(matches!(BlockingShop::flow(true), ControlFlow::Break(twin) if is_shop(&twin)));
    assert!(is_shop(&BlockingShop::alias().unwrap()));
    assert_eq!(BlockingShop::alias_with_error().unwrap_err(), 3);
    assert!(is_shop(&BlockingShop::nested().unwrap().unwrap()[0]));
    assert!(is_shop(&BlockingShop::in_the_error().unwrap_err()));
    let page = BlockingShop::page();
    assert!(is_shop(&page.items[0]) && page.next == Some(1));
}

fn tuples_hold_twins() {
    let twin = BlockingShop::new("a");
    assert!(is_shop(&BlockingShop::tuple().1));
    let (a, (none, two), c, d) = twin.deep_tuple();
    assert!(is_shop(&a) && none.is_none() && two == 2 && is_shop(&c.unwrap()[0]) && is_shop(d));
    assert!(is_shop(&BlockingShop::one_tuple().0));
    assert!(is_shop(&BlockingShop::option_of_tuple().unwrap().0));
}

fn iterators_yield_twins() {
    let twin = BlockingShop::new("a");
    assert!(BlockingShop::each().all(|twin| is_shop(&twin)));
    assert!(twin.each_ref().all(is_shop));
    assert_eq!(twin.each_result().filter_map(Result::ok).count(), 1);
    assert!(
        BlockingShop::each_later()
            .unwrap()
            .all(|twin| is_shop(&twin))
    );
}

fn streams_yield_twins() {
    let twin = BlockingShop::new("a");
    assert!(BlockingShop::stream().all(|twin| is_shop(&twin)));
    assert!(twin.stream_of_refs().all(is_shop));
    assert_eq!(
        BlockingShop::stream_of_results()
            .filter_map(Result::err)
            .count(),
        1
    );
    assert!(BlockingShop::boxed_stream().all(|twin| is_shop(&twin)));
    assert!(BlockingShop::pinned_stream().all(|twin| is_shop(&twin.unwrap())));
    assert!(twin.stream_in_result().unwrap().all(|twin| is_shop(&twin)));
    assert!(
        BlockingShop::stream_later()
            .unwrap()
            .all(|(_, twin)| is_shop(&twin))
    );
    assert!(
        twin.boxed_stream_in_option()
            .unwrap()
            .all(|twin| is_shop(&twin))
    );
    assert_eq!(twin.boxed_stream_in_result().unwrap().count(), 1);
    assert_eq!(twin.boxed_streams().1.remove(0).count(), 1);
}

fn futures_give_twins() {
    let mut twin = BlockingShop::new("a");
    assert!(is_shop(&BlockingShop::future()));
    assert!(is_shop(twin.future_of_result().unwrap()));
    assert!(is_shop(&BlockingShop::boxed_future().unwrap()));
    assert!(is_shop(twin.pinned_future()));
}

fn raw_outputs_stay_originals() {
    let twin = BlockingShop::new("a");
    let raw: Shop = BlockingShop::raw();
    assert_eq!(BlockingShop::raw_array(), [raw.clone(), raw]);
    assert_eq!(BlockingShop::new("a").raw_sync().unwrap()[0], shop());
    let otherwise: Shop = twin.said_otherwise();
    assert_eq!(otherwise, shop());
    assert!(twin.of_a_bound() == "a");
}

fn twins_that_borrow_are_mapped_too() {
    let twin = BlockingShop::new("a");
    let row: BlockingRow<'_, u32> = twin.row(5);
    assert_eq!(*row.value(), 5);
    assert_eq!(*row.again().with("x").value(), "x");
    assert_eq!(**row.shorter().value(), 5);
    assert_eq!(*row.elided().value(), 5);
    let (a, b) = row.halves();
    assert_eq!((*a.value(), *b.value()), (5, 1));
    assert_eq!(*row.rows()[0].value(), Some(5));
    assert!(twin.maybe_row(0).unwrap().is_none());
    assert_eq!(twin.rows(3).map(|row| *row.value()).sum::<u32>(), 3);
    assert_eq!(
        twin.row_iter()
            .map(|(n, row)| n + row.with(1).value)
            .sum::<u32>(),
        3
    );
    let (opened, row) = BlockingShop::open_with_row(&twin);
    assert!(is_shop(&opened) && *row.value() == 0);
    assert_eq!(twin.all().unwrap().0, ["one"]);
}

fn functions_without_a_type_are_mapped_too() {
    let twin = BlockingShop::new("a");
    let (mut a, b) = (connect_blocking("a").unwrap(), connect_all_blocking());
    assert!(is_shop(&b.0[0]) && b.1.is_some());
    assert!(compare_blocking(twin, &b.0[0], &mut a));
    assert_eq!(a.name, "a!");
    assert_eq!(Names::from(vec![shop()]).0, ["a"]);
}

pub(crate) fn main() {
    constants_and_constructors_give_twins();
    chains_end_in_the_same_twin();
    pointers_to_originals_point_to_twins();
    options_and_collections_hold_twins();
    enums_of_std_and_aliases_hold_twins();
    tuples_hold_twins();
    iterators_yield_twins();
    streams_yield_twins();
    futures_give_twins();
    raw_outputs_stay_originals();
    twins_that_borrow_are_mapped_too();
    functions_without_a_type_are_mapped_too();
}
