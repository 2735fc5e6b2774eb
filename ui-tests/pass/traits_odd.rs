//! Odd but legal traits.
#![forbid(unsafe_code)]
#![deny(warnings)]
#![allow(async_fn_in_trait)]

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use futures::Stream;
use futures::stream::{self, BoxStream, StreamExt};
use koil::koiled;

// Names of the prelude mean something else here.
mod shadowed {
    #![allow(dead_code, non_camel_case_types)]
    use koil::koiled;

    pub(crate) struct Result;
    pub(crate) struct Option;
    pub(crate) struct Some;
    pub(crate) trait Send {}
    pub(crate) trait Sync {}
    pub(crate) trait From {}
    pub(crate) trait Iterator {}
    pub(crate) trait Twin {}
    pub(crate) struct Box;
    pub(crate) mod core {}
    pub(crate) mod std {}
    pub(crate) mod koil_ {}

    #[koiled]
    pub(crate) trait Plain {
        async fn get(&self) -> u8;
        async fn made(self) -> Self
        where
            Self: Sized;
        async fn waits(&self) -> u8 {
            self.get().await
        }
    }

    #[koiled]
    pub(crate) struct Thing(pub(crate) u8);

    impl Plain for Thing {
        async fn get(&self) -> u8 {
            self.0
        }
        async fn made(self) -> Self {
            self
        }
    }
}

// Names of generated code as names of the user.
#[koiled]
#[allow(non_camel_case_types)]
trait Names<__call, Twin> {
    type __Aio;
    async fn get(&self, __call: __call, __future: Twin, __value: Self::__Aio) -> (__call, Twin);
    async fn __entered<T, U>(&self, __arg0: T, __v: U, _: u8) -> (T, U);
    fn __stream<'__koil>(&'__koil self) -> impl Stream<Item = &'__koil u8>;
}

#[koiled]
struct Named(u8);

impl<A, B> Names<A, B> for Named {
    type __Aio = u8;
    async fn get(&self, a: A, b: B, _: u8) -> (A, B) {
        (a, b)
    }
    async fn __entered<T, U>(&self, a: T, b: U, _: u8) -> (T, U) {
        (a, b)
    }
    fn __stream<'a>(&'a self) -> impl Stream<Item = &'a u8> {
        stream::iter([&self.0])
    }
}

// Traits out of macros.
macro_rules! make {
    ($(#[$attr:meta])* $vis:vis trait $name:ident: $($super:path),* { $($method:ident -> $ty:ty;)* } for $of:ty) => {
        #[koiled]
        $(#[$attr])*
        $vis trait $name: $($super +)* {
            $(async fn $method(&self, n: $ty) -> $ty;)*
        }

        impl $name for $of {
            $(async fn $method(&self, n: $ty) -> $ty { n })*
        }
    };
}

make! {
    /// Out of a macro.
    pub(crate) trait Made: Send, Sync {
        byte -> u8;
        text -> &'static str;
        list -> Vec<u8>;
    } for Named
}

// A trait made inside of a function, for a type made there.
fn inside() -> u8 {
    #[koiled]
    trait Local {
        async fn get(&self) -> u8;
    }
    #[koiled]
    struct Here;
    impl Local for Here {
        async fn get(&self) -> u8 {
            3
        }
    }
    BlockingHere::from(Here).get()
}

// Nothing in it, only types, only consts, only sync fns.
#[koiled]
trait Empty {}

#[koiled]
trait OnlyTypes {
    type A: ?Sized;
    type B<'a, T: 'a + ?Sized, const N: usize>
    where
        T: Clone;
}

#[koiled]
trait OnlyConsts {
    const A: &'static str;
    const B: [u8; 2] = [1, 2];
}

#[koiled]
trait OnlySync {
    fn a(&self) -> u8;
    fn b() -> u8;
    fn c(self) -> u8;
}

impl Empty for Named {}

impl OnlyTypes for Named {
    type A = str;
    type B<'a, T: 'a + ?Sized + Clone, const N: usize> = [&'a T; N];
}

impl OnlyConsts for Named {
    const A: &'static str = "a";
}

impl OnlySync for Named {
    fn a(&self) -> u8 {
        self.0
    }
    fn b() -> u8 {
        2
    }
    fn c(self) -> u8 {
        3
    }
}

fn takes<T: BlockingEmpty + BlockingOnlyTypes<A = str> + BlockingOnlyConsts + BlockingOnlySync>(
    t: T,
) -> u8 {
    assert_eq!((T::A_, T::B), ("a", [1, 2]));
    t.a() + T::b() + t.c()
}

trait Alias {
    const A_: &'static str;
}

impl<T: BlockingOnlyConsts> Alias for T {
    const A_: &'static str = <T as BlockingOnlyConsts>::A;
}

// Lifetimes of every kind.
#[koiled]
trait Lives<'s: 't, 't> {
    async fn one<'a>(&'a self, other: &'a str) -> &'a str;
    async fn two<'a, 'b: 'a>(&'a mut self, other: &'b str) -> &'a str;
    async fn own(&self, text: &'s str) -> &'t str;
    async fn elided(&self, _: &str, _: Option<&u8>) -> Option<&'_ u8>;
    fn bound<F>(&self, call: F) -> impl Future<Output = usize>
    where
        F: for<'x> Fn(&'x str) -> usize;
}

struct Life(u8);

impl<'s: 't, 't> Lives<'s, 't> for Life {
    async fn one<'a>(&'a self, other: &'a str) -> &'a str {
        other
    }
    async fn two<'a, 'b: 'a>(&'a mut self, other: &'b str) -> &'a str {
        other
    }
    async fn own(&self, text: &'s str) -> &'t str {
        text
    }
    async fn elided(&self, _: &str, _: Option<&u8>) -> Option<&'_ u8> {
        Some(&self.0)
    }
    async fn bound<F>(&self, call: F) -> usize
    where
        F: for<'x> Fn(&'x str) -> usize,
    {
        call("four")
    }
}

