//! Under every lint that rustc has and that is quiet by default.
#![forbid(unsafe_code)]
#![deny(warnings)]
#![deny(
    closure_returning_async_block,
    deprecated_in_future,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    future_incompatible,
    if_let_rescope,
    impl_trait_overcaptures,
    impl_trait_redundant_captures,
    keyword_idents,
    let_underscore,
    macro_use_extern_crate,
    meta_variable_misuse,
    missing_abi,
    missing_copy_implementations,
    missing_debug_implementations,
    missing_docs,
    missing_unsafe_on_extern,
    non_ascii_idents,
    nonstandard_style,
    redundant_imports,
    redundant_lifetimes,
    rust_2018_idioms,
    rust_2021_compatibility,
    rust_2024_compatibility,
    single_use_lifetimes,
    tail_expr_drop_order,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unreachable_pub,
    unsafe_op_in_unsafe_fn,
    unstable_features,
    unused,
    unused_extern_crates,
    unused_import_braces,
    unused_lifetimes,
    unused_macro_rules,
    unused_qualifications,
    unused_results,
    variant_size_differences
)]
// Some of these count for whole crates only, and this file is also a module of one.
#![allow(unused_attributes, unused_crate_dependencies)]

use std::fmt;
use std::sync::Arc;

use futures::{Stream, StreamExt as _, stream};
use koil::{Yielder, koiled, threaded, threaded_iterable};

/// A client.
#[koiled]
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Client {
    name: String,
}

/// An error.
#[koiled]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failed<'a> {
    why: &'a str,
}

impl fmt::Display for Failed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.why)
    }
}

impl std::error::Error for Failed<'_> {}

/// A state.
#[koiled]
#[derive(Clone, Debug)]
pub(crate) enum State<T, const N: usize> {
    /// Not yet.
    Waiting,
    /// Here.
    Here([T; N]),
}

#[koiled]
impl Client {
    /// A constant.
    pub(crate) const LIMIT: usize = 3;

    /// A constant of the type itself.
    pub(crate) const NONE: Self = Client {
        name: String::new(),
    };

    /// Makes one.
    pub(crate) fn new(name: &str) -> Self {
        Client {
            name: name.to_owned(),
        }
    }

    /// Opens one.
    pub(crate) async fn open(name: &str) -> Result<Self, Failed<'_>> {
        if name.is_empty() {
            Err(Failed { why: "empty" })
        } else {
            Ok(Client::new(name))
        }
    }

    /// Its name.
    pub(crate) async fn name(&self) -> &str {
        &self.name
    }

    /// Says nothing.
    pub(crate) async fn quiet(&self) {}

    /// Sets the name.
    pub(crate) async fn rename(&mut self, mut name: String, _: u32) -> &mut Self {
        name.push('!');
        self.name = name;
        self
    }

    /// Letters.
    pub(crate) fn letters(&self) -> impl Stream<Item = char> + '_ {
        stream::iter(self.name.chars())
    }

    /// Clients.
    pub(crate) fn clients<'a>(&'a self, names: &'a [&'a str]) -> impl Stream<Item = Self> + 'a {
        stream::iter(names).map_names()
    }

    /// Shared.
    pub(crate) async fn shared(self: Arc<Self>) -> (Arc<Self>, Option<Vec<Self>>) {
        (self, None)
    }

    /// Generic.
    pub(crate) async fn generic<'a, T: Into<String>, const N: usize>(
        &self,
        with: &'a [T; N],
    ) -> &'a [T] {
        with
    }

    async fn private(&self) -> State<u8, 2> {
        State::Here([1, 2])
    }
}

trait MapNames<'a>: Stream<Item = &'a &'a str> + Sized {
    fn map_names(self) -> impl Stream<Item = Client> {
        futures::StreamExt::map(self, |name| Client::new(name))
    }
}

impl<'a, S: Stream<Item = &'a &'a str>> MapNames<'a> for S {}

#[koiled]
impl<'a> Failed<'a> {
    /// Why.
    pub(crate) async fn why(&self) -> &'a str {
        self.why
    }
}

#[koiled]
impl<T: Clone, const N: usize> State<T, N> {
    /// The first.
    pub(crate) async fn first(&self) -> Option<T> {
        match self {
            State::Waiting => None,
            State::Here(items) => items.first().cloned(),
        }
    }

    /// Not yet.
    pub(crate) fn waiting() -> Self {
        State::Waiting
    }
}

/// Fetches.
#[koiled]
pub(crate) async fn fetch(url: &str) -> usize {
    url.len()
}

/// Counts.
#[koiled]
pub(crate) fn count(to: u32) -> impl Stream<Item = u32> {
    stream::iter(0..to)
}

/// Sums.
#[threaded]
pub(crate) fn sum<T>(of: &[T], with: &T, more: impl Into<u64>) -> u64
where
    T: Copy + Into<u64>,
{
    of.iter().chain([with]).map(|n| (*n).into()).sum::<u64>() + more.into()
}

/// Counts.
#[threaded_iterable(capacity = 2)]
pub(crate) fn steps<'a>(text: &'a str, (by, _): (usize, u8)) -> impl Iterator<Item = char> + 'a {
    text.chars().step_by(by)
}

/// Tells.
#[threaded_iterable]
pub(crate) fn tell(text: String, out: &mut Yielder<char>) -> Result<(), String> {
    for letter in text.chars() {
        if out.push(letter).is_err() {
            break;
        }
    }
    Err(text)
}

#[threaded(clone)]
impl<T: Clone + Send + 'static, const N: usize> State<T, N> {
    /// How many.
    pub(crate) fn len(&self) -> usize {
        match self {
            State::Waiting => 0,
            State::Here(items) => items.len(),
        }
    }

    /// Each.
    pub(crate) fn each(self) -> Option<impl Iterator<Item = T>> {
        match self {
            State::Waiting => None,
            State::Here(items) => Some(items.into_iter()),
        }
    }
}

pub(crate) fn main() {
    assert_eq!(koil::unkoil(sum_async(&[1_u8, 2], &3, 4_u32)), 10);
    assert_eq!(koil::unkoil(steps_async("abc", (2, 0)).collect::<String>()), "ac");
    assert_eq!(koil::unkoil(tell_async("a".to_owned()).count()), 2);
    let state = State::Here([1]);
    assert_eq!(koil::unkoil(state.len_async()), 1);
    assert!(koil::unkoil(state.each_async()).is_some());
    assert_eq!(fetch_blocking("abc"), 3);
    assert_eq!(count_blocking(3).sum::<u32>(), 3);
    assert_eq!(BlockingClient::LIMIT, 3);
    assert_eq!(BlockingClient::NONE.name(), "");
    let mut client = BlockingClient::open("abc").unwrap_or_default();
    assert!(BlockingClient::open("").is_err());
    client.quiet();
    assert_eq!(client.letters().count(), 3);
    assert_eq!(client.rename("x".to_owned(), 1).name(), "x!");
    assert_eq!(client.clients(&["a", "b"]).count(), 2);
    assert_eq!(client.generic(&["a"]), ["a"]);
    assert_eq!(client.private().into_blocking().first(), Some(1));
    let (shared, none) = Arc::new(client).shared();
    assert!(none.is_none() && shared.name() == "x!");
    assert_eq!(Failed { why: "so" }.into_blocking().why(), "so");
    assert!(BlockingState::<u8, 1>::waiting().first().is_none());
}
