//! Twins of traits where they are not.

use futures::Stream;
use koil::{Blocking, koiled};

#[koiled]
trait Store {
    async fn get(&self) -> u8;
    fn watch(&self) -> impl Stream<Item = u8>;
}

#[koiled]
trait Makes: Sized {
    async fn make() -> Self;
}

#[koiled]
struct Client;

struct Plain;

impl Store for Plain {
    async fn get(&self) -> u8 {
        1
    }
    fn watch(&self) -> impl Stream<Item = u8> {
        futures::stream::empty()
    }
}

fn blocking<S: BlockingStore>(_: &S) {}

struct Fake;

impl BlockingStore for Fake {
    fn get(&self) -> u8 {
        1
    }
}

mod elsewhere {
    use super::{Plain, Store as _};

    pub fn only_the_async_trait_in_scope() -> u8 {
        koil::Blocking::new(Plain).get()
    }
}

fn main() {
    blocking(&BlockingClient::from(Client));
    blocking(&Plain);
    blocking(&Blocking::new(Plain));
    let _: Box<dyn BlockingStore> = Box::new(Blocking::new(Plain));
}
