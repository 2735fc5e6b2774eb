//! Trait objects of both sides, and their bounds.
#![forbid(unsafe_code)]
#![deny(warnings)]

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use futures::Stream;
use futures::future::{BoxFuture, LocalBoxFuture};
use futures::stream::{self, BoxStream, LocalBoxStream, StreamExt};
use koil::{Blocking, Io, Iter, koiled};
use tokio::io::AsyncRead;

// Every boxed form is dyn-compatible on both sides.
#[koiled]
trait Object {
    fn boxed(&self) -> BoxFuture<'_, u8>;
    fn local(&self) -> LocalBoxFuture<'_, u8>;
    fn spelled(&mut self) -> Pin<Box<dyn Future<Output = Result<u8, String>> + Send + '_>>;
    fn stream(&self) -> BoxStream<'_, u8>;
    fn local_stream(&self) -> LocalBoxStream<'_, u8>;
    fn spelled_stream(&self) -> Pin<Box<dyn Stream<Item = u8> + '_>>;
    fn stream_in_result(&self) -> Result<BoxStream<'_, u8>, String>;
    fn reader(&self) -> Pin<Box<dyn AsyncRead + Send + '_>>;
    fn pinned(self: Pin<&mut Self>) -> BoxFuture<'_, u8>;
    fn pinned_ref(self: Pin<&Self>) -> BoxFuture<'_, u8>;
    fn sync(&self) -> u8;
    fn compare(&self, others: &[&dyn Object]) -> BoxFuture<'_, usize>;
    #[koil(skip)]
    fn generic(&self) -> BoxFuture<'_, u8>
    where
        Self: Sized;
}

#[koiled]
struct One(u8);

impl Object for One {
    fn boxed(&self) -> BoxFuture<'_, u8> {
        Box::pin(async {
            tokio::task::yield_now().await;
            self.0
        })
    }
    fn local(&self) -> LocalBoxFuture<'_, u8> {
        Box::pin(async { self.0 })
    }
    fn spelled(&mut self) -> Pin<Box<dyn Future<Output = Result<u8, String>> + Send + '_>> {
        self.0 += 1;
        Box::pin(async { Ok(self.0) })
    }
    fn stream(&self) -> BoxStream<'_, u8> {
        stream::iter([self.0]).boxed()
    }
    fn local_stream(&self) -> LocalBoxStream<'_, u8> {
        stream::iter([self.0]).boxed_local()
    }
    fn spelled_stream(&self) -> Pin<Box<dyn Stream<Item = u8> + '_>> {
        stream::iter([self.0]).boxed()
    }
    fn stream_in_result(&self) -> Result<BoxStream<'_, u8>, String> {
        Ok(self.stream())
    }
    fn reader(&self) -> Pin<Box<dyn AsyncRead + Send + '_>> {
        Box::pin(&b"text"[..])
    }
    fn pinned(self: Pin<&mut Self>) -> BoxFuture<'_, u8> {
        let n = self.0;
        Box::pin(async move { n })
    }
    fn pinned_ref(self: Pin<&Self>) -> BoxFuture<'_, u8> {
        let n = self.0;
        Box::pin(async move { n })
    }
    fn sync(&self) -> u8 {
        self.0
    }
    fn compare(&self, others: &[&dyn Object]) -> BoxFuture<'_, usize> {
        let n = others.len();
        Box::pin(async move { n })
    }
    fn generic(&self) -> BoxFuture<'_, u8> {
        self.boxed()
    }
}

fn all<T: BlockingObject + ?Sized>(object: &mut T) {
    let before = object.sync();
    assert_eq!(object.boxed() + object.local(), before * 2);
    assert_eq!(object.spelled(), Ok(before + 1));
    assert_eq!(object.stream().chain(object.local_stream()).count(), 2);
    assert_eq!(object.spelled_stream().count(), 1);
    assert_eq!(object.stream_in_result().unwrap().count(), 1);
    assert_eq!(std::io::read_to_string(object.reader()).unwrap(), "text");
    assert_eq!(object.compare(&[]), 0);
}

