//! Remedies for `fallible`, `timeout`, `handle` and `inline` on blocks and types.

use crate::scenery::*;

remedy!(
    "#[koiled(fallible)] impl Shop { #[koil(timeout = \"5s\")] fn new() -> Self {} }",
    "remove `timeout`",
    {
        #[koiled]
        struct Shop;

        #[koiled(fallible)]
        impl Shop {
            fn new() -> Self {
                Shop
            }
        }
    }
);

remedy!(
    "#[koiled(fallible, timeout = self.limit)] impl Shop { async fn open() -> Result<Self, Error> {} }",
    "write `#[koil(timeout = \"5s\")]` on it",
    {
        #[koiled]
        struct Shop {
            limit: Duration,
        }

        #[koiled(fallible, timeout = self.limit)]
        impl Shop {
            #[koil(timeout = "5s")]
            async fn open() -> Result<Self, Error> {
                todo!()
            }
        }
    }
);

remedy!(
    "#[koiled(fallible, timeout = self.limit)] impl Shop { async fn open() -> Result<Self, Error> {} }",
    "or `#[koil(timeout = None)]` for no limit",
    {
        #[koiled]
        struct Shop {
            limit: Duration,
        }

        #[koiled(fallible, timeout = self.limit)]
        impl Shop {
            #[koil(timeout = None)]
            async fn open() -> Result<Self, Error> {
                todo!()
            }
        }
    }
);

remedy!(
    "#[koiled(fallible, timeout = self.aio().limit)] impl Shop { async fn load(&self) -> Result<(), Error> {} }",
    "write `self` without `.aio()`",
    {
        #[koiled]
        struct Shop {
            limit: Duration,
        }

        #[koiled(fallible, timeout = self.limit)]
        impl Shop {
            async fn load(&self) -> Result<(), Error> {
                Ok(())
            }
        }
    }
);

remedy!(
    "#[koiled(panics)] impl Shop { async fn load(&self) -> Result<(), Error> {} }",
    "write `fallible(panics)`",
    {
        #[koiled]
        struct Shop;

        #[koiled(fallible(panics))]
        impl Shop {
            async fn load(&self) -> Result<(), Error> {
                Ok(())
            }
        }
    }
);

remedy!(
    "#[koiled(fallible)] impl Shop { async fn len(&self) -> usize {} }",
    "return a `Result`",
    {
        #[koiled]
        struct Shop;

        #[koiled(fallible)]
        impl Shop {
            async fn len(&self) -> Result<usize, Error> {
                Ok(1)
            }
        }
    }
);

remedy!(
    "#[koiled(fallible)] impl Shop { async fn len(&self) -> usize {} }",
    "move `len` to a block without `fallible`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            async fn len(&self) -> usize {
                1
            }
        }
    }
);

// Without a loop.

remedy!(
    "#[koiled(inline)] impl Shop { #[koil(fallible)] fn load(&self) -> impl Stream<Item = u8> {} }",
    "remove `fallible`",
    {
        #[koiled(inline)]
        struct Shop;

        #[koiled(inline)]
        impl Shop {
            fn load(&self) -> impl Stream<Item = u8> {
                stream::empty()
            }
        }
    }
);

remedy!(
    "#[koiled(inline, fallible, timeout = self.limit)] impl Shop { async fn load(&self) -> Result<(), Error> {} }",
    "remove `timeout`",
    {
        #[koiled(inline)]
        struct Shop {
            limit: Duration,
        }

        #[koiled(inline, fallible)]
        impl Shop {
            async fn load(&self) -> Result<(), Error> {
                Ok(())
            }
        }
    }
);

remedy!(
    "#[koiled(inline, fallible, timeout = self.limit)] impl Shop { async fn load(&self) -> Result<(), Error> {} }",
    "remove `inline` for a twin that may wait",
    {
        #[koiled]
        struct Shop {
            limit: Duration,
        }

        #[koiled(fallible, timeout = self.limit)]
        impl Shop {
            async fn load(&self) -> Result<(), Error> {
                Ok(())
            }
        }
    }
);

remedy!(
    "#[koiled(inline(T))] struct Shop<T>(T);",
    "write `inline` here and `inline(T)` on the impl block",
    {
        #[koiled(inline)]
        struct Shop<T>(T);

        #[koiled(inline(T))]
        impl<T> Shop<T> {
            async fn load(&self) {}
        }
    }
);

remedy!(
    "#[koiled(inline, forward(Debug, Read))] struct Shop<T>(T);",
    "remove `Read` from `forward`",
    {
        #[koiled(inline, forward(Debug))]
        struct Shop<T>(T);
    }
);

remedy!(
    "#[koiled(inline, forward(Debug, Read))] struct Shop<T>(T);",
    "or remove `inline`",
    {
        #[koiled(forward(Debug, Read))]
        struct Shop<T>(T);
    }
);

remedy!(
    "#[koiled(io = \"futures\", inline)] struct Body;",
    "remove `io`",
    {
        #[koiled(inline)]
        struct Body;
    }
);

remedy!(
    "#[koiled(io = \"futures\", inline)] struct Body;",
    "or remove `inline`",
    {
        #[koiled(io = "futures")]
        struct Body;
    }
);
