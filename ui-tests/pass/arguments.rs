//! Handles inside arguments, and several in one container: twins go in and come out.
#![forbid(unsafe_code)]
#![deny(warnings, clippy::all)]

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use futures::stream::{self, BoxStream};
use futures::{Stream, StreamExt};
use koil::koiled;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

#[koiled]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shop(u8);

#[koiled]
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row<'a, T>(&'a T);

/// A container that koil does not know.
pub(crate) struct Page<T>(Vec<T>);

type Fallible<T, E = Shop> = Result<T, E>;

#[koiled(twins(Row))]
impl Shop {
    // Twins in the containers of std.
    async fn list(&self, shops: Vec<Shop>) -> u8 {
        shops.iter().map(|shop| shop.0).sum()
    }

    async fn options(&self, one: Option<&Shop>, other: Option<&mut Self>) -> u8 {
        other.map_or(0, |other| std::mem::replace(&mut other.0, 9)) + one.map_or(0, |one| one.0)
    }

    async fn values(
        &self,
        by_name: HashMap<String, Self>,
        by_id: BTreeMap<u8, Vec<&Self>>,
    ) -> usize {
        by_name.len() + by_id.len()
    }

    async fn results(&self, queue: VecDeque<Shop>, result: Result<Shop, Shop>) -> usize {
        queue.len() + usize::from(result.is_ok())
    }

    async fn by_path(&self, shops: std::option::Option<std::vec::Vec<self::Shop>>) -> usize {
        shops.map_or(0, |shops| shops.len())
    }

    // Slices and tuples.
    async fn slices(&self, read: &[Shop], written: &mut [Self]) -> u8 {
        written[0] = Shop(7);
        read[0].0
    }

    async fn slice_back<'a>(&self, shops: &'a [Shop]) -> &'a [Self] {
        &shops[1..]
    }

    async fn slice_back_mut<'a>(&self, shops: &'a mut [Shop]) -> Option<&'a mut [Self]> {
        shops[0].0 = 3;
        Some(shops)
    }

    async fn tuples(&self, (shop, n): (Shop, u8), pairs: Vec<(Option<Shop>, Arc<Shop>)>) -> u8 {
        shop.0 + n + pairs[0].1.0
    }

    // Pointers.
    async fn pointers(
        &self,
        arc: Arc<Shop>,
        rc: Rc<Self>,
        own: Box<Shop>,
        pin: Pin<Box<Shop>>,
    ) -> u8 {
        arc.0 + rc.0 + own.0 + pin.0
    }

    async fn arcs(self: Arc<Self>, others: Vec<Arc<Self>>) -> usize {
        Arc::strong_count(&self) + others.len()
    }

    // With generics, and in functions that do not wait.
    async fn rows<'a, T>(&self, rows: Vec<Row<'a, T>>, more: &[Row<'a, T>]) -> Option<&'a T> {
        rows.first().or(more.first()).map(|row| row.0)
    }

    fn copies(&self, shops: &[Shop]) -> Vec<Shop> {
        shops.to_vec()
    }

    fn count(shops: &[Shop]) -> usize {
        shops.len()
    }

    async fn conditional(
        &self,
        #[cfg(any(unix, windows))] one: Option<Shop>,
        mut many: Vec<Shop>,
    ) -> usize {
        many.pop();
        many.len() + usize::from(one.is_some())
    }

    // A container that koil cannot take apart keeps its type.
    async fn as_they_are(
        &self,
        page: Page<Shop>,
        lock: &Mutex<Shop>,
        each: &(dyn Fn(&Shop) -> u8 + Sync),
        shops: impl IntoIterator<Item = Shop>,
        pair: [Shop; 2],
    ) -> u8 {
        let count = page.0.len() + shops.into_iter().count() + pair.len();
        let shop = lock.lock().map_or(Shop(0), |shop| shop.clone());
        each(&shop) + u8::try_from(count).unwrap_or(0)
    }

    // Several type arguments of what is returned.
    async fn either(&self, good: bool) -> Result<Shop, Self> {
        if good { Ok(Shop(1)) } else { Err(Shop(2)) }
    }

    async fn lists_and_pairs(&self) -> Fallible<Vec<Shop>, (Shop, Row<'static, u8>)> {
        Err((Shop(2), Row(&3)))
    }

    async fn stream_or_shop(&self) -> Result<BoxStream<'_, Shop>, Shop> {
        Ok(stream::iter([Shop(4)]).boxed())
    }

    fn stream_of_both(&self) -> impl Stream<Item = Result<Shop, (u8, Self)>> + use<> {
        stream::iter([Ok(Shop(1)), Err((1, Shop(2)))])
    }

    // Readers and writers keep their types; the last test shows what fits.
    async fn read(&self, mut from: impl AsyncRead + Unpin) -> usize {
        let mut text = String::new();
        from.read_to_string(&mut text).await.unwrap_or(0)
    }

    async fn write(&self, into: &mut (impl AsyncWrite + Unpin)) -> std::io::Result<()> {
        into.write_all(b"tea").await?;
        into.shutdown().await
    }
}

