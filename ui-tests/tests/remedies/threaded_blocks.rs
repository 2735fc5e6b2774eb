//! Remedies for impls with `#[threaded]`.

use crate::scenery::*;

// Options of blocks.

remedy!(
    "#[threaded(clone)] impl Shop { fn load(self) {} }",
    "remove it",
    {
        struct Shop;

        #[threaded]
        impl Shop {
            fn load(self) {}
        }
    }
);

remedy!(
    "#[threaded(aio)] impl dyn Shop { fn load(self: Arc<Self>) {} }",
    "remove `aio`",
    {
        trait Shop: Send + Sync {}

        #[threaded]
        impl dyn Shop {
            fn load(self: Arc<Self>) {}
        }
    }
);

remedy!(
    "#[threaded] impl Shop { #[threaded(aio)] fn keep(self) {} }",
    "write it on the impl block",
    {
        #[koiled(aio)]
        struct Shop;

        #[threaded(aio)]
        impl Shop {
            fn keep(self) {}
        }
    }
);

remedy!(
    "#[threaded(aio, pinned)] impl Shop { fn load(&self) {} }",
    "keep one",
    {
        struct Shop;

        #[threaded(pinned)]
        impl Shop {
            fn load(&self) {}
        }
    }
);

remedy!(
    "#[threaded(aio, pinned)] impl Shop { fn load(self) {} }",
    "keep one",
    {
        #[koiled(aio)]
        struct Shop;

        #[threaded(aio)]
        impl Shop {
            fn load(self) {}
        }
    }
);

remedy!(
    "#[threaded(name = \"x\")] impl Shop { fn load(self) {} }",
    "name single methods by an attribute of their own",
    {
        struct Shop;

        #[threaded]
        impl Shop {
            #[threaded(name = "x")]
            fn load(self) {}
        }
    }
);

remedy!(
    "#[threaded] impl Shop { #[threaded(crate = \"koil\")] fn load(self) {} }",
    "remove `crate` here",
    {
        struct Shop;

        #[threaded]
        impl Shop {
            #[threaded]
            fn load(self) {}
        }
    }
);

remedy!(
    "#[threaded] impl Shop { #[koil(raw)] fn load(self) {} }",
    "remove this",
    {
        struct Shop;

        #[threaded]
        impl Shop {
            fn load(self) {}
        }
    }
);

remedy!(
    "#[threaded] impl Shop { #[koil(name = \"x\")] fn load(self) {} }",
    "or write the option in `#[threaded(..)]` on the method",
    {
        struct Shop;

        #[threaded]
        impl Shop {
            #[threaded(name = "x")]
            fn load(self) {}
        }
    }
);

remedy!(
    "#[threaded] impl Shop { #[koil(skip)] #[threaded(separate)] fn load(self) {} }",
    "remove one of the two",
    {
        struct Shop;

        #[threaded]
        impl Shop {
            #[koil(skip)]
            fn load(self) {}
        }
    }
);

remedy!(
    "#[threaded] impl Shop { #[koil(skip)] #[threaded(separate)] fn load(self) {} }",
    "remove one of the two",
    {
        struct Shop;

        #[threaded]
        impl Shop {
            #[threaded(separate)]
            fn load(self) {}
        }
    }
);

remedy!(
    "#[threaded] impl Shop { #[threaded] #[threaded_iterable] fn load(self) {} }",
    "keep one",
    {
        struct Shop;

        #[threaded]
        impl Shop {
            #[threaded]
            fn load(self) {}
        }
    }
);

// Members of blocks.

remedy!(
    "#[threaded] impl Shop { async fn load(self) {} }",
    "add `#[koil(skip)]`",
    {
        struct Shop;

        #[threaded]
        impl Shop {
            #[koil(skip)]
            async fn load(self) {}
        }
    }
);

remedy!(
    "#[threaded] impl Shop { const fn new() -> Self {} }",
    "remove `const`",
    {
        struct Shop;

        #[threaded]
        impl Shop {
            fn new() -> Self {
                Shop
            }
        }
    }
);

remedy!(
    "#[threaded] impl Shop { const fn new() -> Self {} }",
    "or add `#[koil(skip)]`",
    {
        struct Shop;

        #[threaded]
        impl Shop {
            #[koil(skip)]
            const fn new() -> Self {
                Shop
            }
        }
    }
);

remedy!(
    "#[threaded] impl Shop { default fn save(self) {} }",
    "add `#[koil(skip)]`",
    {
        struct Shop;

        nightly! {
            #[threaded]
            impl Shop {
                #[koil(skip)]
                default fn save(self) {}
            }
        }
    }
);

remedy!(
    "#[threaded] impl Shop { #[threaded] const N: u8 = 1; }",
    "remove this attribute",
    {
        struct Shop;

        #[threaded]
        impl Shop {
            const N: u8 = 1;
        }
    }
);

remedy!(
    "#[threaded] impl Store for Shop { fn load(self) {} }",
    "put `#[threaded]` on an inherent impl that calls them",
    {
        trait Store {
            fn load(self);
        }

        struct Shop;

        impl Store for Shop {
            fn load(self) {}
        }

        #[threaded]
        impl Shop {
            fn load(self) {
                Store::load(self)
            }
        }
    }
);

remedy!(
    "#[threaded] impl !Send for Shop {}",
    "remove `#[threaded]` here",
    {
        struct Shop;

        nightly! { impl !Send for Shop {} }
    }
);
