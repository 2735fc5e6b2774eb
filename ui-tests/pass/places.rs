//! Where items stand: modules, restricted visibility, function bodies, macros, several blocks.
#![deny(warnings)]

use std::future::Future;

use koil::koiled;

mod outer {
    use koil::koiled;

    #[koiled]
    pub(super) struct Deep {
        pub(super) n: u32,
    }

    pub(crate) mod inner {
        use koil::koiled;

        use super::{BlockingDeep, Deep};

        // A second block, in another module than the type.
        #[koiled]
        impl Deep {
            pub(in super::super) async fn from_below(&self) -> u32 {
                self.n
            }

            pub(super) async fn for_outer(&self) -> u32 {
                self.n + 1
            }

            pub(crate) async fn for_all() -> Self {
                Deep { n: 3 }
            }
        }

        #[koiled]
        pub(in super::super) async fn restricted() -> u32 {
            1
        }

        #[koiled]
        pub(super) async fn for_parent() -> u32 {
            2
        }

        #[koiled]
        pub(self) async fn for_itself() -> u32 {
            3
        }

        pub(crate) fn sum() -> u32 {
            for_itself_blocking() + BlockingDeep::for_all().n
        }
    }

    // A third block, by path.
    #[koiled]
    impl self::Deep {
        pub(crate) async fn by_path(self) -> self::Deep {
            self
        }

        pub(crate) async fn by_absolute_path(&self) -> Option<super::outer::Deep> {
            None
        }
    }

    pub(crate) fn sum(deep: &BlockingDeep) -> u32 {
        inner::for_parent_blocking() + deep.for_outer()
    }

    impl BlockingDeep {
        /// Written by hand beside what is generated.
        pub(crate) fn by_hand(&self) -> u32 {
            self.from_below() * 100
        }
    }
}

mod elsewhere {
    use koil::koiled;

    use super::outer::{BlockingDeep, Deep};

    #[koiled]
    impl Deep {
        pub(crate) async fn from_elsewhere(&self) -> &Self {
            self
        }
    }

    // The type by path, its twin by the same path.
    #[koiled]
    impl super::outer::Deep {
        pub(crate) async fn by_long_path(self) -> Self {
            self
        }
    }
}

mod facade {
    pub(super) mod blocking {
        pub(in super::super) use super::super::outer::BlockingDeep as Deep;
        pub(in super::super) use super::super::outer::inner::restricted_blocking as restricted;
    }
}

