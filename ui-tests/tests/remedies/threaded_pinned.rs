//! Remedies for impls with `#[threaded(pinned)]`.

use crate::scenery::*;

// Options.

remedy!(
    "#[threaded(pinned(Async, Shop))] impl Shop { fn load(&self) {} }",
    "write `pinned(AsyncDb)`",
    {
        struct Shop;

        #[threaded(pinned)]
        impl Shop {}

        #[threaded(pinned(AsyncShop))]
        impl Shop {
            fn load(&self) {}
        }
    }
);

remedy!(
    "#[threaded(pinned(Async, Shop))] impl Shop { fn load(&self) {} }",
    "or `pinned` to declare one",
    {
        struct Shop;

        #[threaded(pinned)]
        impl Shop {
            fn load(&self) {}
        }
    }
);

remedy!(
    "#[threaded(pinned(AsyncShop), name = \"Async\")] impl Shop { fn load(&self) {} }",
    "remove `name`",
    {
        struct Shop;

        #[threaded(pinned)]
        impl Shop {}

        #[threaded(pinned(AsyncShop))]
        impl Shop {
            fn load(&self) {}
        }
    }
);

remedy!(
    "#[threaded(pinned, separate)] impl Shop { fn load(&self) {} }",
    "remove `separate`",
    {
        struct Shop;

        #[threaded(pinned)]
        impl Shop {
            fn load(&self) {}
        }
    }
);

remedy!(
    "#[threaded(pinned, clone)] impl Shop { fn load(&self) {} }",
    "remove `clone`",
    {
        struct Shop;

        #[threaded(pinned)]
        impl Shop {
            fn load(&self) {}
        }
    }
);

remedy!(
    "#[threaded(pinned, handle = HANDLE)] impl Shop { fn open() -> Self {} fn load(&self) {} }",
    "remove `handle`, and call `handle.enter()` where the object is made",
    {
        struct Shop;

        #[threaded(pinned)]
        impl Shop {
            fn open() -> Self {
                Shop
            }

            fn load(&self) {}
        }

        fn opened(handle: &Handle) -> koil::ThreadedCall<AsyncShop> {
            let _entered = handle.enter();
            AsyncShop::open()
        }
    }
);

// The type of the object.

remedy!(
    "#[threaded(pinned)] impl<'a> Shop<'a> { fn load(&self) {} }",
    "make it own its data, and remove this lifetime",
    {
        struct Shop(String);

        #[threaded(pinned)]
        impl Shop {
            fn load(&self) {}
        }
    }
);

remedy!(
    "#[threaded(pinned)] impl dyn Shop { fn load(&self) {} }",
    "put the attribute on the impl of a struct",
    {
        struct Shop;

        #[threaded(pinned)]
        impl Shop {
            fn load(&self) {}
        }
    }
);

remedy!(
    "#[threaded(pinned)] impl dyn Shop { fn load(&self) {} }",
    "or enum",
    {
        enum Shop {
            Open,
        }

        #[threaded(pinned)]
        impl Shop {
            fn load(&self) {}
        }
    }
);

// Receivers.

remedy!(
    "#[threaded(pinned)] impl Shop { fn save(&'static self) {} }",
    "take `&self`",
    {
        struct Shop;

        #[threaded(pinned)]
        impl Shop {
            fn save(&self) {}
        }
    }
);

remedy!(
    "#[threaded(pinned)] impl Shop { fn pin(self: Pin<&mut Self>) {} }",
    "`&mut self`",
    {
        struct Shop;

        #[threaded(pinned)]
        impl Shop {
            fn pin(&mut self) {}
        }
    }
);

remedy!(
    "#[threaded(pinned)] impl Shop { fn load(self: Rc<Self>) {} }",
    "or `self`",
    {
        struct Shop;

        #[threaded(pinned)]
        impl Shop {
            fn load(self) {}
        }
    }
);

remedy!(
    "#[threaded(pinned)] impl Shop { fn load(self: Rc<Self>) {} }",
    "or add `#[koil(skip)]`",
    {
        struct Shop;

        #[threaded(pinned)]
        impl Shop {
            #[koil(skip)]
            fn load(self: std::rc::Rc<Self>) {}
        }
    }
);

remedy!(
    "#[threaded(pinned)] impl Shop { fn end(self) -> impl Iterator<Item = u8> {} }",
    "take `&mut self`",
    {
        struct Shop;

        #[threaded(pinned)]
        impl Shop {
            fn end(&mut self) -> impl Iterator<Item = u8> {
                [1].into_iter()
            }
        }
    }
);

// The object among arguments and returned values.

remedy!(
    "#[threaded(pinned)] impl Shop { fn load(&self, list: [u8; Self::N]) {} }",
    "write `Shop`",
    {
        struct Shop;

        impl Shop {
            const N: usize = 1;
        }

        #[threaded(pinned)]
        impl Shop {
            fn load(&self, list: [u8; Shop::N]) {}
        }
    }
);

remedy!(
    "#[threaded(pinned)] impl Shop { fn load(&self, other: &Self) {} }",
    "or add `#[koil(skip)]`",
    {
        struct Shop;

        #[threaded(pinned)]
        impl Shop {
            #[koil(skip)]
            fn load(&self, other: &Self) {}
        }
    }
);

remedy!(
    "#[threaded(pinned)] impl Shop { fn fork(&self) -> Self {} }",
    "return another value",
    {
        struct Shop;

        #[threaded(pinned)]
        impl Shop {
            fn fork(&self) -> u8 {
                1
            }
        }
    }
);

remedy!(
    "#[threaded(pinned)] impl Shop { fn fork(&self) -> Self {} }",
    "or add `#[koil(skip)]`",
    {
        struct Shop;

        #[threaded(pinned)]
        impl Shop {
            #[koil(skip)]
            fn fork(&self) -> Self {
                Shop
            }
        }
    }
);

remedy!(
    "#[threaded(pinned)] impl Shop { fn two() -> (Self, Self) {} }",
    "return one of them",
    {
        struct Shop;

        #[threaded(pinned)]
        impl Shop {
            fn two() -> Option<Self> {
                Some(Shop)
            }
        }
    }
);

remedy!(
    "#[threaded(pinned)] impl Shop { fn two() -> (Self, Self) {} }",
    "or add `#[koil(skip)]`",
    {
        struct Shop;

        #[threaded(pinned)]
        impl Shop {
            #[koil(skip)]
            fn two() -> (Self, Self) {
                (Shop, Shop)
            }
        }
    }
);

remedy!(
    "#[threaded(pinned)] impl Shop { fn new() -> Shop {} }",
    "write `Self`",
    {
        struct Shop;

        #[threaded(pinned)]
        impl Shop {
            fn new() -> Self {
                Shop
            }
        }
    }
);
