//! `#[koil(callback)]`: a blocking user passes a plain closure, which may call twins.

use std::cell::Cell;
use std::future::pending;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::{self, Stream, StreamExt};
use koil::{Error, koiled};
use tokio::time::sleep;

const SHORT: Duration = Duration::from_millis(1);

#[derive(Debug, PartialEq)]
enum Failure {
    Full,
    Late(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        assert!(error.is_timeout(), "{error}");
        Failure::Late(error.to_string())
    }
}

#[koiled]
#[derive(Default)]
struct Store {
    rows: Vec<u32>,
}

#[koiled]
#[derive(Default)]
struct Tx {
    rows: Vec<u32>,
}

#[koiled(fallible)]
impl Tx {
    async fn put(&mut self, row: u32) -> Result<usize, Failure> {
        sleep(SHORT).await;
        if row == 0 {
            return Err(Failure::Full);
        }
        self.rows.push(row);
        Ok(self.rows.len())
    }

    async fn hang(&mut self) -> Result<(), Failure> {
        pending().await
    }
}

#[koiled(twins(Tx))]
impl Store {
    /// All or nothing.
    async fn transaction<T, E>(
        &mut self,
        #[koil(callback)] work: impl AsyncFnOnce(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        sleep(SHORT).await;
        let mut tx = Tx::default();
        let value = work(&mut tx).await?;
        sleep(SHORT).await;
        self.rows.append(&mut tx.rows);
        Ok(value)
    }

    async fn by_future<F, Fut, T>(&mut self, #[koil(callback)] work: F, tries: usize) -> Vec<T>
    where
        F: FnMut(usize) -> Fut + Send,
        Fut: Future<Output = T> + Send,
        T: Send,
    {
        let mut work = work;
        let mut values = Vec::new();
        for attempt in 0..tries {
            values.push(work(attempt).await);
            sleep(SHORT).await;
        }
        values
    }

    // The bound is for this form of callback, and stands with it.
    #[allow(clippy::multiple_bound_locations)]
    async fn by_box<T: Send>(
        &mut self,
        #[koil(callback)] work: impl for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, T> + Send,
    ) -> T {
        let mut tx = Tx::default();
        let value = work(&mut tx).await;
        self.rows.append(&mut tx.rows);
        value
    }

    async fn each<F: AsyncFnMut(&u32) -> bool>(&self, #[koil(callback)] mut visit: F) -> usize {
        let mut visited = 0;
        for row in &self.rows {
            visited += 1;
            if !visit(row).await {
                break;
            }
        }
        visited
    }

    async fn find(&self, #[koil(callback)] is_meant: impl Fn(&Store, u32) -> bool) -> Option<u32> {
        sleep(SHORT).await;
        self.rows.iter().copied().find(|row| is_meant(self, *row))
    }

    /// The callback makes handles for the original.
    async fn merged(&mut self, #[koil(callback)] part: impl AsyncFn() -> Option<Store>) -> usize {
        let parts = [part().await, part().await];
        let parts = parts.into_iter().flatten();
        self.rows.extend(parts.flat_map(|store| store.rows));
        self.rows.len()
    }

    fn filtered<'a>(
        &'a self,
        #[koil(callback)] mut keeps: impl FnMut(u32) -> bool + 'a,
    ) -> impl Stream<Item = u32> + 'a {
        let rows = stream::iter(self.rows.iter().copied());
        rows.then(async |row| {
            sleep(SHORT).await;
            row
        })
        .filter(move |row| std::future::ready(keeps(*row)))
    }

    #[koil(fallible, timeout = "20ms")]
    async fn bounded(
        &mut self,
        #[koil(callback)] work: impl AsyncFnOnce(&mut Tx) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        sleep(SHORT).await;
        work(&mut Tx::default()).await
    }

    fn with_sync(&self, #[koil(callback)] work: impl FnOnce(&Store) -> usize) -> usize {
        work(self)
    }

    #[koil(inline)]
    async fn at_once<T>(&self, #[koil(callback)] work: impl AsyncFnOnce(&Store) -> T) -> T {
        work(self).await
    }
}

