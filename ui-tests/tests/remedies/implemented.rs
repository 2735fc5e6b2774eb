//! Remedies for impls of traits.

use crate::scenery::*;

remedy!(
    "#[koiled(aio)] impl Store for Shop { async fn load(&self) {} }",
    "remove `#[koiled]` here",
    {
        #[koiled]
        trait Store {
            async fn load(&self);
        }

        #[koiled(aio)]
        struct Shop;

        impl Store for Shop {
            async fn load(&self) {}
        }

        fn load(shop: &Shop) {
            BlockingStore::load(shop);
        }
    }
);

remedy!(
    "#[koiled] impl Clone for Shop { fn clone(&self) -> Self {} }",
    "remove `#[koiled]` here",
    {
        #[koiled]
        struct Shop;

        impl Clone for Shop {
            fn clone(&self) -> Self {
                Shop
            }
        }
    }
);

remedy!(
    "#[koiled] impl !Send for Shop {}",
    "remove `#[koiled]` here",
    {
        #[koiled]
        struct Shop;

        nightly! { impl !Send for Shop {} }
    }
);

// `IntoFuture`.

remedy!(
    "#[koiled(aio)] impl IntoFuture for Call { type Output = u8; }",
    "or remove `aio` if the type is `#[koiled]` without it",
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
    }
);

remedy!(
    "#[koiled(aio)] impl IntoFuture for Call { type Output = u8; }",
    "write a method instead",
    {
        #[koiled(aio)]
        struct Call;

        #[koiled(aio)]
        impl Call {
            async fn wait(self) -> u8 {
                1
            }
        }
    }
);

remedy!(
    "#[koiled(suffix = \"_x\")] impl IntoFuture for Call { type Output = u8; }",
    "remove `suffix` here",
    "put `#[koiled]` on the type",
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
    }
);

remedy!(
    "#[koiled] impl IntoFuture for Call { fn into_future(self) -> Ready<u8> {} }",
    "write `type Output = ..;` in the impl",
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
    }
);

remedy!(
    "#[koiled] impl IntoFuture for Call { type Output = u8; #[koil(skip)] fn into_future(self) -> Ready<u8> {} }",
    "remove `#[koiled]` instead",
    {
        #[koiled]
        struct Call;

        impl IntoFuture for Call {
            type Output = u8;
            type IntoFuture = Ready<u8>;
            fn into_future(self) -> Ready<u8> {
                ready(1)
            }
        }
    }
);

remedy!(
    "#[koiled] impl<O> IntoFuture for Call<O> { type Output = O; #[koil(bind(U = u8))] fn into_future(self) -> Ready<O> {} }",
    "bind one of its type parameters",
    {
        #[koiled]
        struct Call<O>(O);

        #[koiled]
        impl<O> IntoFuture for Call<O> {
            type Output = O;
            type IntoFuture = Ready<O>;
            #[koil(bind(O = u8))]
            fn into_future(self) -> Ready<O> {
                ready(self.0)
            }
        }
    }
);

remedy!(
    "#[koiled] impl<O> IntoFuture for Call<O> { type Output = O; #[koil(bind(U = u8))] fn into_future(self) -> Ready<O> {} }",
    "remove `bind`",
    {
        #[koiled]
        struct Call<O>(O);

        #[koiled]
        impl<O> IntoFuture for Call<O> {
            type Output = O;
            type IntoFuture = Ready<O>;
            fn into_future(self) -> Ready<O> {
                ready(self.0)
            }
        }
    }
);

remedy!(
    "#[koiled] impl<O, U> IntoFuture for Call<O, U> { type Output = U; #[koil(bind(O = u8, U = u8))] fn into_future(self) -> Ready<U> {} }",
    "keep one, and name all its types",
    "`bind(U = Row | Page)`",
    {
        struct Row;
        struct Page;

        #[koiled]
        struct Call<O, U>(O, U);

        #[koiled]
        impl<O, U> IntoFuture for Call<O, U> {
            type Output = U;
            type IntoFuture = Ready<U>;
            #[koil(bind(U = Row | Page))]
            fn into_future(self) -> Ready<U> {
                ready(self.1)
            }
        }
    }
);
