//! Types that give each other: every row of the table of returned types and of arguments.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::{self, BoxStream, LocalBoxStream, Stream, StreamExt};
use koil::{Iter, MapIter, MapTwin, koiled};

type Answer<T> = Result<T, String>;
type Swapped<E, T> = Result<T, E>;

#[koiled]
#[derive(Clone, Debug, PartialEq, Default)]
struct Bucket {
    id: u32,
}

#[koiled]
impl Bucket {
    async fn id(&self) -> u32 {
        tokio::task::yield_now().await;
        self.id
    }
}

/// Borrows what it came from.
#[koiled]
struct Tx<'a, T> {
    store: &'a mut Store,
    note: T,
}

#[koiled(twins(Bucket))]
impl<'a, T: Clone + Send> Tx<'a, T> {
    async fn note(&self) -> &T {
        &self.note
    }

    async fn nested<U>(&mut self, note: U) -> Tx<'_, U> {
        Tx {
            store: self.store,
            note,
        }
    }

    async fn bucket(&mut self) -> &mut Bucket {
        &mut self.store.first
    }

    async fn commit(self) -> u32 {
        self.store.first.id += 1;
        self.store.first.id
    }
}

/// Plugged in by hand instead of a twin.
struct Row(Vec<u8>);

#[derive(Debug, PartialEq)]
struct RowIter(Vec<u8>);

impl From<Row> for RowIter {
    fn from(row: Row) -> RowIter {
        RowIter(row.0)
    }
}

/// Takes chunks of a type that its maker's caller chooses; the blocking one takes bytes.
struct Sink<U> {
    sent: u32,
    _chunk: std::marker::PhantomData<U>,
}

struct Writer {
    sent: u32,
}

impl From<Sink<[u8; 2]>> for Writer {
    fn from(sink: Sink<[u8; 2]>) -> Writer {
        Writer { sent: sink.sent }
    }
}

struct Page<T> {
    items: Vec<T>,
}

impl<T> MapTwin<0> for Page<T> {
    type Arg = T;
    type Mapped<U> = Page<U>;

    fn map_twin<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
        }
    }
}

#[koiled]
#[derive(Default)]
struct Store {
    first: Bucket,
}

fn bucket(id: u32) -> Bucket {
    Bucket { id }
}

