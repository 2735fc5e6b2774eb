//! Remedies for types that methods return.

use crate::scenery::*;

remedy!(
    "#[koiled] impl Shop { fn all(&self) -> &[Option<Self>] {} }",
    "return `Vec`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            fn all(&self) -> Vec<Option<Self>> {
                vec![Some(Shop)]
            }
        }
    }
);

remedy!(
    "#[koiled] impl Shop { fn all(&self) -> [Shop; 2] {} }",
    "return `Vec`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            fn all(&self) -> Vec<Shop> {
                vec![Shop, Shop]
            }
        }
    }
);

remedy!(
    "#[koiled] impl Shop { fn all(&self) -> &[Option<Self>] {} }",
    "or use `#[koil(raw)]`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(raw)]
            fn all(&self) -> &[Option<Self>] {
                &[]
            }
        }
    }
);

remedy!(
    "#[koiled] impl Shop { fn all(&mut self) -> &mut Option<Vec<Self>> {} }",
    "use `#[koil(raw)]`",
    {
        #[koiled]
        struct Shop {
            others: Option<Vec<Shop>>,
        }

        #[koiled]
        impl Shop {
            #[koil(raw)]
            fn all(&mut self) -> &mut Option<Vec<Self>> {
                &mut self.others
            }
        }
    }
);

// Futures that nobody awaits.

remedy!(
    "#[koiled] impl Shop { fn load(&self) -> Result<impl Future<Output = u8>, u8> {} }",
    "write an `async fn`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            async fn load(&self) -> Result<u8, u8> {
                Ok(ready(1).await)
            }
        }
    }
);

remedy!(
    "#[koiled] impl Shop { fn load(&self) -> Result<impl Future<Output = u8>, u8> {} }",
    "or `#[koil(raw)]` to return it as it is",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(raw)]
            fn load(&self) -> Result<impl Future<Output = u8>, u8> {
                Ok(ready(1))
            }
        }
    }
);

remedy!(
    "#[koiled] impl Shop { fn load(&self) -> Call<impl Future<Output = u8>> {} }",
    "list `Call` in `twins(..)` if its twin has `wait`",
    {
        #[koiled]
        struct Call<F>(F);

        #[koiled]
        impl<F: Future> IntoFuture for Call<F> {
            type Output = F::Output;
            type IntoFuture = F;
            fn into_future(self) -> F {
                self.0
            }
        }

        #[koiled]
        struct Shop;

        #[koiled(twins(Call))]
        impl Shop {
            fn load(&self) -> Call<impl Future<Output = u8>> {
                Call(ready(1))
            }
        }

        fn load(shop: &BlockingShop) -> u8 {
            shop.load().wait()
        }
    }
);

remedy!(
    "#[koiled] impl Shop { fn load(&self) -> Call<impl Future<Output = u8>> {} }",
    "or write `#[koil(raw)]` to return it",
    {
        struct Call<F>(F);

        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(raw)]
            fn load(&self) -> Call<impl Future<Output = u8>> {
                Call(ready(1))
            }
        }
    }
);

remedy!(
    "#[koiled] impl Shop { fn load(&self) -> Shared<BoxFuture<'_, u8>> {} }",
    "list `Shared` in `twins(..)` if its twin has `wait`",
    {
        #[koiled]
        struct Shared<F>(F);

        #[koiled]
        impl<F: Future> IntoFuture for Shared<F> {
            type Output = F::Output;
            type IntoFuture = F;
            fn into_future(self) -> F {
                self.0
            }
        }

        #[koiled]
        struct Shop;

        #[koiled(twins(Shared))]
        impl Shop {
            fn load(&self) -> Shared<BoxFuture<'_, u8>> {
                Shared(Box::pin(ready(1)))
            }
        }

        fn load(shop: &BlockingShop) -> u8 {
            shop.load().wait()
        }
    }
);

remedy!(
    "#[koiled] impl Shop { fn load(&self) -> Shared<BoxFuture<'_, u8>> {} }",
    "write `#[koil(wait)]` if it is a future itself",
    {
        use futures::FutureExt;
        use futures::future::Shared;

        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(wait)]
            fn load(&self) -> Shared<BoxFuture<'_, u8>> {
                ready(1).boxed().shared()
            }
        }
    }
);

remedy!(
    "#[koiled] impl Shop { fn load(&self) -> Shared<BoxFuture<'_, u8>> {} }",
    "or write `#[koil(raw)]` to return it",
    {
        struct Shared<F>(F);

        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(raw)]
            fn load(&self) -> Shared<BoxFuture<'_, u8>> {
                Shared(Box::pin(ready(1)))
            }
        }
    }
);

remedy!(
    "#[koiled] impl Shop { fn load(&self) -> impl IntoFuture<Output = u8> {} }",
    "return `impl Future`",
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
    "#[koiled] impl Shop { fn load(&self) -> impl IntoFuture<Output = u8> {} }",
    "or a type with a twin",
    {
        #[koiled]
        struct Call;

        #[koiled]
        impl IntoFuture for Call {
            type Output = u8;
            type IntoFuture = Ready<u8>;
            fn into_future(self) -> Ready<u8> {
                ready(1)
            }
        }

        #[koiled]
        struct Shop;

        #[koiled(twins(Call))]
        impl Shop {
            fn load(&self) -> Call {
                Call
            }
        }
    }
);

remedy!(
    "#[koiled] impl Shop { fn load(&self) -> impl IntoFuture<Output = u8> {} }",
    "or write `#[koil(raw)]`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(raw)]
            fn load(&self) -> impl IntoFuture<Output = u8> {
                ready(1)
            }
        }
    }
);