// A twin trait object in a struct, behind every pointer.
struct Holder<'a> {
    boxed: Box<dyn BlockingObject>,
    shared: Arc<dyn BlockingObject>,
    borrowed: &'a dyn BlockingObject,
}

// Markers of a supertrait hold for objects.
#[koiled]
trait Shared: Send + Sync + 'static {
    fn get(&self) -> BoxFuture<'static, u8>;
}

impl Shared for One {
    fn get(&self) -> BoxFuture<'static, u8> {
        Box::pin(std::future::ready(self.0))
    }
}

// Types that are generic over what they wrap, which may be a stream, or not.
#[koiled]
struct Wrap<S: ?Sized>(Box<S>);

impl<S: Stream + Unpin + ?Sized> Stream for Wrap<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        pin!(&mut self.0).poll_next(cx)
    }
}

#[koiled]
enum Either {
    Left(BoxStream<'static, u8>),
    Right(u8),
}

impl Stream for Either {
    type Item = u8;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<u8>> {
        match &mut *self {
            Either::Left(stream) => stream.poll_next_unpin(cx),
            Either::Right(n) => {
                let item = n.checked_sub(1);
                *n = item.unwrap_or(0);
                Poll::Ready(item)
            }
        }
    }
}

// A stream that must stay where it is has no iterator, and may be anything else.
#[koiled]
struct Stays(std::marker::PhantomPinned);

impl Stream for Stays {
    type Item = u8;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<u8>> {
        Poll::Ready(None)
    }
}

#[koiled]
impl Stays {
    async fn next(&mut self) -> &'static str {
        let Stays(_) = self;
        "my own"
    }
}

// `Io` and `Iter` by hand, in a mock of everything.
struct Fake;

impl BlockingShared for Fake {
    fn get(&self) -> u8 {
        let mut iter = Iter::from_iter([1_u8]);
        let reader: Io<&[u8]> = Io::new(&b"x"[..]);
        drop(reader);
        iter.next().unwrap_or(0)
    }
}

pub(crate) fn main() {
    let one = || BlockingOne::from(One(1));
    all(&mut one());
    all(&mut Blocking::new(One(2)));
    let mut boxed: Box<dyn BlockingObject> = Box::new(one());
    all(&mut *boxed);
    let mut blocking: Box<Blocking<dyn Object>> = Blocking::from_box(Box::new(One(3)));
    all(&mut *blocking);
    let mut pinned: Pin<Box<dyn BlockingObject>> = Box::pin(one());
    assert_eq!(pinned.as_mut().pinned() + pinned.as_ref().pinned_ref(), 2);
    assert_eq!(koil::unkoil(one().generic()), 1);

    let borrowed = one();
    let holder = Holder {
        boxed,
        shared: Arc::new(one()),
        borrowed: &borrowed,
    };
    assert_eq!(holder.boxed.sync() + holder.shared.sync() + holder.borrowed.sync(), 4);

    let shared: Arc<dyn BlockingShared> = Arc::new(one());
    let other = shared.clone();
    assert_eq!(std::thread::spawn(move || other.get()).join().unwrap(), shared.get());
    assert_eq!(Fake.get(), 1);
    let object: Arc<Blocking<dyn Shared>> = Blocking::from_arc(Arc::new(One(9)));
    assert_eq!(std::thread::spawn(move || object.get()).join().unwrap(), 9);

    let dynamic: Box<dyn Stream<Item = u8> + Unpin> = Box::new(stream::iter([1, 2]));
    assert_eq!(BlockingWrap::from(Wrap(dynamic)).sum::<u8>(), 3);
    let no_stream: BlockingWrap<str> = Wrap("text".into()).into();
    assert_eq!(no_stream.aio().0.len(), 4);
    assert_eq!(BlockingEither::from(Either::Right(2)).collect::<Vec<_>>(), [1, 0]);
    let left = Either::Left(stream::iter([5]).boxed());
    assert_eq!(BlockingEither::from(left).next(), Some(5));
    assert_eq!(BlockingStays::from(Stays(std::marker::PhantomPinned)).next(), "my own");
}
