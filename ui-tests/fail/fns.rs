use futures::Stream;
use koil::koiled;

#[koiled]
fn load(path: &str) -> Result<String, std::io::Error> {
    std::fs::read_to_string(path)
}

#[koiled]
fn nothing() {}

#[koiled]
fn numbers() -> impl Iterator<Item = u32> {
    0..3
}

#[koiled]
const fn constant() -> u32 {
    1
}

#[koiled]
extern "C" fn exported(n: u32) -> u32 {
    n
}

#[koiled]
#[koil(skip)]
async fn skipped() -> u32 {
    1
}

#[koiled]
#[koil(enter)]
async fn entered() -> u32 {
    1
}

#[koiled]
fn several(a: u32) -> (u32, impl Stream) {
    (a, futures::stream::empty::<u32>())
}

struct Client;

impl Client {
    #[koiled]
    async fn get(&self, n: u32) -> u32 {
        n
    }

    #[koiled]
    async fn set(mut self) -> Self {
        self.change();
        self
    }

    #[koiled]
    async fn shared(self: std::sync::Arc<Self>) {}

    fn change(&mut self) {}
}

#[koiled]
async fn main() {
    let _ = (load("a"), nothing(), numbers().count(), constant(), exported(1));
    let _ = (skipped().await, entered().await, several(1).0);
    let client = std::sync::Arc::new(Client.set().await);
    client.get(1).await;
    client.shared().await;
}
