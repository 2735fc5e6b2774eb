//! A stream whose own `next` would hide the one of the iterator.

use std::pin::Pin;
use std::task::{Context, Poll};

#[koil::koiled]
pub struct Copier(u32);

#[koil::koiled]
impl Copier {
    pub async fn next(&mut self) -> Result<Option<u32>, String> {
        self.0 += 1;
        Ok((self.0 < 3).then_some(self.0))
    }
}

impl futures::Stream for Copier {
    type Item = Result<u32, String>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0 += 10;
        Poll::Ready((self.0 < 30).then_some(Ok(self.0)))
    }
}

fn main() {}
