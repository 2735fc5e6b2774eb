//! `fallible(panics)` on functions of every form.

#![deny(warnings)]

use std::future::{Ready, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use futures::future::BoxFuture;
use futures::stream::{self, BoxStream, Stream};
use koil::koiled;

type Answer<T> = Result<T, koil::Error>;

#[koiled]
struct Client<'a, T: ?Sized> {
    value: &'a T,
    count: u32,
}

#[koiled(fallible(panics))]
impl<'a, T: ?Sized + std::fmt::Display> Client<'a, T> {
    fn of(value: &'a T) -> Self {
        Client { value, count: 0 }
    }

    async fn borrows<'s>(&'s mut self, by: &'s mut u32) -> Answer<(&'s mut u32, &'a T)> {
        *by += 1;
        self.count += *by;
        Ok((&mut self.count, self.value))
    }

    async fn generic<U: Clone, const N: usize>(&self, of: U, each: impl Fn(U) -> U) -> Answer<[U; N]> {
        Ok(std::array::from_fn(|_| each(of.clone())))
    }

    async fn stays_here(self: Rc<Self>, (left, right): (Rc<u32>, Rc<u32>)) -> Answer<Rc<u32>> {
        tokio::task::yield_now().await;
        Ok(Rc::new(*left + *right))
    }

    fn boxed<'s>(&'s self, text: &'s str) -> BoxFuture<'s, Answer<&'s str>>
    where
        T: Sync,
    {
        Box::pin(async move { Ok(text) })
    }

    #[koil(wait)]
    fn named(&self) -> Ready<Answer<u32>> {
        ready(Ok(self.count))
    }

    #[koil(iter)]
    fn empty(&self) -> stream::Empty<u32> {
        stream::empty()
    }

    async fn opens(&self) -> Answer<impl Stream<Item = u32> + use<T>> {
        Ok(stream::iter([1]))
    }

    async fn next(&mut self) -> Option<Answer<u32>> {
        None
    }

    #[cfg(not(any()))]
    async fn conditional(&self, #[cfg(any())] never: u8, r#in: u32) -> Answer<u32> {
        Ok(r#in)
    }

    /// # Safety
    ///
    /// None is needed.
    async unsafe fn unsound(self: Pin<&mut Self>) -> Answer<()> {
        Ok(())
    }

    async fn nothing(self: Arc<Self>) -> Answer<Self> {
        panic!("always")
    }
}

macro_rules! made {
    ($name:ident, $self:ident) => {
        #[koiled(fallible(panics))]
        trait $name {
            async fn made(&$self, __call: u32) -> Answer<u32>;
            fn all(&$self) -> BoxStream<'_, Result<u32, koil::Error>>;
        }
    };
}

made!(Made, self);

struct Mock;

impl Made for Mock {
    async fn made(&self, __call: u32) -> Answer<u32> {
        Ok(__call)
    }

    fn all(&self) -> BoxStream<'_, Result<u32, koil::Error>> {
        Box::pin(stream::iter([Ok(1)]))
    }
}

pub(crate) fn main() {
    let mut client = BlockingClient::of("tea");
    let mut by = 2;
    let (count, value) = client.borrows(&mut by).unwrap();
    assert_eq!((*count, value), (3, "tea"));
    assert_eq!(client.generic::<_, 2>(1, |n| n + 1).unwrap(), [2, 2]);
    let pair = (Rc::new(1), Rc::new(2));
    assert_eq!(*Rc::new(BlockingClient::of("tea")).stays_here(pair).unwrap(), 3);
    assert_eq!(client.boxed("milk").unwrap(), "milk");
    assert_eq!(client.named().unwrap(), 3);
    assert!(client.empty().next().is_none());
    assert_eq!(client.opens().unwrap().next().unwrap().unwrap(), 1);
    assert!(client.next().is_none());
    assert_eq!(client.conditional(4).unwrap(), 4);
    // SAFETY: it has no requirements.
    unsafe { Pin::new(&mut client).unsound() }.unwrap();
    assert!(Arc::new(client).nothing().map(drop).unwrap_err().is_panic());
    let mock = koil::Blocking::new(Mock);
    assert_eq!(mock.made(5).unwrap(), 5);
    assert_eq!(mock.all().next().unwrap().unwrap(), 1);
}
