//! Snapshot tests of expansions: source in, formatted source out. `UPDATE_EXPECT=1` updates them.

mod aio;
mod callbacks;
mod conditions;
mod contexts;
mod inline;
mod readers;
mod threaded;

use expect_test::expect_file;
use proc_macro2::TokenStream;

use crate::syntax::attribute::Attribute;

/// The whole expansion, formatted. An expansion that is not Rust fails here.
fn expand(args: &str, item: &str) -> String {
    let expanded = crate::pipeline::run(Attribute::Koiled, tokens(args), tokens(item));
    let file = syn::parse2(expanded).expect("an expansion is Rust");
    prettyplease::unparse(&file)
}

/// The same for the other attributes.
fn of(attribute: Attribute, args: &str, item: &str) -> String {
    let expanded = crate::pipeline::run(attribute, tokens(args), tokens(item));
    let file = syn::parse2(expanded).expect("an expansion is Rust");
    prettyplease::unparse(&file)
}

fn tokens(text: &str) -> TokenStream {
    text.parse().expect("tests are written in Rust")
}

#[test]
fn an_async_fn_is_waited_for() {
    expect_file!["snapshots/async_fn.rs"].assert_eq(&expand(
        "",
        "/// The page behind a link.
         ///
         /// ```
         /// let page = fetch(\"/\").await;
         /// ```
         pub async fn fetch(url: &str) -> Result<String, Error> { get(url).await }",
    ));
}

#[test]
fn a_stream_fn_gives_an_iterator() {
    expect_file!["snapshots/stream_fn.rs"].assert_eq(&expand(
        "",
        "pub fn lines(path: &Path) -> impl Stream<Item = String> + '_ { read(path) }",
    ));
}

#[test]
fn a_reader_or_writer_is_one_of_std() {
    expect_file!["snapshots/io.rs"].assert_eq(&expand(
        "",
        "pub async fn open(path: &Path) -> io::Result<impl AsyncRead + AsyncSeek> { .. }",
    ));
}

#[test]
fn a_twin_of_a_signature_names_what_its_original_leaves_out() {
    expect_file!["snapshots/signatures.rs"].assert_eq(&expand(
        "twins(Body)",
        "impl Request {
            pub fn body_mut(&mut self) -> &mut Option<Body> { .. }
            pub fn body(&self) -> &Option<Body> { .. }
            pub async fn put<T>(&self, of: impl IntoIterator<Item = &Entry>, like: &T) {}
            pub async fn next(&mut self) -> Result<u8, Error> {}
        }",
    ));
}

#[test]
fn a_builder_is_awaited_for_each_output() {
    expect_file!["snapshots/builder_outputs.rs"].assert_eq(&expand(
        "twins(Row)",
        "impl<I: Send, O, F> IntoFuture for Call<I, O, F> where F: Future<Output = io::Result<O>> {
            type Output = io::Result<O>;
            type IntoFuture = F;
            #[koil(bind(O = String | Vec<Row>))]
            fn into_future(self) -> F { .. }
        }",
    ));
}

#[test]
fn a_struct_is_wrapped() {
    expect_file!["snapshots/struct.rs"].assert_eq(&expand(
        "",
        "/// A shop.
         #[derive(Clone)]
         pub struct Shop { items: Vec<String> }",
    ));
}

#[test]
fn what_a_forwarded_trait_needs_comes_and_goes_with_it() {
    let forwarded = |option| {
        let expanded = expand(option, "struct Shop;");
        let (_, lists) = expanded.split_once("forward!").expect("a type forwards");
        let traits = [
            "Clone",
            "Debug",
            "Display",
            "PartialEq",
            "Eq",
            "PartialOrd",
            "Ord",
            "Error",
        ];
        let words: Vec<_> = lists.split(|c: char| !c.is_alphanumeric()).collect();
        let has = |name: &&str| words.contains(name);
        traits.into_iter().filter(has).collect::<Vec<_>>()
    };
    assert_eq!(
        forwarded("forward(Ord, Error)"),
        [
            "Debug",
            "Display",
            "PartialEq",
            "Eq",
            "PartialOrd",
            "Ord",
            "Error"
        ]
    );
    assert_eq!(
        forwarded("forward(-PartialEq, -Debug)"),
        ["Clone", "Display"]
    );
}

#[test]
fn a_struct_with_generics_is_wrapped_by_its_needs() {
    expect_file!["snapshots/struct_generic.rs"].assert_eq(&expand(
        "forward(Clone, Debug)",
        "pub(crate) struct Cart<'a, T: ?Sized = str> where T: Display { shop: &'a Shop, note: Box<T> }",
    ));
}

