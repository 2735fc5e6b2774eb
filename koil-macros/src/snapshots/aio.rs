//! Snapshot tests of items whose plain names block.

use expect_test::expect_file;

use super::{expand, of};
use crate::syntax::attribute::Attribute;

#[test]
fn a_fn_blocks_and_its_aio_is_async() {
    expect_file!["aio_fn.rs"].assert_eq(&expand(
        "aio, feature = \"blocking\"",
        "/// The page behind a link.
         ///
         /// ```
         /// let page = fetch(\"/\");
         /// ```
         #[cfg(unix)]
         #[instrument]
         pub(crate) async fn fetch<T>(url: &str, #[koil(callback)] check: impl AsyncFn(&T) -> bool) -> Result<T, Error> { get(url).await }",
    ));
}

#[test]
fn a_type_has_a_view_with_its_async_side() {
    expect_file!["aio_struct.rs"].assert_eq(&expand(
        "aio, forward(Clone)",
        "/// A shop.
         #[derive(Clone)]
         pub struct Shop<T> { items: Vec<T> }",
    ));
}

#[test]
fn methods_block_and_the_view_has_their_async_side() {
    expect_file!["aio_impl.rs"].assert_eq(&expand(
        "aio, feature = \"blocking\", twins(Item)",
        "impl<T> Shop<'_, T> where T: Clone {
            pub const LIMIT: usize = 3;

            pub fn new() -> Self { Shop::default() }

            /// Opens a shop.
            #[doc(alias = \"start\")]
            pub async fn open(url: &str) -> Result<Self, Error> { Ok(Self::new()) }

            /// The items.
            pub fn items(&self) -> impl Stream<Item = Item> + '_ { stream(self) }

            async fn price(self: Arc<Self>, (name, _): (&str, u8)) -> u32 { 3 }

            pub async fn all<K: Into<T>>(&mut self, key: K) -> u32 {
                let sum = join!(self.price(one), self.items::<u8>(), Self::open(x), Shop::open(y), <Self>::open(z));
                let (field, other) = (self.price, other.price());
                impl Other { fn price(&self) { self.price() } }
                sum
            }
        }",
    ));
}

#[test]
fn a_context_is_entered_by_the_plain_name_and_by_its_view() {
    expect_file!["aio_koilable.rs"].assert_eq(&of(
        Attribute::Koilable,
        "aio",
        "impl AsyncContext for Pool {
            type Error = Error;
            async fn aenter(&mut self) -> Result<(), Error> { Ok(()) }
            async fn aexit(&mut self, cause: Exit) -> Result<(), Error> { Ok(()) }
        }",
    ));
}

#[test]
fn async_twins_of_blocking_functions_are_in_aio() {
    let lone = of(
        Attribute::Threaded,
        "aio, feature = \"async\"",
        "/// A checksum.
         pub fn checksum(path: &Path) -> u64 { 3 }",
    );
    let block = of(
        Attribute::Threaded,
        "aio, clone",
        "impl Store {
            /// Loads a value.
            pub fn load(&self, key: &str) -> u32 { 3 }
        }",
    );
    expect_file!["aio_threaded.rs"].assert_eq(&format!("{lone}\n{block}"));
}
