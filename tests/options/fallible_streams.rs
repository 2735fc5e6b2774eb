//! `fallible` and `timeout` on functions that return streams, readers and writers.

use std::io::{self, ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::stream::{self, BoxStream, Stream, StreamExt};
use koil::{CancelScope, Iter, Koil, TimeoutIter, koiled};
use tokio::io::AsyncRead;

#[derive(Debug)]
pub enum Error {
    Own(u32),
    Koil(koil::Error),
}

impl From<koil::Error> for Error {
    fn from(error: koil::Error) -> Error {
        Error::Koil(error)
    }
}

impl Error {
    fn koil(self) -> koil::Error {
        match self {
            Error::Koil(error) => error,
            Error::Own(number) => panic!("error {number} of the stream"),
        }
    }
}

type RowResult<T> = Result<T, Error>;

#[koiled]
#[derive(Debug)]
pub struct Row(u32);

#[koiled]
pub struct Table {
    dropped: Arc<AtomicUsize>,
}

struct CountDrop(Arc<AtomicUsize>);

impl Drop for CountDrop {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Table {
    /// One item, then none for ever.
    fn stalls<T: Send + 'static>(&self, item: T) -> impl Stream<Item = T> + Send + use<T> {
        let guard = CountDrop(self.dropped.clone());
        let pending = stream::pending().map(move |item| {
            let _guard = &guard;
            item
        });
        stream::once(async { item }).chain(pending)
    }
}

#[koiled(fallible, timeout = "5ms", twins(Row))]
impl Table {
    pub fn results(&self) -> impl Stream<Item = Result<u32, Error>> + use<> {
        self.stalls(Ok(1))
    }

    pub fn boxed(&self) -> BoxStream<'static, RowResult<Row>> {
        self.stalls(Ok(Row(2))).boxed()
    }

    pub async fn opened(&self) -> RowResult<impl Stream<Item = RowResult<u32>> + use<>> {
        Ok(self.stalls(Err(Error::Own(3))))
    }

    pub fn numbers(&self) -> impl Stream<Item = u32> + use<> {
        self.stalls(4)
    }

    pub fn rows(&self) -> impl Stream<Item = Row> + use<> {
        self.stalls(Row(5))
    }

    #[koil(lend, timeout = "10ms")]
    pub fn lent(&self) -> impl Stream<Item = RowResult<u32>> + Send + use<> {
        self.stalls(Ok(6))
    }

    #[koil(iter)]
    pub fn named(&self) -> stream::Pending<u32> {
        stream::pending()
    }

    pub fn ready(&self) -> impl Stream<Item = RowResult<u32>> + use<> {
        stream::iter([Ok(1), Err(Error::Own(2)), Ok(3)])
    }

    /// Its operations have the limit.
    pub fn reader(&self) -> impl AsyncRead + Unpin + use<> {
        tokio::io::duplex(1).0
    }
}

#[koiled]
impl Table {
    pub fn plain(&self) -> impl Stream<Item = u32> + use<> {
        self.stalls(7)
    }
}

#[koiled(fallible)]
pub fn count() -> impl Stream<Item = Result<u32, Error>> {
    stream::iter([Ok(1), Ok(2)])
}

#[koiled(fallible, timeout = "5ms", twins(Row))]
pub trait Scan {
    type Error: From<koil::Error>;
    fn scan(&self) -> impl Stream<Item = Result<u32, Self::Error>>;
    fn scan_rows(&self) -> impl Stream<Item = Row>;
    fn scan_boxed(&self) -> BoxStream<'static, u32>;
}

impl Scan for Table {
    type Error = Error;
    fn scan(&self) -> impl Stream<Item = Result<u32, Error>> {
        self.stalls(Ok(8))
    }
    fn scan_rows(&self) -> impl Stream<Item = Row> {
        self.stalls(Row(9))
    }
    fn scan_boxed(&self) -> BoxStream<'static, u32> {
        self.stalls(10).boxed()
    }
}

/// A mock of the twin.
struct Mock;

impl BlockingScan for Mock {
    type Error = Error;
    fn scan(&self) -> Iter<impl Stream<Item = Result<u32, Error>>> {
        Iter::from_iter([Ok(1)])
    }
    fn scan_rows(&self) -> impl Iterator<Item = Result<BlockingRow, koil::Error>> {
        [Ok(BlockingRow::from(Row(1)))].into_iter()
    }
    fn scan_boxed(&self) -> TimeoutIter<BoxStream<'static, u32>> {
        let boxed = koil::unkoil_iter(stream::iter([1]).boxed());
        boxed.timeout(Duration::from_secs(60))
    }
}

fn table() -> BlockingTable {
    BlockingTable::from(Table {
        dropped: Arc::default(),
    })
}

/// The second item is a timeout that names the twin, and so is the third: the stream is kept.
fn times_out<T>(mut items: impl Iterator<Item = T>, twin: &str, failed: impl Fn(T) -> koil::Error) {
    for _ in 0..2 {
        let error = failed(items.next().unwrap());
        assert!(error.is_timeout(), "{error}");
        assert!(
            error.to_string().starts_with(&format!("`{twin}` at ")),
            "{error}"
        );
        assert_eq!(error.call_site().file(), file!());
    }
}

