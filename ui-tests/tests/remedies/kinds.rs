//! Remedies for helpers that say which kind of value a method returns.

use crate::scenery::*;

remedy!(
    "#[koiled] impl Shop { #[koil(raw, io)] fn load(&self) -> Conn {} }",
    "keep one",
    {
        type Conn = io::Cursor<&'static [u8]>;

        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(io)]
            fn load(&self) -> Conn {
                todo!()
            }
            #[koil(raw)]
            fn get(&self) -> Conn {
                todo!()
            }
        }
    }
);

remedy!(
    "#[koiled] impl Shop { #[koil(io, enter)] fn load(&self) -> Conn {} }",
    "remove `enter`",
    {
        type Conn = io::Cursor<&'static [u8]>;

        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(io)]
            fn load(&self) -> Conn {
                todo!()
            }
        }
    }
);

remedy!(
    "#[koiled] impl Shop { #[koil(wait)] async fn load(&self) {} }",
    "remove `wait`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            async fn load(&self) {}
        }
    }
);

remedy!(
    "#[koiled] impl Shop { #[koil(wait)] fn load(&self) -> impl Future<Output = u8> {} }",
    "remove `wait`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            fn load(&self) -> impl Future<Output = u8> {
                ready(1)
            }
        }
    }
);

remedy!(
    "#[koiled] impl Shop { #[koil(wait)] fn get(&self) {} }",
    "remove `wait`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            fn get(&self) {}
        }
    }
);

remedy!(
    "#[koiled] impl Shop { #[koil(wait)] fn load(&self) -> impl Work {} }",
    "return `impl Future<Output = ..>`, and remove `wait`",
    {
        trait Work: Future<Output = u8> {}

        impl Work for Ready<u8> {}

        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            fn load(&self) -> impl Future<Output = u8> {
                ready(1)
            }
        }
    }
);

remedy!(
    "#[koiled] impl Shop { #[koil(iter)] fn load(&self) -> Result<BoxStream<'_, u8>, u8> {} }",
    "remove `iter`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            fn load(&self) -> Result<BoxStream<'_, u8>, u8> {
                todo!()
            }
        }
    }
);

// The crate of readers and writers.

remedy!(
    "#[koiled] impl Shop { #[koil(io)] fn load(&self) -> impl AsyncRead {} }",
    "remove `io`",
    {
        use tokio::io::AsyncRead;

        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            fn load(&self) -> impl AsyncRead {
                tokio::io::empty()
            }
        }
    }
);

remedy!(
    "#[koiled] impl Shop { #[koil(io)] fn load(&self) -> impl AsyncRead {} }",
    "or name the crate of its traits, `io = \"futures\"`",
    {
        use futures::AsyncRead;

        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(io = "futures")]
            fn load(&self) -> impl AsyncRead {
                futures::io::empty()
            }
        }
    }
);

remedy!(
    "#[koiled] impl Shop { #[koil(io = \"std\")] fn load(&self) -> impl AsyncRead {} }",
    "write one of `\"tokio\"`, `\"futures\"`",
    {
        use tokio::io::AsyncRead;

        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(io = "tokio")]
            fn load(&self) -> impl AsyncRead {
                tokio::io::empty()
            }
        }
    }
);

remedy!(
    "#[koiled] impl Shop { #[koil(io = \"futures\")] fn load(&self) -> impl tokio::io::AsyncRead {} }",
    "remove `io`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            fn load(&self) -> impl tokio::io::AsyncRead {
                tokio::io::empty()
            }
        }
    }
);
