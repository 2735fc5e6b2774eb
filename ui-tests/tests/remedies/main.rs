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

/// `hint!("trait with a note for rustc", "words of the note", .., { items with the remedy })`
macro_rules! hint {
    ($of:literal, $($words:literal,)+ { $($items:tt)* }) => {
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
mod compositions;
mod contexts;
mod failures;
mod function_arguments;
mod function_options;
mod functions;
mod helpers;
mod hints;
mod implemented;
mod io_hints;
mod kinds;
mod limits;
mod listed_twins;
mod members;
mod returned;
mod threaded;
mod threaded_blocks;
mod threaded_iterable;
mod threaded_methods;
mod threaded_pinned;
mod traits;
mod types;
mod unused;

/// For paths such as `crate::koil`.
pub(crate) use ::koil;

/// The names that the items use.
mod scenery {
    pub(crate) use std::future::{Future, Ready, ready};
    pub(crate) use std::io::{self, Read};
    pub(crate) use std::pin::Pin;
    pub(crate) use std::sync::{Arc, LazyLock};
    pub(crate) use std::time::Duration;

    pub(crate) use futures::future::BoxFuture;
    pub(crate) use futures::stream::{self, BoxStream, Stream};
    pub(crate) use koil::{AsyncContext, Exit, Handle, LocalAsyncContext, Yielder};
    pub(crate) use koil::{koilable, koiled, threaded, threaded_iterable};
    pub(crate) use tokio::io::{AsyncRead, AsyncWrite};

    pub(crate) static HANDLE: LazyLock<Handle> = LazyLock::new(Handle::current);

    /// An error that `fallible` twins can return.
    #[derive(Debug)]
    pub(crate) struct Error;

    impl std::error::Error for Error {}

    impl std::fmt::Display for Error {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            Ok(())
        }
    }

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
