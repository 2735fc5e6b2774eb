//! Remedies for impl blocks as a whole.

use crate::scenery::*;

// The place of the blocking side.

remedy!(
    "#[koiled(aio, suffix = \"_x\")] impl Shop { async fn load(&self) {} }",
    "keep one",
    {
        #[koiled(aio)]
        struct Shop;

        #[koiled(aio)]
        impl Shop {
            async fn load(&self) {}
        }
    }
);

remedy!(
    "#[koiled(aio, suffix = \"_x\")] impl Shop { async fn load(&self) {} }",
    "keep one",
    {
        struct Shop;

        #[koiled(suffix = "_x")]
        impl Shop {
            async fn load(&self) {}
        }
    }
);

remedy!(
    "#[koiled(aio)] #[koiled(inline, name = \"InlineShop\")] impl Shop { async fn load(&self) {} }",
    "or remove `aio` if the other one names another twin",
    {
        #[koiled]
        #[koiled(inline, name = "InlineShop", accessors = "none")]
        struct Shop;

        #[koiled]
        #[koiled(inline, name = "InlineShop")]
        impl Shop {
            async fn load(&self) {}
        }
    }
);

remedy!(
    "#[koiled(aio)] #[koiled] impl Shop { async fn load(&self) {} }",
    "remove the other `#[koiled]`",
    {
        #[koiled(aio)]
        struct Shop;

        #[koiled(aio)]
        impl Shop {
            async fn load(&self) {}
        }
    }
);

remedy!(
    "#[koiled(aio)] impl dyn Shop { async fn load(&self) {} }",
    "use `#[koiled(suffix = \"_blocking\")]`",
    {
        trait Shop {}

        #[koiled(suffix = "_blocking")]
        impl dyn Shop {
            async fn load(&self) {}
        }
    }
);

remedy!(
    "#[koiled] impl dyn Shop { async fn load(&self) {} }",
    "use `#[koiled(suffix = \"_blocking\")]`",
    {
        trait Shop {}

        #[koiled(suffix = "_blocking")]
        impl dyn Shop {
            async fn load(&self) {}
        }

        fn load(shop: &(dyn Shop + 'static)) {
            shop.load_blocking();
        }
    }
);

remedy!(
    "#[koiled(aio)] impl &Shop { async fn load(&self) {} }",
    "write `impl Shop`",
    {
        #[koiled(aio)]
        struct Shop;

        #[koiled(aio)]
        impl Shop {
            async fn load(&self) {}
        }
    }
);

remedy!(
    "#[koiled] impl &Shop { async fn load(&self) {} }",
    "write `impl Shop`",
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
    "#[koiled] impl<T: Clone> T { async fn load(&self) {} }",
    "write a `#[koiled]` trait, and implement that for it",
    {
        #[koiled]
        trait Load {
            async fn load(&self);
        }

        impl<T: Clone> Load for T {
            async fn load(&self) {}
        }
    }
);

// Names.

remedy!(
    "#[koiled(aio)] impl Shop { async fn into_aio(self) {} }",
    "rename the method",
    {
        #[koiled(aio)]
        struct Shop;

        #[koiled(aio)]
        impl Shop {
            async fn change_side(self) {}
        }
    }
);

remedy!(
    "#[koiled(aio)] impl Shop { #[cfg(unix)] async fn load(&self) {} #[cfg(not(unix))] fn load(&self) {} }",
    "give them two names",
    {
        #[koiled(aio)]
        struct Shop;

        #[koiled(aio)]
        impl Shop {
            #[cfg(unix)]
            async fn load(&self) {}
            #[cfg(not(unix))]
            fn load_now(&self) {}
        }
    }
);

remedy!(
    "#[koiled] impl Shop { async fn into_aio(self) {} }",
    "rename the method with `#[koil(name = \"..\")]`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(name = "change_side")]
            async fn into_aio(self) {}
        }
    }
);

remedy!(
    "#[koiled] impl Shop { async fn into_aio(self) {} }",
    "set `accessors = \"none\"` on the type and `#[koil(name = \"into_aio\")]` here",
    {
        #[koiled(accessors = "none")]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(name = "into_aio")]
            async fn into_aio(self) {}
        }

        fn change_side(shop: BlockingShop) {
            shop.into_aio()
        }
    }
);

remedy!(
    "#[koiled] impl Shop { async fn load(self) {} #[koil(name = \"load\")] async fn get(&self) {} }",
    "rename one with `#[koil(name = \"..\")]`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            async fn load(self) {}
            #[koil(name = "get_one")]
            async fn get(&self) {}
        }
    }
);

remedy!(
    "#[koiled(name = \"get\")] impl Shop { async fn load(&self) {} }",
    "for a method write `#[koil(name = \"get\")]` on the method",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(name = "get")]
            async fn load(&self) {}
        }
    }
);

remedy!(
    "#[koiled(name = BlockingShop::<u8>)] impl Shop<u8> { async fn load(&self) {} }",
    "write `BlockingShop`",
    {
        #[koiled]
        struct Shop<T>(T);

        #[koiled(name = BlockingShop)]
        impl Shop<u8> {
            async fn load(&self) {}
        }
    }
);
