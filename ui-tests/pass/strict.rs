//! The usual parts of SDKs, under strict lints: builders, sessions, enums, layered traits.
#![deny(
    missing_docs,
    unused_qualifications,
    non_snake_case,
    unused,
    single_use_lifetimes,
    elided_lifetimes_in_paths,
    missing_debug_implementations,
    trivial_casts,
    unused_lifetimes,
    let_underscore_drop,
    redundant_lifetimes,
    unit_bindings,
    ambiguous_negative_literals,
    explicit_outlives_requirements,
    keyword_idents,
    meta_variable_misuse,
    unsafe_code,
    variant_size_differences,
    unused_results
)]
#![allow(unreachable_pub, dead_code, async_fn_in_trait)]

use futures::Stream;
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream};
use koil::koiled;
use std::collections::HashMap;
use std::fmt::{Debug, Display};
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

/// builders
pub mod builders {
    use super::*;
    /// A builder.
    #[koiled]
    #[must_use = "a builder does nothing by itself"]
    #[derive(Debug, Clone)]
    pub struct Builder<'a, T = String, const N: usize = 4>
    where
        T: Clone,
    {
        name: Option<&'a str>,
        _t: PhantomData<T>,
        n: [u8; N],
        f: Option<T>,
    }
    #[koiled(twins(Session))]
    impl<'a, T: Clone + Default + Send + 'static, const N: usize> Builder<'a, T, N>
    where
        [u8; N]: Default,
    {
        /// Makes one.
        pub const MAX: usize = N;
        /// New.
        pub fn new() -> Self {
            Self {
                name: None,
                _t: PhantomData,
                n: Default::default(),
                f: None,
            }
        }
        /// By value.
        #[must_use]
        pub fn name(mut self, name: &'a str) -> Self {
            self.name = Some(name);
            self
        }
        /// By ref.
        pub fn header(&mut self, _k: impl Into<String>, _v: impl AsRef<[u8]>) -> &mut Self {
            self
        }
        /// Changes the type.
        pub fn with<U: Clone + Default + Send + 'static>(self, u: U) -> Builder<'a, U, N> {
            Builder {
                name: self.name,
                _t: PhantomData,
                n: self.n,
                f: Some(u),
            }
        }
        /// Build.
        pub async fn build(self) -> Result<Session<T>, Error> {
            Ok(Session {
                t: self.f.unwrap_or_default(),
                name: self.name.unwrap_or("x").to_owned(),
            })
        }
        /// Build ref.
        pub async fn build_ref(
            &self,
        ) -> Result<Session<T>, Box<dyn std::error::Error + Send + Sync + '_>> {
            Ok(Session {
                t: self.f.clone().unwrap_or_default(),
                name: "y".into(),
            })
        }
    }
    /// Error.
    #[derive(Debug)]
    #[non_exhaustive]
    pub struct Error;
    /// Session.
    #[koiled]
    #[derive(Debug)]
    pub struct Session<T> {
        /// t
        pub t: T,
        /// name
        pub name: String,
    }
    #[koiled]
    impl<T: Clone + Send + Sync + 'static> Session<T> {
        /// Get
        pub async fn get<K, V>(&self, key: K, make: impl AsyncFnOnce(K) -> V) -> (V, T)
        where
            K: Debug,
        {
            (make(key).await, self.t.clone())
        }
        /// hrtb
        pub async fn each<F>(&self, mut f: F) -> usize
        where
            F: for<'x> FnMut(&'x T) -> Pin<Box<dyn Future<Output = usize> + Send + 'x>>,
        {
            f(&self.t).await
        }
        /// stream
        pub fn list<'s>(
            &'s self,
            prefix: &str,
        ) -> Pin<Box<dyn Stream<Item = (String, &'s T)> + Send + 's>> {
            let p = prefix.to_owned();
            Box::pin(stream::once(async move { (p, &self.t) }))
        }
        /// result of stream
        pub async fn try_list(
            &self,
        ) -> Result<impl Stream<Item = Result<T, Error>> + use<'_, T>, Error> {
            Ok(stream::iter([Ok(self.t.clone()), Err(Error)]))
        }
        /// arc
        pub async fn shared(self: Arc<Self>) -> usize {
            Arc::strong_count(&self)
        }
        /// box
        pub async fn boxed(self: Box<Self>) -> T {
            self.t
        }
        /// rc
        pub async fn rced(self: Rc<Self>) -> usize {
            Rc::strong_count(&self)
        }
        /// pin
        pub async fn pinned(self: Pin<&mut Self>) -> usize {
            self.name.len()
        }
        /// mutself
        pub async fn mutself(mut self) -> String {
            self.name.push('!');
            self.name
        }
        /// deprecated
        #[deprecated(since = "1.0.0", note = "use get")]
        pub async fn old(&self) {}
        /// must use
        #[must_use]
        pub async fn important(&self) -> usize {
            3
        }
        /// closures
        pub async fn retry<F, Fut, R>(&self, f: F) -> R
        where
            F: Fn(u32) -> Fut,
            Fut: Future<Output = R> + Send,
        {
            f(3).await
        }
        /// boxed closure
        pub async fn dynamic(
            &self,
            f: &(dyn Fn(&T) -> BoxFuture<'static, u8> + Send + Sync),
        ) -> u8 {
            f(&self.t).await
        }
        /// array
        pub async fn array<const M: usize>(&self, a: [u8; M]) -> [u8; M] {
            a
        }
        /// slices
        pub async fn slices<'a, 'b: 'a>(&self, a: &'a [&'b str]) -> Option<&'a &'b str> {
            a.first()
        }
        /// never
        pub async fn never(&self) -> std::convert::Infallible {
            std::future::pending().await
        }
        /// macro types
        pub async fn fn_ptr(&self, f: for<'x> fn(&'x T) -> &'x T) -> bool {
            let _ = f(&self.t);
            true
        }
        /// `Self::Item`-ish
        pub async fn dyn_any(&self) -> Box<dyn std::any::Any + Send> {
            Box::new(3u8)
        }
        /// nested
        pub async fn nested(&self) -> Result<Option<Vec<HashMap<String, (u8, Box<[T]>)>>>, Error> {
            Ok(None)
        }
    }
}
/// enums
pub mod enums {
    use super::*;
    /// E
    #[koiled]
    #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
    #[non_exhaustive]
    #[repr(u8)]
    pub enum Conn<'a, T>
    where
        T: Display,
    {
        /// a
        Tcp(&'a T) = 1,
        /// b
        Unix {
            /// p
            path: String,
        } = 7,
        /// c
        Closed = 9,
    }
    #[koiled]
    impl<'a, T: Display + Copy + 'a> Conn<'a, T> {
        /// open
        pub async fn open(t: &'a T) -> Self {
            Self::Tcp(t)
        }
        /// swap
        pub async fn swap(self, _other: Self) -> (Self, bool) {
            (self, true)
        }
        /// show
        pub async fn show(&self) -> String {
            match self {
                Self::Tcp(t) => t.to_string(),
                _ => String::new(),
            }
        }
    }
    /// Uninhabited.
    #[koiled]
    #[derive(Debug)]
    pub enum Void {}
    #[koiled]
    impl Void {
        /// a
        pub async fn absurd(self) -> ! {
            match self {}
        }
    }
}
/// traits
pub mod traits {
    use super::*;
    /// Tower
    #[koiled]
    pub trait Service<Request> {
        /// R
        type Response;
        /// E
        type Error: Debug;
        /// F
        type Future: Future<Output = Result<Self::Response, Self::Error>>;
        /// call
        #[koil(wait)]
        fn call(&mut self, req: Request) -> Self::Future;
        /// poll
        fn ready(&self) -> bool {
            true
        }
    }
    /// Svc
    #[koiled]
    #[derive(Debug, Clone)]
    pub struct Echo;
    impl Service<String> for Echo {
        type Response = String;
        type Error = std::convert::Infallible;
        type Future = std::future::Ready<Result<String, std::convert::Infallible>>;
        fn call(&mut self, req: String) -> Self::Future {
            std::future::ready(Ok(req))
        }
    }
    /// Layered
    #[koiled(twins(Service))]
    pub trait Layer<R>: Service<R> + Send + Sync
    where
        R: Send,
    {
        /// K
        const K: &'static str = "k";
        /// both
        fn both<'a>(&'a mut self, r: R) -> BoxFuture<'a, usize>
        where
            R: 'a;
        /// gat stream
        fn rows(&self) -> BoxStream<'_, u8>;
        /// generic
        async fn generate<T: Send + Into<u64>>(&self, t: T) -> u64
        where
            Self: Sized;
    }
}
pub(crate) fn main() {
    let b = builders::BlockingBuilder::<String, 4>::new().name("n");
    let mut b = b.with(5u16);
    let _ = b.header("a", "b").header("c", vec![1]);
    let s2: builders::BlockingSession<u16> = b.build_ref().unwrap();
    assert_eq!(s2.name, "y");

    let s = b.build().unwrap();
    assert_eq!(s.get("k", async |k: &str| k.len()), (1, 5));
    assert_eq!(
        s.each(|t| {
            let t = *t;
            Box::pin(async move { t as usize })
        }),
        5
    );
    assert_eq!(
        s.list("p").map(|(a, b)| (a, *b)).collect::<Vec<_>>(),
        [("p".to_owned(), 5)]
    );
    assert_eq!(s.try_list().unwrap().count(), 2);
    assert_eq!(s.retry(|n| async move { n + 1 }), 4);
    assert_eq!(
        s.dynamic(&|t| {
            let t = *t as u8;
            Box::pin(async move { t })
        }),
        5
    );
    assert_eq!(s.array([1, 2]), [1, 2]);
    assert_eq!(s.slices(&["a"]), Some(&"a"));
    let s = Arc::new(s);
    assert_eq!(s.clone().shared(), 2);
    let s = Box::new(Arc::into_inner(s).unwrap());
    assert_eq!(s.boxed(), 5);
    assert_eq!(builders::BlockingBuilder::<u8, 2>::MAX, 2);
    use enums::*;
    let c = BlockingConn::open(&"x");
    assert_eq!(c.show(), "x");
    assert!(c.clone().swap(BlockingConn::open(&"y")).1);
    use traits::BlockingService;
    assert_eq!(
        traits::Echo.into_blocking().call("hi".to_owned()).unwrap(),
        "hi"
    );
}