#[test]
fn an_item_that_is_a_result_holds_the_failure() {
    let table = table();
    let mut results = table.results();
    assert_eq!(results.size_hint(), (1, None));
    assert_eq!(results.next().unwrap().unwrap(), 1);
    times_out(results, "BlockingTable::results", |item| {
        item.unwrap_err().koil()
    });
    let mut boxed = table.boxed();
    assert_eq!(boxed.next().unwrap().unwrap().aio().0, 2);
    times_out(boxed, "BlockingTable::boxed", |item| {
        item.unwrap_err().koil()
    });
    let mut opened = table.opened().unwrap();
    assert!(matches!(opened.next(), Some(Err(Error::Own(3)))));
    times_out(opened, "BlockingTable::opened", |item| {
        item.unwrap_err().koil()
    });
    let mut lent = table.lent();
    // The loop thread may need longer than the limit to begin.
    assert_eq!(lent.find_map(Result::ok), Some(6));
    times_out(lent, "BlockingTable::lent", |item| item.unwrap_err().koil());
}

#[test]
fn other_items_are_put_into_results() {
    let table = table();
    let mut numbers = table.numbers();
    assert_eq!(numbers.next().unwrap().unwrap(), 4);
    times_out(numbers, "BlockingTable::numbers", Result::unwrap_err);
    let mut rows = table.rows();
    assert_eq!(rows.next().unwrap().unwrap().aio().0, 5);
    times_out(
        rows,
        "BlockingTable::rows",
        |item: Result<BlockingRow, _>| item.unwrap_err(),
    );
    times_out(table.named(), "BlockingTable::named", Result::unwrap_err);
}

#[test]
fn items_of_a_ready_stream_come_through() {
    let items: Vec<_> = table().ready().read_ahead(8).collect();
    assert!(
        matches!(&items[..], [Ok(1), Err(Error::Own(2)), Ok(3)]),
        "{items:?}"
    );
    assert_eq!(count_blocking().map(Result::unwrap).sum::<u32>(), 3);
    let prefetched: Vec<_> = count_blocking().prefetch(2).map(Result::unwrap).collect();
    assert_eq!(prefetched, [1, 2]);
}

#[test]
fn a_refused_item_is_an_error_and_the_last() {
    let table = table();
    koil::unkoil(async {
        let mut results = table.results();
        let error = results.next().unwrap().unwrap_err().koil();
        assert!(error.would_deadlock(), "{error}");
        assert!(
            error
                .to_string()
                .contains("take the items of `Table::results` there instead"),
            "{error}"
        );
        assert!(results.next().is_none());
        assert_eq!(results.size_hint(), (0, Some(0)));
        assert_eq!(
            table.aio().dropped.load(Ordering::SeqCst),
            1,
            "the stream is gone"
        );
        let mut numbers = table.numbers();
        assert!(numbers.next().unwrap().unwrap_err().would_deadlock());
        assert!(numbers.next().is_none());
    });
}

#[test]
fn a_cancelled_scope_and_a_stopped_loop_end_the_items() {
    let table = table();
    let scope = CancelScope::new();
    let items: Vec<_> = scope
        .run(|| {
            scope.token().cancel("enough");
            table.results().collect()
        })
        .unwrap();
    let [Err(Error::Koil(error))] = &items[..] else {
        panic!("{items:?}");
    };
    assert_eq!(error.cancel_reason().as_deref(), Some("enough"));

    let koil = Koil::new().unwrap();
    let mut results = {
        let _entered = koil.enter();
        table.results()
    };
    assert_eq!(results.next().unwrap().unwrap(), 1);
    koil.shutdown();
    assert!(results.next().unwrap().unwrap_err().koil().is_shutdown());
    assert!(results.next().is_none());
}

#[test]
fn the_items_of_a_trait_hold_failures_too() {
    let table = table();
    let mut scan = table.scan();
    assert_eq!(scan.next().unwrap().unwrap(), 8);
    times_out(scan, "BlockingScan::scan", |item| item.unwrap_err().koil());
    let mut rows = table.scan_rows();
    assert_eq!(rows.next().unwrap().unwrap().aio().0, 9);
    times_out(
        rows,
        "BlockingScan::scan_rows",
        |item: Result<BlockingRow, _>| item.unwrap_err(),
    );
    let mut boxed = table.scan_boxed();
    assert_eq!(boxed.next().unwrap().unwrap(), 10);
    times_out(boxed, "BlockingScan::scan_boxed", Result::unwrap_err);
    assert_eq!(Mock.scan().next().unwrap().unwrap(), 1);
    assert_eq!(Mock.scan_rows().next().unwrap().unwrap().aio().0, 1);
    assert_eq!(Mock.scan_boxed().next().unwrap().unwrap(), 1);
}

#[test]
fn the_operations_of_a_reader_have_the_limit() {
    let mut text = [0];
    let (mut reader, _writer) = (table().reader(), ());
    // Its other end is gone.
    assert_eq!(reader.read(&mut text).unwrap(), 0);
    let (near, _far) = tokio::io::duplex(1);
    let error = wait_for_byte_blocking(near).read(&mut text).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
}

#[koiled(fallible, timeout = "5ms")]
pub fn wait_for_byte(from: tokio::io::DuplexStream) -> impl AsyncRead + Unpin {
    from
}

#[test]
fn every_error_of_an_iterator_names_its_twin() {
    let mut plain = table().plain();
    assert_eq!(plain.next(), Some(7));
    let before = line!();
    let error = plain
        .next_timeout(Duration::from_millis(1))
        .unwrap()
        .unwrap_err();
    assert!(
        error.to_string().starts_with("`BlockingTable::plain` at "),
        "{error}"
    );
    assert!((before..line!()).contains(&error.call_site().line()));
    let koil = Koil::new().unwrap();
    let plain = {
        let _entered = koil.enter();
        table().plain()
    };
    koil.shutdown();
    let error = plain.close().unwrap_err();
    assert!(
        error.to_string().starts_with("`BlockingTable::plain` at "),
        "{error}"
    );
    let error: io::Error = error.into();
    assert_eq!(error.kind(), ErrorKind::NotConnected);
}
