use std::sync::Arc;

use futures::Stream;
use koil::koiled;

#[koiled]
struct Client;

// Ten mistakes, told at once.
#[koiled(nam = "Sync", docs = "some", twins(Bucket, Bucket))]
impl Client {
    #[koil(skp)]
    async fn get(self: &Arc<Self>, #[koil(raw)] (a, _): (u32, u32)) -> [Self; 2] {
        let _ = a;
        [Client, Client]
    }

    #[koil(raw, iter)]
    fn items(&self) -> impl Stream {
        futures::stream::empty::<u32>()
    }

    const NONE: u32 = 1;

    #[koiled]
    #[cfg_attr(all(), cfg_attr(all(), koil(skip)))]
    async fn conditional<#[cfg(all())] T>(&self, _: T) {}

    async fn fine(&self) {}
}

#[koiled(nam = "x", forward(Clone))]
#[koil(skip)]
extern "C" fn other() {
    let _ = Client::NONE;
}

fn main() {
    let client = Arc::new(Client);
    drop((client.get((1, 2)), client.items(), client.conditional(1), client.fine()));
    other();
}
