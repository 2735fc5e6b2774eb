//! Remedies in notes of rustc about readers and writers, limits, and twins without a loop.

use std::task::{Context, Poll};

use koil::inline;
use tokio::io::{AsyncRead, AsyncReadExt};

use crate::scenery::*;

// Readers and writers.

hint!(
    "ReadsOfTokio",
    "if it has that of futures, write `io = \"futures\"` beside `forward`",
    {
        #[koiled(io = "futures", forward(+Read))]
        struct Body;

        impl futures::AsyncRead for Body {
            fn poll_read(
                self: Pin<&mut Self>,
                _: &mut Context<'_>,
                _: &mut [u8],
            ) -> Poll<io::Result<usize>> {
                Poll::Ready(Ok(0))
            }
        }
    }
);

hint!("ReadsOfTokio", "if neither, remove `Read`", {
    #[koiled]
    struct Body;
});

hint!(
    "ReadsOfFutures",
    "if it has that of tokio, remove `io = \"futures\"`",
    {
        #[koiled(forward(+Read))]
        struct Body;

        impl AsyncRead for Body {
            fn poll_read(
                self: Pin<&mut Self>,
                _: &mut Context<'_>,
                _: &mut tokio::io::ReadBuf<'_>,
            ) -> Poll<io::Result<()>> {
                Poll::Ready(Ok(()))
            }
        }
    }
);

hint!("ReadsOfFutures", "if neither, remove `Read`", {
    #[koiled]
    struct Body;
});

hint!(
    "TokioIo",
    "if it has the traits of futures, add `#[koil(io = \"futures\")]`",
    {
        use futures::AsyncRead;

        #[koiled]
        #[koil(io = "futures")]
        fn load() -> impl AsyncRead {
            futures::io::empty()
        }
    }
);

hint!(
    "TokioIo",
    "or write their path, as in `impl futures::AsyncRead`",
    {
        #[koiled]
        fn load() -> impl futures::AsyncRead {
            futures::io::empty()
        }
    }
);

hint!("TokioIo", "`#[koil(raw)]` returns the value as it is", {
    use futures::AsyncRead;

    #[koiled]
    #[koil(raw)]
    async fn load() -> impl AsyncRead {
        futures::io::empty()
    }
});

hint!(
    "FuturesIoTraits",
    "if it has the traits of tokio, add `#[koil(io = \"tokio\")]`",
    {
        #[koiled]
        #[koil(io = "tokio")]
        fn load() -> impl AsyncRead {
            tokio::io::empty()
        }
    }
);

hint!(
    "FuturesIoTraits",
    "or write their path, as in `impl tokio::io::AsyncRead`",
    {
        #[koiled]
        fn load() -> impl tokio::io::AsyncRead {
            tokio::io::empty()
        }
    }
);

hint!(
    "FuturesIoTraits",
    "`#[koil(raw)]` returns the value as it is",
    {
        #[koiled]
        #[koil(raw)]
        async fn load() -> impl AsyncRead {
            tokio::io::empty()
        }
    }
);

// Limits, and twins without a loop.

hint!("TimeLimit", "write `Duration::from_secs(5)`", {
    #[koiled(fallible, timeout = Duration::from_secs(5))]
    async fn load() -> Result<(), Error> {
        Ok(())
    }
});

hint!(
    "TimeLimit",
    "`self.timeout`",
    "without a limit it is `None`",
    {
        #[koiled]
        struct Shop {
            timeout: Option<Duration>,
        }

        #[koiled(fallible, timeout = self.timeout)]
        impl Shop {
            async fn load(&self) -> Result<(), Error> {
                Ok(())
            }

            #[koil(timeout = None)]
            async fn wait(&self) -> Result<(), Error> {
                Ok(())
            }
        }
    }
);

hint!("TimeLimit", "or `self.timeout.unwrap_or(..)`", {
    #[koiled]
    struct Shop {
        timeout: Option<Duration>,
    }

    #[koiled(fallible, timeout = self.timeout.unwrap_or(Duration::from_secs(5)))]
    impl Shop {
        async fn load(&self) -> Result<(), Error> {
            Ok(())
        }
    }
});

hint!(
    "FromBridge",
    "return a `Result` whose error type implements `From<koil::Error>`",
    {
        #[koiled(fallible)]
        async fn load() -> Result<u8, Error> {
            Ok(1)
        }
    }
);

hint!("FromBridge", "or remove `fallible`", {
    #[koiled]
    async fn load() -> Option<u8> {
        Some(1)
    }
});

hint!(
    "AlwaysReady",
    "give it a source that blocks, such as `koil::inline::StdIo`",
    {
        #[koiled(inline(R))]
        async fn load<R: AsyncRead + Unpin>(mut from: R) -> io::Result<u8> {
            from.read_u8().await
        }

        fn load_from(file: std::fs::File) -> io::Result<u8> {
            load_blocking(inline::StdIo::new(file))
        }
    }
);

hint!(
    "AlwaysReady",
    "or implement `koil::inline::AlwaysReady`, if no poll of this type returns `Pending`",
    {
        struct Zeros;

        impl AsyncRead for Zeros {
            fn poll_read(
                self: Pin<&mut Self>,
                _: &mut Context<'_>,
                into: &mut tokio::io::ReadBuf<'_>,
            ) -> Poll<io::Result<()>> {
                into.put_slice(&[0]);
                Poll::Ready(Ok(()))
            }
        }

        impl inline::AlwaysReady for Zeros {}

        #[koiled(inline(R))]
        async fn load<R: AsyncRead + Unpin>(mut from: R) -> io::Result<u8> {
            from.read_u8().await
        }

        fn load_zero() -> io::Result<u8> {
            load_blocking(Zeros)
        }
    }
);
