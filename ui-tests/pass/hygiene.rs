//! Names that expansions use for themselves, in the user's hands.
#![deny(warnings)]

use koil::koiled;

#[koiled]
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Client {
    n: u32,
}

#[koiled]
impl Client {
    async fn all(&self) -> (u32, Self) {
        (1, self.clone())
    }

    async fn pattern(&self, (a, _): (u32, u32)) -> Result<Option<&Self>, u32> {
        if a == 0 { Err(a) } else { Ok(Some(self)) }
    }
}

// Parameters of types.
#[koiled]
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Parameters<'koil, H, W, T, U, S> {
    all: Option<&'koil (H, W, T, U, S)>,
}

#[koiled]
impl<'koil, H, W, T, U, S> Parameters<'koil, H, W, T, U, S> {
    async fn get<'a, F, __T>(self, with: &'a F, _: __T) -> Result<(Self, &'a F), ()> {
        Ok((self, with))
    }
}

pub(crate) fn main() {
    let client = BlockingClient::default();
    assert_eq!(client.all().0, 1);
    assert!(client.pattern((1, 2)).is_ok());
    let all = (1, 2, 3, 4, 5);
    let parameters = Parameters { all: Some(&all) }.into_blocking();
    assert!(parameters.get(&1, 2).is_ok());
}
