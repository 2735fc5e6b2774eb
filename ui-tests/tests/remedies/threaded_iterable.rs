//! Remedies for functions with `#[threaded_iterable]`.

use crate::scenery::*;

remedy!("#[threaded_iterable] impl Shop {}", "remove it here", {
    struct Shop;

    impl Shop {}
});

remedy!(
    "#[threaded_iterable(capacity = 0)] fn load() -> impl Iterator<Item = u8> {}",
    "write 1 or more",
    {
        #[threaded_iterable(capacity = 1)]
        fn load() -> impl Iterator<Item = u8> {
            [1].into_iter()
        }
    }
);

remedy!(
    "#[threaded_iterable(capacity = \"many\")] fn load() -> impl Iterator<Item = u8> {}",
    "write `capacity = 64`",
    {
        #[threaded_iterable(capacity = 64)]
        fn load() -> impl Iterator<Item = u8> {
            [1].into_iter()
        }
    }
);

// Iterators.

remedy!(
    "#[threaded_iterable] fn load() {}",
    "return `impl Iterator<Item = T>`",
    {
        #[threaded_iterable]
        fn load() -> impl Iterator<Item = u8> {
            [1].into_iter()
        }
    }
);

remedy!(
    "#[threaded_iterable] fn load() {}",
    "take `&mut Yielder<T>` as the last parameter",
    {
        #[threaded_iterable]
        fn load(out: &mut Yielder<u8>) {}
    }
);

remedy!(
    "#[threaded_iterable] fn load() {}",
    "or write `#[threaded]`",
    {
        #[threaded]
        fn load() {}
    }
);

remedy!(
    "#[threaded_iterable] fn load() -> Vec<u8> {}",
    "return an iterator",
    {
        #[threaded_iterable]
        fn load() -> std::vec::IntoIter<u8> {
            vec![1].into_iter()
        }
    }
);

remedy!(
    "#[threaded_iterable] fn load() -> Vec<u8> {}",
    "or write `#[threaded]`",
    {
        #[threaded]
        fn load() -> Vec<u8> {
            vec![1]
        }
    }
);

remedy!(
    "#[threaded_iterable] fn load() -> mpsc::Receiver<u64> {}",
    "return `impl Iterator<Item = ..>`, and call `into_iter` on it",
    {
        #[threaded_iterable]
        fn load() -> impl Iterator<Item = u64> {
            std::sync::mpsc::channel().1.into_iter()
        }
    }
);

remedy!(
    "#[threaded_iterable] fn load(of: &[u32]) -> std::slice::Iter<'_, u32> {}",
    "return `impl Iterator<Item = ..>` with owned items, as `cloned` makes them",
    {
        #[threaded_iterable]
        fn load(of: &[u32]) -> impl Iterator<Item = u32> {
            of.iter().cloned()
        }
    }
);

remedy!(
    "#[threaded_iterable] fn load() -> impl Iterator {}",
    "write `Iterator<Item = ..>`",
    {
        #[threaded_iterable]
        fn load() -> impl Iterator<Item = u8> {
            [1].into_iter()
        }
    }
);

// Producers.

remedy!(
    "#[threaded_iterable] fn load(out: &Yielder<u8>) {}",
    "take `&mut Yielder<u8>`",
    {
        #[threaded_iterable]
        fn load(out: &mut Yielder<u8>) {}
    }
);

remedy!(
    "#[threaded_iterable] fn load(out: &mut Yielder<u8>, base: String) {}",
    "move it after the others",
    {
        #[threaded_iterable]
        fn load(base: String, out: &mut Yielder<u8>) {}
    }
);

remedy!(
    "#[threaded_iterable] fn load(out: &mut Yielder<u8>) -> u64 {}",
    "return nothing",
    {
        #[threaded_iterable]
        fn load(out: &mut Yielder<u8>) {}
    }
);

remedy!(
    "#[threaded_iterable] fn load(out: &mut Yielder<u8>) -> u64 {}",
    "or `Result<(), E>`, whose error is the last item",
    {
        #[threaded_iterable]
        fn load(out: &mut Yielder<u8>) -> Result<(), Error> {
            Ok(())
        }
    }
);
