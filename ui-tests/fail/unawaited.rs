//! Calls of builders that nobody waits for.
#![deny(unused_must_use)]

use std::future::{Future, IntoFuture};

#[koil::koiled]
pub struct Call<F: Future>(F);

#[koil::koiled]
impl<F: Future> IntoFuture for Call<F> {
    type Output = F::Output;
    type IntoFuture = F;
    fn into_future(self) -> F {
        self.0
    }
}

#[koil::koiled]
pub struct Client;

#[koil::koiled(twins(Call))]
impl Client {
    pub fn delete_with(&self, path: &str) -> Call<impl Future<Output = ()> + use<>> {
        let path = path.to_owned();
        Call(async move { drop(path) })
    }

    #[koil(raw)]
    pub fn raw_with(&self) -> Call<impl Future<Output = ()> + use<>> {
        Call(async {})
    }
}

fn main() {
    let client = Client.into_blocking();
    client.delete_with("/tea").wait();
    client.delete_with("/tea");
    client.raw_with();
}
