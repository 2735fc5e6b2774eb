use koil::koiled;

struct Client;

#[koiled(suffix = "")]
impl Client {
    async fn empty(&self) {}
}

#[koiled(suffix = "-now")]
impl Client {
    async fn no_identifier(&self) {}
}

#[koiled(suffix)]
impl Client {
    async fn no_value(&self) {}
}

#[koiled(suffix = "_sync", name = "SyncClient")]
impl Client {
    async fn named(&self) {}
}

#[koiled(suffix = "_sync", twins(Client))]
impl Client {
    async fn listed(&self) -> Client {
        Client
    }
}

#[koiled(suffix = "_sync")]
impl Client {
    async fn get(&self) {}

    #[koil(name = "get_sync")]
    async fn fetch(&self) {}

    async fn taken(&self) {}

    fn taken_sync(&self) {}
}

#[koiled(suffix = "_sync")]
struct OfCalls;

#[koiled(suffix = "_sync", name = "both")]
async fn both() {}

fn main() {
    drop((Client.empty(), Client.no_identifier(), Client.no_value(), Client.named()));
    drop((Client.listed(), Client.get(), Client.taken(), OfCalls, both()));
    Client.taken_sync();
}
