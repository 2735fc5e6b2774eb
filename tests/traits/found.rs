//! Twins that are found without an import: by their path, or by the type of their original.

// The originals are written as an SDK writes them.
#![allow(unreachable_pub, clippy::unnecessary_box_returns)]

use futures::{Stream, stream};
use koil::TwinOf;

mod rows {
    use koil::koiled;

    #[koiled(accessors = "pub(crate)")]
    #[derive(Debug)]
    pub struct Rows(pub u32);

    #[koiled]
    impl Rows {
        pub async fn len(&self) -> u32 {
            tokio::task::yield_now().await;
            self.0
        }
    }

    #[koiled]
    pub struct Page<'a, T>(pub &'a T);

    #[koiled]
    impl<'a, T: Clone> Page<'a, T> {
        pub async fn first(&self) -> T {
            self.0.clone()
        }
    }

    /// Its twin has a name of its own.
    #[koiled(name = "Plain")]
    pub struct Fancy(pub u32);

    #[koiled(name = "Plain")]
    impl Fancy {
        pub async fn number(&self) -> u32 {
            self.0
        }
    }
}

mod client {
    use koil::koiled;

    // As everybody imports them: the originals alone.
    use super::rows::{Page, Rows};

    #[koiled]
    pub struct Client;

    #[koiled(twins(crate::found::rows::Rows, super::rows::Page))]
    impl Client {
        pub async fn rows(&self) -> Rows {
            Rows(3)
        }

        pub async fn page<'a>(&self, number: &'a u32) -> Option<Page<'a, u32>> {
            Some(Page(number))
        }

        pub async fn count(&self, first: Rows, others: Vec<Rows>) -> u32 {
            let mut count = first.len().await;
            for rows in others {
                count += rows.len().await;
            }
            count
        }
    }
}

/// The impl block of a large client: in another module than its type.
mod ping {
    use futures::{Stream, stream};
    use koil::koiled;

    use super::client::Client;
    use super::rows::{Fancy, Page, Rows};

    #[koiled(name = crate::found::client::BlockingClient, twins(Rows = _, Page = _, Fancy = _))]
    impl Client {
        pub const HOME: Self = Client;

        pub fn new() -> Self {
            Client
        }

        pub async fn ping(&self) -> u32 {
            7
        }

        pub async fn own(&self) -> Client {
            Client
        }

        pub async fn all(&self) -> Result<Vec<Rows>, String> {
            Ok(vec![Rows(1), Rows(2)])
        }

        pub async fn last<'a>(&self, number: &'a u32) -> Option<Page<'a, u32>> {
            Some(Page(number))
        }

        pub async fn fancy(&self) -> Fancy {
            Fancy(9)
        }

        pub fn stream(&self) -> impl Stream<Item = Rows> + use<> {
            stream::iter([Rows(4)])
        }

        pub async fn sum(&self, one: &Rows, more: Vec<Rows>) -> u32 {
            one.0 + more.iter().map(|rows| rows.0).sum::<u32>()
        }
    }
}

use client::BlockingClient;
use rows::{BlockingRows, Plain};

/// A function, with a word for each kind of place.
#[koil::koiled(twins(rows::Rows))]
async fn fetch() -> Box<rows::Rows> {
    Box::new(rows::Rows(5))
}

#[koil::koiled(twins(Rows = _))]
fn each() -> impl Stream<Item = rows::Rows> {
    stream::iter([rows::Rows(6)])
}

#[test]
fn a_path_in_twins_finds_the_twin_beside_the_original() {
    let client = BlockingClient::new();
    let rows: BlockingRows = client.rows();
    assert_eq!(rows.len(), 3);
    assert_eq!(client.page(&5).unwrap().first(), 5);
    assert_eq!(client.count(rows, vec![client.rows()]), 6);
    assert_eq!(fetch_blocking().len(), 5);
}

#[test]
fn an_impl_block_in_another_module_names_the_twin_by_its_path() {
    let client = BlockingClient::HOME;
    assert_eq!(client.ping(), 7);
    assert_eq!(client.own().own().ping(), 7);
}

#[test]
fn a_twin_is_found_by_the_type_of_its_original() {
    let client = BlockingClient::new();
    let all: Vec<BlockingRows> = client.all().unwrap();
    assert_eq!(all.iter().map(BlockingRows::len).sum::<u32>(), 3);
    assert_eq!(client.last(&8).unwrap().first(), 8);
    let fancy: Plain = client.fancy();
    assert_eq!(fancy.number(), 9);
    let one: BlockingRows = client.stream().next().unwrap();
    assert_eq!(client.sum(&one, all), 7);
    let six: TwinOf<rows::Rows> = each_blocking().next().unwrap();
    assert_eq!(six.len(), 6);
}

#[test]
fn accessors_have_the_visibility_that_is_written() {
    assert_eq!(rows::Rows(2).into_blocking().aio().0, 2);
}

mod account {
    #[koil::koiled(name = crate::found::blocking::Account)]
    pub struct Account;
}

mod blocking {
    pub use super::account::BlockingAccount as Account;
}

#[test]
fn type_name_has_the_name_of_the_definition_where_a_twin_is_re_exported_under_another() {
    let name = std::any::type_name::<blocking::Account>();
    assert!(name.ends_with("found::account::BlockingAccount"), "{name}");
    let name = std::any::type_name::<Plain>();
    assert!(name.ends_with("found::rows::Plain"), "{name}");
}
