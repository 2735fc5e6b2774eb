//! Entry points of the proc macros: each attribute is one call of the pipeline.

#![forbid(unsafe_code)]

mod args;
mod error;
mod expand;
mod lower;
mod model;
mod pipeline;
mod syntax;
mod tokens;

#[cfg(test)]
mod mistakes;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod snapshots;

use proc_macro::TokenStream;

use self::syntax::attribute::Attribute;

/// Gives async code a blocking twin: a function gets `fetch_blocking`, a type gets
/// `BlockingClient`, its impl blocks get the same methods without `async`, and a trait gets
/// `BlockingStore`.
///
/// | option | on | meaning |
/// | --- | --- | --- |
/// | `name = ".."` | all | name of the twin; on an impl, of the twin type, also as a path: `name = crate::client::BlockingClient`; on a type, the path that users know: `name = crate::blocking::Client`; with `aio`, of the view |
/// | `suffix = ".."` | fn, impl | twins beside their originals; an impl needs no twin type then |
/// | `aio` | fn, struct, enum, impl | the plain names block: `fetch(..)` and `client.get(..)`; the async side is `fetch::aio(..)` and `client.aio().get(..)` |
/// | `twins(Bucket, rows::Page, Row = RowIter, Hit = _)` | fn, impl, trait | types that are mapped to their twins, as `Self` is; `_` is `koil::TwinOf<Hit>` |
/// | `forward(Clone)`, `forward(+Display, -Clone)` | struct, enum | only these std traits, or all that the original has: `+Display` surely, never `-Clone`; also `+From<Vec<u8>>` and other traits with a type argument |
/// | `io = "futures"` | struct, enum | the original is a reader or writer with the traits of futures, not of tokio |
/// | `accessors = "pub"`, `"pub(crate)"`, `"none"` | struct, enum | `blocking`, `aio` and so on: as visible as this, or none |
/// | `fallible` | fn, impl, trait | failures of the bridge are returned, through `From<koil::Error>` |
/// | `fallible(panics)` | fn, impl, trait | the same, and a panic of a call that waits is an error with `Error::is_panic` |
/// | `timeout = "5s"`, `timeout = self.timeout` | fn, impl, trait | how long a call, or an item of a stream, may wait: a literal, or an expression for a `Duration` or `Option<Duration>`, whose `self` is the original; needs `fallible` |
/// | `lend` | fn, impl, trait | the loop's thread polls, instead of the calling thread; needs `Send` |
/// | `handle = self.home` | fn, impl, trait | the loop to use, an expression of type `koil::Handle`, whose `self` is the original |
/// | `inline`, `inline(T)` | all | no loop: the twin polls on its caller's stack and never waits; `T` must be `AlwaysReady` |
/// | `skip(new, builder)` | impl, trait | these members get no twins, as with `#[koil(skip)]` on each |
/// | `feature = ".."` | all | everything generated is under this feature |
/// | `docs = ".."` | all | the part of the original's docs to keep: `"prose"`, `"all"`, only a `"link"`, `"none"` |
/// | `crate = ".."` | all | path of koil, if it was renamed |
///
/// On a method or trait item, `#[koil(..)]` takes:
///
/// | helper | meaning |
/// | --- | --- |
/// | `skip` | no twin |
/// | `name = ".."` | name of the twin |
/// | `raw` | the returned type is not mapped |
/// | `iter`, `io`, `wait` | the returned value is a stream, a reader or writer, a future; for types whose name does not say so |
/// | `io = "futures"`, `io = "tokio"` | the crate of a returned reader or writer whose path does not tell |
/// | `doc = ".."` | docs of the twin's own, with its examples; also `doc = include_str!("..")` |
/// | `bind(U = Bytes)` | the twin has no parameter `U`, which only the returned type could determine; on `into_future` also `bind(O = Row \| Page)`: a `wait` for each of these |
/// | `fallible`, `fallible(panics)`, `timeout = ..`, `lend`, `inline`, `inline(T)` | as above, for this method |
/// | `enter` | a sync method is forwarded and runs under the loop's handle |
///
/// A helper may stand in a `#[cfg_attr(condition, koil(..))]`, one condition per item.
///
/// On a parameter, `#[koil(callback)]` makes an async or sync callback a plain closure over twins, which may
/// call twins itself, and `#[koil(std)]` makes an async reader or writer one of std, which the calling thread
/// uses in the call.
#[proc_macro_attribute]
pub fn koiled(args: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::run(Attribute::Koiled, args.into(), item.into()).into()
}

