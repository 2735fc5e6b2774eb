//! Signatures that few originals have, each with the value that its twin gives.

// The originals are written as an SDK writes them, and with what rustc allows.
#![allow(
    unreachable_pub,
    clippy::cast_possible_truncation,
    clippy::multiple_bound_locations,
    clippy::needless_lifetimes,
    clippy::needless_pass_by_value,
    clippy::ref_option
)]

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::Stream;
use koil::{OptionMut, koiled};

#[koiled]
#[derive(Clone, Debug, PartialEq)]
pub struct Body(u32);

#[koiled]
impl Body {
    pub async fn len(&self) -> u32 {
        tokio::task::yield_now().await;
        self.0
    }
}

impl From<u32> for Body {
    fn from(length: u32) -> Body {
        Body(length)
    }
}

impl AsRef<u32> for Body {
    fn as_ref(&self) -> &u32 {
        &self.0
    }
}

pub struct Entry<'a>(&'a str);

#[koiled]
#[derive(Default)]
pub struct Request {
    body: Option<Body>,
}

impl AsRef<Request> for Request {
    fn as_ref(&self) -> &Request {
        self
    }
}

#[koiled(twins(Body))]
impl Request {
    pub fn body(&self) -> &Option<Body> {
        &self.body
    }

    pub fn body_mut(&mut self) -> &mut Option<Body> {
        &mut self.body
    }

    pub async fn late<'a>(&'a mut self) -> &'a mut Option<Body> {
        tokio::task::yield_now().await;
        &mut self.body
    }

    pub async fn send(&self, body: impl Into<Body>) -> u32 {
        body.into().len().await
    }

    pub async fn write(&self, bytes: impl Into<Vec<u8>>) -> usize {
        let bytes = bytes.into();
        tokio::time::sleep(Duration::from_millis(1)).await;
        bytes.len()
    }

    pub async fn look(&self, body: impl AsRef<u32>) -> u32 {
        *body.as_ref()
    }

    pub async fn like(&self, other: impl AsRef<Self>) -> bool {
        self.body == other.as_ref().body
    }

    pub async fn put(
        &self,
        entries: impl IntoIterator<Item = Entry<'_>>,
        more: Vec<impl Iterator<Item = &u32> + '_>,
        weigh: impl Fn(&str) -> u32,
    ) -> u32 {
        let more: u32 = more.into_iter().flatten().sum();
        entries.into_iter().map(|entry| weigh(entry.0)).sum::<u32>() + more
    }

    /// One of the two parameters is never there.
    pub async fn shown<#[cfg(any())] T, #[cfg(not(any()))] U: ToString>(
        &self,
        #[cfg(any())] value: T,
        #[cfg(not(any()))] value: U,
    ) -> String {
        value.to_string()
    }

    pub async fn kept<#[cfg(not(any()))] 'a>(&self, text: &'a str) -> &'a str {
        text
    }
}

#[koiled]
pub async fn sum(of: impl IntoIterator<Item = &u32>) -> u32 {
    of.into_iter().sum()
}

/// As in the tests of `async_trait`.
#[koiled]
#[async_trait::async_trait]
pub trait Odd
where
    Box<Self>: Sized,
    Self: Sized + Send,
    u8: Into<u16>,
{
    async fn one() -> u8 {
        1
    }

    async fn with<T>(&self, value: T) -> T
    where
        T: Send + 'async_trait,
        Self: Sync,
    {
        value
    }

    async fn put(&self, number: u32) -> u32;
}

/// Its signatures name a type of the supertrait.
#[koiled]
pub trait Task: Future + Sync + Sized
where
    Arc<Self>: Clone,
{
    fn run(self) -> impl Future<Output = Self::Output> {
        self
    }

    fn twice(&self, first: Self::Output) -> impl Future<Output = (Self::Output, u8)> {
        async move { (first, 2) }
    }
}

#[koiled]
pub struct Now(u32);

impl Future for Now {
    type Output = u32;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u32> {
        Poll::Ready(self.0)
    }
}

impl Task for Now {}

#[async_trait::async_trait]
impl Odd for Now {
    async fn put(&self, number: u32) -> u32 {
        number + self.0
    }
}

