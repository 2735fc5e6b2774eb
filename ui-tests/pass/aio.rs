//! `aio`: the plain names block. Every kind of function, type and receiver, under strict lints.
#![deny(warnings, missing_debug_implementations)]
#![allow(unreachable_pub)]

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use futures::stream::{self, BoxStream, Stream, StreamExt};
use koil::{AsyncContext, Exit, LocalAsyncContext, koilable, koiled, threaded};

/// How long a text is.
#[koiled(aio)]
#[must_use]
pub async fn measure(text: &str) -> usize {
    text.len()
}

#[koiled(aio)]
async unsafe fn raw<T: Debug, const N: usize>((value, _): (T, impl Sized)) -> [String; N] {
    [const { String::new() }; N].map(|_| format!("{value:?}"))
}

#[koiled(aio)]
fn later<'a>(text: &'a str) -> impl Future<Output = &'a str> + 'a {
    async move { text }
}

#[koiled(aio, inline)]
async fn r#type() -> u8 {
    1
}

mod inside {
    #[koil::koiled(aio)]
    pub(super) async fn above() -> u8 {
        2
    }

    #[koil::koiled(aio)]
    pub(in super::inside) async fn here() -> u8 {
        3
    }

    pub(super) async fn both() -> (u8, u8) {
        (above::aio().await, here::aio().await)
    }

    pub(super) fn three() -> u8 {
        here()
    }
}

macro_rules! sides {
    ($name:ident, $Type:ident { $($method:ident)* }) => {
        #[koiled(aio)]
        async fn $name() -> u8 { 4 }

        #[koiled(aio)]
        #[derive(Debug)]
        struct $Type;

        #[koiled(aio)]
        impl $Type {
            $(async fn $method(&self) -> u8 { 5 })*
        }
    };
}

sides!(made, Made { one two });

#[koiled(aio)]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Client<T: Clone = u32> {
    value: T,
    get: u8,
}

#[koiled(aio)]
impl<T: Clone + Send + Sync> Client<T> {
    const LIMIT: u8 = 3;

    fn new(value: T) -> Self {
        Client { value, get: 9 }
    }

    async fn open(value: T) -> Result<Self, String> {
        Ok(Self::new(value))
    }

    async fn get(&self) -> &T {
        &self.value
    }

    async fn set(&mut self, (value, _): (T, u32)) -> &mut Self {
        self.value = value;
        self
    }

    async fn into_value(self) -> T {
        self.get().await.clone()
    }

    async fn shared(self: Arc<Self>) -> Arc<Self> {
        self
    }

    async fn counted(self: Rc<Self>) -> usize {
        Rc::strong_count(&self)
    }

    async fn pinned(self: Pin<&mut Self>) -> usize {
        size_of_val(self.get().await)
    }

    async fn boxed(self: Box<Self>) -> T {
        self.value
    }

    fn items(&self) -> BoxStream<'_, T> {
        Box::pin(stream::iter([self.value.clone()]))
    }

    fn field(&self) -> u8 {
        self.get + Self::LIMIT
    }

    async fn by_path(&self) -> bool {
        let get = Self::get;
        let one = get(self).await.clone();
        let two = Client::get(self).await.clone();
        let three = <Self>::get(self).await.clone();
        size_of_val(&(one, two, three)) == 3 * size_of_val(self.get().await)
    }

    /// A macro of the body finds the async methods too.
    async fn in_macro(&self) -> usize {
        macro_rules! twice {
            ($call:expr) => {
                ($call.await, $call.await)
            };
        }
        let (one, two) = twice!(self.get());
        vec![one, two, self.get().await].len()
    }
}

#[derive(Debug)]
#[koiled(aio, name = "LentAsync", accessors = "pub")]
pub struct Lent<'a, T: ?Sized>(&'a T);

#[koiled(aio, name = "LentAsync")]
impl<T: ?Sized> Lent<'_, T> {
    async fn me(self) -> Self {
        self
    }

    fn text(&self) -> impl Stream<Item = &T> {
        stream::iter([self.0])
    }
}

/// Another block, and a method that is skipped and so stays async.
#[koiled(aio, name = "LentAsync", skip(plain))]
impl Lent<'_, str> {
    async fn plain(&self) -> usize {
        self.0.len()
    }

    async fn length(&self) -> usize {
        self.plain().await
    }
}

#[koilable(aio)]
impl AsyncContext for Client {
    type Error = String;

