//! Async code without a runtime: one poll on the stack of its caller, where every source blocks.
//!
//! Use the crate `koil`, which re-exports this one as `koil::inline`.
//!
//! An async function whose sources are always ready never waits: one poll runs it to its end. So a
//! parser or a client that is generic over its transport serves blocking users without any runtime,
//! from the same source that async users have: give it a transport that blocks, such as
//! [`StdIo`]. [`run`] polls on the calling thread and never waits. It starts no thread, finds no
//! loop, allocates nothing, and returns [`WouldBlock`] where a future has to wait after all.
//!
//! ```
//! use koil::inline::{self, StdIo};
//! use tokio::io::{AsyncBufRead, AsyncBufReadExt};
//!
//! /// One source for both kinds of users.
//! async fn first_word(mut input: impl AsyncBufRead + Unpin) -> std::io::Result<String> {
//!     let mut line = String::new();
//!     input.read_line(&mut line).await?;
//!     Ok(line.split(' ').next().unwrap_or_default().to_owned())
//! }
//!
//! let input = StdIo::new(std::io::Cursor::new("plain std\n"));
//! assert_eq!(inline::run(first_word(input))??, "plain");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The limits
//!
//! * **Half done.** A future that is dropped because it has to wait may have written some bytes
//!   before. [`WouldBlock`] is an error in the set-up, like a panic.
//! * **Concurrency inside the future** (`select!`, `join!` of a reader and a writer): its branches
//!   run one after the other, and the first one blocks. A source that needs both directions at once
//!   needs a twin with a loop.
//! * **Timers, sockets and `spawn` of tokio** panic, as they do outside of any runtime. A limit for
//!   the time belongs to the transport: an elapsed `set_read_timeout` is an `io::Error`.
//! * **Async locks between threads**: a lock that another thread holds is [`WouldBlock`].
//!
//! # Features
//!
//! The crate is `no_std`. `alloc` adds [`iter`]; `std`, which is on by default, adds
//! [`is_running`], [`blocking`], [`StdIo`] and [`coroutine`]; `tokio-io` and `futures-io` add the
//! async traits of these crates to [`StdIo`].

#![deny(unsafe_code)]
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod always_ready;
#[cfg(feature = "std")]
mod blocking;
mod drive;
#[cfg(feature = "std")]
mod flags;
#[cfg(feature = "alloc")]
mod iter;
#[doc(hidden)]
pub mod private;
mod running;
mod site;
#[cfg(feature = "std")]
mod std_io;
#[cfg(feature = "std")]
mod twin;
mod wake;
mod would_block;

#[cfg(feature = "std")]
pub mod coroutine;

pub use self::always_ready::AlwaysReady;
#[cfg(feature = "std")]
pub use self::blocking::{OnLoop, blocking, is_running};
pub use self::drive::run;
#[cfg(feature = "alloc")]
pub use self::iter::{Iter, iter};
#[cfg(feature = "std")]
pub use self::std_io::StdIo;
#[cfg(feature = "std")]
#[doc(hidden)] // `koil` lists them at its root.
pub use self::twin::{Blocking, HasTwin, MapTwin, OptionMut, Shell, Twin, TwinOf};
pub use self::would_block::WouldBlock;