// Receivers where nothing is said about the size.
#[koiled]
trait Receivers {
    async fn typed(self: &Self) -> u8;
    async fn typed_mut(self: &mut Self) -> u8;
    async fn boxed(self: Box<Self>) -> u8;
    async fn pinned(self: Pin<Box<Self>>) -> u8;
    async fn shared(self: Arc<Self>) -> u8;
    async fn counted(self: Rc<Self>) -> u8;
}

impl Receivers for Named {
    async fn typed(self: &Self) -> u8 {
        self.0
    }
    async fn typed_mut(self: &mut Self) -> u8 {
        self.0
    }
    async fn boxed(self: Box<Self>) -> u8 {
        self.0
    }
    async fn pinned(self: Pin<Box<Self>>) -> u8 {
        self.0
    }
    async fn shared(self: Arc<Self>) -> u8 {
        self.0
    }
    async fn counted(self: Rc<Self>) -> u8 {
        self.0
    }
}

// Streams that may be objects; lints, deprecation, cfg.
#[koiled]
#[allow(non_snake_case)]
trait Attributes {
    #[deprecated(note = "use `new`")]
    async fn old(&self) -> u8;
    #[cfg(not(any()))]
    async fn there(&self) -> u8;
    #[cfg(any())]
    async fn not_there(&self, never: Never) -> u8;
    #[cfg(any())]
    type Never;
    #[cfg(any())]
    const NEVER: u8;
    #[must_use = "or else"]
    async fn Must(&self) -> u8;
    #[expect(unused_variables)]
    async fn expects(&self, n: u8) -> u8 {
        let unused = n;
        2
    }
    #[doc(hidden)]
    fn hidden(&self) -> BoxStream<'_, u8>;
    #[doc(alias = "other")]
    #[inline]
    fn inlined(&self) -> u8 {
        1
    }
}

impl Attributes for Named {
    async fn old(&self) -> u8 {
        1
    }
    async fn there(&self) -> u8 {
        1
    }
    async fn Must(&self) -> u8 {
        1
    }
    fn hidden(&self) -> BoxStream<'_, u8> {
        stream::iter([self.0]).boxed()
    }
}

// A method of the twin by the name of an accessor, and two traits with one name.
#[koiled]
trait Clash {
    async fn get(&self) -> u8;
    #[koil(name = "loaned")]
    async fn aio(&self) -> u8;
}

#[koiled(twins(Clash))]
trait Below: Clash + 'static
where
    Self: Sized + Unpin,
{
    async fn below(&self) -> u8 {
        self.get().await
    }
}

impl Clash for Named {
    async fn get(&self) -> u8 {
        7
    }
    async fn aio(&self) -> u8 {
        8
    }
}

impl Below for Named {}

#[koiled]
impl Named {
    async fn get(&self) -> u8 {
        9
    }
}

pub(crate) fn main() {
    use shadowed::BlockingPlain as _;
    let thing = shadowed::BlockingThing::from(shadowed::Thing(1));
    assert_eq!(thing.get() + thing.waits(), 2);
    assert_eq!(thing.made().get(), 1);

    let mut named = BlockingNamed::from(Named(5));
    assert_eq!(BlockingNames::get(&named, 1, "b", 2), (1, "b"));
    assert_eq!(BlockingNames::<u8, u8>::__entered(&named, 1, 'c', 2), (1, 'c'));
    assert_eq!(BlockingNames::<u8, u8>::__stream(&named).count(), 1);
    assert_eq!((named.byte(1), named.text("x"), named.list(vec![2])), (1, "x", vec![2]));
    assert_eq!(inside(), 3);

    let mut life = koil::Blocking::new(Life(4));
    assert_eq!((life.one("1"), BlockingLives::own(&life, "3")), ("1", "3"));
    assert_eq!(life.two("2"), "2");
    assert_eq!(life.elided("", None), Some(&4));
    assert_eq!(life.bound(str::len), 4);

    assert_eq!(named.typed() + named.typed_mut(), 10);
    let again = || BlockingNamed::from(Named(5));
    assert_eq!(Box::new(again()).boxed() + Box::pin(again()).pinned(), 10);
    assert_eq!(Arc::new(again()).shared() + Rc::new(again()).counted(), 10);

    #[allow(deprecated)]
    let old = named.old();
    assert_eq!(old + named.there() + named.Must() + named.expects(1) + named.inlined(), 6);
    assert_eq!(named.hidden().sum::<u8>(), 5);

    assert_eq!((named.get(), BlockingClash::get(&named), named.loaned()), (9, 7, 8));
    assert_eq!(named.below(), 7);
    assert_eq!(takes(again()), 10);
}