/// A stream with a `next` of its own, whose twin has it under another name.
#[koiled]
pub struct Copier(u32);

#[koiled]
impl Copier {
    #[koil(name = "next_part")]
    pub async fn next(&mut self) -> Result<Option<u32>, String> {
        self.0 += 1;
        Ok((self.0 < 3).then_some(self.0))
    }
}

impl Stream for Copier {
    type Item = Result<u32, String>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0 += 10;
        Poll::Ready((self.0 < 30).then_some(Ok(self.0)))
    }
}

/// Its `next` is the only one.
#[koiled(forward(-Iterator))]
pub struct Cursor(u32);

#[koiled]
impl Cursor {
    pub async fn next(&mut self) -> Result<u32, String> {
        self.0 += 1;
        Ok(self.0)
    }
}

impl Stream for Cursor {
    type Item = u32;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<u32>> {
        Poll::Ready(None)
    }
}

#[test]
fn a_borrowed_option_of_a_handle_is_one_of_its_twin() {
    let mut request = BlockingRequest::default();
    assert!(request.body().is_none());
    *request.body_mut() = Some(Body(3).into());
    assert_eq!(request.body().map(BlockingBody::len), Some(3));
    let taken: Option<BlockingBody> = request.body_mut().take();
    assert!(request.body().is_none());
    let mut late: OptionMut<'_, BlockingBody> = request.late();
    assert_eq!(format!("{late:?}"), "None");
    late.replace(taken.unwrap());
    drop(late);
    assert_eq!(request.aio().body, Some(Body(3)));
    assert_eq!(request.body_mut().as_mut().map(|body| body.len()), Some(3));
    assert_eq!(request.aio().body, Some(Body(3)));
}

#[test]
fn a_forgotten_option_leaves_none() {
    let mut request = BlockingRequest::from(Request {
        body: Some(Body(1)),
    });
    std::mem::forget(request.body_mut());
    assert!(request.body().is_none());
}

#[test]
fn conversions_take_originals_twins_and_what_converts() {
    let request = BlockingRequest::default();
    assert_eq!(request.send(4), 4);
    assert_eq!(request.send(Body(5)), 5);
    assert_eq!(request.send(BlockingBody::from(Body(6))), 6);
    assert_eq!(request.look(Body(7)), 7);
    assert!(request.like(Request::default()));
}

/// Its future is not known to be `Send`, and waits.
#[tokio::test]
async fn a_generic_argument_may_wait_in_async_code() {
    let request = BlockingRequest::default();
    assert_eq!(request.write("tea"), 3);
    assert_eq!(request.write(vec![1, 2]), 2);
    assert_eq!(request.send(4), 4);
}

#[test]
fn lifetimes_without_names_in_impl_trait_have_some_in_the_twin() {
    let request = BlockingRequest::default();
    let numbers = [1, 2];
    let entries = [Entry("a"), Entry("bc")];
    let put = request.put(entries, vec![numbers.iter()], |text| text.len() as u32);
    assert_eq!(put, 6);
    assert_eq!(sum_blocking(&numbers), 3);
}

#[test]
fn a_generic_parameter_may_be_conditional_if_the_arguments_tell_it() {
    let request = BlockingRequest::default();
    assert_eq!(request.shown(3), "3");
    assert_eq!(request.kept("text"), "text");
}

#[test]
fn bounds_that_only_the_original_needs_are_not_in_the_way() {
    assert_eq!(BlockingNow::one(), 1);
    let now = BlockingNow::from(Now(4));
    assert_eq!(now.with("text"), "text");
    assert_eq!(now.put(1), 5);
}

#[test]
fn a_type_of_a_supertrait_is_one_of_the_twin() {
    let now = BlockingNow::from(Now(4));
    assert_eq!(now.twice(3), (3, 2));
    assert_eq!(now.run(), 4);
}

#[test]
fn a_stream_with_a_next_of_its_own_goes_one_way() {
    let mut copier = BlockingCopier::from(Copier(0));
    assert_eq!(copier.next_part(), Ok(Some(1)));
    assert_eq!(copier.next(), Some(Ok(11)));
    assert_eq!(copier.collect::<Vec<_>>(), [Ok(21)]);
    assert_eq!(BlockingCursor::from(Cursor(1)).next(), Ok(2));
}
