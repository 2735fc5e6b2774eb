//! Snapshots of `#[koiled(inline)]`.

use expect_test::expect_file;

use super::expand;

#[test]
fn an_inline_fn_has_no_loop() {
    expect_file!["inline_fn.rs"].assert_eq(&expand(
        "inline(R), fallible",
        "pub async fn frame<R: AsyncRead>(input: R) -> io::Result<Frame> { read(input).await }",
    ));
}

#[test]
fn an_inline_block_names_no_loop() {
    expect_file!["inline_impl.rs"].assert_eq(&expand(
        "inline(T)",
        "impl<T: AsyncRead> Conn<T> {
            pub fn new(io: T) -> Self { .. }
            pub async fn open(io: T) -> io::Result<Self> { .. }
            pub async fn get(&mut self, key: &str) -> Option<Vec<u8>> { .. }
            pub fn keys(&self) -> impl Stream<Item = String> + '_ { .. }
            pub async fn scan(&self) -> io::Result<impl Stream<Item = u8>> { .. }
            pub fn forks(&self) -> BoxStream<'static, Self> { .. }
            #[koil(wait)]
            pub fn ping(&self) -> Pong { .. }
            #[koil(iter)]
            pub fn pings(&self) -> Pongs { .. }
            #[koil(name = \"size\")]
            pub fn len(&self) -> usize { .. }
            pub fn into_io(self) -> T { .. }
        }",
    ));
}

#[test]
fn one_method_of_a_block_is_inline() {
    expect_file!["inline_method.rs"].assert_eq(&expand(
        "handle = handle(), timeout = \"1s\", fallible",
        "impl Shop {
            pub async fn load(&self) -> Result<(), Error> { .. }
            #[koil(inline(P))]
            pub async fn parse<P: AsyncBufRead>(&self, part: P) -> Result<(), Error> { .. }
        }",
    ));
}

#[test]
fn an_inline_type_needs_no_runtime() {
    expect_file!["inline_struct.rs"].assert_eq(&expand(
        "inline",
        "#[derive(Debug, Clone)] pub struct Conn<T: AsyncRead> { io: T }",
    ));
    expect_file!["inline_second.rs"].assert_eq(&expand(
        "inline, name = \"InlineConn\", accessors = \"none\"",
        "pub struct Conn<'a> { io: &'a [u8] }",
    ));
}

#[test]
fn an_inline_trait_covers_every_twin() {
    expect_file!["inline_trait.rs"].assert_eq(&expand(
        "inline(T)",
        "pub trait Codec<T> where T: AsyncRead { async fn frame(&mut self, io: &mut T) -> Option<u8>; fn all(&self) -> impl Stream<Item = u8>; }",
    ));
}