macro_rules! fetchers {
    ($($(#[$meta:meta])* $vis:vis $name:ident($($arg:ident: $ty:ty),*) -> $out:ty $body:block)*) => {$(
        $(#[$meta])*
        #[koiled]
        $vis async fn $name($($arg: $ty),*) -> $out $body
    )*};
}

fetchers! {
    /// One.
    pub(crate) one(n: u32) -> u32 { n }
    #[must_use]
    two(a: u32, b: &str) -> Result<u32, std::num::ParseIntError> { Ok(a + b.parse::<u32>()?) }
    three() -> Option<(u8, Vec<u8>)> { None }
}

macro_rules! client {
    ($(#[$meta:meta])* $name:ident { $($field:ident: $ty:ty),* }) => {
        $(#[$meta])*
        #[koiled]
        struct $name { $($field: $ty),* }

        #[koiled]
        impl $name {
            fn new($($field: $ty),*) -> Self {
                $name { $($field),* }
            }

            $(async fn $field(&self) -> &$ty {
                &self.$field
            })*

            async fn chained(self) -> Result<Self, ()> {
                Ok(self)
            }
        }
    };
}

client! {
    #[derive(Clone)]
    Made { id: u32, name: String }
}

macro_rules! implement {
    ($ty:ty, $twin:literal, $receiver:ty, $life:lifetime, $number:literal, $pattern:pat => $value:expr, $bound:path) => {
        #[koiled(name = $twin)]
        impl $ty {
            async fn by_self(&self) -> u32 {
                self.n
            }

            async fn by_mut(&mut self) -> $ty {
                self.n += $number;
                <$ty>::of(self.n)
            }

            async fn typed(self: $receiver) -> u32 {
                self.n
            }

            async fn borrowed<$life>(&$life self, $pattern: (&$life str, u32)) -> Option<&$life str> {
                Some($value)
            }

            async fn bounded<T: $bound>(value: T) -> T {
                value.clone()
            }

            fn of(n: u32) -> $ty {
                Self { n }
            }
        }
    };
}

#[koiled(name = "FragmentTwin")]
struct Fragment {
    n: u32,
}

implement!(Fragment, "FragmentTwin", Box<Self>, 'word, 5, (word, _) => word, Clone);

/// The receiver comes from where the macro is used.
macro_rules! with_receiver {
    ($self_:ident, $body:expr) => {
        #[koiled]
        impl Made {
            async fn received(&$self_) -> u32 {
                $body
            }
        }
    };
}

with_receiver!(self, self.id + 1);

/// Types by `$t:ty` that stand for futures, streams and handles.
macro_rules! returning {
    ($name:ident, ($($option:tt)*), $out:ty, $body:expr) => {
        #[koiled($($option)*)]
        fn $name() -> $out {
            $body
        }
    };
}

returning!(a_future, (), impl Future<Output = u32>, async { 1 });
returning!(
    a_stream,
    (),
    impl futures::Stream<Item = u32>,
    futures::stream::iter([1, 2])
);
returning!(
    a_boxed_future,
    (twins(Made)),
    futures::future::BoxFuture<'static, Option<Made>>,
    Box::pin(async { None })
);
returning!(
    a_result,
    (name = "a_twin", twins(Made)),
    Result<futures::stream::BoxStream<'static, Made>, u8>,
    Err(1)
);

/// The whole signature from tokens.
macro_rules! token_by_token {
    ($($token:tt)*) => {
        #[koiled]
        $($token)*
    };
}

token_by_token! {
    /// Docs.
    async fn tokens<T: Clone>((a, _): (T, T), mut b: Vec<T>) -> Vec<T> {
        b.push(a);
        b
    }
}

token_by_token! {
    impl Made {
        async fn tokens(&self) -> Self {
            self.clone()
        }
    }
}

/// As whole items.
macro_rules! items {
    ($($item:item)*) => {$(
        #[koiled]
        $item
    )*};
}

items! {
    async fn whole_item(n: u32) -> u32 { n }
    pub(crate) struct Whole { n: u32 }
    impl Whole {
        async fn n(&self) -> u32 { self.n }
        async fn new(n: u32) -> Self { Whole { n } }
    }
    enum WholeEnum { A }
}

/// A type that only a macro can name, and one in a signature.
macro_rules! number {
    () => { u32 };
    ($ty:ty) => { Vec<$ty> };
}

#[koiled]
async fn macro_types(a: number!(), b: number![&str]) -> Option<number!()> {
    Some(a + b.len() as u32)
}

#[koiled]
impl Made {
    // Members out of sight.
    #[koil(skip)]
    invisible! {}

    const FROM_MACRO: number!() = 5;
}

macro_rules! invisible {
    () => {
        async fn out_of_sight(&self) -> u32 {
            7
        }
    };
}
use invisible;

/// A block without anything to twin, and an empty one.
#[koiled]
impl Made {
    fn sync(&self) -> u32 {
        self.id
    }
}

#[koiled]
impl Made {}

/// Blocks of one type for different arguments.
#[koiled]
struct Typed<T>(T);

#[koiled]
impl Typed<u32> {
    async fn kind(&self) -> &'static str {
        "number"
    }
}

#[koiled]
impl Typed<&str> {
    async fn kind(&self) -> &'static str {
        "text"
    }
}

#[koiled]
impl<T> Typed<Vec<T>> {
    async fn kind(&self) -> &'static str {
        "list"
    }

    async fn flat(self) -> Typed<Option<T>> {
        Typed(self.0.into_iter().next())
    }
}

#[koiled]
impl<T, const N: usize> Typed<[T; N]> {
    async fn kind(&self) -> &'static str {
        "array"
    }
}

#[koiled]
impl Typed<(u8, fn(u8) -> u8)> {
    async fn kind(&self) -> &'static str {
        "tuple"
    }

    async fn call(self) -> Typed<u32> {
        Typed(u32::from((self.0.1)(self.0.0)))
    }
}

/// `unsafe`, which stays the caller's promise.
///
/// # Safety
///
/// `pointer` must be readable.
#[koiled]
async unsafe fn read(pointer: *const u32) -> u32 {
    // SAFETY: the caller promises it.
    unsafe { *pointer }
}

#[koiled]
unsafe fn read_later<'a>(pointer: &'a *const u32) -> impl Future<Output = u32> + 'a {
    // SAFETY: the caller promises it.
    async move { unsafe { **pointer } }
}