#[koiled(twins(Bucket, Tx, Row = RowIter, Sink = Writer<>))]
impl Store {
    async fn value(&self) -> Bucket {
        self.first.clone()
    }
    async fn by_ref(&self) -> &Bucket {
        &self.first
    }
    async fn by_mut(&mut self) -> &mut Bucket {
        &mut self.first
    }
    async fn arc(&self) -> Arc<Bucket> {
        Arc::new(bucket(1))
    }
    async fn rc(&self) -> Rc<Bucket> {
        Rc::new(bucket(1))
    }
    async fn boxed(&self) -> Box<Bucket> {
        Box::new(bucket(1))
    }
    async fn pinned(&self) -> Pin<Box<Bucket>> {
        Box::pin(bucket(1))
    }
    async fn pinned_ref(&self) -> Pin<&Bucket> {
        Pin::new(&self.first)
    }
    async fn pinned_mut(&mut self) -> Pin<&mut Bucket> {
        Pin::new(&mut self.first)
    }
    async fn begin<T>(&mut self, note: T) -> Answer<Tx<'_, T>> {
        Ok(Tx { store: self, note })
    }
    async fn renamed(&self) -> Option<Row> {
        Some(Row(vec![1]))
    }
    async fn result(&self) -> Result<Bucket, String> {
        Ok(bucket(1))
    }
    async fn alias(&self) -> Answer<Bucket> {
        Ok(bucket(1))
    }
    async fn error(&self) -> Result<u8, Bucket> {
        Err(bucket(1))
    }
    async fn deep(&self) -> Answer<Option<Vec<(u8, Bucket)>>> {
        Ok(Some(vec![(1, bucket(1))]))
    }
    async fn deque(&self) -> VecDeque<Bucket> {
        VecDeque::from([bucket(1)])
    }
    async fn map(&self) -> HashMap<&'static str, Bucket> {
        HashMap::from([("a", bucket(1))])
    }
    async fn tree(&self) -> BTreeMap<u8, Bucket> {
        BTreeMap::from([(1, bucket(1))])
    }
    async fn poll(&self) -> Poll<Bucket> {
        Poll::Ready(bucket(1))
    }
    async fn page(&self) -> Page<Bucket> {
        Page {
            items: vec![bucket(1)],
        }
    }
    async fn tuple(&self) -> (u8, Bucket, (Bucket, &str)) {
        (1, bucket(2), (bucket(3), "x"))
    }
    async fn option_of_ref(&self) -> Option<&Bucket> {
        Some(&self.first)
    }
    fn future(&self) -> impl Future<Output = Answer<Bucket>> + Send {
        std::future::ready(Ok(bucket(1)))
    }
    fn box_future(&self) -> BoxFuture<'_, Bucket> {
        Box::pin(async { bucket(1) })
    }
    fn stream(&self) -> impl Stream<Item = Bucket> + '_ {
        stream::iter([bucket(1), bucket(2)])
    }
    fn tries(&self) -> impl Stream<Item = Answer<Bucket>> {
        stream::iter([Ok(bucket(1)), Err("last".to_owned())])
    }
    fn boxed_stream(&self) -> BoxStream<'_, Bucket> {
        stream::iter([bucket(1)]).boxed()
    }
    fn local_stream(&self) -> LocalBoxStream<'static, (u8, Bucket)> {
        stream::iter([(1, bucket(1))]).boxed_local()
    }
    fn refs(&self) -> BoxStream<'_, &Bucket> {
        stream::iter([&self.first]).boxed()
    }
    async fn stream_later(&self) -> Answer<impl Stream<Item = Bucket>> {
        Ok(stream::iter([bucket(1)]))
    }
    fn iterator(&self) -> impl Iterator<Item = Bucket> + '_ {
        std::iter::once(bucket(1))
    }
    #[koil(raw)]
    async fn raw(&self) -> Swapped<String, Bucket> {
        Ok(bucket(1))
    }
    async fn take(&self, one: Bucket, two: &Bucket, three: &mut Bucket) -> u32 {
        three.id += 1;
        one.id + two.id + three.id
    }
    async fn take_all(&self, all: Vec<Bucket>, some: Option<&Bucket>) -> usize {
        all.len() + usize::from(some.is_some())
    }
    #[koil(bind(U = [u8; 2]))]
    async fn sink<T: Into<u32>, U: AsRef<[u8]> + Default>(&self, start: T) -> Answer<Sink<U>> {
        let sent = U::default().as_ref().to_vec();
        Ok(Sink {
            sent: start.into() + u32::try_from(sent.len()).unwrap(),
            _chunk: std::marker::PhantomData,
        })
    }
    async fn take_tx(&self, tx: &Tx<'_, u8>) -> u8 {
        tx.note
    }
}

fn store() -> BlockingStore {
    BlockingStore::from(Store { first: bucket(1) })
}

/// The method exists on the twin only.
fn id(bucket: &BlockingBucket) -> u32 {
    bucket.id()
}

#[test]
fn behind_references_and_smart_pointers() {
    let mut store = store();
    assert_eq!(id(&store.value()), 1);
    assert_eq!(id(store.by_ref()), 1);
    assert_eq!(id(store.by_mut()), 1);
    assert_eq!(id(&store.arc()) + id(&store.rc()) + id(&store.boxed()), 3);
    assert_eq!(id(&store.pinned()) + id(&store.pinned_ref()), 2);
    assert_eq!(id(&store.pinned_mut()), 1);
}

#[test]
fn in_containers_and_aliases_of_them() {
    let store = store();
    assert_eq!(id(&store.result().unwrap()), 1);
    assert_eq!(id(&store.alias().unwrap()), 1);
    assert_eq!(id(&store.error().unwrap_err()), 1);
    assert_eq!(id(&store.deep().unwrap().unwrap()[0].1), 1);
    assert_eq!(id(&store.deque()[0]), 1);
    assert_eq!(id(&store.map()["a"]), 1);
    assert_eq!(id(&store.tree()[&1]), 1);
    assert!(matches!(store.poll(), Poll::Ready(bucket) if id(&bucket) == 1));
    assert_eq!(id(&store.page().items[0]), 1);
    let (one, two, (three, _)) = store.tuple();
    assert_eq!((one, id(&two), id(&three)), (1, 2, 3));
    assert_eq!(store.option_of_ref().map(id), Some(1));
    assert_eq!(store.renamed(), Some(RowIter(vec![1])));
    let raw: Result<Bucket, String> = store.raw();
    assert_eq!(raw, Ok(bucket(1)));
}

