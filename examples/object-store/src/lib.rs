//! A client of an object store: an [`Account`] has [`Bucket`]s, a bucket has [`Object`]s.
//!
//! All of it is async, and all of it has a blocking twin in [`blocking`], made by koil from the
//! attributes in these sources. The trait [`Backend`] is the interface of a service:
//! [`Http`] speaks to a server, [`Memory`] keeps everything in the process.

#![allow(clippy::missing_errors_doc)] // `Error` documents all failures.

mod account;
mod backend;
mod bucket;
mod error;
mod http;
mod memory;
mod object;
mod upload;

pub use account::{Account, BlockingAccount};
pub use backend::{Address, Backend, BlockingBackend, Entry, Page};
pub use bucket::{BlockingBucket, Bucket};
pub use error::Error;
pub use http::{BlockingHttp, Http};
pub use memory::{BlockingMemory, Memory};
pub use object::{BlockingObject, Object};
pub use upload::{BlockingUpload, Upload};

/// The same names for blocking users, as `reqwest::blocking` and others have it.
///
/// ```no_run
/// use koil_object_store::{Error, blocking};
///
/// let bucket = blocking::Account::new("http://localhost:9000")?.bucket("logs");
/// for object in bucket.list("2026/") {
///     println!("{}", object?.key());
/// }
/// # Ok::<(), Error>(())
/// ```
pub mod blocking {
    pub use crate::{
        BlockingAccount as Account, BlockingBackend as Backend, BlockingBucket as Bucket,
        BlockingHttp as Http, BlockingMemory as Memory, BlockingObject as Object,
        BlockingUpload as Upload,
    };
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