#[koiled]
impl Made {
    async unsafe fn unchecked(&self, pointer: *const u32) -> u32 {
        // SAFETY: the caller promises it.
        unsafe { *pointer }
    }

    unsafe fn unchecked_sync(id: *const u32) -> Self {
        // SAFETY: the caller promises it.
        Made::new(unsafe { *id }, String::new())
    }
}

fn in_a_body<T: Clone + PartialEq>(value: T) -> bool {
    #[koiled]
    async fn local<U>(value: U) -> U {
        value
    }

    #[koiled]
    struct Local {
        n: u32,
    }

    #[koiled]
    impl Local {
        async fn n(&self) -> u32 {
            self.n
        }

        async fn made() -> Self {
            Local { n: 4 }
        }
    }

    let in_a_closure = || {
        #[koiled]
        async fn deeper() -> u32 {
            4
        }
        deeper_blocking()
    };
    local_blocking(value.clone()) == value && BlockingLocal::made().n() == in_a_closure()
}

const _: () = {
    #[koiled]
    impl Made {
        async fn in_a_constant(&self) -> u32 {
            8
        }
    }
};

pub(crate) fn main() {
    use facade::blocking;

    let deep = blocking::Deep::for_all();
    assert_eq!(
        (deep.from_below(), outer::sum(&deep), outer::inner::sum()),
        (3, 6, 6)
    );
    assert_eq!((blocking::restricted(), deep.by_hand()), (1, 300));
    assert!(deep.by_absolute_path().is_none());
    assert!(std::ptr::eq(deep.from_elsewhere(), &deep));
    assert_eq!(deep.by_path().by_long_path().from_below(), 3);

    assert_eq!(one_blocking(1), 1);
    assert_eq!(two_blocking(1, "2").unwrap(), 3);
    assert_eq!(three_blocking(), None);
    let made = BlockingMade::new(1, "a".into()).chained().unwrap();
    assert_eq!(
        (
            *made.id(),
            made.name().as_str(),
            made.received(),
            made.sync()
        ),
        (1, "a", 2, 1)
    );
    let mut fragment = FragmentTwin::of(1);
    assert_eq!(fragment.by_self(), 1);
    assert_eq!(fragment.by_mut().by_self(), 6);
    assert_eq!(fragment.borrowed(("word", 1)), Some("word"));
    assert_eq!(FragmentTwin::bounded("x"), "x");
    assert_eq!(Box::new(fragment).typed(), 6);
    assert_eq!(a_future_blocking(), 1);
    assert_eq!(a_stream_blocking().sum::<u32>(), 3);
    assert!(a_boxed_future_blocking().is_none());
    assert!(a_twin().is_err());
    assert_eq!(tokens_blocking((1, 2), vec![3]), [3, 1]);
    assert_eq!(*made.tokens().id(), 1);
    assert_eq!(whole_item_blocking(1), 1);
    assert_eq!(BlockingWhole::new(2).n(), 2);
    let WholeEnum::A = WholeEnum::A.into_blocking().into_aio();
    assert_eq!(macro_types_blocking(1, vec!["a"]), Some(2));
    assert_eq!(koil::unkoil(made.out_of_sight()), 7);
    assert_eq!(BlockingMade::FROM_MACRO, 5);

    assert_eq!(Typed(1).into_blocking().kind(), "number");
    assert_eq!(Typed("a").into_blocking().kind(), "text");
    assert_eq!(Typed(vec![1]).into_blocking().kind(), "list");
    assert_eq!(Typed(vec![1]).into_blocking().flat().into_aio().0, Some(1));
    assert_eq!(Typed([1]).into_blocking().kind(), "array");
    let add: fn(u8) -> u8 = |n| n + 1;
    assert_eq!(Typed((1, add)).into_blocking().kind(), "tuple");
    assert_eq!(Typed((1, add)).into_blocking().call().kind(), "number");

    let number = 5;
    // SAFETY: a reference can be read.
    unsafe {
        assert_eq!(read_blocking(&number), 5);
        assert_eq!(read_later_blocking(&(&raw const number)), 5);
        assert_eq!(made.unchecked(&number), 5);
        assert_eq!(*BlockingMade::unchecked_sync(&number).id(), 5);
    }
    assert!(in_a_body("x"));
    assert_eq!(made.in_a_constant(), 8);
}
