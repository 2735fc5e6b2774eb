use koil::koiled;

#[koiled]
struct Client;

#[koiled]
impl Client {
    async fn fine(&self) {}

    async fn no_type(&self, n) {}

    pub let x = 1;
}

fn main() {
    drop(Client.fine());
}
