//! Tests of error messages: the place and the text for each mistake. `UPDATE_EXPECT=1` updates
//! them.

mod contexts;
mod hints;
mod readers;
mod refusals;
mod remedies;
mod templates;
mod threaded;

use crate::syntax::attribute::Attribute;
use expect_test::expect_file;
use proc_macro2::{Delimiter, Group, LineColumn, TokenStream, TokenTree};

#[test]
fn a_mistake_is_told_at_its_token_with_a_remedy() {
    let told: Vec<String> = sources().map(told).collect();
    expect_file!["snapshots/mistakes.txt"].assert_eq(&told.join("\n"));
}

#[test]
fn an_item_survives_every_mistake_in_it() {
    for source in sources() {
        let (attribute, item, expanded) = expand(source);
        let kept = crate::syntax::helpers::strip_helpers(item, attribute).to_string();
        assert!(expanded.to_string().starts_with(&kept), "{source}");
    }
}

fn sources() -> impl Iterator<Item = &'static str> {
    MISTAKES
        .iter()
        .chain(contexts::MISTAKES)
        .chain(readers::MISTAKES)
        .chain(threaded::MISTAKES)
        .copied()
}

const MISTAKES: &[&str] = &[
    // The wrong item.
    "#[koiled] mod m {}",
    "#[koiled] const C: fn() = f;",
    "#[koiled] extern crate std;",
    "#[koiled] trait Store = Send;",
    "#[koiled] methods!{ load }",
    "#[koiled] fn load() {}",
    "#[koiled] async fn method(&self) {}",
    "#[koiled] const fn load() -> BoxFuture<'static, ()> {}",
    "#[koiled] async extern \"C\" fn load() {}",
    "#[koiled] const fn load() {}",
    "#[koiled] async fn main() {}",
    "#[koiled(name = \"a\")] #[koil(name = \"b\")] async fn load() {}",
    "#[koiled] async fn load(args: ...) {}",
    "#[koiled] async fn load<_>(of: _) {}",
    "#[koiled] #[koil(skip)] async fn load() {}",
    // Options.
    "#[koiled(sufix = \"x\")] async fn load() {}",
    "#[koiled(pinned)] async fn load() {}",
    "#[koiled(suffix = \"\")] async fn load() {}",
    "#[koiled(suffix = \"-x\")] async fn load() {}",
    "#[koiled(suffix = \"_x\", name = \"x\")] async fn load() {}",
    "#[koiled(twins(Bucket))] async fn load() {}",
    "#[koiled(aio = 3, pinned)] struct Shop;",
    "#[koiled(aio, suffix = \"_x\")] impl Shop { async fn load(&self) {} }",
    "#[koiled(aio, name = \"x\")] #[koil(name = \"y\")] async fn load() {}",
    "#[koiled(aio)] #[koil(name = \"y\")] async fn load() {}",
    "#[koiled(aio)] fn load() {}",
    "#[koiled(aio, accessors = \"none\", feature = \"blocking\")] struct Shop;",
    "#[koiled(aio)] trait Store { async fn load(&self); }",
    "#[koiled(aio)] impl IntoFuture for Shop { type Output = u8; }",
    "#[koiled(aio)] impl Store for Shop { async fn load(&self) {} }",
    "#[koiled(aio)] impl &Shop { async fn load(&self) {} }",
    "#[koiled(aio)] impl dyn Shop { async fn load(&self) {} }",
    "#[koiled(aio)] #[koiled] impl Shop { async fn load(&self) {} }",
    "#[koiled] #[koiled(aio)] impl Shop { async fn load(&self) {} }",
    "#[koiled(aio)] impl Shop { #[koil(name = \"x\")] async fn load(&self) {} }",
    "#[koiled(aio)] impl Shop { async fn into_aio(self) {} async fn blocking(&self) {} }",
    "#[koiled(aio)] impl Shop { #[cfg(a)] async fn load(&self) {} #[cfg(not(a))] fn load(&self) {} }",
    "#[koiled(aio)] impl Shop { async fn load(self: &Arc<Self>) {} }",
    "#[koiled(name = \"a\", name = \"b\")] async fn load() {}",
    "#[koiled(name = \"get-all\")] async fn load() {}",
    "#[koiled(name = \"fn\")] async fn load() {}",
    "#[koiled(name = \"\")] async fn load() {}",
    "#[koiled(koil::name = \"a\")] async fn load() {}",
    "#[koiled(name = 3)] async fn load() {}",
    "#[koiled(crate = \"-\", docs = \"many\")] async fn load() {}",
    "#[koiled(name = \"get\")] impl Shop { async fn load(&self) {} }",
    "#[koiled(twins(Bucket, Bucket))] impl Shop { async fn load(&self, from: Bucket) {} }",
    "#[koiled(twins(Store, Row))] impl Shop { async fn load(&self, from: &impl Store) -> Row {} async fn get<S: my::Store>(&self, from: S) {} }",
    "#[koiled(twins(Store))] async fn load<S>(from: Option<S>) where S: Store {}",
    "#[koiled(twins(Store, Base, Row))] async fn load(from: impl Iterator<Item = Box<dyn Store>>, row: <u8 as Base>::Row, f: impl Fn(&dyn Row)) {}",
    "#[koiled(twins(Store, Base))] impl<S: Store> Shop<S> where S: Base { async fn load(&self) {} }",
    "#[koiled(twins(Store, Base))] trait Shop<S: Store>: Base { type Child: Base; async fn load(&self, from: S); }",
    "#[koiled(twins(Store, Base))] trait Shop where Self: Base { type Child: Store; async fn load(&self, base: &impl Base); }",
    "#[koiled(twins(stock::Bucket, \"Row\"))] impl Shop { async fn load(&self) -> Bucket {} }",
    "#[koiled(twins(\"Row\"))] impl Shop { async fn load(&self) -> Row {} }",
    "#[koiled(twins(stock::Row = RowIter))] impl Shop { async fn load(&self) -> Row {} }",
    "#[koiled(twins(stock::Page<'_>))] impl Shop { async fn load(&self) -> Page<'_> {} }",
    "#[koiled(twins(stock::Bucket, Bucket))] impl Shop { async fn load(&self) -> Bucket {} }",
    "#[koiled(twins(Store = _))] trait Shop: Store { async fn load(&self); }",
    "#[koiled(twins(Row =))] impl Shop { async fn load(&self) -> Row {} }",
    "#[koiled(name = crate::shop::get)] impl Shop { async fn load(&self) {} }",
    "#[koiled(name = get)] impl Shop { async fn load(&self) {} }",
    "#[koiled(name = BlockingShop::<u8>)] impl Shop<u8> { async fn load(&self) {} }",
    "#[koiled(name = crate::BlockingShop, suffix = \"_x\")] impl Shop { async fn load(&self) {} }",
    "#[koiled(name = crate::BlockingShop)] trait Shop {}",
    "#[koiled(name = crate::blocking)] struct Shop;",
    "#[koiled(name = \"crate::\")] impl Shop { async fn load(&self) {} }",
    "#[koiled(accessors = \"pub(\")] struct Shop;",
    "#[koiled(accessors = \"\")] struct Shop;",
    "#[koiled(\"fallible\")] async fn load() -> Result<(), Error> {}",
    "#[koiled(feature = blocking, crate = my::koil, docs = 3)] async fn load() {}",
    "#[koiled(fallible, timeout = 5)] async fn load() -> Result<(), Error> {}",
    "#[koiled(handle = \"HANDLE\")] async fn load() {}",
    "#[koiled(name = \"load\")] async fn load() {}",
    "#[koiled(name = \"Shop\")] struct Shop;",
    "#[koiled(name = \"Shop\")] impl Shop { async fn load(&self) {} }",
    "#[koiled(name = \"Store\")] trait Store { async fn load(&self); }",
    "#[koiled(suffix = \"_x\")] impl Shop { #[koil(name = \"load\")] async fn load(&self) {} }",
    "#[koiled] struct Shop { #[koiled] items: u8 }",
    "#[koiled(twins = \"Bucket\")] impl Shop { async fn load(&self) {} }",
    "#[koiled(forward(Serialize))] struct Shop;",
    "#[koiled(forward(Send))] struct Shop;",
    "#[koiled(forward(Clone, -Debug))] struct Shop;",
    "#[koiled(forward(+Eq, -PartialEq))] struct Shop;",
    "#[koiled(forward(+))] struct Shop;",
    "#[koiled(forward(TryFrom, PartialOrd<u8>, From<u8, u16>, Borrow<str>))] struct Shop;",
    "#[koiled(forward(+From<Shop>, +Display))] struct Shop;",
    "#[koiled(forward(+Display, -Extend<u8>))] struct Shop;",
    "#[koiled(accessors = \"no\")] struct Shop;",
    "#[koiled] #[koil(skip)] struct Shop;",
    "#[koiled] struct Shop { #[koil(skip)] items: u8 }",
    "#[koiled] struct Shop(#[koil(skip)] u8);",
    "#[koiled] enum Shop { #[koil(skip)] Open, Closed(#[koil(raw)] u8), Sold { #[koil(raw)] to: u8 } }",
    "#[koiled] #[repr(C, packed)] struct Shop(u8);",
    "#[koiled(timeout = \"5s\")] async fn load() -> Result<(), Error> {}",
    "#[koiled(fallible, timeout = \"5 s\")] async fn load() -> Result<(), Error> {}",
    "#[koiled(fallible = \"yes\", timeout)] async fn load() -> Result<(), Error> {}",
    "#[koiled(fallible)] async fn load() {}",
    "#[koiled(fallible)] async fn load() -> Option<u8> {}",
    "#[koiled(fallible)] fn load() -> BoxFuture<'static, (u8, u8)> {}",
    "#[koiled(timeout = \"5s\")] fn load() -> impl Stream<Item = u8> {}",
    "#[koiled(fallible)] fn load() -> impl AsyncRead {}",
    "#[koiled(handle)] async fn load() {}",
    "#[koiled(handle = self.handle)] async fn load() {}",
    "#[koiled(fallible, timeout = self.limit)] async fn load() -> Result<(), Error> {}",
    "#[koiled(fallible, timeout = self.limit)] impl Shop { async fn open() -> Result<Self, Error> {} fn new() -> Self {} fn rows() -> impl Stream<Item = u8> {} }",
    "#[koiled(fallible)] impl Shop { #[koil(timeout = limit(self))] async fn open() -> Result<Self, Error> {} #[koil(timeout = self.limit)] fn new() -> Self {} }",
    "#[koiled(fallible, timeout = self.aio().limit, handle = handle(self.aio()))] impl Shop { async fn load(&self) -> Result<(), Error> {} }",
    "#[koiled(fallible, timeout = self.limit())] impl Shop { #[koil(timeout = self.aio().limit)] async fn load(&self) -> Result<(), Error> {} }",
    "#[koiled(handle = self.aio().home())] trait Store { async fn load(&self); }",
    "#[koiled] impl Shop { #[koil(timeout = self.limit)] async fn load(&self) -> Result<(), Error> {} }",
    "#[koiled(inline, fallible, timeout = self.limit)] impl Shop { async fn load(&self) -> Result<(), Error> {} }",
    "#[koiled(fallible(panic), timeout = \"5s\")] async fn load() -> Result<(), Error> {}",
    "#[koiled(fallible())] async fn load() -> Result<(), Error> {}",
    "#[koiled(fallible(panics, panics))] async fn load() -> Result<(), Error> {}",
    "#[koiled(fallible(panics))] async fn load() -> u8 {}",
    "#[koiled(panics)] impl Shop { #[koil(panics)] async fn load(&self) -> Result<(), Error> {} }",
    // Inline twins.
    "#[koiled(inline, fallible(panics))] async fn load() -> Result<(), Error> {}",
    "#[koiled(inline)] impl Shop { #[koil(fallible(panics))] async fn load(&self) -> Result<(), Error> {} }",
    "#[koiled(fallible(panics))] impl Shop { #[koil(inline)] async fn load(&self) -> Result<(), Error> {} #[koil(inline, fallible)] async fn get(&self) -> Result<(), Error> {} }",
    "#[koiled(inline, handle = handle())] async fn load() {}",
    "#[koiled(inline, fallible, timeout = \"5s\", lend)] async fn load() -> Result<(), Error> {}",
    "#[koiled(inline = \"T\")] async fn load() {}",
    "#[koiled(inline(T))] async fn load<U>(from: U) {}",
    "#[koiled(inline)] async fn load() -> io::Result<impl AsyncRead> {}",
    "#[koiled(inline(T))] struct Shop<T>(T);",
    "#[koiled(inline, forward(Debug, Read))] struct Shop<T>(T);",
    "#[koiled(inline)] impl Shop { #[koil(lend)] async fn load(&self) {} #[koil(enter)] fn len(&self) {} }",
    "#[koiled(inline)] impl Shop { #[koil(io)] fn load(&self) -> Conn {} }",
    "#[koiled] impl Shop { #[koil(inline, lend)] async fn load(&self) {} }",
    // Impl blocks.
    "#[koiled] impl &Shop { async fn load(&self) {} }",
    "#[koiled] impl<T: Store> T { async fn load(&self) {} }",
    "#[koiled] impl dyn Shop { async fn load(&self) {} }",
    "#[koiled] impl Clone for Shop { fn clone(&self) -> Self {} }",
    "#[koiled] impl !Send for Shop {}",
    "#[koiled(suffix = \"_x\")] impl IntoFuture for Shop { type Output = u8; }",
    "#[koiled] impl IntoFuture for Shop { fn into_future(self) -> Ready<u8> {} }",
    "#[koiled] impl IntoFuture for Shop { type Output = u8; #[koil(skip)] fn into_future(self) -> Ready<u8> {} }",
    "#[koiled(fallible)] impl IntoFuture for Shop { type Output = u8; fn into_future(self) -> Ready<u8> {} }",
    "#[koiled] impl<O> IntoFuture for Shop<O> { type Output = O; #[koil(bind(U = u8))] fn into_future(self) -> Ready<O> {} }",
    "#[koiled] impl<O, U> IntoFuture for Shop<O, U> { type Output = O; #[koil(bind(O = u8, U = u8))] fn into_future(self) -> Ready<O> {} }",
    "#[koiled] impl<O> IntoFuture for Shop<O> { type Output = O; #[koil(bind(O = u8 |))] fn into_future(self) -> Ready<O> {} }",
    "#[koiled] impl Shop { #[koil(bind(U = u8 | u16))] async fn load<U>(&self) -> U {} }",
    "#[koiled] impl Shop { default async fn load(&self) {} }",
    "#[koiled] impl Shop { methods!{ load } }",
    "#[koiled] impl Shop { async fn load(self) {} #[koil(name = \"load\")] async fn get(&self) {} }",
    "#[koiled] impl Shop { async fn into_aio(self) {} }",
    "#[koiled] impl Shop { #[koiled] async fn load(&self) {} }",
    "#[koiled] impl Shop { #[cfg_attr(all(), cfg_attr(all(), koil(skip)))] async fn load(&self) {} }",
    "#[koiled] impl Shop { #[cfg_attr(unix, koil(skip))] fn new() {} #[cfg_attr(all(), koil(raw))] fn get() {} }",
    "#[koiled] impl Shop { #[cfg_attr(feature = \"sync\", koil(skp))] async fn load(&self) {} }",
    "#[koiled(skip(load, Shop::get), skip)] impl Shop { #[koil(skip)] async fn load(&self) {} }",
    "#[koiled(skip(load, lod))] impl Shop { #[koil(skip)] async fn load(&self) {} }",
    "#[koiled(skip(load))] async fn load() {}",
    // Helpers.
    "#[koiled] impl Shop { #[koil(skp)] async fn load(&self) {} }",
    "#[koiled] impl Shop { #[koil(frobnicate)] async fn load(&self) {} }",
    "#[koiled] impl Shop { #[koil(raw)] #[koil(raw)] async fn load(&self) {} }",
    "#[koiled] impl Shop { #[koil(raw, io)] fn load(&self) -> Conn {} }",
    "#[koiled] impl Shop { #[koil(io, iter)] fn load(&self) -> Conn {} }",
    "#[koiled] impl Shop { #[koil(wait, io)] fn load(&self) -> Conn {} }",
    "#[koiled] impl Shop { #[koil(io, enter)] fn load(&self) -> Conn {} }",
    "#[koiled] impl Shop { #[koil(skip = \"yes\")] async fn load(&self) {} }",
    "#[koiled] impl Shop { #[koil] async fn load(&self) {} }",
    "#[koiled] impl Shop { #[koil()] async fn load(&self) {} }",
    "#[koiled] impl Shop { #[koil::koil(skp)] async fn load(&self) {} }",
    "#[koiled] impl Shop { #[koil::koiled] async fn load(&self) {} }",
    "#[koiled] impl Shop { #[koil(skip, raw, lend)] async fn load(&self) {} }",
    "#[koiled] impl Shop { #[koil(skip, name = \"x\")] async fn load(&self) {} }",
    "#[koiled] impl Shop { #[koil(raw, iter)] fn load(&self) -> Rows {} }",
    "#[koiled] impl Shop { #[koil(local)] async fn load(&self) {} #[koil(send)] async fn all(&self) {} }",
    "#[koiled(send)] impl Shop { async fn load(&self) {} }",
    "#[koiled(local)] async fn load() {}",
    "#[koiled(send)] struct Shop;",
    "#[koiled(lend)] struct Shop;",
    "#[koiled(lend = true)] async fn load() {}",
    "#[koiled] impl Shop { #[koil(lend)] fn new() -> Self {} }",
    "#[koiled] impl Shop { #[koil(enter)] async fn load(&self) {} }",
    "#[koiled] impl Shop { #[koil(wait)] async fn load(&self) {} }",
    "#[koiled] impl Shop { #[koil(wait)] fn load(&self) -> impl Future<Output = u8> {} #[koil(wait)] fn get(&self) -> BoxFuture<'_, u8> {} }",
    "#[koiled] impl Shop { #[koil(wait)] fn load(&self) -> impl Work {} #[koil(wait)] fn get(&self) {} }",
    "#[koiled] impl Shop { #[koil(iter)] fn load(&self) -> Result<BoxStream<'_, u8>, u8> {} #[koil(iter)] async fn get(&self) {} }",
    "#[koiled] impl Shop { #[koil(io)] fn load(&self) -> impl AsyncRead {} #[koil(io)] fn get(&self) {} }",
    "#[koiled] impl Shop { #[koil(io = \"futures\")] fn load(&self) -> impl tokio::io::AsyncRead {} #[koil(io = 3)] fn get(&self) -> Conn {} }",
    "#[koiled] impl Shop { #[koil(io = \"std\")] fn load(&self) -> impl AsyncRead {} #[koil(io = \"futures\", raw)] fn get(&self) -> Conn {} }",
    "#[koiled] fn load() -> impl tokio::io::AsyncRead + futures::AsyncWrite {}",
    "#[koiled(io = \"smol\")] struct Body;",
    "#[koiled(io = \"futures\", forward(Clone))] struct Body;",
    "#[koiled(io = \"futures\", forward(-Read, -BufRead, -Write, -Seek))] struct Body;",
    "#[koiled(io = \"futures\", inline)] struct Body;",
    "#[koiled(io = \"futures\")] async fn load() -> impl AsyncRead {}",
    "#[koiled(forward(Copy, Debug))] struct Body;",
    "#[koiled] impl Shop { fn load(&self) -> Result<impl Future<Output = u8>, u8> {} fn get(&self) -> Option<BoxFuture<'_, u8>> {} }",
    "#[koiled] impl Shop { #[koil(\"skip\")] async fn load(&self) {} }",
    // Futures that nobody awaits.
    "#[koiled] impl Shop { fn load(&self) -> Call<u8, impl Future<Output = Shop>> {} fn get(&self) -> io::Result<Shared<BoxFuture<'_, u8>>> {} }",
    "#[koiled] impl Shop { fn load(&self) -> impl IntoFuture<Output = u8> {} async fn get(&self) -> Call<impl IntoFuture> {} }",
    "#[koiled] trait Store { fn load(&self) -> Call<BoxFuture<'_, u8>>; }",
    "#[koiled] impl Shop { async fn load(&self, #[koil(skip)] id: u8, #[cfg_attr(all(), koil(skip))] to: u8) {} }",
    "#[koiled] impl Shop { #[koil(doc)] async fn load(&self) {} }",
    "#[koiled] impl Shop { #[koil(doc = TEXT)] async fn load(&self) {} }",
    "#[koiled] impl Shop { #[koil(doc = \"\")] async fn load(&self) {} }",
    "#[koiled] impl Shop { #[koil(doc = \"x\")] fn load(&self) {} }",
    "#[koiled] impl Shop { #[koil(bind)] async fn load<U>(&self) -> U {} }",
    "#[koiled] impl Shop { #[koil(bind(V = u8))] async fn load<U>(&self) -> U {} }",
    "#[koiled] impl Shop { #[koil(bind(U: u8))] async fn load<U>(&self) -> U {} }",
    "#[koiled(twins(Sink = Hand<u8>))] impl Shop { async fn copy_in<U: Buf>(&self) -> Result<Sink<U>, u8> {} }",
    "#[koiled] impl Shop { #[koil(timeout = \"5s\")] async fn load(&self) -> Result<(), Error> {} }",
    "#[koiled] impl Shop { #[koil(timeout = \"5s\")] fn load(&self) -> impl Stream<Item = Result<u8, Error>> {} }",
    "#[koiled(inline)] impl Shop { #[koil(fallible)] fn load(&self) -> impl Stream<Item = u8> {} }",
    "#[koiled] impl Shop { #[koil(fallible)] fn new() -> Self {} }",
    "#[koiled(fallible)] impl Shop { async fn len(&self) -> usize {} async fn open() -> Self {} fn new() -> Self {} }",
    // Signatures.
    "#[koiled] impl Shop { async fn load(self: &Arc<Self>) {} }",
    "#[koiled] impl Shop { async fn load<T, #[cfg(test)] U>(&self, u: U) {} }",
    "#[koiled] impl Shop { fn all(&self) -> &[Option<Self>] {} }",
    "#[koiled] impl Shop { fn all(&mut self) -> &mut Option<Vec<Self>> {} }",
    "#[koiled] impl Shop { fn pointer(&self) -> *const Self {} }",
    "#[koiled] impl Shop { fn make(&self) -> Box<dyn Fn() -> Shop> {} }",
    "#[koiled] fn load() -> impl Future + Send {}",
    "#[koiled] fn load() -> impl Stream {}",
    "#[koiled] async fn load() -> impl Future<Output = u8> {}",
    // Traits.
    "#[koiled] auto trait Store {}",
    "#[koiled] const trait Store {}",
    "#[koiled(suffix = \"_x\")] trait Store {}",
    "#[koiled(forward(Clone))] trait Store {}",
    "#[koiled(twins(Bucket))] trait Store { async fn get(&self); }",
    "#[koiled] trait Store { fn get<'async_trait>(&'async_trait self) -> BoxFuture<'async_trait, u8>; }",
    "#[koiled] trait Store { methods!{ load } }",
    "#[koiled] trait Store { #[koiled] async fn get(&self); }",
    "#[koiled] trait Store { #[cfg_attr(all(), cfg_attr(all(), koil(skip)))] async fn get(&self); }",
    "#[koiled] trait Store { async fn get(&self) -> Self::Output; }",
    "#[koiled] trait Store: Future + Iterator { async fn get(&self) -> Self::Output; }",
    "#[koiled] trait Store: Future { async fn get(&self) -> [u8; Self::LENGTH]; }",
    "#[koiled] trait Store { fn get(&self) -> &Option<Self>; }",
    "#[koiled] trait Store { type Row; type Rows: Iterator<Item = Self::Rwo>; }",
    "#[koiled] trait Store { async fn get(&self) -> <Self as Future>::Output; }",
    "#[koiled] trait Store { async fn all(&self, others: Page<&Self>); }",
    "#[koiled(twins(Bucket))] trait Store { async fn all(&self, pairs: Vec<(Bucket, [Self; 2])>); }",
    "#[koiled] trait Store { async fn all(&self, pairs: HashMap<Self, u8>); }",
    "#[koiled] trait Store { async fn like(&self, bound: &u8) -> u8 where Self: 'a, Self: Clone + 'static; }",
    "#[koiled] trait Store { async fn all<F: Fn(&Self)>(&self, each: F); }",
    "#[koiled] trait Store { async fn all<T>(&self, t: T) where T: Into<Self>; }",
    "#[koiled] trait Store { async fn copy(&self) -> u8 where Self: Clone; }",
    "#[koiled] trait Store { type Child: Store<Parent = Self>; }",
    "#[koiled] trait Store<#[cfg(test)] T> { async fn get(&self); }",
    "#[koiled] trait Store { const ALL: [Self; 2]; }",
    "#[koiled] trait Store { async fn all(&self) -> [Self; 2]; }",
    "#[koiled] trait Store { #[koil(raw)] async fn copy(&self) -> Option<Self>; }",
    "#[koiled] trait Store { async fn get(self: &Arc<Self>); }",
    "#[koiled] trait Store { fn get(&self) -> impl Future; fn rows(&self) -> impl Stream + '_; }",
    "#[koiled] trait Store { async fn get(&self) -> BoxFuture<'_, u8>; }",
    "#[koiled] trait Store { async fn get(&self); #[koil(name = \"get\")] async fn load(&self); }",
    "#[koiled] trait Store { #[koil(skp)] type Row; #[koil(lend)] fn len(&self) -> usize; }",
    "#[koiled] trait Store { fn all(&self) -> BoxStream<'_, Self>; }",
    "#[koiled] impl Store for Client { async fn get(&self) {} }",
    // Items that do not parse get the parser's message.
    "#[koiled] async fn load(id) {}",
    "#[koiled(name =)] async fn load() {}",
];

