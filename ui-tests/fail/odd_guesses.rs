//! Natural guesses at what koil's words mean: one error each, and nothing of rustc's behind it.
use futures::future::BoxFuture;
use futures::{Stream, stream};
use koil::koiled;

#[koiled]
struct Client;

#[koiled]
struct Bucket;

#[koiled(name = "Row")]
#[derive(Clone, Debug)]
struct Row;

#[koiled]
enum State {
    #[koiled]
    Open,
}

#[koiled(twins(crate::Bucket = BlockingBucket))]
impl Client {
    async fn listed_by_path(&self) -> Bucket {
        Bucket
    }
}

#[koiled(twins("Bucket"))]
impl Client {
    async fn listed_in_quotes(&self) -> Bucket {
        Bucket
    }
}

#[koiled]
impl<T: Iterator> T {
    async fn of_a_parameter(&self) {}
}

#[koiled]
impl Client {
    #[koil("skip")]
    async fn in_quotes(&self) {}

    #[koil(wait)]
    fn says_so(&self) -> impl Future<Output = u32> + use<> {
        std::future::ready(1)
    }

    #[koil(iter)]
    fn says_so_too(&self) -> impl Stream<Item = Self> + use<> {
        stream::empty()
    }

    #[koil(wait)]
    fn has_no_name(&self) -> impl Sized + use<> {}

    #[koil(iter)]
    fn returns_nothing(&self) {}

    #[koil(wait)]
    fn returns_nothing_either(&self) {}

    fn behind_a_check(&self) -> Result<BoxFuture<'_, u32>, String> {
        Err("closed".to_owned())
    }

    async fn said_on_an_argument(&self, #[cfg_attr(all(), koil(skip))] _n: u32) {}
}

#[koiled(suffix = "_blocking")]
impl Bucket {
    #[koil(name = "get")]
    async fn get(&self) {}
}

#[koiled]
fn named_future() -> std::future::Ready<u32> {
    std::future::ready(1)
}

#[koiled(name = "same")]
async fn same() {}

#[koiled(handle = "koil::global()")]
async fn quoted_handle() {}

#[koiled(feature = blocking)]
async fn bare_feature() {}

fn main() {
    let client = Client;
    let futures = (client.listed_by_path(), client.listed_in_quotes(), client.in_quotes());
    drop((futures, client.says_so(), client.says_so_too(), client.has_no_name()));
    client.returns_nothing();
    client.returns_nothing_either();
    drop((client.behind_a_check(), client.said_on_an_argument(1)));
    drop((Bucket.get(), named_future(), same(), quoted_handle(), bare_feature()));
    drop((State::Open, Row.clone()));
}
