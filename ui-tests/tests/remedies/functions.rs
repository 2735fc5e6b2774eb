//! Remedies for functions with `#[koiled]`: their signatures, and what they return.

use crate::scenery::*;

remedy!("#[koiled] mod m {}", "remove it here", {
    mod m {}
});

remedy!("#[koiled] methods!{ load }", "remove it here", {
    macro_rules! methods {
        ($name:ident) => {};
    }
    methods! { load }
});

remedy!("#[koiled] fn load() {}", "remove `#[koiled]`", {
    fn load() {}
});

remedy!("#[koiled] fn load() {}", "return `impl Stream`", {
    #[koiled]
    fn load() -> impl Stream<Item = u8> {
        stream::empty()
    }
});

remedy!("#[koiled] fn load() -> Load {}", "add `#[koil(wait)]`", {
    type Load = std::future::Ready<u8>;

    #[koiled]
    #[koil(wait)]
    fn load() -> Load {
        std::future::ready(1)
    }
});

remedy!("#[koiled] fn load() -> Load {}", "or `#[koil(iter)]`", {
    type Load = stream::Empty<u8>;

    #[koiled]
    #[koil(iter)]
    fn load() -> Load {
        stream::empty()
    }
});

remedy!(
    "#[koiled] async fn method(&self) {}",
    "put it on the impl block",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            async fn method(&self) {}
        }
    }
);

remedy!(
    "#[koiled] const fn load() -> BoxFuture<'static, ()> {}",
    "remove `const`",
    {
        #[koiled]
        fn load() -> BoxFuture<'static, ()> {
            todo!()
        }
    }
);

remedy!(
    "#[koiled] const fn load() -> BoxFuture<'static, ()> {}",
    "or `#[koiled]`",
    {
        const fn load() -> BoxFuture<'static, ()> {
            todo!()
        }
    }
);

remedy!(
    "#[koiled] async extern \"C\" fn load() {}",
    "remove `extern`",
    {
        #[koiled]
        async fn load() {}
    }
);

remedy!(
    "#[koiled] async extern \"C\" fn load() {}",
    "or `#[koiled]`",
    {
        #[allow(improper_ctypes_definitions)]
        async extern "C" fn load() {}
    }
);

remedy!(
    "#[koiled] async fn main() {}",
    "write `fn main() { koil::unkoil(async { .. }) }`",
    {
        fn main() {
            koil::unkoil(async {})
        }
    }
);

remedy!("#[koiled] async fn load(args: ...) {}", "take a slice", {
    #[koiled]
    async fn load(args: &[u32]) {}
});

remedy!("#[koiled] async fn load<_>(of: _) {}", "write a name", {
    #[koiled]
    async fn load<T>(of: T) {}
});

remedy!(
    "#[koiled] #[koil(skip)] async fn load() {}",
    "remove `#[koiled]` from this fn",
    {
        async fn load() {}
    }
);

remedy!(
    "#[koiled] async fn load() -> impl Future<Output = u8> {}",
    "await the inner one",
    {
        async fn inner() -> u8 {
            1
        }

        #[koiled]
        async fn load() -> u8 {
            inner().await
        }
    }
);

remedy!(
    "#[koiled] async fn load() -> impl Future<Output = u8> {}",
    "or remove one of the two",
    {
        #[koiled]
        fn load() -> impl Future<Output = u8> {
            std::future::ready(1)
        }
    }
);

remedy!(
    "#[koiled] fn load() -> impl Future + Send {}",
    "write `Future<Output = ..>`",
    {
        #[koiled]
        fn load() -> impl Future<Output = u8> + Send {
            std::future::ready(1)
        }
    }
);

remedy!(
    "#[koiled] fn load() -> impl Stream {}",
    "write `Stream<Item = ..>`",
    {
        #[koiled]
        fn load() -> impl Stream<Item = u8> {
            stream::empty()
        }
    }
);

// Readers and writers.

remedy!(
    "#[koiled] fn load() -> impl tokio::io::AsyncRead + futures::AsyncWrite {}",
    "return one with those of tokio",
    {
        #[koiled]
        fn load() -> impl tokio::io::AsyncRead + tokio::io::AsyncWrite {
            tokio::io::empty()
        }
    }
);

remedy!(
    "#[koiled] fn load() -> impl tokio::io::AsyncRead + futures::AsyncWrite {}",
    "or of futures",
    {
        #[koiled]
        fn load() -> impl futures::AsyncRead + futures::AsyncWrite {
            futures::io::Cursor::new(Vec::new())
        }
    }
);

remedy!(
    "#[koiled(inline)] async fn load() -> io::Result<impl AsyncRead> {}",
    "add `#[koil(raw)]` to return the async one",
    {
        #[koiled(inline)]
        #[koil(raw)]
        async fn load() -> io::Result<impl AsyncRead> {
            Ok(tokio::io::empty())
        }
    }
);

remedy!(
    "#[koiled(inline)] async fn load() -> io::Result<impl AsyncRead> {}",
    "or remove `inline` for a twin that may wait",
    {
        #[koiled]
        async fn load() -> io::Result<impl AsyncRead> {
            Ok(tokio::io::empty())
        }
    }
);

remedy!(
    "#[koiled(fallible)] fn load() -> impl AsyncRead {}",
    "remove `fallible`",
    {
        #[koiled]
        fn load() -> impl AsyncRead {
            tokio::io::empty()
        }
    }
);
