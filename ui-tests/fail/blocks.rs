use koil::koiled;

#[koiled]
struct Client;

trait Store {
    async fn get(&self) -> u32;
}

trait Object {}

#[koiled]
impl Store for Client {
    async fn get(&self) -> u32 {
        1
    }
}

#[koiled]
impl &Client {
    async fn by_ref(self) {}
}

#[koiled]
impl (Client, u32) {
    async fn of_a_tuple(&self) {}
}

#[koiled]
impl dyn Object {
    async fn of_an_object(&self) {}
}

#[koiled]
impl Client {
    #[cfg_attr(all(), cfg_attr(all(), koil(skip)))]
    async fn conditional_helper(&self) {}

    #[koiled]
    async fn koiled_again(&self) {}

    helper_methods! {}

    fine!();
}

#[koiled]
impl Client {
    async fn first(&self) {}

    #[koil(name = "first")]
    async fn second(&self) {}

    #[koil(name = "third")]
    async fn other(&self) {}

    async fn third(&self) {}

    async fn into_aio(self) {}

    #[koil(name = "aio")]
    async fn renamed(&self) {}
}

macro_rules! helper_methods {
    () => {
        fn made(&self) {}
    };
}
macro_rules! fine {
    () => {};
}
use {fine, helper_methods};

fn main() {
    drop((Client.conditional_helper(), Client.first(), Client.third()));
    Client.made();
}
