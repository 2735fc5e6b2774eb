//! `#[koil(callback)]`: each form of a callback, as a plain closure over twins that may block.
#![deny(warnings)]

use std::future::Future;

use futures::future::BoxFuture;
use koil::koiled;

#[koiled]
#[derive(Default)]
struct Tx {
    rows: Vec<u32>,
}

#[koiled]
impl Tx {
    async fn put(&mut self, row: u32) -> Result<usize, String> {
        tokio::task::yield_now().await;
        self.rows.push(row);
        Ok(self.rows.len())
    }
}

#[koiled]
struct Store;

#[koiled(twins(Tx))]
impl Store {
    async fn transaction<T, E>(
        &self,
        #[koil(callback)] work: impl AsyncFnOnce(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        work(&mut Tx::default()).await
    }

    async fn each<F, Fut>(&self, #[koil(callback)] mut visit: F) -> u32
    where
        F: FnMut(Tx, u32) -> Fut,
        Fut: Future<Output = u32>,
    {
        visit(Tx::default(), 1).await + visit(Tx::default(), 2).await
    }

    async fn boxed<T>(
        &self,
        #[koil(callback)] work: impl for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, T>,
    ) -> T {
        work(&mut Tx::default()).await
    }

    async fn find(&self, #[koil(callback)] is_meant: impl Fn(&Tx) -> bool) -> bool {
        is_meant(&Tx::default())
    }

    async fn made(&self, #[koil(callback)] make: impl AsyncFn() -> Option<Tx>) -> usize {
        make().await.map_or(0, |tx| tx.rows.len())
    }
}

pub(crate) fn main() {
    let store = Store.into_blocking();
    let rows = [3, 4];
    let mut seen = 0;
    let written = store.transaction(|tx| {
        for row in &rows {
            seen = tx.put(*row)?;
        }
        Ok::<_, String>(seen)
    });
    assert_eq!((written, seen), (Ok(2), 2));
    let failed = store.transaction(|tx| tx.put(1).and(Err::<(), _>("no".to_owned())));
    assert_eq!(failed.unwrap_err(), "no");
    assert_eq!(store.each(|mut tx, row| tx.put(row).map_or(0, |_| row)), 3);
    assert_eq!(store.boxed(|tx| tx.put(7)), Ok(1));
    assert!(store.find(|tx| tx.rows.is_empty()));
    let made = store.made(|| {
        let mut tx = Tx::default().into_blocking();
        tx.put(5).ok().map(|_| tx)
    });
    assert_eq!(made, 1);
}