#[koiled]
async fn retry<T>(
    tries: u32,
    #[koil(callback)] mut attempt: impl AsyncFnMut(u32) -> Option<T>,
) -> Option<T> {
    for number in 0..tries {
        if let Some(value) = attempt(number).await {
            return Some(value);
        }
        sleep(SHORT).await;
    }
    None
}

#[koiled]
trait Visit {
    async fn visit(&self, #[koil(callback)] visitor: impl FnMut(&Self, u32));
}

impl Visit for Store {
    async fn visit(&self, mut visitor: impl FnMut(&Store, u32)) {
        for row in &self.rows {
            sleep(SHORT).await;
            visitor(self, *row);
        }
    }
}

/// A call that waits.
fn wait() -> u32 {
    koil::unkoil(async {
        sleep(SHORT).await;
        7
    })
}

#[test]
fn a_closure_calls_twins_and_borrows() {
    let mut store = BlockingStore::default();
    let rows = vec![3, 4];
    let mut puts = 0;
    let count = store.transaction(|tx| {
        let mut count = 0;
        for row in &rows {
            count = tx.put(*row)?;
            puts += 1;
        }
        Ok::<_, Failure>(count)
    });
    assert_eq!((count, puts), (Ok(2), 2));
    let full = store.transaction(|tx| {
        tx.put(5)?;
        tx.put(0)
    });
    assert_eq!(full, Err(Failure::Full));
    assert_eq!(store.rows, rows);
}

#[test]
fn every_form_of_a_callback_has_a_plain_closure() {
    let mut store = BlockingStore::default();
    let mut seen = Vec::new();
    let values = store.by_future(
        |attempt| {
            seen.push(attempt);
            wait() as usize + attempt
        },
        3,
    );
    assert_eq!((values, seen), (vec![7, 8, 9], vec![0, 1, 2]));
    assert_eq!(store.by_box(|tx| tx.put(8)), Ok(1));
    assert_eq!(
        store.merged(|| Some(BlockingStore::from(Store { rows: vec![wait()] }))),
        3
    );

    let shared = Cell::new(0);
    let visited = store.each(|row| {
        shared.set(shared.get() + row + wait());
        *row != 7
    });
    assert_eq!((visited, shared.get()), (2, 8 + 7 + 7 + 7));
    let found = store.find(|store: &BlockingStore, row| wait() == row && store.rows.len() == 3);
    assert_eq!(found, Some(7));
    assert_eq!(
        store.filtered(|row| row == wait()).collect::<Vec<_>>(),
        [7, 7]
    );
    assert_eq!(store.with_sync(|store| store.each(|_| true)), 3);
    assert_eq!(
        store.at_once(|store| store.rows.len() + wait() as usize),
        10
    );

    let mut numbers = Vec::new();
    let third = retry_blocking(5, |number| {
        numbers.push(number);
        (number == 2).then(wait)
    });
    assert_eq!((third, numbers), (Some(7), vec![0, 1, 2]));
    let mut sum = 0;
    BlockingVisit::visit(&store, |store, row| {
        sum += row + u32::try_from(store.rows.len()).unwrap();
    });
    assert_eq!(sum, 8 + 7 + 7 + 3 * 3);
}

#[test]
fn async_users_pass_async_callbacks_as_before() {
    koil::unkoil(async {
        let mut store = Store::default();
        let count = store.transaction(async |tx| tx.put(3).await).await;
        assert_eq!(count, Ok(1));
        assert_eq!(store.each(async |_| true).await, 1);
    });
}

#[test]
fn the_timeout_of_the_call_reaches_the_twin_in_its_callback() {
    let mut store = BlockingStore::default();
    let mut told = None;
    // On a busy machine the time may be up before the callback.
    while told.is_none() {
        let late = store.bounded(|tx| {
            let late = tx.hang();
            told = Some(format!("{late:?}"));
            late
        });
        assert!(matches!(late, Err(Failure::Late(_))), "{late:?}");
    }
    let told = told.unwrap();
    assert!(
        told.contains("BlockingTx::hang") && told.contains("20ms"),
        "{told}"
    );
}
