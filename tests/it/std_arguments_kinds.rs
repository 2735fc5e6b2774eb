//! Readers of std as arguments: the traits of futures, the end of a terminal, and a loop that polls.

use std::io::{self, Cursor, Read, SeekFrom};

use koil::koiled;
use tokio::time::sleep;

use crate::callbacks::{SHORT, everywhere};
use crate::std_arguments::{lines_blocking, slow_reader};
use crate::support::on_a_loop;

#[koiled]
async fn copy_of_futures(
    #[koil(std)] from: impl futures::AsyncBufRead,
    #[koil(std)] into: &mut (impl futures::AsyncWrite + futures::AsyncSeek + Unpin),
) -> io::Result<u64> {
    sleep(SHORT).await;
    futures::AsyncSeekExt::seek(into, SeekFrom::Start(1)).await?;
    let copied = futures::io::copy_buf(from, &mut *into).await?;
    let mut into = into;
    futures::AsyncWriteExt::close(&mut into).await?;
    Ok(copied)
}

#[test]
fn the_traits_of_futures_are_those_of_std_too() {
    everywhere(|| {
        let mut file = Cursor::new(b"abcd".to_vec());
        let from = io::BufReader::new(slow_reader(2));
        assert_eq!(copy_of_futures_blocking(from, &mut file).unwrap(), 4);
        assert_eq!(file.into_inner(), b"aabab");
    });
}

#[test]
fn a_reader_is_asked_for_its_end_once() {
    /// As a terminal, whose end is one key.
    struct Keys(Vec<&'static [u8]>);

    impl Read for Keys {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            let mut line = self.0.pop().expect("nobody presses the key again");
            Read::read(&mut line, buf)
        }
    }
    everywhere(|| {
        let keys = io::BufReader::new(Keys(vec![b"", b"b\n", b"a\n"]));
        let lines = lines_blocking(keys).map(Result::unwrap);
        assert_eq!(lines.collect::<Vec<_>>(), ["a", "b"]);
    });
}

#[test]
fn a_reader_that_a_loop_polls_says_so() {
    on_a_loop(|_| {
        let mut ahead = lines_blocking(&b"a\nb"[..]).prefetch(1);
        let error = ahead.next().unwrap().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::Deadlock);
        let text = error.to_string();
        assert!(
            text.contains("lines_blocking")
                && text.contains(file!())
                && text.contains("read_threaded"),
            "{text}"
        );
        assert_eq!(lines_blocking(&b"a\nb"[..]).count(), 2);
    });
}
