//! Whole small SDKs: without a prelude, with sealed traits, typestates, and every form of argument.
#![allow(unreachable_pub, dead_code, unused, async_fn_in_trait)]
mod nip {
    #![no_implicit_prelude]
    use ::koil::{koilable, koiled, threaded, threaded_iterable};
    #[koiled]
    #[derive(::std::fmt::Debug, ::std::clone::Clone)]
    pub struct C<T>(pub T);
    #[koiled]
    impl<T: ::std::clone::Clone> C<T> {
        pub fn new(t: T) -> Self {
            C(t)
        }
        pub async fn get(&self) -> ::std::option::Option<Self> {
            ::std::option::Option::Some(C(self.0.clone()))
        }
        pub fn all(&self) -> impl ::futures::Stream<Item = ::std::result::Result<Self, ()>> {
            ::futures::stream::iter([::std::result::Result::Ok(C(self.0.clone()))])
        }
        pub async fn pair(self) -> (Self, T) {
            let t = self.0.clone();
            (self, t)
        }
    }
    #[koiled(fallible, timeout = "5s")]
    impl<T> C<T> {
        pub async fn f(&self) -> ::std::result::Result<u8, ::koil::Error> {
            ::std::result::Result::Ok(1)
        }
        pub fn rs(
            &self,
        ) -> impl ::futures::Stream<Item = ::std::result::Result<u8, ::koil::Error>> {
            ::futures::stream::iter([::std::result::Result::Ok(1)])
        }
        pub fn us(&self) -> impl ::futures::Stream<Item = u8> {
            ::futures::stream::iter([1])
        }
        #[koil(raw)]
        pub fn raw(&self) -> impl ::futures::Stream<Item = u8> {
            ::futures::stream::iter([1])
        }
    }
    #[threaded]
    pub fn th(p: &::std::path::Path, n: ::std::vec::Vec<u8>) -> ::std::io::Result<u8> {
        ::std::result::Result::Ok(1)
    }
    #[threaded_iterable]
    pub fn it(n: u8) -> impl ::std::iter::Iterator<Item = u8> {
        0..n
    }
    #[threaded_iterable]
    pub fn yi(n: u8, out: &mut ::koil::Yielder<u8>) -> ::std::result::Result<(), ()> {
        let _ = out.push(n);
        ::std::result::Result::Ok(())
    }
    #[threaded(clone)]
    impl<T: ::std::clone::Clone + ::std::marker::Send + 'static> C<T> {
        pub fn clo(&self, x: &str) -> T {
            self.0.clone()
        }
    }
    #[koiled]
    pub struct Cx(u8);
    #[koilable]
    impl ::koil::AsyncContext for Cx {
        type Error = ();
        async fn aenter(&mut self) -> ::std::result::Result<(), ()> {
            ::std::result::Result::Ok(())
        }
        async fn aexit(&mut self, _: ::koil::Exit) -> ::std::result::Result<(), ()> {
            ::std::result::Result::Ok(())
        }
    }
    #[koiled]
    #[koilable]
    pub struct Comp {
        #[koil(context)]
        a: Cx,
        #[koil(context)]
        b: Cx,
        n: u8,
    }
    pub fn make() -> Comp {
        Comp {
            a: Cx(1),
            b: Cx(2),
            n: 3,
        }
    }
}
mod rpitit {
    use futures::{Stream, StreamExt, stream};
    use koil::koiled;
    use std::fmt::Debug;
    use std::future::Future;
    mod sealed {
        pub trait Sealed {}
        impl Sealed for u8 {}
        impl Sealed for super::Db {}
    }
    #[koiled]
    pub struct Db;
    #[koiled]
    pub trait Repo: sealed::Sealed + Send + Sync + 'static {
        type Id: Copy + Debug + Send;
        type Row<'r>: Debug
        where
            Self: 'r;
        const TABLE: &'static str;
        const LIMIT: usize = 10;
        fn find(&self, id: Self::Id) -> impl Future<Output = Option<Self::Row<'_>>> + Send;
        fn scan<'s>(
            &'s self,
            from: Self::Id,
        ) -> impl Stream<Item = (Self::Id, Self::Row<'s>)> + Send + 's;
        fn count(&self) -> impl Future<Output = usize> + Send {
            async { self.scan_all().count().await }
        }
        fn scan_all(&self) -> impl Stream<Item = u8> + Send {
            stream::iter([1, 2, 3])
        }
        async fn merge(
            &self,
            others: Vec<Self>,
            two: (Self, Option<&Self>),
            many: &[Self],
            arc: std::sync::Arc<Self>,
        ) -> usize
        where
            Self: Sized,
        {
            others.len() + many.len()
        }
        async fn boxed(self: Box<Self>) -> usize;
        fn sync(&self) -> Self::Id;
        fn open() -> impl Future<Output = Result<Self, String>>
        where
            Self: Sized;
        fn id_of(row: &Self::Row<'_>) -> Self::Id
        where
            Self: Sized;
    }
    impl Repo for Db {
        type Id = u8;
        type Row<'r> = &'r str;
        const TABLE: &'static str = "db";
        async fn find(&self, id: u8) -> Option<&str> {
            Some("row")
        }
        fn scan<'s>(&'s self, from: u8) -> impl Stream<Item = (u8, &'s str)> + Send + 's {
            stream::iter([(from, "a")])
        }
        async fn boxed(self: Box<Self>) -> usize {
            4
        }
        fn sync(&self) -> u8 {
            2
        }
        async fn open() -> Result<Self, String> {
            Ok(Db)
        }
        fn id_of(_: &&str) -> u8 {
            9
        }
    }
    fn generic<R: BlockingRepo<Id = u8>>(r: &R) -> usize
    where
        for<'x> R::Row<'x>: PartialEq<&'x str>,
    {
        assert!(r.find(1).unwrap() == "row");
        r.scan(3).count() + r.count() + R::LIMIT
    }
    pub fn run() {
        let db = BlockingDb::open().unwrap();
        assert_eq!(generic(&db), 14);
        assert_eq!(
            db.merge(
                vec![Db.into()],
                (Db.into(), Some(&db)),
                &[Db.into()],
                std::sync::Arc::new(Db.into())
            ),
            2
        );
        assert_eq!(Box::new(db).boxed(), 4);
        assert_eq!(<BlockingDb as BlockingRepo>::TABLE, "db");
        assert_eq!(BlockingDb::id_of(&"x"), 9);
    }
}
mod own_forms {
    use futures::{Stream, StreamExt, stream, stream::BoxStream};
    use koil::koiled;
    use std::borrow::Cow;
    use std::collections::{BTreeMap, HashMap, HashSet};
    use std::fmt;
    use std::num::NonZeroU8;
    use std::ops::{Deref, Index};
    use std::sync::{Arc, Mutex};
    type Result<T, E = Error> = std::result::Result<T, E>;
    #[derive(Debug, PartialEq, Clone)]
    pub enum Error {
        A(&'static str),
    }
    #[koiled]
    #[derive(Clone, Debug)]
    pub struct Client {
        inner: Arc<Inner>,
    }
    #[derive(Debug)]
    struct Inner {
        m: Mutex<HashMap<String, Vec<u8>>>,
    }
    #[koiled]
    pub struct Bucket<'c> {
        client: &'c Client,
        name: Cow<'c, str>,
    }
    #[koiled]
    pub struct Cursor<T>(Vec<T>);
    impl<T: Unpin> Stream for Cursor<T> {
        type Item = T;
        fn poll_next(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<T>> {
            std::task::Poll::Ready(self.0.pop())
        }
    }
    #[koiled(twins(Bucket, Cursor))]
    impl Client {
        pub fn new() -> Client {
            Client {
                inner: Arc::new(Inner {
                    m: Default::default(),
                }),
            }
        }
        pub fn bucket<'c>(&'c self, name: impl Into<Cow<'c, str>>) -> Bucket<'c> {
            Bucket {
                client: self,
                name: name.into(),
            }
        }
        pub async fn buckets(&self) -> Result<Vec<Bucket<'_>>> {
            Ok(vec![self.bucket("a")])
        }
        pub async fn by_name(&self) -> Result<BTreeMap<String, Bucket<'_>>> {
            Ok([("a".to_owned(), self.bucket("a"))].into())
        }
        pub fn stream_buckets(&self) -> BoxStream<'_, Result<Bucket<'_>>> {
            stream::iter([Ok(self.bucket("b"))]).boxed()
        }
        pub async fn cursor<T: Clone>(&self, t: &T) -> Result<Cursor<T>> {
            Ok(Cursor(vec![t.clone(), t.clone()]))
        }
        pub async fn join(self, other: Client, third: &Client, mut fourth: Box<Client>) -> Client {
            let _ = &mut fourth;
            other
        }
        pub async fn opt(&self, other: Option<&Client>, many: &[Client]) -> usize {
            many.len() + usize::from(other.is_some())
        }
        pub async fn nz(&self, n: NonZeroU8) -> Result<HashSet<u8>, std::num::TryFromIntError> {
            Ok([n.get()].into())
        }
        pub fn try_new(
            fail: bool,
        ) -> std::result::Result<Self, Box<dyn std::error::Error + Send + Sync>> {
            if fail {
                Err("no")?
            }
            Ok(Self::new())
        }
        pub async fn in_result_of_tuple(&self) -> Result<(Client, Option<Arc<Client>>, usize)> {
            Ok((self.clone(), None, 1))
        }
        pub async fn cow(&self) -> Cow<'_, str> {
            "x".into()
        }
        pub async fn generic_ret<T: Default + From<u8>>(&self) -> T {
            T::from(3)
        }
        pub async fn ret_ref<'a>(&'a self, x: &'a mut Vec<u8>) -> &'a mut [u8] {
            x
        }
        pub async fn with_callback(&self, f: impl FnOnce(&Client) -> u8 + Send) -> u8 {
            f(self)
        }
        pub async fn with_cb2<F: AsyncFn(&Client) -> u8>(&self, f: F) -> u8 {
            f(self).await
        }
    }
    impl Deref for Client {
        type Target = str;
        fn deref(&self) -> &str {
            "deref"
        }
    }
    impl fmt::Display for Client {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("client")
        }
    }
    impl<'a> From<&'a str> for Client {
        fn from(_: &'a str) -> Self {
            Self::new()
        }
    }
    impl Default for Client {
        fn default() -> Self {
            Self::new()
        }
    }
    impl Index<u8> for Client {
        type Output = u8;
        fn index(&self, _: u8) -> &u8 {
            &5
        }
    }
    #[koiled]
    impl Bucket<'_> {
        pub async fn put(&self, k: &str, v: impl AsRef<[u8]>) -> Result<()> {
            self.client
                .inner
                .m
                .lock()
                .unwrap()
                .insert(format!("{}/{k}", self.name), v.as_ref().to_vec());
            Ok(())
        }
        pub fn name(&self) -> &str {
            &self.name
        }
        pub fn renamed(self, name: &str) -> Self {
            Self {
                name: name.to_owned().into(),
                ..self
            }
        }
    }
    #[koiled]
    impl<T> Cursor<T> {
        pub async fn next_one(&mut self) -> Option<T> {
            self.0.pop()
        }
    }
    pub fn run() {
        let c = BlockingClient::new();
        assert_eq!(c.to_string(), "client");
        assert_eq!(BlockingClient::default().cow(), "x");
        c.bucket("q").put("k", "v").unwrap();
        assert_eq!(c.buckets().unwrap()[0].name(), "a");
        assert_eq!(c.by_name().unwrap()["a"].name(), "a");
        for b in c.stream_buckets() {
            assert_eq!(b.unwrap().renamed("z").name(), "z");
        }
        assert_eq!(c.cursor(&1).unwrap().next_one(), Some(1));
        assert_eq!(c.cursor(&1).unwrap().count(), 2);
        let _ = c.clone().join(c.clone(), &c, Box::new(c.clone()));
        assert_eq!(c.generic_ret::<u16>(), 3);
        assert_eq!(c.with_callback(|_| 3), 3);
        assert_eq!(c.with_cb2(async |_: &Client| 3), 3);
        assert_eq!(c[0u8], 5);
        assert_eq!(c.in_result_of_tuple().unwrap().0.to_string(), "client");
        assert!(BlockingClient::try_new(true).is_err());
        assert_eq!(c.opt(Some(&c), &[c.clone()]), 2);
        assert_eq!(c.len(), 5);
    }
}
mod more {
    use koil::koiled;
    use std::future::Future;
    use std::marker::PhantomData;
    pub struct Open;
    pub struct Closed;
    #[koiled]
    pub struct Door<State, F: ?Sized = dyn Fn()>(PhantomData<(State, fn(&F))>);
    #[koiled(twins(Door))]
    impl Door<Closed> {
        pub const fn new() -> Self {
            Door(PhantomData)
        }
        pub async fn open(self) -> Door<Open> {
            Door(PhantomData)
        }
    }
    #[koiled(twins(Door))]
    impl Door<Open> {
        pub async fn close(self) -> Result<Door<Closed>, (Self, u8)> {
            Err((self, 1))
        }
        pub async fn pass(&self) -> u8 {
            1
        }
    }
    // associated consts and where Self
    #[koiled]
    #[derive(Clone)]
    pub struct W<T>(pub T);
    #[koiled]
    impl<T> W<T>
    where
        Self: Clone,
        T: IntoIterator,
        T::Item: Send,
    {
        pub const A: Option<u8> = Some(1);
        pub async fn first(self) -> Option<T::Item> {
            self.0.into_iter().next()
        }
        pub async fn it<I>(&self, i: I) -> <I as IntoIterator>::Item
        where
            I: IntoIterator<Item = T::Item>,
        {
            i.into_iter().next().unwrap()
        }
    }
    // impl for dyn/foreign with suffix
    pub trait Ob {
        fn n(&self) -> u8;
    }
    #[koiled(suffix = "_blocking")]
    impl dyn Ob + '_ {
        pub async fn fut(&self) -> u8 {
            self.n()
        }
        pub async fn rec(&self, other: &Self) -> u8 {
            other.n()
        }
    }
    impl Ob for u8 {
        fn n(&self) -> u8 {
            *self
        }
    }
    #[koiled(suffix = "_sync", fallible)]
    impl<T> W<T> {
        pub async fn s(&self) -> Result<u8, Box<dyn std::error::Error>> {
            Ok(1)
        }
    }
    // nested fn, recursion
    #[koiled]
    pub fn recurse(n: u32) -> std::pin::Pin<Box<dyn Future<Output = u32> + Send>> {
        Box::pin(async move { if n == 0 { 0 } else { recurse(n - 1).await + 1 } })
    }
    #[koiled]
    pub async unsafe fn danger(p: *const u8) -> u8 {
        // SAFETY: the caller says so.
        unsafe { *p }
    }
    #[koiled]
    pub(self) async fn vis() -> u8 {
        1
    }
    #[koiled]
    #[inline(always)]
    #[cold]
    pub async fn inl<'a, 'b, T>(a: &'a T, _: &'b ()) -> &'a T
    where
        'b: 'a,
    {
        a
    }
    #[koiled(name = "go")]
    pub async fn went(
        _: (),
        (): (),
        [a, b]: [u8; 2],
        S { x, .. }: S,
        mut y: u8,
        &z: &u8,
        ref w: u8,
    ) -> u8 {
        y += 1;
        a + b + x + y + z + *w
    }
    pub struct S {
        x: u8,
    }
    #[koiled]
    pub async fn arr<const N: usize, const B: bool, const C: char>(
        x: [[u8; N]; 2],
    ) -> ([u8; N], bool)
    where
        [(); N]: Sized,
    {
        (x[0], B)
    }
    #[koiled]
    pub async fn imp(
        x: impl Iterator<Item = impl Into<u64>>,
        f: impl Fn(&str) -> String + Send + 'static,
    ) -> impl Iterator<Item = u64> {
        x.map(Into::into).collect::<Vec<_>>().into_iter()
    }
    #[koiled]
    pub async fn dynarg(x: &mut dyn Iterator<Item = u8>, y: Box<dyn FnOnce() -> u8 + '_>) -> u8 {
        y() + x.next().unwrap()
    }
    #[koiled]
    pub async fn tuple_of_streams() -> (
        impl futures::Stream<Item = u8>,
        Option<impl futures::Stream<Item = u8> + Send>,
    ) {
        (futures::stream::iter([1]), Some(futures::stream::iter([2])))
    }
    #[koiled]
    pub async fn extern_ty(f: extern "C" fn(u8) -> u8, g: for<'a> fn(&'a u8) -> &'a u8) -> u8 {
        f(*g(&1))
    }
    extern "C" fn ef(x: u8) -> u8 {
        x
    }
    #[koiled]
    #[doc = concat!("a", "b")]
    #[doc(alias = "q")]
    #[must_use = "r"]
    #[allow(clippy::all)]
    #[warn(unused)]
    #[expect(unused_variables)]
    pub async fn attrs(x: u8) -> u8 {
        1
    }
    pub fn run() {
        let d = BlockingDoor::<Closed>::new().open();
        assert_eq!(d.pass(), 1);
        assert!(d.close().is_err());
        assert_eq!(BlockingW::from(W(vec![1])).first(), Some(1));
        assert_eq!(BlockingW::from(W(vec![1])).it([4]), 4);
        let o: &dyn Ob = &3u8;
        assert_eq!(o.fut_blocking(), 3);
        assert_eq!(o.rec_blocking(o), 3);
        assert_eq!(W(1).s_sync().unwrap(), 1);
        assert_eq!(recurse_blocking(3), 3);
        // SAFETY: it is a reference.
        let three = unsafe { danger_blocking(&3) };
        assert_eq!(three, 3);
        assert_eq!(vis_blocking(), 1);
        assert_eq!(inl_blocking(&1, &()), &1);
        assert_eq!(go((), (), [1, 2], S { x: 3 }, 4, &5, 6), 22);
        assert_eq!(arr_blocking::<1, true, 'x'>([[1], [2]]), ([1], true));
        assert_eq!(imp_blocking([1u8].into_iter(), |s| s.into()).count(), 1);
        assert_eq!(dynarg_blocking(&mut [1u8].into_iter(), Box::new(|| 2)), 3);
        let (a, b) = tuple_of_streams_blocking();
        assert_eq!(a.chain(b.unwrap()).count(), 2);
        assert_eq!(extern_ty_blocking(ef, |x| x), 1);
        assert_eq!(attrs_blocking(1), 1);
    }
}
pub(crate) fn main() {
    rpitit::run();
    own_forms::run();
    more::run();
}
