//! Docs that come along: links of every kind resolve, examples stay behind.
//!
//! Documented by `cargo doc` through the package `edition2021`, with warnings denied.
#![deny(warnings, missing_docs)]
#![allow(dead_code, unreachable_pub)]

use futures::{stream, Stream};
use koil::koiled;

/// A client with [a link](Client::get), one to [`Self`], one to [`Client`] and one to [`fetch`].
///
/// Also to [`BlockingClient`], [its method](BlockingClient::get) and [`std::future::Future`].
#[koiled]
#[derive(Clone, Debug, Default)]
pub struct Client {
    /// The number; see [`Self::get`].
    pub number: u32,
}

#[koiled]
impl Client {
    /// A constant like [`Self::OTHER`].
    pub const ONE: u32 = 1;

    /// A constant like [`Client::ONE`].
    pub const OTHER: Self = Client { number: 2 };

    /// Opens a client, to [get](Self::get) from it.
    ///
    /// # Errors
    ///
    /// Never, unlike [`Self::sync_only`]; see [`Result`].
    ///
    /// # Examples
    ///
    /// ```
    /// let _ = "must not be run twice";
    /// ```
    ///
    /// Prose below an example.
    ///
    /// # Panics
    ///
    /// In [`Self::all`] only.
    pub async fn open() -> Result<Self, u32> {
        Ok(Client { number: 1 })
    }

    /// Gets. [`Client::set`] sets, [`Self::skipped`] has no twin, [`Self::renamed`] has another name.
    ///
    /// - a list
    ///   ~~~text
    ///   with code in it
    ///   ~~~
    /// - its second item
    ///
    /// | a | table |
    /// | - | ----- |
    /// | 1 | 2     |
    pub async fn get(&self) -> u32 {
        self.number
    }

    /** A block of docs, about [`Self::get`].

    Another paragraph.
    */
    pub async fn set(&mut self, number: u32) {
        self.number = number;
    }

    #[doc = "Docs by attribute, [`Self::set`]"]
    #[doc = ""]
    #[doc = concat!("and computed ones: [`Client", "::get`].")]
    pub async fn computed(&self) -> u32 {
        self.number
    }

    /// Sync.
    pub fn sync_only(&self) -> u32 {
        self.number
    }

    /// Without a twin.
    #[koil(skip)]
    pub async fn skipped(&self) -> u32 {
        self.number
    }

    /// By another name.
    #[koil(name = "another_name")]
    pub async fn renamed(&self) -> u32 {
        self.number
    }

    /// ```
    /// let _ = "only an example";
    /// ```
    pub fn all(&self) -> impl Stream<Item = u32> + '_ {
        stream::iter([self.number])
    }

    /// A raw identifier.
    pub async fn r#type(&self) -> u32 {
        self.number
    }

    #[allow(missing_docs)]
    pub async fn undocumented(&self) -> u32 {
        self.number
    }
}

/// Fetches as [`Client::get`] does, [`fetch_blocking`] blocks. Not a link: `[0; 4]`, <https://example.com>.
#[koiled]
pub async fn fetch() -> u32 {
    1
}

/// A keyword for a name.
#[koiled]
pub async fn r#match() -> u32 {
    2
}

/// Parts of a module.
pub mod parts {
    use koil::koiled;

    /// Of [another module](super::Client).
    #[koiled]
    pub enum Part<'a, T> {
        /// One of [`Part`]s.
        One(&'a T),
    }

    #[koiled]
    impl<T: Clone> Part<'_, T> {
        /// From [`Part::One`], as [`super::Client::get`].
        pub async fn get(&self) -> T {
            let Part::One(value) = self;
            T::clone(value)
        }
    }

    #[koiled]
    impl super::Client {
        /// In another module than [`Self`] and [`super::Client`].
        pub async fn far(&self) -> u32 {
            Self::ONE
        }
    }
}

/// A list that several blocks share, and docs that macros make.
pub mod shared {
    use koil::koiled;

    /// A row.
    #[koiled]
    #[derive(Clone)]
    pub struct Row<T>(pub T);

    /// A cell.
    #[koiled]
    pub struct Cell;

    /// A table.
    #[koiled]
    pub struct Table;

    #[koiled(twins(Row, Cell))]
    impl Table {
        #[doc = concat!("The rows; see ", "[`Table::cell`].")]
        #[cfg_attr(all(), doc = "There is [one](Self::rows).")]
        pub async fn rows(&self) -> Vec<Row<u8>> {
            vec![Row(1)]
        }
    }

    #[koiled(twins(Row, Cell))]
    impl Table {
        #[doc = include_str!("cell.md")]
        #[koil(name = "only_cell")]
        pub async fn cell(&self, (row, _): (u8, u8), Row(n): Row<u8>) -> (Cell, u8) {
            (Cell, row + n)
        }
    }

    /// A trait.
    #[koiled(twins(Row, Cell))]
    pub trait Rows {
        /// Counts.
        #[allow(async_fn_in_trait)]
        async fn count(&self) -> usize;
    }

    /// Items of a function body can be listed too.
    pub fn local() -> u8 {
        #[koiled]
        struct Inner(u8);

        #[koiled]
        struct Other;

        #[koiled(twins(Other))]
        impl Inner {
            async fn get(&self) -> u8 {
                self.0
            }
        }

        Inner(7).blocking().get()
    }
}

/// A type that its users know by another path.
pub mod account {
    use koil::koiled;

    /// An account.
    #[koiled(name = super::known::Account, forward(+Eq))]
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Account(pub u8);

    impl Eq for Account {}

    #[koiled(name = super::known::Account)]
    impl Account {
        /// Takes from it: `account.take(1).await`.
        #[koil(doc = "Takes from it: `account.take(1)`.")]
        pub async fn take(&mut self, amount: u8) -> Self {
            self.0 -= amount;
            Account(amount)
        }

        /// The amount.
        #[koil(doc = concat!("The amount", "."))]
        pub fn amount(&self) -> u8 {
            self.0
        }
    }
}

/// The names that users know.
pub mod known {
    pub use super::account::BlockingAccount as Account;
}

pub(crate) fn main() {
    let mut account = known::Account::from(account::Account(3));
    assert_eq!(account.take(1), known::Account::from(account::Account(1)));
    assert_eq!(account.clone().amount(), 2);
    let table = shared::BlockingTable::from(shared::Table);
    assert_eq!(table.rows().len(), 1);
    let (_cell, sum) = table.only_cell((1, 2), shared::BlockingRow::from(shared::Row(3)));
    assert_eq!((sum, shared::local()), (4, 7));
    let mut client = BlockingClient::open().unwrap();
    client.set(3);
    let numbers = [
        client.get(),
        client.computed(),
        client.sync_only(),
        client.another_name(),
        client.r#type(),
        client.undocumented(),
        client.all().sum(),
        client.far() + BlockingClient::ONE + BlockingClient::OTHER.number - 1,
    ];
    assert_eq!(numbers, [3; 8]);
    assert_eq!(fetch_blocking() + match_blocking(), 3);
    assert_eq!(parts::Part::One(&4).into_blocking().get(), 4);
}