/// | option | meaning |
/// | --- | --- |
/// | `local` | the context stays on its thread; on an impl of `LocalAsyncContext` |
/// | `suffix = ".."` | no twin type: `client.enter_blocking()` beside `client.enter()` |
/// | `aio` | for a type under `#[koiled(aio)]`: `client.enter()` blocks, `client.into_aio().enter()` is async |
/// | `name = ".."` | name of the twin type, or of the view with `aio` |
/// | `error = ..` | on a struct: its error type; errors of the parts are converted by `From` |
/// | `handle = ..` | the loop to use, an expression of type `koil::Handle` |
/// | `feature = ".."` | everything generated is under this feature |
/// | `crate = ".."` | path of koil, if it was renamed |
///
/// On a field of a struct, `#[koil(context)]` makes it a part of the composition.
#[proc_macro_attribute]
pub fn koilable(args: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::run(Attribute::Koilable, args.into(), item.into()).into()
}

/// Gives blocking functions and methods async twins: `resize_async` runs `resize` on a worker
/// thread. A trait `Storage` gets a trait `AsyncStorage`.
///
/// | option | on | meaning |
/// | --- | --- | --- |
/// | `name = ".."` | fn, trait, impl with `pinned` or `aio` | name of the twin; on an impl, of the async type |
/// | `aio` | fn, impl | the async twin is `resize::aio(..)`; on an impl, `store.aio().load(..)` for a type under `#[koiled(aio)]` |
/// | `separate` | fn, impl, trait | a thread of its own instead of a worker from the pool |
/// | `unwinding` | fn, impl, trait | a cancel of the job releases its plain calls too |
/// | `handle = ..` | fn, impl, trait | the loop on whose workers it runs, an expression of type `koil::Handle` |
/// | `clone` | fn, impl | `&self` may be cloned: a clone is a handle of the same thing |
/// | `pinned` | impl | a type `AsyncName`, whose methods run on the thread of one object; `name` renames it |
/// | `pinned(AsyncName)` | impl | more methods for a type that is declared elsewhere |
/// | `feature = ".."` | fn, impl, trait | everything generated is under this feature |
/// | `crate = ".."` | fn, impl, trait | path of koil, if it was renamed |
///
/// In a block or trait a method may have a `#[threaded(..)]` or `#[threaded_iterable(..)]` of its own, and
/// `#[koil(skip)]` leaves it out.
#[proc_macro_attribute]
pub fn threaded(args: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::run(Attribute::Threaded, args.into(), item.into()).into()
}

/// Gives blocking functions that produce items async twins that are streams, such as `lines_async`.
///
/// | option | meaning |
/// | --- | --- |
/// | `capacity = 64` | the number of items that may be ahead of the consumer |
/// | `name = ".."` | name of the twin |
/// | `aio` | the async twin is `lines::aio(..)` |
/// | `separate` | a thread of its own instead of a worker from the pool |
/// | `unwinding` | an early end of the stream releases plain calls of the producer too |
/// | `handle = ..` | the loop on whose workers it runs, an expression of type `koil::Handle` |
/// | `clone` | `&self` may be cloned: a clone is a handle of the same thing |
/// | `feature = ".."` | everything generated is under this feature |
/// | `crate = ".."` | path of koil, if it was renamed |
#[proc_macro_attribute]
pub fn threaded_iterable(args: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::run(Attribute::ThreadedIterable, args.into(), item.into()).into()
}

/// Options of one method of a block or trait, or of one field; see the attribute of the whole item.
#[proc_macro_attribute]
pub fn koil(_: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::stray_helper(item.into()).into()
}