    async fn aenter(&mut self) -> Result<(), String> {
        Ok(())
    }

    async fn aexit(&mut self, _: Exit) -> Result<(), String> {
        Ok(())
    }
}

#[koilable(aio, local, name = "LentAsync")]
impl LocalAsyncContext for Lent<'_, str> {
    type Error = String;

    async fn aenter(&mut self) -> Result<(), String> {
        Ok(())
    }

    async fn aexit(&mut self, _: Exit) -> Result<(), String> {
        Ok(())
    }
}

#[koilable(aio)]
#[koiled(aio)]
#[derive(Debug)]
struct Service {
    #[koil(context)]
    client: Client,
}

#[threaded(aio)]
unsafe fn copy<T: Clone + Send + 'static>(value: &T) -> T {
    value.clone()
}

#[threaded(aio)]
impl<T: Clone + Send + Sync + 'static> Client<T> {
    fn taken(self) -> T {
        self.value
    }

    fn shared_value(self: Arc<Self>) -> T {
        self.value.clone()
    }
}

pub(crate) fn main() {
    let text = String::from("abc");
    assert_eq!((measure(&text), later(&text), r#type()), (3, "abc", 1));
    // SAFETY: there is nothing to keep.
    assert_eq!(unsafe { raw::<_, 2>((1, ())) }, ["1"; 2]);
    assert_eq!((inside::three(), inside::above()), (3, 2));
    assert_eq!(
        (inside::above(), made(), Made.one(), Made.two()),
        (2, 4, 5, 5)
    );

    let mut client = Client::open(1).unwrap();
    assert_eq!(client.set((2, 0)).get(), &2);
    assert_eq!(client.clone().into_value(), 2);
    assert_eq!(Arc::new(client.clone()).shared().value, 2);
    assert_eq!(Rc::new(client.clone()).counted(), 1);
    assert_eq!(Box::new(client.clone()).boxed(), 2);
    assert_eq!(Box::pin(client.clone()).as_mut().pinned(), 4);
    assert_eq!(client.items().collect::<Vec<_>>(), [2]);
    assert_eq!(
        (client.field(), client.by_path(), client.in_macro()),
        (12, true, 3)
    );
    assert_eq!(Lent("abc").me().text().next(), Some("abc"));
    assert_eq!(Lent("abc").length(), 3);
    assert_eq!(client.clone().enter().unwrap().get(), &2);
    assert_eq!(Lent("abc").enter().unwrap().length(), 3);
    let service = Service {
        client: client.clone(),
    };
    assert_eq!(service.enter().unwrap().client.get(), &2);

    koil::unkoil(async {
        assert_eq!(
            (measure::aio(&text).await, later::aio(&text).await),
            (3, "abc")
        );
        assert_eq!((r#type::aio().await, inside::both().await), (1, (2, 3)));
        // SAFETY: there is nothing to keep.
        let (two, copied) = unsafe { (raw::aio::<_, 2>((1, ())), copy::aio(&3)) };
        assert_eq!((two.await, copied.await), (["1"; 2].map(str::to_owned), 3));
        assert_eq!((made::aio().await, Made.aio().one().await), (4, 5));
        let mut client = ClientAio::open(1).await.unwrap();
        assert_eq!(client.aio_mut().set((2, 0)).await.aio().get().await, &2);
        assert_eq!(client.clone().into_aio().into_value().await, 2);
        assert_eq!(Arc::new(client.clone().into_aio()).shared().await.value, 2);
        assert_eq!(Rc::new(client.clone().into_aio()).counted().await, 1);
        assert_eq!(Box::new(client.clone().into_aio()).boxed().await, 2);
        assert_eq!(
            Box::pin(client.clone().into_aio()).as_mut().pinned().await,
            4
        );
        assert_eq!(client.aio().items().collect::<Vec<_>>().await, [2]);
        assert!(client.aio().by_path().await);
        let lent = Lent("abc").into_aio().me().await;
        assert_eq!(lent.aio().length().await + lent.plain().await, 6);
        let guard = lent.into_aio().enter().await.unwrap();
        assert_eq!(guard.aio().length().await, 3);
        assert!(guard.close().await.is_ok());
        assert_eq!(client.clone().into_aio().taken().await, 2);
        assert_eq!(Arc::new(client.clone().into_aio()).shared_value().await, 2);
        let service = Service { client }.into_aio().enter().await.unwrap();
        assert_eq!(service.client.aio().get().await, &2);
    });
}
