//! Remedies for `twins(..)`.

use crate::scenery::*;

mod stock {
    use koil::koiled;

    #[koiled]
    pub(crate) struct Bucket;

    #[koiled]
    pub(crate) struct Row;

    #[koiled]
    pub(crate) struct Page<'a>(&'a str);

    #[koiled]
    pub(crate) trait Store {
        async fn get(&self) -> u8;
    }
}

/// A twin by hand.
struct RowIter;

impl From<stock::Row> for RowIter {
    fn from(_: stock::Row) -> Self {
        RowIter
    }
}

remedy!(
    "#[koiled(twins(Bucket, Bucket))] impl Shop { async fn load(&self, from: Bucket) {} }",
    "remove one",
    {
        use stock::{BlockingBucket, Bucket};

        #[koiled]
        struct Shop;

        #[koiled(twins(Bucket))]
        impl Shop {
            async fn load(&self, from: Bucket) {}
        }
    }
);

remedy!(
    "#[koiled(twins(stock::Page<'_>))] impl Shop { async fn load(&self) -> Page<'_> {} }",
    "write `stock::Page`",
    {
        use stock::Page;

        #[koiled]
        struct Shop;

        #[koiled(twins(stock::Page))]
        impl Shop {
            async fn load(&self) -> Page<'_> {
                todo!()
            }
        }
    }
);

remedy!(
    "#[koiled(twins(Bucket, \"Row\"))] impl Shop { async fn load(&self) -> (Bucket, Row) {} }",
    "write `twins(Bucket, Row = RowIter)`",
    {
        use stock::{BlockingBucket, Bucket, Row};

        #[koiled]
        struct Shop;

        #[koiled(twins(Bucket, Row = RowIter))]
        impl Shop {
            async fn load(&self) -> (Bucket, Row) {
                todo!()
            }
        }
    }
);

remedy!(
    "#[koiled(twins = \"Bucket\")] impl Shop { async fn load(&self) -> (Bucket, Row) {} }",
    "write `twins(Bucket, Row = RowIter)`",
    {
        use stock::{BlockingBucket, Bucket, Row};

        #[koiled]
        struct Shop;

        #[koiled(twins(Bucket, Row = RowIter))]
        impl Shop {
            async fn load(&self) -> (Bucket, Row) {
                todo!()
            }
        }
    }
);

remedy!(
    "#[koiled(twins(stock::Row = RowIter))] impl Shop { async fn load(&self) -> Row {} }",
    "write `Row = ..`",
    {
        use stock::Row;

        #[koiled]
        struct Shop;

        #[koiled(twins(Row = RowIter))]
        impl Shop {
            async fn load(&self) -> Row {
                Row
            }
        }
    }
);

remedy!(
    "#[koiled(twins(stock::Row = RowIter))] impl Shop { async fn load(&self) -> Row {} }",
    "or the path without `= ..`",
    {
        use stock::Row;

        #[koiled]
        struct Shop;

        #[koiled(twins(stock::Row))]
        impl Shop {
            async fn load(&self) -> Row {
                Row
            }
        }
    }
);

remedy!(
    "#[koiled(twins(Row =))] impl Shop { async fn load(&self) -> Row {} }",
    "write `Row = Twin`",
    {
        use stock::{BlockingRow as Twin, Row};

        #[koiled]
        struct Shop;

        #[koiled(twins(Row = Twin))]
        impl Shop {
            async fn load(&self) -> Row {
                Row
            }
        }
    }
);

remedy!(
    "#[koiled(twins(Row =))] impl Shop { async fn load(&self) -> Row {} }",
    "or `Row = _`",
    {
        use stock::Row;

        #[koiled]
        struct Shop;

        #[koiled(twins(Row = _))]
        impl Shop {
            async fn load(&self) -> Row {
                Row
            }
        }
    }
);

remedy!(
    "#[koiled(twins(Store = _))] trait Shop: Store { async fn load(&self); }",
    "write its path, `twins(crate::..::Store)`",
    {
        use stock::Store;

        #[koiled(twins(crate::listed_twins::stock::Store))]
        trait Shop: Store {
            async fn load(&self);
        }
    }
);

remedy!(
    "#[koiled(twins(Store = _))] trait Shop: Store { async fn load(&self); }",
    "import `BlockingStore` and write `twins(Store)`",
    {
        use stock::{BlockingStore, Store};

        #[koiled(twins(Store))]
        trait Shop: Store {
            async fn load(&self);
        }
    }
);

remedy!(
    "#[koiled(twins(Sink = Hand<u8>))] impl Shop { async fn copy_in<U: Default>(&self) -> Result<Sink<U>, u8> {} }",
    "write `#[koil(bind(U = ..))]`",
    {
        struct Sink<U>(U);
        struct Hand<U>(U);

        impl From<Sink<u8>> for Hand<u8> {
            fn from(sink: Sink<u8>) -> Self {
                Hand(sink.0)
            }
        }

        #[koiled]
        struct Shop;

        #[koiled(twins(Sink = Hand<u8>))]
        impl Shop {
            #[koil(bind(U = u8))]
            async fn copy_in<U: Default>(&self) -> Result<Sink<U>, u8> {
                Ok(Sink(U::default()))
            }
        }
    }
);
