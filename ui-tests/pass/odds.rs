//! Const generics, typestates, borrowed transactions, macros in types; both directions and contexts.
#![allow(unreachable_pub, dead_code, unused, async_fn_in_trait)]
use futures::{Stream, StreamExt, future::BoxFuture, stream, stream::BoxStream};
use koil::{koilable, koiled, threaded, threaded_iterable};
use std::{
    collections::HashMap,
    fmt::Debug,
    future::Future,
    io,
    marker::PhantomData,
    path::{Path, PathBuf},
    pin::Pin,
    sync::Arc,
};
macro_rules! ty { ($($t:tt)*) => { $($t)* }; }
macro_rules! pair {
    ($t:ty) => {
        ($t, $t)
    };
}
pub trait Backend {
    type Err: Debug;
    const W: usize;
}
#[derive(Clone, Debug)]
pub struct Http;
impl Backend for Http {
    type Err = String;
    const W: usize = 2;
}
#[koiled]
#[repr(C, align(16))]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct P<const N: usize>([u8; N]);
#[koiled]
impl<const N: usize> P<N> {
    pub const LEN: usize = N;
    pub async fn arr(&self) -> [u8; N] {
        self.0
    }
    pub async fn two(self) -> (Self, [u8; N]) {
        (self, self.0)
    }
    pub fn zero() -> Self {
        P([0; N])
    }
}
#[koiled]
impl P<3> {
    pub async fn only3(&self) -> u8 {
        self.0[2]
    }
    pub async fn same(&self) -> u8 {
        3
    }
    pub async fn fixed(&self) -> [u8; Self::LEN] {
        self.0
    }
}
#[koiled]
impl P<4> {
    pub async fn same(&self) -> u8 {
        4
    }
    pub async fn shrink(self) -> P<3> {
        P([1, 2, 3])
    }
    pub async fn lit(&self, _: [u8; { 1 + 1 }]) -> P<{ 2 + 2 }> {
        *self
    }
}
#[koiled]
pub struct Client<B: Backend = Http, S = ()> {
    b: B,
    s: PhantomData<S>,
}
// SAFETY: it has no state.
unsafe impl<B: Backend, S> Sync for Client<B, S> {}
#[koiled(twins(Tx))]
impl<B: Backend + Clone, S> Client<B, S> {
    pub fn new(b: B) -> Self {
        Client { b, s: PhantomData }
    }
    pub async fn err(&self) -> Result<(), B::Err> {
        Ok(())
    }
    pub async fn assoc(&self) -> Option<<B as Backend>::Err>
    where
        B::Err: Clone,
    {
        None
    }
    pub async fn begin(&mut self) -> Result<Tx<'_, B, S>, B::Err> {
        Ok(Tx { c: self })
    }
    pub async fn with_state<T>(self) -> Client<B, T> {
        Client {
            b: self.b,
            s: PhantomData,
        }
    }
    pub async fn mac(&self, x: ty!(u8)) -> pair!(u8) {
        (x, x)
    }
    pub async fn mac2(&self) -> ty!(Option<u8>) {
        None
    }
    pub async fn callback<'a, R: Send + 'a>(
        &'a self,
        f: impl for<'x> FnOnce(&'x B) -> BoxFuture<'x, R>,
    ) -> R {
        f(&self.b).await
    }
    pub async fn static_self(&'static self) -> &'static B {
        &self.b
    }
    pub async fn borrow_two<'a, 'b>(&'a self, x: &'b str) -> (&'a B, &'b str) {
        (&self.b, x)
    }
    pub fn lend<'s, 'k: 's>(
        &'s self,
        k: &'k [&'k str],
    ) -> impl Stream<Item = (&'k str, &'s B)> + 's {
        stream::iter(k.iter().map(move |k| (*k, &self.b)))
    }
    pub fn boxed<'s>(
        &'s self,
    ) -> Pin<
        Box<
            dyn Stream<Item = Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync + 's>>>
                + Send
                + 's,
        >,
    >
    where
        B: Sync,
    {
        stream::iter([Ok(vec![1])]).boxed()
    }
    pub fn fut<'s>(
        &'s self,
        n: u8,
    ) -> impl Future<Output = Result<impl Iterator<Item = u8> + use<B, S>, B::Err>> + 's {
        async move { Ok(0..n) }
    }
    pub async fn opt_stream(&self, some: bool) -> Option<BoxStream<'static, u8>> {
        some.then(|| stream::iter([1, 2]).boxed())
    }
    pub async fn map_of_streams(&self) -> HashMap<String, BoxStream<'static, u8>> {
        [("a".to_owned(), stream::iter([1]).boxed())].into()
    }
    pub async fn vec_of_streams(&self) -> Vec<Result<BoxStream<'static, u8>, B::Err>> {
        vec![Ok(stream::empty().boxed())]
    }
    pub async fn generic_const<const K: usize, T: Default + Copy>(&self) -> [T; K] {
        [T::default(); K]
    }
    pub async fn big(
        &self,
        a: u8,
        b: u16,
        c: u32,
        d: u64,
        e: i8,
        f: i16,
        g: i32,
        h: i64,
        i: f32,
        j: f64,
        k: char,
        l: bool,
    ) -> usize {
        12
    }
}
#[koiled]
pub struct Tx<'c, B: Backend, S> {
    c: &'c mut Client<B, S>,
}
#[koiled(twins(Client))]
impl<'c, B: Backend, S> Tx<'c, B, S> {
    pub async fn commit(self) -> Result<&'c mut Client<B, S>, B::Err> {
        Ok(self.c)
    }
    pub async fn sub(&mut self) -> Tx<'_, B, S> {
        Tx { c: self.c }
    }
    pub fn client(&self) -> &Client<B, S> {
        self.c
    }
}
#[koiled]
pub struct Wrapper(pub u8, String);
#[koiled]
impl Wrapper {
    pub async fn zero(&self) -> u8 {
        self.0
    }
}
#[koiled]
pub struct Unit;
#[koiled]
impl Unit {
    pub async fn x(&self) -> u8 {
        1
    }
    pub async fn eq_to(&self, _: &Unit, Unit: Unit) -> bool {
        true
    }
}
#[koiled]
#[derive(Clone)]
pub enum Shape {
    A { x: u8 },
    B(u8),
    C,
}
#[koiled]
impl Shape {
    pub async fn make(n: u8) -> Self {
        match n {
            0 => Self::A { x: 1 },
            1 => Shape::B(2),
            _ => Self::C,
        }
    }
    pub async fn area(&self) -> u8 {
        match *self {
            Shape::A { x } => x,
            Shape::B(x) => x,
            Shape::C => 0,
        }
    }
}
// threaded
#[threaded]
pub fn hash<T: AsRef<[u8]>>(
    x: T,
    p: &Path,
    n: &[u8],
    s: &str,
    v: &Vec<u8>,
) -> io::Result<(PathBuf, usize)> {
    Ok((p.to_owned(), n.len() + s.len() + v.len() + x.as_ref().len()))
}
#[threaded_iterable(capacity = 2)]
pub fn walk<'a>(root: &'a Path, depth: usize) -> impl Iterator<Item = io::Result<PathBuf>> + 'a {
    (0..depth).map(move |d| Ok(root.join(d.to_string())))
}
#[threaded_iterable]
pub fn open(p: &str) -> Result<Box<dyn Iterator<Item = u8> + Send>, String> {
    Ok(Box::new(0..3))
}
#[derive(Clone)]
pub struct Db {
    n: u8,
}
#[threaded(clone)]
impl Db {
    pub fn get(&self, k: &str) -> Option<u8> {
        Some(self.n)
    }
    pub fn scan(&self, from: u8) -> impl Iterator<Item = u8> + use<> {
        from..5
    }
    pub fn own(self) -> Self {
        self
    }
    pub fn arc(self: Arc<Self>) -> u8 {
        self.n
    }
    #[koil(skip)]
    pub fn skipped(&mut self) {}
    #[threaded(separate, name = "later")]
    pub fn now(self: Box<Self>) -> u8 {
        self.n
    }
    #[threaded_iterable(capacity = 1)]
    pub fn feed(&self, out: &mut koil::Yielder<u8>) {
        let _ = out.push(1);
    }
}
#[threaded]
pub trait Disk: Send + Sync {
    type H: Send + Clone + 'static;
    const B: usize = 512;
    fn open(&self, p: &Path) -> io::Result<Self::H>;
    fn read(&self, h: &Self::H, n: usize) -> Vec<u8>;
    fn lines(&self) -> Box<dyn Iterator<Item = String>>;
    fn shared(self: Arc<Self>) -> usize;
}
impl Disk for Db {
    type H = u8;
    fn open(&self, _: &Path) -> io::Result<u8> {
        Ok(1)
    }
    fn read(&self, h: &u8, n: usize) -> Vec<u8> {
        vec![*h; n]
    }
    fn lines(&self) -> Box<dyn Iterator<Item = String>> {
        Box::new(["a".to_owned()].into_iter())
    }
    fn shared(self: Arc<Self>) -> usize {
        2
    }
}
// contexts
#[koiled]
#[derive(Debug)]
pub struct Pool<T> {
    t: Option<T>,
}
#[koilable]
impl<T: Default + Send + 'static> koil::AsyncContext for Pool<T> {
    type Error = String;
    async fn aenter(&mut self) -> Result<(), String> {
        self.t = Some(T::default());
        Ok(())
    }
    async fn aexit(&mut self, _: koil::Exit) -> Result<(), String> {
        self.t = None;
        Ok(())
    }
}
#[koiled]
#[koilable(error = String)]
pub struct Service<T: Default + Send + 'static> {
    #[koil(context)]
    a: Pool<T>,
    #[koil(context)]
    #[cfg(any(unix, windows))]
    b: Pool<u8>,
    name: &'static str,
}
pub(crate) fn main() {
    let p = BlockingP::<3>::from(P([1, 2, 3]));
    assert_eq!(p.arr(), [1, 2, 3]);
    assert_eq!(p.only3(), 3);
    assert_eq!(p.same(), 3);
    assert_eq!(BlockingP::<4>::zero().same(), 4);
    assert_eq!(BlockingP::<4>::zero().shrink().only3(), 3);
    assert_eq!(BlockingP::<7>::LEN, 7);
    assert_eq!(p.fixed(), [1, 2, 3]);
    assert_eq!(BlockingP::<4>::zero().lit([0; 2]).arr(), [0; 4]);
    let mut c: BlockingClient = BlockingClient::new(Http);
    c.err().unwrap();
    assert_eq!(c.mac(3), (3, 3));
    assert!(c.mac2().is_none());
    let back = c.begin().unwrap().commit().unwrap();
    assert_eq!(back.borrow_two("x").1, "x");
    let mut tx = c.begin().unwrap();
    let mut sub = tx.sub();
    assert!(sub.sub().client().err().is_ok());
    assert_eq!(c.callback(|_| Box::pin(async { 4 })), 4);
    assert_eq!(c.lend(&["a", "b"]).count(), 2);
    assert_eq!(c.boxed().count(), 1);
    assert_eq!(c.fut(3).unwrap().count(), 3);
    assert_eq!(c.opt_stream(true).unwrap().count(), 2);
    assert_eq!(c.map_of_streams().into_values().flatten().count(), 1);
    assert_eq!(c.vec_of_streams().len(), 1);
    assert_eq!(c.generic_const::<2, u8>(), [0, 0]);
    assert_eq!(c.big(1, 2, 3, 4, 5, 6, 7, 8, 9., 10., 'k', true), 12);
    let c2: BlockingClient<Http, u8> = c.with_state();
    c2.err().unwrap();
    let w = Wrapper(3, String::new()).into_blocking();
    assert_eq!(w.zero() + w.0, 6);
    assert!(BlockingUnit::from(Unit).eq_to(&Unit.into(), Unit.into()));
    assert_eq!(BlockingShape::make(1).area(), 2);
    match &*BlockingShape::make(5) {
        Shape::C => {}
        _ => panic!(),
    }
    koil::unkoil(async {
        assert_eq!(
            hash_async(vec![1], Path::new("x"), &[1], "y", &vec![2])
                .await
                .unwrap()
                .1,
            4
        );
        assert_eq!(walk_async(Path::new("r"), 3).count().await, 3);
        assert_eq!(open_async("x").await.unwrap().count().await, 3);
        let db = Db { n: 7 };
        assert_eq!(db.get_async("k").await, Some(7));
        assert_eq!(db.scan_async(2).count().await, 3);
        assert_eq!(db.clone().own_async().await.n, 7);
        assert_eq!(Arc::new(db.clone()).arc_async().await, 7);
        assert_eq!(Box::new(db.clone()).later().await, 7);
        assert_eq!(db.feed_async().count().await, 1);
        let d = koil::Threaded::new(db);
        assert_eq!(AsyncDisk::open(&d, Path::new("x")).await.unwrap(), 1);
        assert_eq!(AsyncDisk::read(&d, &1, 2).await, [1, 1]);
        assert_eq!(d.lines().count().await, 1);
    });
    let s = BlockingService::<u16>::from(Service {
        a: Pool { t: None },
        b: Pool { t: None },
        name: "n",
    })
    .enter()
    .unwrap();
    assert_eq!(s.a.t, Some(0));
    assert!(s.close().is_ok());
}
