use std::pin::Pin;

use futures::Stream;
use futures::future::BoxFuture;
use koil::koiled;
use tokio::io::AsyncRead;

#[koiled]
struct Client;

#[koiled]
struct Bucket;

#[koiled(twins(Bucket))]
impl Client {
    async fn array(&self) -> [Self; 2] {
        [Client, Client]
    }

    async fn slice_of_options(&self) -> &'static [Option<Client>] {
        &[]
    }

    async fn boxed_slice(&self) -> Box<[Bucket]> {
        Box::new([])
    }

    async fn function(&self) -> fn() -> Bucket {
        || Bucket
    }

    async fn object(&self) -> Box<dyn Fn() -> Bucket> {
        Box::new(|| Bucket)
    }

    async fn opaque(&self) -> impl Fn(&Self) -> u32 {
        |_| 1
    }

    async fn pointer(&self) -> *const Self {
        self
    }

    async fn future_of_future(&self) -> BoxFuture<'static, u32> {
        Box::pin(async { 1 })
    }

    fn reader(&self) -> impl AsyncRead + use<> {
        tokio::io::empty()
    }
}

#[koiled]
fn future_without_output() -> impl Future {
    async {}
}

#[koiled]
fn stream_without_item() -> impl Stream + Send {
    futures::stream::empty::<u32>()
}

#[koiled]
async fn async_returning_future() -> impl Future<Output = u32> {
    async { 1 }
}

#[koiled]
fn future_returning_future() -> impl Future<Output = Pin<Box<dyn Future<Output = u32> + Send>>> {
    std::future::ready(Box::pin(std::future::ready(1)) as _)
}

fn main() {
    drop((Client.array(), Client.object(), Client.opaque(), Client.reader()));
    drop((future_without_output(), stream_without_item()));
    drop((async_returning_future(), future_returning_future()));
}