#[test]
fn an_impl_block_has_the_members_that_deref_cannot_carry() {
    expect_file!["snapshots/impl.rs"].assert_eq(&expand(
        "",
        "impl Shop {
            pub const LIMIT: usize = 3;
            pub const EMPTY: Self = Shop::empty();

            /// Opens a shop, see [`Self::close`].
            pub async fn open(url: &str) -> Result<Self, Error> { .. }
            const fn empty() -> Self { Shop { items: vec![] } }
            pub fn with(mut self, name: impl Into<String>) -> Self { .. }
            #[must_use]
            pub async fn add<T: Display>(&mut self, (key, _): (u32, u8), mut item: T) -> usize
            where T: PartialEq<Self>, Self: Clone { .. }
            pub fn names(&self) -> impl Stream<Item = String> + '_ { .. }
            pub async fn merge(&mut self, other: Self, like: &Shop) { .. }
            pub async unsafe fn close(self: Arc<Self>) { .. }
            pub fn len(&self) -> usize { self.items.len() }
            #[koil(skip)]
            pub async fn internal(&self) {}
        }",
    ));
}

#[test]
fn handles_are_mapped_wherever_they_stand_in_a_return_type() {
    expect_file!["snapshots/mapping.rs"].assert_eq(&expand(
        "twins(Bucket, Row = RowIter)",
        "impl<T: Send> Store<T> {
            async fn value(&self) -> Self { .. }
            async fn own_name<U>(self, other: U) -> Store<U> { .. }
            async fn listed(&self) -> Option<Bucket> { .. }
            async fn renamed(&self) -> Result<Row, Error> { .. }
            fn by_ref(&mut self) -> &mut Self { .. }
            fn shared() -> Arc<Self> { .. }
            async fn nested(&self) -> Result<Vec<Bucket>, Error> { .. }
            async fn pair(&self) -> (u32, Bucket) { .. }
            fn buckets(&self) -> impl Stream<Item = Result<Bucket, Error>> + '_ { .. }
            async fn stream(&self) -> Result<BoxStream<'static, u8>, Error> { .. }
            fn each(&self) -> impl Iterator<Item = Bucket> { .. }
            #[koil(raw)] async fn raw(&self) -> Self { .. }
            async fn get(&self) -> Result<AsyncEntered<Bucket>, Error> { .. }
        }",
    ));
}

#[test]
fn with_a_suffix_twins_stand_beside_their_originals() {
    expect_file!["snapshots/suffix.rs"].assert_eq(&expand(
        "suffix = \"_blocking\"",
        "impl<T> Shop<T> {
            const LIMIT: usize = 3;
            pub fn new() -> Self { .. }
            /// Opens a shop, see [`Self::close`].
            pub async fn open(url: &str) -> Result<Self, Error> { .. }
            pub async fn close(self: Arc<Self>) {}
            pub fn names(&self) -> impl Stream<Item = String> + '_ { .. }
        }",
    ));
}

#[test]
fn a_trait_has_a_twin_trait_that_every_twin_has() {
    expect_file!["snapshots/trait.rs"].assert_eq(&expand(
        "twins(Base, Bucket)",
        "/// A back end.
         #[async_trait]
         pub trait Store<K, const N: usize = 1>: Base + Send + Clone
         where
             K: Debug,
             Self::Error: From<K>,
         {
            type Error: Debug;
            type Rows<'a, T>: Iterator<Item = T> where Self: 'a;
            const LIMIT: usize = 3;
            const NONE: Self;

            /// Opens it.
            async fn open(key: &K) -> Result<Self, Self::Error>;
            #[must_use]
            async fn bucket(&self, (a, _): (u8, u8)) -> Option<Bucket> { .. }
            fn watch(&self) -> impl Stream<Item = u8> + '_;
            fn copies(&self) -> impl Stream<Item = Self> + '_;
            async fn merge(&mut self, other: Self, like: &Self) where Self: Unpin;
            #[cfg(unix)]
            fn len(&self) -> usize;
            #[koil(skip)]
            fn others(&self, all: &[Self]);
        }",
    ));
}

#[test]
fn a_fallible_twin_returns_what_the_bridge_fails_with() {
    expect_file!["snapshots/fallible.rs"].assert_eq(&expand(
        "fallible, timeout = \"1500ms\", handle = self.handle",
        "impl Shop {
            pub async fn open(url: &str) -> Result<Self, Error> { .. }
            pub async fn close(self) -> Result<(), Error> { .. }
            #[koil(lend, timeout = \"2m\")]
            pub async fn sweep(&self) -> Result<(), Error> { .. }
            pub fn names(&self) -> impl Stream<Item = String> + '_ { .. }
            pub fn copies(&self) -> impl Stream<Item = Result<Self, Error>> + '_ { .. }
            pub fn siblings(&self) -> BoxStream<'_, Self> { .. }
            pub fn reader(&self) -> impl AsyncRead + '_ { .. }
        }",
    ));
}

