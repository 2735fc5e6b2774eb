use std::cell::Cell;
use std::future::Ready;
use std::rc::Rc;

use futures::{Stream, stream};
use koil::koiled;
use tokio::io::AsyncRead;

#[koiled]
#[koil(lend)]
async fn holds_rc() -> usize {
    let count = Rc::new(1);
    tokio::task::yield_now().await;
    *count
}

#[koiled]
#[koil(lend)]
async fn gives_rc() -> Rc<u32> {
    Rc::new(1)
}

#[koiled]
#[koil(lend)]
fn stream_of_rc(n: Rc<u32>) -> impl Stream<Item = u32> {
    stream::once(async move { *n })
}

#[koiled]
#[koil(wait)]
fn no_future() -> u32 {
    1
}

#[koiled]
#[koil(iter)]
fn no_stream() -> Vec<u32> {
    Vec::new()
}

#[koiled]
#[koil(lend, wait)]
fn no_future_to_lend() -> u32 {
    1
}

#[koiled]
#[koil(lend, wait)]
fn named_future(future: Ready<Rc<u32>>) -> Ready<Rc<u32>> {
    future
}

#[koiled]
#[koil(lend)]
async fn generic<T>(value: T) -> T {
    value
}

#[koiled]
#[koil(lend)]
fn reader(of: Rc<[u8]>) -> impl AsyncRead {
    std::io::Cursor::new(of)
}

#[koiled]
struct Client(Cell<u32>);

#[koiled(lend)]
impl Client {
    async fn one_of_a_block(&self) -> u32 {
        self.0.get()
    }
}

#[koiled]
trait Store {
    #[koil(lend)]
    async fn nobody_knows(&self);
}

#[koiled(handle = std::sync::Arc::new(1))]
async fn no_handle() {}

#[koiled(fallible, timeout = 2 + 3)]
async fn no_limit() -> Result<(), koil::Error> {
    Ok(())
}

#[koiled]
struct Patient {
    patience: Option<u64>,
}

#[koiled(fallible, timeout = self.patience)]
impl Patient {
    async fn counts_seconds(&self) -> Result<(), koil::Error> {
        Ok(())
    }

    #[koil(timeout = self.patiense)]
    async fn misspelt(&self) -> Result<(), koil::Error> {
        Ok(())
    }
}

fn main() {}
