//! Remedies for `#[koil(..)]` on methods and their arguments.

use crate::scenery::*;

remedy!(
    "#[koiled] impl Shop { #[koil(frobnicate)] async fn load(&self) {} }",
    "a method takes `name`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(name = "fetch")]
            async fn load(&self) {}
        }
    }
);

remedy!(
    "#[koiled] impl Shop { #[koil(skp)] async fn load(&self) {} }",
    "did you mean `skip`?",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(skip)]
            async fn load(&self) {}
        }
    }
);

remedy!(
    "#[koiled] impl Shop { #[koil] async fn load(&self) {} }",
    "write `#[koil(skip)]`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(skip)]
            async fn load(&self) {}
        }
    }
);

remedy!(
    "#[koiled] impl Shop { #[koil] async fn load(&self) {} }",
    "or another helper",
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
    "#[koiled] impl Shop { #[koil(skip, lend)] async fn load(&self) {} }",
    "remove one",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(skip)]
            async fn load(&self) {}
            #[koil(lend)]
            async fn get(&self) {}
        }
    }
);

// Threads.

remedy!(
    "#[koiled] impl Shop { #[koil(lend)] fn new() -> Self {} }",
    "remove `lend`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            fn new() -> Self {
                Shop
            }
        }
    }
);

remedy!(
    "#[koiled] impl Shop { #[koil(local)] async fn load(&self) {} }",
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
    "#[koiled] impl Shop { #[koil(send)] async fn load(&self) {} }",
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
    "#[koiled] impl Shop { #[koil(send)] async fn load(&self) {} }",
    "or write `lend` to have the loop thread poll",
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

// Docs.

remedy!(
    "#[koiled] impl Shop { #[koil(doc = \"x\")] fn load(&self) {} }",
    "remove `doc`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            fn load(&self) {}
        }
    }
);

remedy!(
    "#[koiled] impl Shop { #[koil(doc = \"\")] async fn load(&self) {} }",
    "write the docs of the twin",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(doc = "Waits for the first item.")]
            async fn load(&self) {}
        }
    }
);

remedy!(
    "#[koiled] impl Shop { #[koil(doc = \"\")] async fn load(&self) {} }",
    "or remove it for those of the original",
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
    "#[koiled] impl Shop { #[koil(doc)] async fn load(&self) {} }",
    "write `doc = \"..\"`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(doc = "Waits for the first item.")]
            async fn load(&self) {}
        }
    }
);

remedy!(
    "#[koiled] impl Shop { #[koil(doc)] async fn load(&self) {} }",
    "or `doc = include_str!(\"..\")`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(doc = include_str!("main.rs"))]
            async fn load(&self) {}
        }
    }
);

// `bind`.

remedy!(
    "#[koiled] impl Shop { #[koil(bind(U = u8 | u16))] async fn load<U: Default>(&self) -> U {} }",
    "keep one type, since only `into_future` takes several",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(bind(U = u8))]
            async fn load<U: Default>(&self) -> U {
                U::default()
            }
        }
    }
);

remedy!(
    "#[koiled] impl Shop { #[koil(bind(V = u8))] async fn load<U: Default>(&self) -> U {} }",
    "bind one of its type parameters",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(bind(U = u8))]
            async fn load<U: Default>(&self) -> U {
                U::default()
            }
        }
    }
);

remedy!(
    "#[koiled] impl Shop { #[koil(bind(V = u8))] async fn load<U: Default>(&self) -> U {} }",
    "or remove `bind`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            async fn load<U: Default>(&self) -> U {
                U::default()
            }
        }
    }
);