/// The source with each message under the token that it points at.
fn told(source: &str) -> String {
    let (.., expanded) = expand(source);
    let pointed = messages(expanded).into_iter().map(|(start, end, message)| {
        let carets = "^".repeat(end.column - start.column);
        format!("{}{carets} {message}\n", " ".repeat(start.column))
    });
    format!("{source}\n{}", pointed.collect::<String>())
}

/// Attribute, item and expansion of a source that begins with one of koil's attributes.
fn expand(source: &str) -> (Attribute, TokenStream, TokenStream) {
    let mut tokens = source
        .parse::<TokenStream>()
        .expect("mistakes are made of tokens")
        .into_iter();
    let written = tokens
        .nth(1)
        .into_iter()
        .find_map(group)
        .expect("an attribute comes first");
    let mut words = written.stream().into_iter();
    let name = words
        .next()
        .map(|name| name.to_string())
        .unwrap_or_default();
    let attribute = Attribute::called(&name).expect("one of koil's");
    let args = words.find_map(group).map(|args| args.stream());
    let item: TokenStream = tokens.collect();
    let expanded = crate::pipeline::run(attribute, args.unwrap_or_default(), item.clone());
    (attribute, item, expanded)
}

fn messages(tokens: TokenStream) -> Vec<(LineColumn, LineColumn, String)> {
    let mut messages = Vec::new();
    let mut at = None;
    for token in tokens {
        match token {
            TokenTree::Ident(ident) if ident == "compile_error" => at = Some(ident.span()),
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                if let Some(span) = at.take() {
                    let text: syn::LitStr = syn::parse2(group.stream()).expect("a message");
                    messages.push((span.start(), span.end(), text.value()));
                }
            }
            _ => {}
        }
    }
    messages
}

fn group(token: TokenTree) -> Option<Group> {
    match token {
        TokenTree::Group(group) => Some(group),
        _ => None,
    }
}