#[koiled(twins(Shop))]
async fn free(shops: Vec<Shop>, more: &[Shop]) -> usize {
    shops.len() + more.len()
}

#[koiled(suffix = "_now", twins(Shop))]
impl Page<Shop> {
    async fn add(&mut self, shops: Vec<Shop>) -> usize {
        self.0.extend(shops);
        self.0.len()
    }
}

#[koiled(twins(Shop))]
#[allow(async_fn_in_trait)]
pub(crate) trait Chain {
    async fn join(&self, shops: Vec<Shop>, more: &[Shop], pair: (Shop, &Shop)) -> usize;

    async fn merge(
        &self,
        all: Vec<Self>,
        some: (Self, Option<&Self>),
        more: &[Self],
        arc: Arc<Self>,
    ) -> usize
    where
        Self: Sized;
}

impl Chain for Shop {
    async fn join(&self, shops: Vec<Shop>, more: &[Shop], _pair: (Shop, &Shop)) -> usize {
        shops.len() + more.len()
    }

    async fn merge(
        &self,
        all: Vec<Self>,
        some: (Self, Option<&Self>),
        more: &[Self],
        arc: Arc<Self>,
    ) -> usize {
        all.len() + usize::from(some.1.is_some()) + more.len() + Arc::strong_count(&arc)
    }
}

fn shop(n: u8) -> BlockingShop {
    Shop(n).into()
}

pub(crate) fn main() {
    let one = shop(1);
    assert_eq!(one.list(vec![shop(2), shop(3)]), 5);
    let mut two = shop(2);
    assert_eq!(one.options(Some(&shop(3)), Some(&mut two)), 5);
    assert_eq!(two.0, 9);
    let by_name = [("a".to_owned(), shop(1))].into();
    assert_eq!(one.values(by_name, [(1, vec![&one])].into()), 2);
    assert_eq!(one.results([shop(1)].into(), Ok(shop(2))), 2);
    assert_eq!(one.by_path(Some(vec![shop(1)])), 1);

    let mut shops = [shop(1), shop(2)];
    assert_eq!(one.slices(&[shop(5)], &mut shops), 5);
    assert_eq!(shops[0], shop(7));
    assert_eq!(one.slice_back(&shops), [shop(2)]);
    assert_eq!(
        one.slice_back_mut(&mut shops).map(|shops| shops.len()),
        Some(2)
    );
    assert_eq!(shops[0], shop(3));
    assert_eq!(one.tuples((shop(1), 2), vec![(None, Arc::new(shop(3)))]), 6);

    let (arc, rc) = (Arc::new(shop(1)), Rc::new(shop(2)));
    assert_eq!(
        one.pointers(arc.clone(), rc, Box::new(shop(3)), Box::pin(shop(4))),
        10
    );
    assert_eq!(arc.clone().arcs(vec![arc]), 3);

    assert_eq!(one.rows(vec![], &[BlockingRow::from(Row(&5))]), Some(&5));
    assert_eq!(one.copies(&shops), shops);
    assert_eq!(BlockingShop::count(&shops), 2);
    assert_eq!(one.conditional(Some(shop(1)), vec![shop(1)]), 1);

    let lock = Mutex::new(Shop(3));
    let pair = [Shop(1), Shop(2)];
    assert_eq!(
        one.as_they_are(Page(vec![]), &lock, &|shop| shop.0, [Shop(1)], pair),
        6
    );

    assert_eq!(one.either(true), Ok(shop(1)));
    assert_eq!(one.either(false), Err(shop(2)));
    assert_eq!(
        one.lists_and_pairs(),
        Err((shop(2), BlockingRow::from(Row(&3))))
    );
    assert_eq!(
        one.stream_or_shop().map(Iterator::collect),
        Ok(vec![shop(4)])
    );
    assert_eq!(one.stream_of_both().last(), Some(Err((1, shop(2)))));

    assert_eq!(free_blocking(vec![shop(1)], &shops), 3);
    assert_eq!(Page(vec![]).add_now(vec![shop(1)]), 1);
    assert_eq!(
        BlockingChain::join(&one, vec![shop(1)], &shops, (shop(1), &one)),
        3
    );
    let merged = one.merge(
        vec![shop(1)],
        (shop(2), Some(&one)),
        &shops,
        Arc::new(shop(3)),
    );
    assert_eq!(merged, 5);

    what_fits_an_async_reader_or_writer(&one);
}

fn what_fits_an_async_reader_or_writer(shop: &BlockingShop) {
    // Bytes in memory are an async reader already, also if borrowed.
    let text = "a text".to_owned();
    assert_eq!(shop.read(text.as_bytes()), 6);
    // Any reader of std, on a worker.
    assert_eq!(
        shop.read(koil::read_threaded(std::io::Cursor::new(text))),
        6
    );
    // A writer says when everything is written.
    let mut writer = koil::write_threaded(Vec::new());
    assert!(shop.write(&mut writer).is_ok());
    let mut written = Vec::new();
    assert!(shop.write(&mut written).is_ok());
    assert_eq!(written, b"tea");
}
