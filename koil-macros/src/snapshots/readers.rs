//! Snapshot tests of readers and writers: returned, forwarded, and of std as arguments.

use expect_test::expect_file;

use super::expand;

#[test]
fn readers_of_futures_are_told_by_path_and_word() {
    expect_file!["io_futures.rs"].assert_eq(&expand(
        "",
        "impl Store {
            fn open(&self) -> impl futures::io::AsyncBufRead + '_ { .. }
            #[koil(io = \"futures\")] fn boxed(&self) -> Pin<Box<dyn AsyncWrite>> { .. }
            #[koil(io = \"futures\", lend)] fn named(&self) -> Body { .. }
        }",
    ));
}

#[test]
fn a_type_may_be_a_reader_of_futures() {
    expect_file!["io_struct.rs"].assert_eq(&expand(
        "io = \"futures\", forward(Read, Write, Debug)",
        "#[cfg(unix)] pub struct Body<'a>(&'a [u8]);",
    ));
}

#[test]
fn an_argument_may_be_of_std() {
    expect_file!["std_arguments.rs"].assert_eq(&expand(
        "",
        "impl Store {
            async fn put(&self, #[koil(std)] mut body: impl AsyncRead + Unpin + '_) -> usize { .. }
            async fn copy<R: AsyncRead + ?Sized, W>(
                #[koil(std)] from: &mut R,
                #[koil(std)] into: Pin<&mut W>,
                limit: u64,
            ) -> Result<u64, Error>
            where R: Unpin, W: AsyncWriteExt + AsyncSeek { .. }
            async fn by_object(&self, #[koil(std)] from: &mut (dyn AsyncBufRead + Unpin + '_)) { .. }
            fn lines<'r>(&self, #[koil(std)] from: impl AsyncBufRead + 'r) -> impl Stream<Item = u8> + 'r { .. }
            #[koil(inline)] async fn at_once(&self, #[koil(std)] from: impl AsyncRead) {}
            #[koil(fallible)] async fn tried(&self, #[koil(std)] from: &mut impl AsyncRead) -> Result<(), Error> {}
        }",
    ));
}
