//! Python bindings of async Rust code, for blocking and for asyncio users, written once.
//!
//! [`#[both]`](both) above `#[pymethods]` or `#[pyfunction]` gives Python each `async fn` twice: as
//! a blocking function of the same name, and as `name_async`, which asyncio awaits. Streams become
//! objects for `for` and `async for`, contexts objects for `with` and `async with`.
//!
//! ```ignore
//! use koil_python::both;
//! use pyo3::prelude::*;
//!
//! /// A client of an echo server.
//! #[pyclass(frozen)]
//! pub struct Client(sdk::Echo);
//!
//! #[both]
//! #[pymethods]
//! impl Client {
//!     #[new]
//!     fn new(addr: &str) -> Client {
//!         Client(sdk::Echo::new(addr))
//!     }
//!
//!     /// Says `text`, and gives what comes back.
//!     async fn echo(&self, text: String) -> Result<String, Error> {
//!         Ok(self.0.echo(&text).await?)
//!     }
//! }
//!
//! #[pymodule]
//! fn echo(module: &Bound<'_, PyModule>) -> PyResult<()> {
//!     koil_python::init(module)?;
//!     module.add_class::<Client>()
//! }
//! ```
//!
//! ```python
//! client.echo("hi")
//! await client.echo_async("hi")
//! ```
//!
//! A blocking call holds the lock of the interpreter for the first poll of its future alone, and
//! gives it up while it waits. Ctrl-C cancels it, and comes out as `KeyboardInterrupt`. Both kinds of
//! calls share the loop of koil, which [`init`] stops before the interpreter ends, and which starts
//! afresh in a forked child.

mod block;
mod context;
mod error;
mod exit;
mod host;
mod spawn;
mod stream;

#[doc(hidden)]
pub mod private;

pub use block::{block, run};
pub use context::{Context, NotOpen, Opened};
pub use error::{error, io_error};
pub use exit::init;
pub use koil_python_macros::both;
pub use spawn::{Awaitable, spawn};
pub use stream::Stream;
