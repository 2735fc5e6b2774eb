//! Remedies for members of impl blocks.

use crate::scenery::*;

// Receivers.

remedy!(
    "#[koiled(aio)] impl Shop { async fn load(self: &Arc<Self>) {} }",
    "use `self: Arc<Self>`",
    {
        #[koiled(aio)]
        struct Shop;

        #[koiled(aio)]
        impl Shop {
            async fn load(self: Arc<Self>) {}
        }
    }
);

remedy!(
    "#[koiled] impl Shop { async fn load(self: &Arc<Self>) {} }",
    "use `self: Arc<Self>`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            async fn load(self: Arc<Self>) {}
        }
    }
);

remedy!(
    "#[koiled] impl Shop { async fn load(self: &Arc<Self>) {} }",
    "`#[koil(skip)]`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(skip)]
            async fn load(self: &Arc<Self>) {}
        }
    }
);

// Members.

remedy!(
    "#[koiled] impl Shop { #[koiled] async fn load(&self) {} }",
    "remove it here",
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
    "#[koiled] impl Shop { methods!{ load } }",
    "add `#[koil(skip)]` to accept this",
    {
        macro_rules! methods {
            ($name:ident) => {
                async fn $name(&self) {}
            };
        }

        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[koil(skip)]
            methods! { load }
        }
    }
);

remedy!(
    "#[koiled] impl Shop { default async fn load(&self) {} }",
    "add `#[koil(skip)]`",
    {
        #[koiled]
        struct Shop;

        // Specialisation is unstable: koil sees the item, and then it goes.
        #[koiled]
        #[cfg(any())]
        impl Shop {
            #[koil(skip)]
            default async fn load(&self) {}
        }
    }
);

remedy!(
    "#[koiled(skip(load, lod))] impl Shop { async fn load(&self) {} }",
    "remove it",
    {
        #[koiled]
        struct Shop;

        #[koiled(skip(load))]
        impl Shop {
            async fn load(&self) {}
        }
    }
);

remedy!(
    "#[koiled(skip(lod))] impl Shop { async fn load(&self) {} }",
    "correct the name",
    {
        #[koiled]
        struct Shop;

        #[koiled(skip(load))]
        impl Shop {
            async fn load(&self) {}
        }
    }
);

// Conditions.

remedy!(
    "#[koiled] impl Shop { #[cfg_attr(all(), cfg_attr(unix, koil(skip)))] async fn load(&self) {} }",
    "write `#[cfg_attr(all(..), koil(..))]`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[cfg_attr(all(all(), unix), koil(skip))]
            async fn load(&self) {}
        }
    }
);

remedy!(
    "#[koiled] impl Shop { #[cfg_attr(unix, koil(skip))] fn new() -> Self {} #[cfg_attr(all(), koil(raw))] fn get() -> Self {} }",
    "write that here",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[cfg_attr(unix, koil(skip))]
            fn new() -> Self {
                Shop
            }
            #[cfg_attr(unix, koil(raw))]
            fn get() -> Self {
                Shop
            }
        }
    }
);

remedy!(
    "#[koiled] impl Shop { #[cfg_attr(unix, koil(skip))] fn new() -> Self {} #[cfg_attr(all(), koil(raw))] fn get() -> Self {} }",
    "write two items with opposite `cfg`s",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        #[cfg(unix)]
        impl Shop {
            #[koil(skip)]
            fn new() -> Self {
                Shop
            }
            #[koil(raw)]
            fn get() -> Self {
                Shop
            }
        }

        #[koiled]
        #[cfg(not(unix))]
        impl Shop {
            fn new() -> Self {
                Shop
            }
            #[koil(raw)]
            fn get() -> Self {
                Shop
            }
        }
    }
);

remedy!(
    "#[koiled] impl Shop { async fn load<T: Default, #[cfg(unix)] U: Default>(&self) {} }",
    "write two items with opposite `cfg`s",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            #[cfg(unix)]
            async fn load<T: Default, U: Default>(&self) {
                let _ = (T::default(), U::default());
            }
            #[cfg(not(unix))]
            async fn load<T: Default>(&self) {
                let _ = T::default();
            }
        }
    }
);
