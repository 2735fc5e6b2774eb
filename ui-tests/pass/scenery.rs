//! Items made by `macro_rules!`, inside functions, under shadowed names, raw names, `cfg`s.
#![allow(
    unreachable_pub,
    dead_code,
    unused,
    nonstandard_style,
    async_fn_in_trait
)]
use futures::{Stream, future::BoxFuture, stream, stream::BoxStream};
use koil::koiled;
use std::collections::HashMap;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;

// macro_rules hygiene
mod hygiene {
    use super::*;
    macro_rules! sdk {
        ($(#[$m:meta])* $vis:vis struct $Name:ident { $($f:ident: $t:ty),* $(,)? } $(fn $get:ident(&$self:ident, $($a:ident: $at:ty),*) -> $r:ty $b:block)*) => {
            $(#[$m])* #[koiled] $vis struct $Name { $($f: $t),* }
            #[koiled]
            impl $Name {
                $( $vis async fn $get(&$self, $($a: $at),*) -> $r $b )*
                $vis fn make($($f: $t),*) -> Self { Self { $($f),* } }
            }
        };
    }
    sdk! {
        /// Doc
        #[derive(Debug)]
        pub(crate) struct Api { base: String, port: u16, }
        fn url(&self, path: &str) -> String { format!("{}:{}{}", self.base, self.port, path) }
        fn port(&self,) -> u16 { self.port }
        fn many(&self, a: Vec<Option<u8>>, b: (u8, u8)) -> usize { a.len() + b.0 as usize }
    }
    macro_rules! endpoint {
        (trait $t:ident { $($m:ident => $ret:ty),* }) => { #[koiled] trait $t { $(async fn $m(&self) -> $ret;)* } };
        (generic $T:ident $(: $b:path)? , $lt:lifetime, $e:expr) => {
            #[koiled] async fn generic<$lt, $T $(: $b)?>(x: &$lt [$T; $e]) -> usize { x.len() }
        };
        (alias $v:vis $n:ident ($p:pat => $pt:ty)) => { #[koiled] $v async fn $n($p: $pt) -> u8 { 1 } };
    }
    endpoint!(trait Backend { a => u8, b => Result<Vec<String>, ()> });
    endpoint!(generic T: Clone, 'x, 3 + 1);
    endpoint!(alias pub(super) with_pattern((a, b) => (u8, u8)));
    struct B;
    impl Backend for B {
        async fn a(&self) -> u8 {
            1
        }
        async fn b(&self) -> Result<Vec<String>, ()> {
            Ok(vec![])
        }
    }
    pub fn run() {
        let api = BlockingApi::make("h".into(), 8);
        assert_eq!(api.url("/x"), "h:8/x");
        assert_eq!(api.port(), 8);
        assert_eq!(api.many(vec![None], (1, 2)), 2);
        assert_eq!(koil::Blocking::new(B).b(), Ok(vec![]));
        assert_eq!(generic_blocking(&[1, 2, 3, 4]), 4);
        assert_eq!(with_pattern_blocking((1, 2)), 1);
    }
}
// into_future builders
mod into_future {
    use super::*;
    #[koiled]
    pub struct Client;
    #[koiled]
    pub struct Get<'c, K: ?Sized> {
        client: &'c Client,
        key: &'c K,
        retries: u8,
    }
    #[koiled(twins(Get))]
    impl Client {
        pub fn get<'c, K: ?Sized + AsRef<str>>(&'c self, key: &'c K) -> Get<'c, K> {
            Get {
                client: self,
                key,
                retries: 0,
            }
        }
    }
    #[koiled]
    impl<'c, K: ?Sized> Get<'c, K> {
        pub fn retries(self, retries: u8) -> Self {
            Self { retries, ..self }
        }
    }
    #[koiled]
    impl<'c, K: AsRef<str> + Sync + ?Sized> IntoFuture for Get<'c, K> {
        type Output = Result<usize, String>;
        type IntoFuture = BoxFuture<'c, Self::Output>;
        fn into_future(self) -> Self::IntoFuture {
            Box::pin(async move { Ok(self.key.as_ref().len() + self.retries as usize) })
        }
    }
    pub fn run() {
        assert_eq!(
            BlockingClient::from(Client).get("abc").retries(2).wait(),
            Ok(5)
        );
    }
}
// function-local items
fn local_items() {
    #[koiled]
    #[derive(Clone)]
    struct Local<'a>(&'a str);
    #[koiled]
    impl<'a> Local<'a> {
        async fn len(&self) -> usize {
            self.0.len()
        }
        fn new(s: &'a str) -> Self {
            Self(s)
        }
    }
    #[koiled]
    trait LocalTrait {
        async fn hi(&self) -> u8 {
            7
        }
    }
    impl LocalTrait for Local<'_> {}
    #[koiled]
    async fn local_fn<T: Clone>(t: &T) -> T {
        t.clone()
    }
    assert_eq!(BlockingLocal::new("abc").len(), 3);
    assert_eq!(BlockingLocal::new("abc").hi(), 7);
    assert_eq!(local_fn_blocking(&3), 3);
    let in_closure = || {
        #[koiled]
        async fn f() -> u8 {
            1
        }
        f_blocking()
    };
    assert_eq!(in_closure(), 1);
    const _: () = {
        #[koiled]
        async fn g() -> u8 {
            1
        }
    };
}
// shadowing
mod shadowed {
    #![allow(non_camel_case_types)]
    pub struct Option;
    pub struct Result;
    pub struct Box;
    pub struct String;
    pub struct Vec;
    pub struct Some;
    pub struct Ok;
    pub struct Err;
    pub trait Send {}
    pub trait Sync {}
    pub trait From {}
    pub trait Into {}
    pub trait Clone {}
    pub trait Iterator {}
    pub trait Sized2 {}
    pub trait Default {}
    pub trait Drop {}
    pub trait Fn {}
    pub trait Copy {}
    pub trait Debug {}
    pub mod core {}
    pub mod std {}
    pub mod alloc {}
    pub mod koil {}
    pub mod futures {}
    pub mod tokio {}
    #[allow(unused_macros)]
    macro_rules! panic {
        () => {};
    }
    #[allow(unused_macros)]
    macro_rules! matches {
        () => {};
    }
    #[::koil::koiled]
    pub struct C {
        pub n: u32,
    }
    #[::koil::koiled]
    impl C {
        pub fn new() -> Self {
            C { n: 3 }
        }
        pub async fn n(&self) -> u32 {
            self.n
        }
        pub async fn res(&self) -> ::core::result::Result<Self, ()> {
            ::core::result::Result::Ok(C { n: 4 })
        }
        pub fn st(&self) -> impl ::futures::Stream<Item = Self> {
            ::futures::stream::iter([C { n: 1 }])
        }
        pub fn rd(&self) -> impl ::tokio::io::AsyncRead + use<> {
            ::tokio::io::empty()
        }
    }
    #[::koil::koiled]
    pub trait T {
        async fn t(&self) -> u32;
    }
    impl T for C {
        async fn t(&self) -> u32 {
            9
        }
    }
    #[::koil::threaded]
    pub fn th(a: &::core::primitive::str, b: u32) -> u32 {
        b
    }
    #[::koil::threaded_iterable(capacity = 3)]
    pub fn thi(b: u32) -> impl ::core::iter::Iterator<Item = u32> {
        0..b
    }
    pub fn run() {
        assert_eq!(BlockingC::new().n(), 3);
        assert_eq!(BlockingC::new().t(), 9);
        assert_eq!(::core::iter::Iterator::count(BlockingC::new().st()), 1);
    }
}
mod no_prelude_like {
    // generics named as generated ones
    use koil::koiled;
    #[koiled]
    pub struct G<__H, __T, __Twin, __Shared, __koil>(
        pub __H,
        pub __T,
        pub __Twin,
        pub __Shared,
        pub __koil,
    );
    #[koiled]
    impl<__H, __T, __Twin, __Shared, __koil> G<__H, __T, __Twin, __Shared, __koil> {
        pub async fn call(
            &self,
            __call: u8,
            __entered: u8,
            __future: u8,
            __value: u8,
            __arg1: u8,
            __v: u8,
            __t0: u8,
        ) -> u8 {
            __call + __entered + __future + __value + __arg1 + __v + __t0
        }
    }
    #[koiled]
    pub trait Tr<__Twin, const __H: usize> {
        async fn f<__Shared: Send>(&self, __self: __Twin, x: __Shared) -> __Twin;
    }
    impl<__Twin: Clone> Tr<__Twin, 3> for u8 {
        async fn f<S: Send>(&self, s: __Twin, _: S) -> __Twin {
            s
        }
    }
    pub fn run() {
        assert_eq!(
            BlockingG::from(G(1, 2, 3, 4, 5)).call(1, 1, 1, 1, 1, 1, 1),
            7
        );
        assert_eq!(koil::Blocking::new(1u8).f(5, ()), 5);
    }
}
mod raw {
    use koil::koiled;
    #[koiled]
    pub struct r#type {
        pub r#fn: u8,
    }
    #[koiled]
    impl r#type {
        pub async fn r#match(&self, r#in: u8) -> Self {
            r#type { r#fn: r#in }
        }
        pub async fn r#async(self: &Self) -> u8 {
            self.r#fn
        }
        pub const r#const: u8 = 1;
    }
    #[koiled(suffix = "_now")]
    impl r#type {
        pub async fn r#loop(&self) -> u8 {
            3
        }
    }
    #[koiled]
    pub trait r#dyn {
        type r#impl;
        const r#static: u8;
        async fn r#yield(&self) -> Self::r#impl;
    }
    impl r#dyn for r#type {
        type r#impl = u8;
        const r#static: u8 = 2;
        async fn r#yield(&self) -> u8 {
            8
        }
    }
    #[koiled]
    pub async fn r#try() -> u8 {
        4
    }
    pub fn run() {
        let t = Blockingtype::from(r#type { r#fn: 1 });
        assert_eq!(t.r#match(4).r#async(), 4);
        assert_eq!(t.aio().loop_now(), 3);
        assert_eq!(<Blockingtype as Blockingdyn>::r#static, 2);
        assert_eq!(Blockingdyn::r#yield(&t), 8);
        assert_eq!(try_blocking(), 4);
        assert_eq!(Blockingtype::r#const, 1);
    }
}
mod cfgs {
    use koil::koiled;
    #[koiled]
    #[cfg_attr(
        any(unix, windows),
        derive(Clone, Debug),
        non_exhaustive,
        doc = "conditional",
        must_use
    )]
    #[cfg_attr(all(unix, windows), derive(Nonsense))]
    pub struct S {
        #[cfg(any(unix, windows))]
        pub a: u8,
        #[cfg(all(unix, windows))]
        pub b: Nonsense,
        #[cfg_attr(any(unix, windows), allow(dead_code))]
        c: u8,
    }
    #[koiled]
    #[cfg_attr(any(unix, windows), allow(clippy::all))]
    impl S {
        pub fn new() -> Self {
            S { a: 1, c: 2 }
        }
        #[cfg(any(unix, windows))]
        pub async fn f(
            &self,
            #[cfg(any(unix, windows))] x: u8,
            #[cfg(all(unix, windows))] y: Nonsense,
            #[cfg_attr(any(unix, windows), allow(unused))] z: u8,
        ) -> u8 {
            x
        }
        #[cfg(all(unix, windows))]
        pub async fn f(&self) -> Nonsense {}
        #[cfg_attr(any(unix, windows), cfg(all(unix, windows)))]
        pub async fn f(&self) -> Nonsense {}
        #[cfg_attr(any(unix, windows), doc = "x", cfg_attr(any(unix, windows), must_use))]
        pub async fn g(&self) -> u8 {
            1
        }
        #[cfg_attr(all(unix, windows), deprecated)]
        #[cfg_attr(any(unix, windows), inline, doc(hidden))]
        pub async fn h(&self) -> u8 {
            1
        }
        #[cfg(all(unix, windows))]
        pub const X: Nonsense = 1;
        #[cfg(any(unix, windows))]
        pub const Y: u8 = 1;
    }
    #[koiled]
    #[cfg(any(unix, windows))]
    pub trait T {
        #[cfg(all(unix, windows))]
        type N;
        #[cfg(any(unix, windows))]
        type A;
        #[cfg(all(unix, windows))]
        async fn n(&self);
        #[cfg(any(unix, windows))]
        async fn a(&self) -> Self::A;
        #[cfg(all(unix, windows))]
        const Q: u8;
    }
    #[cfg(any(unix, windows))]
    impl T for S {
        type A = u8;
        async fn a(&self) -> u8 {
            2
        }
    }
    #[koiled]
    #[cfg(all(unix, windows))]
    pub async fn gone() -> Nonsense {}
    #[cfg_attr(any(unix, windows), koiled)]
    pub async fn here() -> u8 {
        1
    }
    #[cfg_attr(all(unix, windows), koiled)]
    pub async fn there() -> u8 {
        1
    }
    pub fn run() {
        let s = BlockingS::new();
        assert_eq!(s.f(4, 5), 4);
        assert_eq!(s.g(), 1);
        assert_eq!(s.a(), 2);
        assert_eq!(here_blocking(), 1);
        assert_eq!(BlockingS::Y, 1);
        let _: u8 = s.h();
    }
}
mod tower {
    use super::*;
    // tower-like with boxed service and poll_ready
    use std::task::{Context, Poll};
    #[koiled]
    pub trait Service<Req>
    where
        Req: Send,
    {
        type Response: Send;
        type Error: Into<Box<dyn std::error::Error + Send + Sync>>;
        type Future<'a>: Future<Output = Result<Self::Response, Self::Error>> + Send
        where
            Self: 'a;
        fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>>;
        #[koil(wait)]
        fn call<'a>(&'a mut self, req: Req) -> Self::Future<'a>;
    }
    #[koiled]
    pub struct Timeout<S> {
        inner: S,
    }
    impl<S, R: Send> Service<R> for Timeout<S>
    where
        S: Service<R>,
    {
        type Response = S::Response;
        type Error = S::Error;
        type Future<'a>
            = S::Future<'a>
        where
            Self: 'a;
        fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
            self.inner.poll_ready(cx)
        }
        fn call<'a>(&'a mut self, r: R) -> S::Future<'a> {
            self.inner.call(r)
        }
    }
    pub struct Echo;
    impl Service<u8> for Echo {
        type Response = u8;
        type Error = std::io::Error;
        type Future<'a> = std::future::Ready<std::io::Result<u8>>;
        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), std::io::Error>> {
            Poll::Ready(Ok(()))
        }
        fn call<'a>(&'a mut self, r: u8) -> Self::Future<'a> {
            std::future::ready(Ok(r))
        }
    }
    pub fn run() {
        let mut t = BlockingTimeout::from(Timeout { inner: Echo });
        assert_eq!(BlockingService::call(&mut t, 4).unwrap(), 4);
    }
}
mod desugared {
    use super::*;
    #[koiled]
    pub trait Boxed: Send + Sync {
        fn get<'life0, 'life1, 'at>(
            &'life0 self,
            key: &'life1 str,
        ) -> Pin<Box<dyn Future<Output = Option<String>> + Send + 'at>>
        where
            'life0: 'at,
            'life1: 'at,
            Self: 'at;
        fn name(&self) -> &str {
            "n"
        }
    }
    pub struct M;
    impl Boxed for M {
        fn get<'life0, 'life1, 'at>(
            &'life0 self,
            key: &'life1 str,
        ) -> Pin<Box<dyn Future<Output = Option<String>> + Send + 'at>>
        where
            'life0: 'at,
            'life1: 'at,
            Self: 'at,
        {
            Box::pin(async move { Some(key.to_owned()) })
        }
    }
    pub fn run() {
        let b: Box<dyn BlockingBoxed> = Box::new(koil::Blocking::new(M));
        assert_eq!(b.get("q").unwrap(), "q");
        assert_eq!(b.name(), "n");
    }
}
pub(crate) fn main() {
    hygiene::run();
    into_future::run();
    local_items();
    shadowed::run();
    no_prelude_like::run();
    raw::run();
    cfgs::run();
    tower::run();
    desugared::run();
}
