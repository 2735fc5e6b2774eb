//! Async twins of blocking code where names of the prelude mean something else, and in odd places.
#![deny(warnings)]
#![forbid(unsafe_code)]
#![allow(clippy::all, clippy::pedantic, unexpected_cfgs)]

use futures::StreamExt;
use futures::executor::block_on;

mod shadowed {
    #![allow(dead_code, non_camel_case_types)]

    // Names that expansions would use if they could.
    pub(crate) struct Option;
    pub(crate) struct Some;
    pub(crate) struct None;
    pub(crate) struct Result;
    pub(crate) struct Ok;
    pub(crate) struct Err;
    pub(crate) struct String;
    pub(crate) trait Send {}
    pub(crate) trait ToOwned {}
    pub(crate) trait Iterator {}
    pub(crate) trait Clone {}
    pub(crate) trait Borrow {}
    pub(crate) struct ThreadedCall;
    pub(crate) struct ThreadedIter;
    pub(crate) struct Place;
    pub(crate) struct Names;
    pub(crate) fn sent() {}
    pub(crate) fn owned() {}
    pub(crate) fn threaded() {}
    pub(crate) mod core {}
    pub(crate) mod std {}
    pub(crate) mod koil {}

    #[::koil::threaded]
    pub(crate) fn lent(text: &str, list: &[u8], n: u8) -> usize {
        text.len() + list.len() + n as usize
    }

    #[::koil::threaded]
    pub(crate) fn generic<T: Sized>(value: T, opaque: impl Sized, lent: &T) -> u8
    where
        T: ::core::clone::Clone,
    {
        let _ = (value, opaque, lent);
        1
    }

    #[::koil::threaded_iterable(capacity = 3)]
    pub(crate) fn named(upto: u32) -> ::core::ops::Range<u32> {
        0..upto
    }

    #[::koil::threaded_iterable]
    pub(crate) fn opened(upto: u32) -> ::core::option::Option<::core::ops::Range<u32>> {
        ::core::option::Option::Some(0..upto)
    }

    #[derive(::core::clone::Clone)]
    pub(crate) struct Shop;

    #[::koil::threaded(clone)]
    impl Shop {
        pub(crate) fn lend(&self, own: &str) -> usize {
            own.len()
        }
    }
}

mod outer {
    pub(crate) mod inner {
        use koil::threaded;

        #[threaded]
        pub(in super::super) fn restricted() -> u32 {
            1
        }

        #[threaded]
        pub(super) fn for_parent() -> u32 {
            2
        }

        #[threaded]
        fn private() -> u32 {
            3
        }

        pub(crate) fn sum() -> u32 {
            koil::unkoil(private_async())
        }
    }

    pub(crate) fn sum() -> u32 {
        koil::unkoil(inner::for_parent_async()) + inner::sum()
    }
}

// A type with a lifetime has async twins where they have no use of it.
struct Borrowing<'a>(#[allow(dead_code)] &'a str);

#[koil::threaded]
impl Borrowing<'_> {
    fn count(text: &str) -> usize {
        text.len()
    }
}

// Blocking on one side, async on the other, and async by itself.
#[koil::koiled]
#[derive(Clone)]
struct Both;

#[koil::koiled]
impl Both {
    async fn wait(&self) -> u8 {
        1
    }

    #[koil::threaded(clone)]
    fn block(&self) -> u8 {
        2
    }
}

// By another attribute above and below.
#[cfg_attr(all(), koil::threaded)]
fn conditional() -> u8 {
    1
}

#[cfg_attr(any(), koil::threaded)]
#[allow(dead_code)]
fn never() -> u8 {
    1
}

#[koil::threaded(feature = "missing", name = "never_async")]
#[allow(dead_code)]
fn gated() -> u8 {
    1
}

macro_rules! methods {
    ($ty:ident, $($name:ident => $value:expr),*) => {
        #[koil::threaded]
        impl $ty {
            $(
                pub(crate) fn $name(self, with: &str) -> usize {
                    $value + with.len()
                }
            )*
        }
    };
}

#[derive(Clone, Copy)]
struct Made;

methods!(Made, one => 1, two => 2);

pub(crate) fn main() {
    use shadowed::{Shop, generic_async, lent_async, named_async, opened_async};

    block_on(async {
        assert_eq!(lent_async("a", &[1], 1).await, 3);
        assert_eq!(generic_async(1, 2, &3).await, 1);
        assert_eq!(named_async(2).collect::<Vec<_>>().await, [0, 1]);
        assert_eq!(opened_async(1).await.unwrap().count().await, 1);
        assert_eq!(Shop.lend_async("own").await, 3);
        assert_eq!(outer::inner::restricted_async().await + outer::sum(), 6);
        assert_eq!(Borrowing::count_async("ab").await, 2);
        assert_eq!(Both.wait().await + Both.block_async().await, 3);
        assert_eq!(conditional_async().await, 1);
        assert_eq!(Made.one_async("a").await + Made.two_async("b").await, 5);
    });
    assert_eq!(Both.into_blocking().wait() + Both.block(), 3);

    // In a body, also generic.
    #[koil::threaded]
    fn twice<T: Clone + std::ops::Add<Output = T>>(value: T) -> T {
        value.clone() + value
    }
    assert_eq!(koil::unkoil(twice_async(4)), 8);
}
