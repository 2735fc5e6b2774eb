use koil::{koil, koiled};

struct Client;

impl Client {
    #[koil(skip)]
    async fn method(&self) -> u32 {
        1
    }
}

#[koil(wait)]
fn function() -> std::future::Ready<u32> {
    std::future::ready(1)
}

#[koil(name = "SyncThing")]
struct Thing;

// Above instead of below.
#[koil(wait)]
#[koiled]
fn above() -> std::future::Ready<u32> {
    std::future::ready(1)
}

#[koiled]
#[koil(name = "SyncOther")]
struct Other;

fn main() {
    drop((Client.method(), function(), Thing, above(), Other));
}
