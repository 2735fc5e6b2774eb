//! Remedies for traits in `twins(..)` that are bounds.

use crate::scenery::*;

#[koiled]
trait Store {
    async fn get(&self) -> u8;
}

#[koiled]
struct Memory;

impl Store for Memory {
    async fn get(&self) -> u8 {
        1
    }
}

remedy!(
    "#[koiled(twins(Store))] impl Shop { async fn load(&self, from: &impl Store) {} }",
    "remove `Store` here",
    "pass it `twin.aio()`",
    {
        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            async fn load(&self, from: &impl Store) {}
        }

        fn load(shop: &BlockingShop, twin: &BlockingMemory) {
            shop.load(twin.aio());
        }
    }
);

remedy!(
    "#[koiled(twins(Store))] async fn load(from: impl Store) {}",
    "remove `Store` here",
    "`twin.into_aio()` by value",
    {
        #[koiled]
        async fn load(from: impl Store) {}

        fn load_once(twin: BlockingMemory) {
            load_blocking(twin.into_aio());
        }
    }
);

remedy!(
    "#[koiled(twins(Store))] impl<S: Store> Shop<S> { async fn load(&self, from: &S) {} }",
    "remove `Store` here",
    "pass it `twin.aio()`",
    "`twin.into_aio()` by value",
    {
        #[koiled]
        struct Shop<S>(S);

        #[koiled]
        impl<S: Store> Shop<S> {
            fn new(from: S) -> Self {
                Shop(from)
            }
            async fn load(&self, from: &S) {}
        }

        fn load(twin: BlockingMemory, other: &BlockingMemory) {
            BlockingShop::new(twin.into_aio()).load(other.aio());
        }
    }
);

remedy!(
    "#[koiled(twins(Store))] trait Shop<S: Store> { async fn load(&self, from: &S); async fn keep(&self, from: S); }",
    "remove `Store` here",
    "pass it `twin.aio()`",
    "`twin.into_aio()` by value",
    {
        #[koiled]
        trait Shop<S: Store> {
            async fn load(&self, from: &S);
            async fn keep(&self, from: S);
        }

        fn load(shop: &impl BlockingShop<Memory>, twin: BlockingMemory) {
            shop.load(twin.aio());
            shop.keep(twin.into_aio());
        }
    }
);
