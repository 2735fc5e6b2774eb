//! The remedies that messages of koil's attributes name, compiled.
//!
//! Each `remedy!` has an item with a mistake, some words of the remedy that its message names, and the
//! item with that remedy. `koil-macros/src/mistakes/remedies.rs` holds that the message has these words,
//! and that no remedy is without an item here.
#![allow(
    dead_code,
    missing_docs,
    unexpected_cfgs,
    unreachable_pub,
    unused_imports,
    unused_variables,
    clippy::pedantic
)]

/// `remedy!("item with a mistake", "words of the remedy", .., { items with the remedy })`
macro_rules! remedy {
    ($mistake:literal, $($words:literal,)+ { $($items:tt)* }) => {
        const _: () = { $($items)* };
    };
}

/// An item of nightly, which the compiler of these tests need not know.
macro_rules! nightly {
    ($($item:tt)*) => {};
}

mod arguments;
mod blocks;
mod bounds;
mod functions;
mod helpers;
mod implemented;
mod kinds;
mod limits;
mod listed_twins;
mod members;
mod returned;
mod traits;
mod types;

/// The names that the items use.
mod scenery {
    pub(crate) use std::future::{Future, Ready, ready};
    pub(crate) use std::io;
    pub(crate) use std::pin::Pin;
    pub(crate) use std::sync::Arc;
    pub(crate) use std::time::Duration;

    pub(crate) use futures::future::BoxFuture;
    pub(crate) use futures::stream::{self, BoxStream, Stream};
    pub(crate) use koil::{koilable, koiled, threaded, threaded_iterable};

    /// An error that `fallible` twins can return.
    #[derive(Debug)]
    pub(crate) struct Error;

    impl From<koil::Error> for Error {
        fn from(_: koil::Error) -> Self {
            Error
        }
    }

    impl From<koil::inline::WouldBlock> for Error {
        fn from(_: koil::inline::WouldBlock) -> Self {
            Error
        }
    }
}
