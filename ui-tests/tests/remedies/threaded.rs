//! Remedies for functions with `#[threaded]`: the options, what they take and what they return.

use crate::scenery::*;

remedy!("#[threaded] struct Shop;", "remove it here", {
    struct Shop;
});

remedy!("#[threaded] async fn load() {}", "remove the attribute", {
    async fn load() {}
});

remedy!("#[threaded] const fn load() {}", "remove `const`", {
    #[threaded]
    fn load() {}
});

remedy!(
    "#[threaded] const fn load() {}",
    "or remove the attribute",
    {
        const fn load() {}
    }
);

remedy!(
    "#[threaded] fn load(&self, at: u8);",
    "put `#[threaded]` on the trait",
    {
        #[threaded]
        trait Store {
            fn load(&self, at: u8);
        }
    }
);

remedy!(
    "#[threaded] fn load(at: u8);",
    "or on a function that calls this one",
    {
        trait Store {
            fn load(at: u8);
        }

        struct Shop;

        impl Store for Shop {
            fn load(at: u8) {}
        }

        #[threaded]
        fn load(at: u8) {
            Shop::load(at)
        }
    }
);

// Options.

remedy!(
    "#[threaded] #[threaded_iterable] fn load() -> impl Iterator<Item = u8> {}",
    "keep one",
    {
        #[threaded_iterable]
        fn load() -> impl Iterator<Item = u8> {
            [1].into_iter()
        }
    }
);

remedy!(
    "#[threaded] #[threaded_iterable] fn load() {}",
    "keep one",
    {
        #[threaded]
        fn load() {}
    }
);

remedy!(
    "#[threaded] #[koil(name = \"x\")] fn load() {}",
    "write the option in `#[threaded(..)]`",
    {
        #[threaded(name = "x")]
        fn load() {}
    }
);

remedy!("#[threaded(pinned)] fn load() {}", "a fn takes `name`", {
    #[threaded(name = "x")]
    fn load() {}
});

remedy!(
    "#[threaded(frobnicate)] fn load() {}",
    "a fn takes `name`, `aio`, `separate`",
    {
        #[threaded(separate)]
        fn load() {}
    }
);

remedy!("#[threaded(clone)] fn load() {}", "remove it", {
    #[threaded]
    fn load() {}
});

remedy!(
    "#[threaded(capacity = 3)] fn load() -> impl Iterator<Item = u8> {}",
    "write `#[threaded_iterable]`",
    {
        #[threaded_iterable(capacity = 3)]
        fn load() -> impl Iterator<Item = u8> {
            [1].into_iter()
        }
    }
);

remedy!(
    "#[threaded(capacity = 3)] fn load() {}",
    "or remove `capacity`",
    {
        #[threaded]
        fn load() {}
    }
);

// Arguments.

remedy!(
    "#[threaded] fn load(into: &mut Vec<u8>) {}",
    "take `Vec<u8>` and return it",
    {
        #[threaded]
        fn load(into: Vec<u8>) -> Vec<u8> {
            into
        }
    }
);

remedy!(
    "#[threaded] fn load(from: &mut impl Read) {}",
    "take `impl Read` and return it",
    {
        #[threaded]
        fn load(from: impl Read) -> impl Read {
            from
        }
    }
);

remedy!(
    "#[threaded] fn load(report: &mut dyn FnMut(u64)) {}",
    "take `Box<dyn FnMut(u64) + Send>` and return it",
    {
        #[threaded]
        fn load(report: Box<dyn FnMut(u64) + Send>) -> Box<dyn FnMut(u64) + Send> {
            report
        }
    }
);

remedy!(
    "#[threaded] fn load(from: &dyn Read) {}",
    "take `Arc<dyn Read + Send + Sync>`",
    {
        #[threaded]
        fn load(from: Arc<dyn Read + Send + Sync>) {}
    }
);

remedy!(
    "#[threaded] fn load(from: &dyn Read) {}",
    "or `Box<dyn Read + Send>`",
    {
        #[threaded]
        fn load(from: Box<dyn Read + Send>) {}
    }
);

remedy!(
    "#[threaded] fn load(name: Option<&str>) {}",
    "take `Option<String>`",
    {
        #[threaded]
        fn load(name: Option<String>) {}
    }
);

remedy!(
    "#[threaded] fn load(row: Row<'a>) {}",
    "take a type without lifetimes",
    {
        struct Row(String);

        #[threaded]
        fn load(row: Row) {}
    }
);

// Returned values.

remedy!(
    "#[threaded] fn load(text: &str) -> &str {}",
    "return `String`",
    {
        #[threaded]
        fn load(text: &str) -> String {
            text.to_owned()
        }
    }
);

remedy!(
    "#[threaded] fn load(text: &str) -> Result<Vec<&str>, Error<'_>> {}",
    "return a type without lifetimes",
    {
        #[threaded]
        fn load(text: &str) -> Result<Vec<String>, Error> {
            Ok(Vec::new())
        }
    }
);

remedy!(
    "#[threaded] fn load() -> ! {}",
    "return `std::convert::Infallible`",
    {
        #[threaded]
        fn load() -> std::convert::Infallible {
            todo!()
        }
    }
);

remedy!(
    "#[threaded] fn load() -> impl Future<Output = u8> {}",
    "remove the attribute",
    {
        fn load() -> impl Future<Output = u8> {
            std::future::ready(1)
        }
    }
);

remedy!(
    "#[threaded] fn load() -> impl Iterator<Item = u8> {}",
    "write `#[threaded_iterable]`",
    {
        #[threaded_iterable]
        fn load() -> impl Iterator<Item = u8> {
            [1].into_iter()
        }
    }
);

remedy!(
    "#[threaded] fn load(out: &mut Yielder<u8>) {}",
    "write `#[threaded_iterable]`",
    {
        #[threaded_iterable]
        fn load(out: &mut Yielder<u8>) {}
    }
);
