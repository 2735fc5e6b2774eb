//! The same for blocking code that becomes async.

use expect_test::expect_file;

use super::of;
use crate::syntax::attribute::Attribute;

#[test]
fn a_blocking_fn_runs_on_a_worker() {
    expect_file!["threaded_fn.rs"].assert_eq(&of(
        Attribute::Threaded,
        "",
        "/// The checksum of a file.
         pub fn checksum<H: Hasher>(path: &Path, mut hasher: H, (a, _): (u8, u8)) -> io::Result<u64> { .. }",
    ));
}

#[test]
fn what_generic_parameters_must_be_is_asked_of_the_twin_alone() {
    expect_file!["threaded_generic.rs"].assert_eq(&of(
        Attribute::Threaded,
        "separate, feature = \"async\", crate = \"crate::sdk::koil\"",
        "fn copy<'a, P: AsRef<Path> + ?Sized, T>(
            from: &'a P,
            to: impl AsRef<Path>,
            like: &impl Display,
            items: &[T],
            each: Vec<impl Fn(&T) -> u8>,
            title: &'static str,
         ) where T: Debug { .. }",
    ));
}

#[test]
fn a_blocking_method_keeps_its_receiver() {
    expect_file!["threaded_method.rs"].assert_eq(&of(
        Attribute::Threaded,
        "clone, name = \"fetch\"",
        "pub unsafe fn load(&self, key: &str) -> Option<Self> { .. }",
    ));
}

#[test]
fn an_iterator_is_fed_into_a_stream() {
    expect_file!["threaded_iterator.rs"].assert_eq(&of(
        Attribute::ThreadedIterable,
        "capacity = 64",
        "pub fn lines(path: &Path) -> impl Iterator<Item = String> + '_ { .. }",
    ));
}

#[test]
fn a_producer_is_lent_its_yielder() {
    expect_file!["threaded_yielder.rs"].assert_eq(&of(
        Attribute::ThreadedIterable,
        "",
        "fn crawl(base: String, #[cfg(unix)] depth: u8, out: &mut Yielder<Page>) -> io::Result<()> { .. }",
    ));
}

#[test]
fn what_opens_an_iterator_is_a_call_that_gives_a_stream() {
    expect_file!["threaded_opened.rs"].assert_eq(&of(
        Attribute::ThreadedIterable,
        "separate",
        "fn entries(path: &Path) -> io::Result<fs::ReadDir> { .. }",
    ));
}

#[test]
fn a_blocking_trait_has_an_async_twin_for_what_is_shared() {
    expect_file!["threaded_trait.rs"].assert_eq(&of(
        Attribute::Threaded,
        "",
        "/// A back end.
         pub trait Storage<K: Send + 'static>: Debug {
            type Value: Clone + Send + 'static;
            const LIMIT: usize = 3;
            /// Opens it.
            #[koil(skip)]
            fn open(path: &Path) -> Self where Self: Sized;
            #[must_use]
            fn get(&self, key: &str) -> io::Result<Self::Value>;
            #[threaded(separate)]
            fn set<V: Into<Self::Value>>(&self, key: K, value: V) { .. }
            #[threaded_iterable(capacity = 8)]
            fn keys(&self) -> io::Result<impl Iterator<Item = K> + '_>;
            fn close(self: Arc<Self>);
        }",
    ));
}

#[test]
fn an_object_on_a_thread_of_its_own_gets_an_async_type() {
    expect_file!["threaded_pinned.rs"].assert_eq(&of(
        Attribute::Threaded,
        "pinned, feature = \"async\"",
        "impl<K: Key> Store<K> where K: Send {
            /// Opens a store.
            pub fn open(path: &Path) -> io::Result<Self> { .. }
            fn new(key: K) -> Self { .. }
            pub fn version() -> u8 { .. }
            /// The value of a key.
            #[must_use]
            pub fn get(&mut self, key: &K) -> Option<Vec<u8>> { .. }
            fn keys(&self) -> impl Iterator<Item = K> + '_ { .. }
            fn from(&self, key: K) -> io::Result<impl Iterator<Item = K> + '_> { .. }
            #[threaded_iterable(capacity = 8)]
            fn scan(&mut self, out: &mut Yielder<K>) -> io::Result<()> { .. }
            fn close(self) -> io::Result<()> { .. }
        }",
    ));
}

#[test]
fn a_blocking_block_gets_async_methods_beside_its_own() {
    expect_file!["threaded_impl.rs"].assert_eq(&of(
        Attribute::Threaded,
        "clone",
        "#[cfg(unix)]
         impl<K: Key> Store<K> where K: Send {
            const LIMIT: usize = 3;
            /// Opens a store, see [`Self::get`].
            pub fn open(path: &Path) -> io::Result<Self> { .. }
            /// The value of a key.
            #[must_use]
            pub fn get(&self, key: &K) -> Option<Vec<u8>> { .. }
            fn close(self: Arc<Self>) {}
            pub fn keys(&self) -> impl Iterator<Item = K> + '_ { .. }
            #[threaded(separate, unwinding, handle = self.pool(), name = \"compact_soon\")]
            fn compact(self) -> Self { .. }
            #[threaded_iterable(capacity = 8)]
            fn scan(self, out: &mut Yielder<K>) {}
            #[koil(skip)]
            fn len(&self) -> usize { .. }
        }",
    ));
}
