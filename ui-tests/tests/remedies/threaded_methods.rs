//! Remedies for single methods, and for traits, with `#[threaded]`.

use crate::scenery::*;

// Receivers.

remedy!("#[threaded] fn load(&self) {}", "take `self: Arc<Self>`", {
    struct Shop;

    impl Shop {
        #[threaded]
        fn load(self: Arc<Self>) {}
    }
});

remedy!("#[threaded] fn load(&self) {}", "or `self`", {
    struct Shop;

    impl Shop {
        #[threaded]
        fn load(self) {}
    }
});

remedy!(
    "#[threaded] fn load(&self) {}",
    "or write `clone` in the attribute if a clone refers to the same object",
    {
        #[derive(Clone)]
        struct Shop(Arc<u8>);

        impl Shop {
            #[threaded(clone)]
            fn load(&self) {}
        }
    }
);

remedy!(
    "#[threaded] fn load(&mut self) {}",
    "take `self: Arc<Self>`",
    {
        struct Shop;

        impl Shop {
            #[threaded]
            fn load(self: Arc<Self>) {}
        }
    }
);

remedy!(
    "#[threaded] fn load(&mut self) {}",
    "or take `self` and return it",
    {
        struct Shop;

        impl Shop {
            #[threaded]
            fn load(self) -> Self {
                self
            }
        }
    }
);

remedy!(
    "#[threaded] fn load(self: Rc<Self>) {}",
    "take `self: Arc<Self>`",
    {
        struct Shop;

        impl Shop {
            #[threaded]
            fn load(self: Arc<Self>) {}
        }
    }
);

remedy!(
    "#[threaded] fn load(self: Pin<&mut Self>) {}",
    "take `self: Arc<Self>`",
    {
        struct Shop;

        impl Shop {
            #[threaded]
            fn load(self: Arc<Self>) {}
        }
    }
);

remedy!(
    "#[threaded] fn load(self: Pin<&mut Self>) {}",
    "or `self`",
    {
        struct Shop;

        impl Shop {
            #[threaded]
            fn load(self) {}
        }
    }
);

remedy!(
    "#[threaded(clone)] fn load(self: Arc<Self>) {}",
    "remove it",
    {
        struct Shop;

        impl Shop {
            #[threaded]
            fn load(self: Arc<Self>) {}
        }
    }
);

remedy!(
    "#[threaded(aio)] fn load(self: Arc<Self>) {}",
    "write `#[threaded(aio)]` on the impl block",
    {
        #[koiled(aio)]
        struct Shop;

        #[threaded(aio)]
        impl Shop {
            fn load(self: Arc<Self>) {}
        }
    }
);

// Traits.

remedy!(
    "#[threaded(aio)] trait Store { fn load(&self); }",
    "a trait takes `name`",
    {
        #[threaded(name = "Later")]
        trait Store {
            fn load(&self);
        }
    }
);

remedy!(
    "#[threaded] trait Store { fn open() -> u8; }",
    "add `#[koil(skip)]`",
    {
        #[threaded]
        trait Store {
            #[koil(skip)]
            fn open() -> u8;
        }
    }
);

remedy!(
    "#[threaded] trait Store { fn load(&mut self); }",
    "take `&self`",
    {
        #[threaded]
        trait Store {
            fn load(&self);
        }
    }
);

remedy!(
    "#[threaded] trait Store { fn take(self); }",
    "or `self: Arc<Self>`",
    {
        #[threaded]
        trait Store {
            fn take(self: Arc<Self>);
        }
    }
);

remedy!(
    "#[threaded] trait Store { fn take(self); }",
    "or add `#[koil(skip)]`",
    {
        #[threaded]
        trait Store {
            #[koil(skip)]
            fn take(self);
        }
    }
);

remedy!(
    "#[threaded] trait Store { fn all(&self) where Self: Sized; }",
    "add `#[koil(skip)]`",
    {
        #[threaded]
        trait Store {
            #[koil(skip)]
            fn all(&self)
            where
                Self: Sized;
        }
    }
);

remedy!(
    "#[threaded] trait Store where Self: Send { fn load(&self); }",
    "write this as a supertrait",
    {
        #[threaded]
        trait Store: Send {
            fn load(&self);
        }
    }
);
