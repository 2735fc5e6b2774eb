//! Remedies for helpers of arguments of methods.

use tokio::io::AsyncRead;

use crate::scenery::*;

remedy!(
    "#[koiled] impl Shop { async fn load(&self, #[koil(skip)] id: u8) {} }",
    "an argument takes `callback`, `std`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            async fn load(&self, id: u8) {}
        }
    }
);

remedy!(
    "#[koiled] impl Shop { async fn load(#[koil(callback)] &self) {} }",
    "remove it",
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
    "#[koiled] impl Shop { async fn load(#[koil(lend)] &self) {} }",
    "or put it on the method if it is a helper of methods",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(lend)]
            async fn load(&self) {}
        }
    }
);

remedy!(
    "#[koiled] impl Shop { #[koil(lend)] async fn load(&self, #[koil(callback)] f: impl AsyncFn()) {} }",
    "remove `lend`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            async fn load(&self, #[koil(callback)] f: impl AsyncFn()) {
                f().await;
            }
        }
    }
);

remedy!(
    "#[koiled] impl Shop { #[koil(lend)] async fn load(&self, #[koil(callback)] f: impl FnMut(u8) + Send) {} }",
    "or `callback`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(lend)]
            async fn load(&self, mut f: impl FnMut(u8) + Send) {
                f(1);
            }
        }
    }
);

remedy!(
    "#[koiled] impl Shop { #[koil(lend)] async fn load(&self, #[koil(std)] from: impl AsyncRead + Unpin) {} }",
    "remove `lend`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            async fn load(&self, #[koil(std)] from: impl AsyncRead + Unpin) {}
        }
    }
);

remedy!(
    "#[koiled] impl Shop { #[koil(lend)] async fn load(&self, #[koil(std)] from: impl AsyncRead + Unpin) {} }",
    "or write the bound `Send` in place of `std`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(lend)]
            async fn load(&self, from: impl AsyncRead + Unpin + Send) {}
        }
    }
);

remedy!(
    "#[koiled] impl Shop { fn set(self, #[koil(std)] from: impl AsyncRead) -> Self {} }",
    "remove `std`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            fn set(self, from: impl AsyncRead) -> Self {
                self
            }
        }
    }
);
