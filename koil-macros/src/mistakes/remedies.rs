//! Remedies, each written into the item whose mistake names it: the attribute takes that item.
//!
//! Of a pair, the first item has the mistake, and its message has the words of the second place; the
//! third is the item with the remedy.

use super::{expand, messages};

#[test]
fn a_remedy_is_taken_where_it_is_given() {
    for (mistake, words, remedied) in REMEDIES {
        let told = texts(mistake);
        assert!(
            told.iter().any(|message| message.contains(words)),
            "{mistake}\nhas no message with `{words}`: {told:#?}"
        );
        assert_eq!(texts(remedied), [""; 0], "{remedied}");
    }
}

fn texts(source: &str) -> Vec<String> {
    let (.., expanded) = expand(source);
    let messages = messages(expanded).into_iter();
    messages.map(|(.., message)| message).collect()
}

#[rustfmt::skip]
const REMEDIES: &[(&str, &str, &str)] = &[
    // Functions.
    ("#[koiled] fn load() {}", "or return `impl Stream`", "#[koiled] fn load() -> impl Stream<Item = u8> {}"),
    ("#[koiled] fn load() -> Load {}", "add `#[koil(wait)]` or `#[koil(iter)]`", "#[koiled] #[koil(wait)] fn load() -> Load {}"),
    ("#[koiled] fn load() -> Load {}", "add `#[koil(wait)]` or `#[koil(iter)]`", "#[koiled] #[koil(iter)] fn load() -> Load {}"),
    ("#[koiled] const fn load() {}", "remove `const`", "#[koiled] async fn load() {}"),
    ("#[koiled] async fn load() -> impl Future<Output = u8> {}", "remove one of the two", "#[koiled] fn load() -> impl Future<Output = u8> {}"),
    // Values in options.
    ("#[koiled(fallible, timeout = 5)] async fn load() -> Result<(), Error> {}", "`\"5s\"`", "#[koiled(fallible, timeout = \"5s\")] async fn load() -> Result<(), Error> {}"),
    ("#[koiled(fallible, timeout = 5)] impl Shop { async fn load(&self) -> Result<(), Error> {} }", "`self.timeout`", "#[koiled(fallible, timeout = self.timeout)] impl Shop { async fn load(&self) -> Result<(), Error> {} }"),
    ("#[koiled(timeout = \"5s\")] async fn load() -> Result<(), Error> {}", "add `fallible`", "#[koiled(fallible, timeout = \"5s\")] async fn load() -> Result<(), Error> {}"),
    ("#[koiled(fallible, timeout = self.limit)] impl Shop { async fn open() -> Result<Self, Error> {} }", "`#[koil(timeout = \"5s\")]`", "#[koiled(fallible, timeout = self.limit)] impl Shop { #[koil(timeout = \"5s\")] async fn open() -> Result<Self, Error> {} }"),
    ("#[koiled(fallible, timeout = self.limit)] impl Shop { async fn open() -> Result<Self, Error> {} }", "`#[koil(timeout = None)]`", "#[koiled(fallible, timeout = self.limit)] impl Shop { #[koil(timeout = None)] async fn open() -> Result<Self, Error> {} }"),
    ("#[koiled(fallible, timeout = self.limit)] async fn load(limit: Duration) -> Result<(), Error> {}", "use an argument", "#[koiled(fallible, timeout = limit)] async fn load(limit: Duration) -> Result<(), Error> {}"),
    ("#[koiled(handle = self.home)] async fn load(home: Handle) {}", "use an argument", "#[koiled(handle = home)] async fn load(home: Handle) {}"),
    ("#[koiled(handle = self.aio().home)] impl Shop { async fn load(&self) {} }", "`self` without `.aio()`", "#[koiled(handle = self.home)] impl Shop { async fn load(&self) {} }"),
    ("#[koiled(handle)] impl Shop { async fn load(&self) {} }", "`handle = self.handle`", "#[koiled(handle = self.handle)] impl Shop { async fn load(&self) {} }"),
    ("#[koiled(handle = \"HANDLE\")] async fn load() {}", "`handle = HANDLE`", "#[koiled(handle = HANDLE)] async fn load() {}"),
    // Failures.
    ("#[koiled(fallible(panic))] async fn load() -> Result<(), Error> {}", "`fallible(panics)`", "#[koiled(fallible(panics))] async fn load() -> Result<(), Error> {}"),
    ("#[koiled(panics)] async fn load() -> Result<(), Error> {}", "`fallible(panics)`", "#[koiled(fallible(panics))] async fn load() -> Result<(), Error> {}"),
    ("#[koiled(inline, fallible(panics))] async fn load() -> Result<(), Error> {}", "`fallible` without `panics`", "#[koiled(inline, fallible)] async fn load() -> Result<(), Error> {}"),
    ("#[koiled(fallible)] async fn load() {}", "return `Result<(), ..>`", "#[koiled(fallible)] async fn load() -> Result<(), Error> {}"),
    ("#[koiled(fallible = \"yes\")] async fn load() -> Result<(), Error> {}", "write `fallible`", "#[koiled(fallible)] async fn load() -> Result<(), Error> {}"),
    // Types, blocks and traits.
    ("#[koiled(twins(Store))] async fn load(from: impl Store) {}", "pass it `twin.aio()`", "#[koiled] async fn load(from: impl Store) {}"),
    ("#[koiled] impl &Shop { async fn load(&self) {} }", "`#[koiled(suffix = \"_blocking\")]`", "#[koiled(suffix = \"_blocking\")] impl &Shop { async fn load(&self) {} }"),
    ("#[koiled] impl Shop { async fn load(self: &Arc<Self>) {} }", "use `self: Arc<Self>`", "#[koiled] impl Shop { async fn load(self: Arc<Self>) {} }"),
    ("#[koiled] impl Shop { async fn load(self: &Arc<Self>) {} }", "`#[koil(skip)]`", "#[koiled] impl Shop { #[koil(skip)] async fn load(self: &Arc<Self>) {} }"),
    ("#[koiled] impl Shop { fn pair(&self) -> [Shop; 2] {} }", "return `Vec`", "#[koiled] impl Shop { fn pair(&self) -> Vec<Shop> {} }"),
    ("#[koiled] impl Shop { fn pair(&self) -> [Shop; 2] {} }", "`#[koil(raw)]`", "#[koiled] impl Shop { #[koil(raw)] fn pair(&self) -> [Shop; 2] {} }"),
    ("#[koiled] impl Shop { methods!{ load } }", "`#[koil(skip)]`", "#[koiled] impl Shop { #[koil(skip)] methods!{ load } }"),
    ("#[koiled] trait Store { async fn all(&self) -> [Self; 2]; }", "`#[koil(skip)]`", "#[koiled] trait Store { #[koil(skip)] async fn all(&self) -> [Self; 2]; }"),
    // Blocking code.
    ("#[threaded] fn load(report: &mut dyn FnMut(u64)) {}", "`Box<dyn FnMut(u64) + Send>` and return it", "#[threaded] fn load(report: Box<dyn FnMut(u64) + Send>) -> Box<dyn FnMut(u64) + Send> {}"),
    ("#[threaded] fn load(of: &mut Vec<u8>) {}", "take `Vec<u8>` and return it", "#[threaded] fn load(of: Vec<u8>) -> Vec<u8> {}"),
    ("#[threaded] impl Shop { fn load(&mut self) {} }", "take `self: Arc<Self>`", "#[threaded] impl Shop { fn load(self: Arc<Self>) {} }"),
    ("#[threaded] impl Shop { fn load(&mut self) {} }", "take `self` and return it", "#[threaded] impl Shop { fn load(self) -> Self {} }"),
];
