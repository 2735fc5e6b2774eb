use std::rc::Rc;

use futures::{Stream, stream};
use koil::koiled;

#[koiled]
#[koil(send)]
async fn holds_rc() -> usize {
    let count = Rc::new(1);
    tokio::task::yield_now().await;
    *count
}

#[koiled]
#[koil(send)]
async fn gives_rc() -> Rc<u32> {
    Rc::new(1)
}

#[koiled]
#[koil(send)]
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

#[koiled(handle = std::sync::Arc::new(1))]
async fn no_handle() {}

fn main() {}
