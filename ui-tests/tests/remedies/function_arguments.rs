//! Remedies for callbacks, and for readers and writers as arguments.

use crate::scenery::*;

remedy!(
    "#[koiled] #[koil(callback)] async fn load(f: impl AsyncFn()) {}",
    "write `#[koil(callback)]` on one of them",
    {
        #[koiled]
        async fn load(#[koil(callback)] f: impl AsyncFn()) {}
    }
);

remedy!(
    "#[koiled] async fn load(#[koil] f: impl AsyncFn()) {}",
    "write `#[koil(callback)]`",
    {
        #[koiled]
        async fn load(#[koil(callback)] f: impl AsyncFn()) {}
    }
);

remedy!(
    "#[koiled] async fn load(#[koil] from: impl AsyncRead) {}",
    "or `#[koil(std)]`",
    {
        #[koiled]
        async fn load(#[koil(std)] from: impl AsyncRead) {}
    }
);

remedy!(
    "#[koiled] async fn load(#[koil] f: impl AsyncFn()) {}",
    "or remove it",
    {
        #[koiled]
        async fn load(f: impl AsyncFn()) {}
    }
);

// Callbacks.

remedy!(
    "#[koiled] async fn load(#[koil(callback)] f: impl AsyncFn(BoxStream<'static, u8>)) {}",
    "hand it a type with a twin",
    {
        #[koiled]
        struct Row;

        #[koiled(twins(Row))]
        async fn load(#[koil(callback)] f: impl AsyncFn(Row)) {
            f(Row).await;
        }
    }
);

remedy!(
    "#[koiled] async fn load(#[koil(callback)] f: impl AsyncFn(BoxStream<'static, u8>)) {}",
    "or a `Vec` of them",
    {
        #[koiled]
        struct Row;

        #[koiled(twins(Row))]
        async fn load(#[koil(callback)] f: impl AsyncFn(Vec<Row>)) {
            f(vec![Row]).await;
        }
    }
);

remedy!(
    "#[koiled] async fn load(#[koil(callback)] f: impl AsyncFn(BoxStream<'static, u8>)) {}",
    "or remove `callback`",
    {
        #[koiled]
        async fn load(f: impl AsyncFn(BoxStream<'static, u8>)) {}
    }
);

remedy!(
    "#[koiled] async fn load<F: Clone>(#[koil(callback)] f: F) {}",
    "take `impl AsyncFnOnce(..) -> ..`",
    {
        #[koiled]
        async fn load(#[koil(callback)] f: impl AsyncFnOnce(u8) -> u8) {
            f(1).await;
        }
    }
);

remedy!(
    "#[koiled] async fn load<F: Clone>(#[koil(callback)] f: F) {}",
    "another `impl` or type parameter with a bound like `AsyncFnMut(..)`",
    {
        #[koiled]
        async fn load<F: Clone + AsyncFnMut(u8)>(#[koil(callback)] mut f: F) {
            f(1).await;
        }
    }
);

remedy!(
    "#[koiled] async fn load<F: Clone>(#[koil(callback)] f: F) {}",
    "or `FnMut(..)`",
    {
        #[koiled]
        async fn load(#[koil(callback)] mut f: impl FnMut(u8)) {
            f(1);
        }
    }
);

remedy!(
    "#[koiled] async fn load<F: Clone>(#[koil(callback)] f: F) {}",
    "or remove `callback`",
    {
        #[koiled]
        async fn load<F: Clone>(f: F) {}
    }
);

// Readers and writers.

remedy!(
    "#[koiled] async fn load(#[koil(std)] from: Box<dyn AsyncRead>) {}",
    "remove `std`",
    {
        #[koiled]
        async fn load(from: Box<dyn AsyncRead>) {}
    }
);

remedy!(
    "#[koiled] async fn load(#[koil(std)] from: impl AsyncRead + Clone) {}",
    "remove this bound",
    {
        #[koiled]
        async fn load(#[koil(std)] from: impl AsyncRead) {}
    }
);

remedy!(
    "#[koiled] async fn load(#[koil(std)] from: impl AsyncRead + Clone) {}",
    "or remove `std`",
    {
        #[koiled]
        async fn load(from: impl AsyncRead + Clone) {}
    }
);

remedy!(
    "#[koiled] async fn load<R: AsyncRead>(#[koil(std)] from: R, other: Option<R>) {}",
    "give this parameter a type of its own, as `impl AsyncRead`",
    {
        #[koiled]
        async fn load<R: AsyncRead>(#[koil(std)] from: impl AsyncRead, other: Option<R>) {}
    }
);

remedy!(
    "#[koiled] async fn load<R: AsyncRead>(#[koil(std)] from: R) -> R {}",
    "or remove `std`",
    {
        #[koiled]
        async fn load<R: AsyncRead>(from: R) -> R {
            from
        }
    }
);

remedy!(
    "#[koiled] fn load(#[koil(std)] from: &mut impl AsyncRead) -> impl Stream<Item = u8> {}",
    "take it by value, as `impl AsyncRead`",
    {
        #[koiled]
        fn load(#[koil(std)] from: impl AsyncRead) -> impl Stream<Item = u8> {
            stream::empty()
        }
    }
);

remedy!(
    "#[koiled] fn load(#[koil(std)] from: &mut impl AsyncRead) -> impl Stream<Item = u8> {}",
    "or remove `std`",
    {
        #[koiled]
        fn load(from: &mut impl AsyncRead) -> impl Stream<Item = u8> {
            stream::empty()
        }
    }
);

remedy!(
    "#[koiled] async fn load(#[koil(std)] from: impl AsyncRead + Send + Unpin) {}",
    "remove `Send`",
    {
        #[koiled]
        async fn load(#[koil(std)] from: impl AsyncRead + Unpin) {}

        fn load_from(file: std::fs::File) {
            load_blocking(file);
        }
    }
);

remedy!(
    "#[koiled] async fn load(#[koil(std)] from: impl AsyncRead + Send + Unpin) {}",
    "or remove `std`, and callers pass `koil::read_threaded(..)`",
    {
        #[koiled]
        async fn load(from: impl AsyncRead + Send + Unpin) {}

        fn load_from(file: std::fs::File) {
            load_blocking(koil::read_threaded(file));
        }
    }
);

remedy!(
    "#[koiled] async fn load<W>(#[koil(std)] into: W) where W: AsyncWrite + Unpin + 'static {}",
    "remove `'static`",
    {
        #[koiled]
        async fn load<W>(#[koil(std)] into: W)
        where
            W: AsyncWrite + Unpin,
        {
        }

        fn load_into(bytes: &mut Vec<u8>) {
            load_blocking(bytes);
        }
    }
);

remedy!(
    "#[koiled] async fn load<W>(#[koil(std)] into: W) where W: AsyncWrite + Unpin + 'static {}",
    "or remove `std`, and callers pass `koil::write_threaded(..)`",
    {
        #[koiled]
        async fn load<W>(into: W)
        where
            W: AsyncWrite + Unpin + 'static,
        {
        }

        fn load_into(file: std::fs::File) {
            load_blocking(koil::write_threaded(file));
        }
    }
);

remedy!(
    "#[koiled] async fn load(#[koil(std)] from: &'static mut dyn AsyncRead) {}",
    "remove `'static`",
    {
        #[koiled]
        async fn load(#[koil(std)] from: &mut dyn AsyncRead) {}

        fn load_from(mut file: std::fs::File) {
            load_blocking(&mut file);
        }
    }
);