#[test]
fn docs_that_are_no_literals_are_carried() {
    expect_file!["snapshots/docs.rs"].assert_eq(&expand(
        "twins(Row, Sink = hand::Writer<u8>)",
        "#[cfg(unix)] impl Shop {
            #[doc = \" Loads.\"] #[doc = \"\"] #[doc = include_str!(\"load.md\")] #[cfg_attr(x, doc = \"y\", inline)]
            pub async fn load(&self, (left, right): (u8, u8), _: u8, Y { x, y: Y(ref z) }: Y) {}
        }",
    ));
}

#[test]
fn docs_link_to_the_twins_of_a_block() {
    let text = "/// Renamed as [`Self::load`], [`Shop::open`], [its limit](Shop::LIMIT), [`Shop::sync`]; not
                /// [`Shop::opened`], [`MyShop::open`] or [`a::Shop::open`].";
    let shop = |option: &str| {
        let members = "pub const LIMIT: u8 = 1;
                       #[koil(name = \"fetch\")] pub async fn load(&self) {}
                       pub fn sync(&self) {}";
        let expanded = expand(
            option,
            &format!("impl Shop {{ {text}\npub async fn open() {{}} {members} }}"),
        );
        let (_, twin) = expanded.rsplit_once("/** ").expect("the twin has docs");
        let (docs, _) = twin.split_once("*/").expect("the docs end");
        docs.replace('\n', "")
    };
    assert_eq!(
        shop(""),
        "Renamed as [`Self::fetch`], [`Self::open`], [its limit](Self::LIMIT), [`Self::sync`]; not \
         [`Shop::opened`], [`MyShop::open`] or [`a::Shop::open`]. \
         Blocking twin of [`Shop::open`]."
    );
    assert_eq!(
        shop("suffix = \"_now\""),
        "Renamed as [`Self::fetch`], [`Self::open_now`], [its limit](Shop::LIMIT), [`Shop::sync`]; not \
         [`Shop::opened`], [`MyShop::open`] or [`a::Shop::open`]. \
         Blocking twin of [`Shop::open`]."
    );
}

#[test]
fn a_twin_may_have_docs_of_its_own() {
    let of = |option: &str| {
        let method = "/// Awaits.
                      #[koil(doc = \"Waits, as `Shop::open`.\")] pub async fn open() {}";
        let expanded = expand(option, &format!("impl Shop {{ {method} }}"));
        let (_, twin) = expanded.split_once("BlockingShop {").expect("a twin");
        let (docs, _) = twin.split_once("#[track").expect("an attribute");
        let lines = docs.lines().map(|line| line.trim().trim_start_matches('/'));
        lines.collect::<Vec<_>>().join("")
    };
    let (own, link) = (
        "Waits, as `Shop::open`.",
        " Blocking twin of [`Shop::open`].",
    );
    assert_eq!(of(""), format!("{own}{link}"));
    assert_eq!(of("docs = \"link\""), format!("{own}{link}"));
    assert_eq!(of("docs = \"none\""), own);
}

#[test]
fn the_twin_of_a_builder_waits() {
    expect_file!["snapshots/builder.rs"].assert_eq(&expand(
        "twins(Row)",
        "impl<'a, T: Send> IntoFuture for Request<'a, T> {
            type Output = Result<Vec<Row>, Error>;
            type IntoFuture = BoxFuture<'a, Self::Output>;
            fn into_future(self) -> Self::IntoFuture { .. }
        }",
    ));
}

#[test]
fn a_half_typed_body_still_gets_its_twin() {
    expect_file!["snapshots/half_typed.rs"].assert_eq(
        &crate::pipeline::run(
            Attribute::Koiled,
            TokenStream::new(),
            "async fn half(id: u8) -> u8 { id. }"
                .parse()
                .expect("tokens"),
        )
        .to_string(),
    );
}

#[test]
fn every_mistake_is_told_and_the_item_stays() {
    expect_file!["snapshots/mistakes.rs"].assert_eq(&expand(
        "nam = \"x\"",
        "impl Shop {
            async fn open(&self) -> [Self; 2] { .. }
            #[koil(skp)]
            async fn close(self: &Arc<Self>) { .. }
            async fn fine(&self) {}
        }",
    ));
}

#[test]
fn a_mistake_costs_no_other_method_its_twin() {
    expect_file!["snapshots/one_mistake.rs"].assert_eq(&expand(
        "",
        "impl Shop {
            async fn open(&self) -> [Self; 2] { .. }
            async fn fine(&self) {}
        }",
    ));
}

#[test]
fn a_mistaken_option_costs_no_type_its_twin() {
    let expanded = expand("forward(Send), nam = \"x\"", "struct Shop;");
    assert!(expanded.contains("compile_error"), "{expanded}");
    assert!(expanded.contains("struct BlockingShop"), "{expanded}");
}
