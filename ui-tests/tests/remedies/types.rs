//! Remedies for types.

use crate::scenery::*;

// Options.

remedy!("#[koiled(send)] struct Shop;", "a struct takes `name`", {
    #[koiled]
    struct Shop;
});

remedy!(
    "#[koiled(accessors = \"pub(\")] struct Shop;",
    "write a visibility such as `\"pub\"`",
    {
        #[koiled(accessors = "pub")]
        pub struct Shop;
    }
);

remedy!(
    "#[koiled(accessors = \"pub(\")] struct Shop;",
    "or `\"pub(crate)\"`",
    {
        #[koiled(accessors = "pub(crate)")]
        struct Shop;
    }
);

remedy!(
    "#[koiled(accessors = \"pub(\")] struct Shop;",
    "or `\"none\"`",
    {
        #[koiled(accessors = "none")]
        struct Shop;
    }
);

remedy!(
    "#[koiled(aio, accessors = \"none\")] struct Shop;",
    "keep one",
    {
        #[koiled(aio)]
        struct Shop;
    }
);

remedy!(
    "#[koiled(aio, accessors = \"none\")] struct Shop;",
    "keep one",
    {
        #[koiled(accessors = "none")]
        struct Shop;
    }
);

remedy!(
    "#[koiled(aio, feature = \"blocking\")] struct Shop;",
    "write it on the impl blocks",
    {
        #[koiled(aio)]
        struct Shop;

        #[koiled(aio, feature = "blocking")]
        impl Shop {
            async fn load(&self) {}
        }
    }
);

remedy!("#[koiled(aio = 3)] struct Shop;", "write `aio`", {
    #[koiled(aio)]
    struct Shop;
});

remedy!(
    "#[koiled(pinned)] struct Shop;",
    "remove it, and pin the twin with `pin!`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            async fn load(self: Pin<&mut Self>) {}
        }

        fn load(shop: BlockingShop) {
            std::pin::pin!(shop).load();
        }
    }
);

remedy!("#[koiled(pinned)] struct Shop;", "or `Box::pin`", {
    #[koiled]
    struct Shop;

    #[koiled]
    impl Shop {
        async fn load(self: Pin<&mut Self>) {}
    }

    fn load(shop: BlockingShop) {
        Box::pin(shop).as_mut().load();
    }
});

remedy!(
    "#[koiled(name = crate::blocking)] struct Shop;",
    "write `name = crate::blocking::Client`",
    {
        mod shop {
            use koil::koiled;

            #[koiled(name = self::blocking::Client)]
            pub struct Shop;

            /// The twin under the name that users know.
            pub mod blocking {
                pub use super::BlockingShop as Client;
            }
        }
    }
);

// Attributes.

remedy!("#[koiled] #[koil(skip)] struct Shop;", "remove it", {
    #[koiled]
    struct Shop;
});

remedy!(
    "#[koiled] #[koil(name = \"ShopNow\")] struct Shop;",
    "or write an option of the type in `#[koiled(..)]`",
    {
        #[koiled(name = "ShopNow")]
        struct Shop;
    }
);

remedy!(
    "#[koiled] struct Shop { #[koil(skip)] items: u8 }",
    "remove it",
    {
        #[koiled]
        struct Shop {
            items: u8,
        }
    }
);

remedy!(
    "#[koiled] struct Service { #[koil(context)] pool: Pool }",
    "add it there",
    {
        #[koiled]
        struct Pool;

        #[koilable]
        impl koil::AsyncContext for Pool {
            type Error = io::Error;
            async fn aenter(&mut self) -> io::Result<()> {
                Ok(())
            }
            async fn aexit(&mut self, _: koil::Exit) -> io::Result<()> {
                Ok(())
            }
        }

        #[koiled]
        #[koilable]
        struct Service {
            #[koil(context)]
            pool: Pool,
        }
    }
);

remedy!(
    "#[koiled] struct Shop { #[koiled] items: u8 }",
    "remove `#[koiled]` here",
    {
        #[koiled]
        struct Shop {
            items: u8,
        }
    }
);

remedy!(
    "#[koiled] #[repr(C, packed)] struct Shop(u8);",
    "remove `#[koiled]` here",
    {
        #[repr(C, packed)]
        struct Shop(u8);
    }
);

// `forward`.

remedy!(
    "#[koiled(forward(Serialize))] struct Shop;",
    "it forwards `Clone`",
    {
        #[koiled(forward(Clone))]
        #[derive(Clone)]
        struct Shop;
    }
);

remedy!(
    "#[koiled(forward(TryFrom))] struct Shop;",
    "write the type, as in `TryFrom<Vec<u8>>`",
    {
        #[koiled(forward(TryFrom<Vec<u8>>))]
        struct Shop(u8);

        impl TryFrom<Vec<u8>> for Shop {
            type Error = Error;

            fn try_from(bytes: Vec<u8>) -> Result<Self, Error> {
                bytes.first().map(|first| Shop(*first)).ok_or(Error)
            }
        }
    }
);

remedy!(
    "#[koiled(forward(PartialOrd<u8>))] struct Shop;",
    "write `PartialOrd`",
    {
        #[koiled(forward(PartialOrd))]
        #[derive(PartialEq, PartialOrd)]
        struct Shop;
    }
);

remedy!(
    "#[koiled(forward(+From<Shop>))] struct Shop;",
    "remove `From<Shop>`",
    {
        #[koiled]
        struct Shop;

        fn made(shop: Shop) -> BlockingShop {
            shop.into()
        }
    }
);

remedy!(
    "#[koiled(forward(-Extend<u8>))] struct Shop;",
    "remove `-Extend`",
    {
        #[koiled]
        struct Shop;
    }
);

remedy!("#[koiled(forward(Send))] struct Shop;", "remove `Send`", {
    #[koiled]
    struct Shop;

    const fn is_send<T: Send>() {}
    is_send::<BlockingShop>();
});

remedy!(
    "#[koiled(forward(Clone, -Debug))] struct Shop;",
    "write only one kind",
    {
        #[koiled(forward(+Clone, -Debug))]
        #[derive(Clone)]
        struct Shop;
    }
);

remedy!(
    "#[koiled(forward(+))] struct Shop;",
    "write one here, as in `forward(+Display)`",
    {
        #[koiled(forward(+Display))]
        struct Shop;

        impl std::fmt::Display for Shop {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str("shop")
            }
        }
    }
);

remedy!(
    "#[koiled(forward(+Eq, -PartialEq))] struct Shop;",
    "remove `+Eq`",
    {
        #[koiled(forward(-PartialEq))]
        #[derive(PartialEq, Eq)]
        struct Shop;
    }
);

remedy!(
    "#[koiled(forward(+Eq, -PartialEq))] struct Shop;",
    "or `-PartialEq`",
    {
        #[koiled(forward(+Eq))]
        #[derive(PartialEq, Eq)]
        struct Shop;
    }
);

remedy!(
    "#[koiled(forward(Copy, Debug))] struct Body;",
    "remove `Copy`",
    {
        #[koiled(forward(Debug))]
        #[derive(Clone, Copy, Debug)]
        struct Body;
    }
);

remedy!(
    "#[koiled(io = \"futures\", forward(Clone))] struct Body;",
    "remove `io`",
    {
        #[koiled(forward(Clone))]
        #[derive(Clone)]
        struct Body;
    }
);

remedy!(
    "#[koiled(io = \"futures\", forward(Clone))] struct Body;",
    "or forward `Read` or another",
    {
        use std::task::{Context, Poll};

        #[koiled(io = "futures", forward(Clone, Read))]
        #[derive(Clone)]
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
