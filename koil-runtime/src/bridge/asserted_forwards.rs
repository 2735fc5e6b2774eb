//! The checks of `forward(..)` for traits that wait; `koil-inline` has those of the other traits, and
//! says how they work.

use futures_core::Stream;

koil_inline::__koil_forward_checks! {
    Iterator: Stream, Unpin;
    Read: ReadsOfTokio, Unpin;
    BufRead: BuffersOfTokio, Unpin;
    Write: WritesOfTokio, Unpin;
    Seek: SeeksOfTokio, Unpin;
    FuturesRead: ReadsOfFutures, Unpin;
    FuturesBufRead: BuffersOfFutures, Unpin;
    FuturesWrite: WritesOfFutures, Unpin;
    FuturesSeek: SeeksOfFutures, Unpin;
}

/// Traits of tokio and of futures, with errors that name the other crate.
macro_rules! traits {
    ($($name:ident: $of:path, $message:literal, $note:literal;)*) => {$(
        /// The trait behind it.
        #[diagnostic::on_unimplemented(message = $message, note = $note)]
        pub trait $name {}

        impl<T: $of + ?Sized> $name for T {}
    )*};
}

traits! {
    ReadsOfTokio: tokio::io::AsyncRead,
        "`{Self}` has no `AsyncRead` of tokio, so its twin cannot be `Read`",
        "if it has that of futures, write `io = \"futures\"` beside `forward`; if neither, remove `Read`";
    BuffersOfTokio: tokio::io::AsyncBufRead,
        "`{Self}` has no `AsyncBufRead` of tokio, so its twin cannot be `BufRead`",
        "if it has that of futures, write `io = \"futures\"` beside `forward`; if neither, remove `BufRead`";
    WritesOfTokio: tokio::io::AsyncWrite,
        "`{Self}` has no `AsyncWrite` of tokio, so its twin cannot be `Write`",
        "if it has that of futures, write `io = \"futures\"` beside `forward`; if neither, remove `Write`";
    SeeksOfTokio: tokio::io::AsyncSeek,
        "`{Self}` has no `AsyncSeek` of tokio, so its twin cannot be `Seek`",
        "if it has that of futures, write `io = \"futures\"` beside `forward`; if neither, remove `Seek`";
    ReadsOfFutures: futures_io::AsyncRead,
        "`{Self}` has no `AsyncRead` of futures, so its twin cannot be `Read`",
        "if it has that of tokio, remove `io = \"futures\"`; if neither, remove `Read`";
    BuffersOfFutures: futures_io::AsyncBufRead,
        "`{Self}` has no `AsyncBufRead` of futures, so its twin cannot be `BufRead`",
        "if it has that of tokio, remove `io = \"futures\"`; if neither, remove `BufRead`";
    WritesOfFutures: futures_io::AsyncWrite,
        "`{Self}` has no `AsyncWrite` of futures, so its twin cannot be `Write`",
        "if it has that of tokio, remove `io = \"futures\"`; if neither, remove `Write`";
    SeeksOfFutures: futures_io::AsyncSeek,
        "`{Self}` has no `AsyncSeek` of futures, so its twin cannot be `Seek`",
        "if it has that of tokio, remove `io = \"futures\"`; if neither, remove `Seek`";
}
