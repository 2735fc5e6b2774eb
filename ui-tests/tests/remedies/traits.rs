//! Remedies for traits.

use crate::scenery::*;

remedy!("#[koiled] auto trait Store {}", "remove the attribute", {
    nightly! { auto trait Store {} }
});

remedy!("#[koiled] trait Store = Send;", "remove the attribute", {
    nightly! { trait Store = Send; }
});

// Options.

remedy!(
    "#[koiled(aio)] trait Store { async fn load(&self); }",
    "a trait takes `name`",
    {
        #[koiled]
        trait Store {
            async fn load(&self);
        }
    }
);

remedy!(
    "#[koiled(name = crate::BlockingShop)] trait Shop {}",
    "write its name alone, `name = \"BlockingShop\"`",
    {
        #[koiled(name = "BlockingShop")]
        trait Shop {}
    }
);

remedy!(
    "#[koiled] trait Store { #[koiled] async fn get(&self); }",
    "remove it here",
    {
        #[koiled]
        trait Store {
            async fn get(&self);
        }
    }
);

remedy!(
    "#[koiled] trait Store { fn get<'async_trait>(&'async_trait self) -> BoxFuture<'async_trait, u8>; }",
    "put `#[koiled]` above it",
    {
        #[koiled]
        #[async_trait::async_trait]
        trait Store {
            async fn get(&self) -> u8;
        }
    }
);

remedy!(
    "#[koiled] trait Store<#[cfg(unix)] T> { async fn get(&self); }",
    "write two items with opposite `cfg`s",
    {
        #[koiled]
        #[cfg(unix)]
        trait Store<T> {
            async fn get(&self);
        }

        #[koiled]
        #[cfg(not(unix))]
        trait Store {
            async fn get(&self);
        }
    }
);

// Associated types.

remedy!(
    "#[koiled] trait Store { async fn get(&self) -> Self::Output; }",
    "use one that this trait declares",
    {
        #[koiled]
        trait Store {
            type Output;

            async fn get(&self) -> Self::Output;
        }
    }
);

remedy!(
    "#[koiled] trait Store: Future + Iterator { async fn get(&self) -> Self::Output; }",
    "use one that this trait declares",
    {
        #[koiled]
        trait Store: Future<Output = <Self as Store>::Value> + Iterator {
            type Value;

            async fn get(&self) -> Self::Value;
        }
    }
);

remedy!(
    "#[koiled] trait Store: Future + Iterator { async fn get(&self) -> Self::Output; }",
    "or add `#[koil(skip)]`",
    {
        #[koiled]
        trait Store: Future + Iterator {
            #[koil(skip)]
            async fn get(&self) -> Self::Output;
        }
    }
);

remedy!(
    "#[koiled] trait Store { async fn get(&self) -> <Self as Future>::Output; }",
    "write `Self::..` with a type of this trait",
    {
        #[koiled]
        trait Store: Future<Output = <Self as Store>::Value> {
            type Value;

            async fn get(&self) -> Self::Value;
        }
    }
);

remedy!(
    "#[koiled] trait Store: Future { async fn get(&self) -> <Self as Future>::Output; }",
    "or add `#[koil(skip)]`",
    {
        #[koiled]
        trait Store: Future {
            #[koil(skip)]
            async fn get(&self) -> <Self as Future>::Output;
        }
    }
);

// `Self`.

remedy!(
    "#[koiled] trait Store { async fn all<F: Fn(&Self)>(&self, each: F); }",
    "add `#[koil(skip)]`",
    {
        #[koiled]
        trait Store {
            #[koil(skip)]
            async fn all<F: Fn(&Self)>(&self, each: F);
        }
    }
);

remedy!(
    "#[koiled] trait Store { async fn all(&self, others: Page<&Self>); }",
    "take `Self`",
    {
        #[koiled]
        trait Store: Sized {
            async fn all(&self, others: Self);
        }
    }
);

remedy!(
    "#[koiled] trait Store { async fn all(&self, others: Page<&Self>); }",
    "`&Self`",
    {
        #[koiled]
        trait Store {
            async fn all(&self, others: &Self);
        }
    }
);

remedy!(
    "#[koiled] trait Store { async fn all(&self, others: Page<&Self>); }",
    "or a `Vec` of them",
    {
        #[koiled]
        trait Store {
            async fn all(&self, others: Vec<&Self>);
        }
    }
);

remedy!(
    "#[koiled] trait Store { async fn all(&self, others: Page<&Self>); }",
    "or add `#[koil(skip)]`",
    {
        struct Page<T>(T);

        #[koiled]
        trait Store {
            #[koil(skip)]
            async fn all(&self, others: Page<&Self>);
        }
    }
);

remedy!(
    "#[koiled] trait Store { #[koil(raw)] async fn copy(&self) -> Option<Self>; }",
    "use `#[koil(skip)]` instead",
    {
        #[koiled]
        trait Store: Sized {
            #[koil(skip)]
            async fn copy(&self) -> Option<Self>;
        }
    }
);

remedy!(
    "#[koiled] trait Store { async fn all(&self) -> [Self; 2]; }",
    "use `#[koil(skip)]`",
    {
        #[koiled]
        trait Store: Sized {
            #[koil(skip)]
            async fn all(&self) -> [Self; 2];
        }
    }
);

remedy!(
    "#[koiled] trait Store { async fn like(&self, bound: &u8) -> u8 where Self: Clone + 'static; }",
    "add `#[koil(skip)]`",
    {
        #[koiled]
        trait Store {
            #[koil(skip)]
            async fn like(&self, bound: &u8) -> u8
            where
                Self: Clone + 'static;
        }
    }
);

remedy!(
    "#[koiled] trait Store { fn all(&self) -> BoxStream<'_, Self>; }",
    "return `impl Stream`",
    {
        #[koiled]
        trait Store: Sized {
            fn all(&self) -> impl Stream<Item = Self>;
        }
    }
);

remedy!(
    "#[koiled] trait Store { fn all(&self) -> BoxStream<'_, Self>; }",
    "or add `#[koil(skip)]`",
    {
        #[koiled]
        trait Store: Sized {
            #[koil(skip)]
            fn all(&self) -> BoxStream<'_, Self>;
        }
    }
);
