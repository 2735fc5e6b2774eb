//! Twins that are not found where they are looked for.

mod rows {
    #[koil::koiled]
    pub struct Rows;

    pub struct Plain;
}

mod client {
    use super::rows::{Plain, Rows};

    #[koil::koiled]
    pub struct Client;

    #[koil::koiled(twins(Rows))]
    impl Client {
        pub async fn not_imported(&self) -> Rows {
            Rows
        }
    }

    #[koil::koiled(twins(crate::row::Rows))]
    impl Client {
        pub async fn wrong_path(&self) -> Rows {
            Rows
        }
    }

    #[koil::koiled(twins(Plain = _))]
    impl Client {
        pub async fn without_a_twin(&self) -> Option<Plain> {
            None
        }
    }
}

mod more {
    use super::client::Client;

    #[koil::koiled]
    impl Client {
        pub async fn ping(&self) {}
    }

    #[koil::koiled(name = crate::client::BlockingClints)]
    impl Client {
        pub async fn pong(&self) {}
    }
}

#[koil::koiled]
struct Shop;

#[koil::koiled]
impl Shop {
    fn new() -> Self {
        Shop
    }

    pub async fn get(&self, id: u32) -> Result<Vec<u32>, String> {
        Ok(vec![id])
    }

    pub(crate) fn all<T>(&self, of: T) -> impl futures::Stream<Item = T>
    where
        T: Send,
    {
        futures::stream::iter([of])
    }
}

impl BlockingShop {
    fn new() -> Self {
        Shop.into()
    }

    fn get(&self, id: u32) -> u32 {
        id
    }

    fn all(&self) {}
}

/// Nothing is re-exported under this name.
#[koil::koiled(name = crate::nowhere::Account)]
#[derive(Clone)]
pub struct Account;

fn main() {}