#[test]
fn in_futures_streams_and_iterators() {
    let store = store();
    assert_eq!(id(&store.future().unwrap()), 1);
    assert_eq!(id(&store.box_future()), 1);
    assert_eq!(store.stream().map(|bucket| id(&bucket)).sum::<u32>(), 3);
    assert_eq!(store.tries().filter_map(Result::ok).count(), 1);
    assert_eq!(id(&store.boxed_stream().next().unwrap()), 1);
    assert_eq!(id(&store.local_stream().next().unwrap().1), 1);
    assert_eq!(id(store.refs().next().unwrap()), 1);
    assert_eq!(store.stream_later().unwrap().count(), 1);
    assert_eq!(id(&store.iterator().next().unwrap()), 1);
}

#[test]
fn an_iterator_of_twins_keeps_the_methods_of_iter() {
    let store = store();
    let second = Duration::from_secs(1);
    let mut buckets = store.stream();
    assert_eq!(buckets.next_timeout(second).unwrap().unwrap().id(), 1);
    assert_eq!(buckets.timeout(second).map(Result::unwrap).count(), 1);
    store.stream().close().unwrap();
    let named: MapIter<BoxStream<'_, Bucket>, BlockingBucket> = store.boxed_stream();
    assert_eq!(named.size_hint(), (1, Some(1)));
    let _: Iter<BoxStream<'_, Bucket>> = named.into_inner();
}

#[test]
fn handles_with_lifetimes_and_generics() {
    let mut store = store();
    let mut tx: BlockingTx<'_, &str> = store.begin("note").unwrap();
    assert_eq!(*tx.note(), "note");
    let mut inner: BlockingTx<'_, u8> = tx.nested(5);
    inner.bucket().aio_mut().id = 7;
    assert_eq!(inner.commit(), 8);
    assert_eq!(tx.commit(), 9);
}

#[test]
fn a_parameter_of_the_return_type_alone_can_be_bound() {
    assert_eq!(store().sink(3_u8).unwrap().sent, 5);
}

#[test]
fn handles_as_arguments() {
    let (store, mut other) = (store(), store());
    let (one, two, mut three) = (store.value(), store.value(), store.value());
    assert_eq!(store.take(one, &two, &mut three), 4);
    assert_eq!(three.id(), 2);
    assert_eq!(store.take_all(vec![two.clone()], Some(&two)), 2);
    assert_eq!(store.take_tx(&other.begin(3).unwrap()), 3);
}

/// The same graph behind a trait.
#[koiled(twins(Bucket, Row = RowIter))]
trait Buckets {
    async fn open(&self, name: &str) -> Answer<Bucket>;
    async fn rows(&self) -> Vec<Row>;
    async fn same(&self, one: &Bucket, other: Bucket) -> bool;
    fn all(&self) -> impl Stream<Item = Bucket> + '_;
    fn boxed(&self) -> BoxStream<'_, Bucket>;
}

impl Buckets for Store {
    async fn open(&self, name: &str) -> Answer<Bucket> {
        Ok(bucket(u32::try_from(name.len()).unwrap()))
    }
    async fn rows(&self) -> Vec<Row> {
        vec![Row(vec![2])]
    }
    async fn same(&self, one: &Bucket, other: Bucket) -> bool {
        *one == other
    }
    fn all(&self) -> impl Stream<Item = Bucket> + '_ {
        stream::iter([self.first.clone()])
    }
    fn boxed(&self) -> BoxStream<'_, Bucket> {
        self.all().boxed()
    }
}

struct Fake;

impl BlockingBuckets for Fake {
    fn open(&self, _name: &str) -> Answer<BlockingBucket> {
        Ok(bucket(9).into_blocking())
    }
    fn rows(&self) -> Vec<RowIter> {
        Vec::new()
    }
    fn same(&self, _one: &BlockingBucket, _other: BlockingBucket) -> bool {
        true
    }
    fn all(&self) -> impl Iterator<Item = BlockingBucket> + '_ {
        self.open("").into_iter()
    }
    fn boxed(&self) -> MapIter<BoxStream<'_, Bucket>, BlockingBucket> {
        koil::unkoil_iter(stream::empty().boxed()).map_items(BlockingBucket::from)
    }
}

#[test]
fn a_trait_maps_handles_as_a_type_does() {
    fn use_it(buckets: &impl BlockingBuckets) -> (u32, usize, usize) {
        let one = buckets.open("four").unwrap();
        assert!(buckets.same(&one, one.clone()));
        let (rows, all) = (buckets.rows(), buckets.all());
        (one.id(), rows.len(), all.count() + buckets.boxed().count())
    }
    assert_eq!(use_it(&store()), (4, 1, 2));
    assert_eq!(use_it(&Fake), (9, 0, 1));
}
