//! Methods that `skip(..)` of a block leaves out of the twin, which are absent or written by hand.

use futures::{Stream, StreamExt, stream};
use koil::koiled;

/// An async type, of no use to blocking users.
pub struct Sink;

#[koiled]
#[derive(Clone, Debug, PartialEq)]
pub struct Store {
    timeout: Option<u32>,
}

#[koiled(skip(new, builder, into_sink, drain, chunks))]
impl Store {
    pub fn new() -> Self {
        Store { timeout: None }
    }

    pub fn builder(mut self, timeout: u32) -> Self {
        self.timeout = Some(timeout);
        self
    }

    pub fn into_sink(self) -> Sink {
        Sink
    }

    pub async fn drain(self) -> u32 {
        self.timeout().await
    }

    pub fn chunks(self) -> impl Stream<Item = u32> {
        stream::iter([1])
    }

    pub async fn timeout(&self) -> u32 {
        tokio::task::yield_now().await;
        self.timeout.unwrap_or(0)
    }
}

/// Another constructor than the original's, with the default of blocking users.
impl BlockingStore {
    pub fn new() -> Self {
        Store::new().builder(30).into_blocking()
    }
}

/// Has the names of the methods. A method of the twin itself would go before one of a trait.
trait Absent: Sized {
    fn builder(self, _: u32) -> &'static str {
        "absent"
    }

    fn into_sink(self) -> &'static str {
        "absent"
    }

    fn drain(self) -> &'static str {
        "absent"
    }

    fn chunks(self) -> &'static str {
        "absent"
    }
}

impl Absent for BlockingStore {}

#[test]
fn a_method_that_the_block_skips_is_not_in_the_twin() {
    let twin = BlockingStore::new;
    assert_eq!(twin().builder(1), "absent");
    assert_eq!(twin().into_sink(), "absent");
    assert_eq!(twin().drain(), "absent");
    assert_eq!(twin().chunks(), "absent");
    let Sink = twin().into_aio().into_sink();
    let drained = koil::unkoil(twin().into_aio().drain());
    let chunks = koil::unkoil(twin().into_aio().chunks().collect::<Vec<_>>());
    assert_eq!((drained, chunks), (30, vec![1]));
}

#[test]
fn one_by_hand_stands_in_its_place() {
    assert_eq!(BlockingStore::new().timeout(), 30);
    assert_eq!(BlockingStore::from(Store::new()).timeout(), 0);
    assert_eq!(BlockingStore::new().into_aio(), Store::new().builder(30));
}
