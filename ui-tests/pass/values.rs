//! Expressions in `timeout = ..` and `handle = ..`, as odd as they may be: `self` is the original.

#![deny(warnings)]
#![allow(unreachable_pub)]

use std::future::{Future, pending};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures::stream::{self, BoxStream};
use koil::{Handle, koiled};

const SHORT: Duration = Duration::from_millis(2);

type Answer<T> = Result<T, koil::Error>;

mod limits {
    pub(super) fn of<T: ?Sized>(_: &T) -> std::time::Duration {
        super::SHORT
    }
}

/// The name of a field is a keyword.
#[koiled]
struct Client<'a, T: ?Sized + 'a, const N: u64> {
    r#in: Option<Duration>,
    home: &'a Handle,
    value: &'a T,
}

#[koiled(fallible, timeout = self.r#in, handle = self.home)]
impl<'a, T: ?Sized + Sync, const N: u64> Client<'a, T, N> {
    const MILLIS: Duration = Duration::from_millis(N);

    fn of(home: &'a Handle, value: &'a T) -> Self {
        Client {
            r#in: Some(SHORT),
            home,
            value,
        }
    }

    async fn field(&self) -> Answer<u32> {
        pending().await
    }

    async fn home(&self) -> Answer<tokio::runtime::Id> {
        Ok(tokio::runtime::Handle::current().id())
    }

    #[koil(timeout = { let twice = |by: u32| self.r#in.map(|limit| limit * by); twice(2) })]
    async fn block(self) -> Answer<u32> {
        pending().await
    }

    #[koil(timeout = if self.value as *const T == std::ptr::null() as *const u8 as _ { None } else { Some(SHORT) })]
    async fn branches(self: Rc<Self>) -> Answer<u32>
    where
        T: Sized,
    {
        pending().await
    }

    #[koil(timeout = Self::MILLIS)]
    async fn associated(self: Arc<Self>) -> Answer<u32> {
        pending().await
    }

    #[koil(timeout = limits::of::<Self>(self))]
    async fn whole(self: &Self) -> Answer<u32> {
        pending().await
    }

    #[koil(timeout = [self.r#in, first][usize::from(second)].or(Some(SHORT)))]
    async fn arguments(
        &mut self,
        first: Option<Duration>,
        second: bool,
        #[cfg(any())] third: u8,
    ) -> Answer<u32> {
        let _ = (first, second);
        pending().await
    }

    #[koil(timeout = *limit)]
    fn future(&self, limit: Box<Duration>) -> impl Future<Output = Answer<u32>> + use<T, N> {
        drop(limit);
        pending()
    }

    fn boxed(&self) -> BoxStream<'static, Result<u32, koil::Error>> {
        Box::pin(stream::pending())
    }

    #[koil(timeout = None, name = "r#fn")]
    async fn free() -> Answer<u32> {
        Ok(1)
    }

    #[cfg_attr(all(), koil(timeout = self.r#in))]
    async fn conditional(&self) -> Answer<u32> {
        pending().await
    }
}

macro_rules! client {
    ($name:ident, $field:ident, $limit:expr, $self:ident) => {
        #[koiled]
        struct $name {
            $field: Duration,
        }

        #[koiled(fallible, timeout = $self.$field)]
        impl $name {
            async fn made(&$self) -> Answer<u32> {
                pending().await
            }

            #[koil(timeout = $limit)]
            async fn given(&self) -> Answer<u32> {
                pending().await
            }

            #[koil(timeout = self.$field)]
            async fn own(&self) -> Answer<u32> {
                pending().await
            }
        }
    };
}

client!(Made, patience, SHORT / 2, self);

#[koiled(fallible, timeout = limit.unwrap_or(SHORT))]
async fn optional(limit: Option<Duration>) -> Answer<u32> {
    let _ = limit;
    pending().await
}

pub(crate) fn main() {
    let koil = koil::Koil::new().unwrap();
    let handle = koil.handle();
    let mut client = BlockingClient::<str, 2>::of(&handle, "tea");
    assert_eq!(client.home().unwrap(), handle.tokio().id());
    let late = [
        client.field(),
        BlockingClient::<str, 2>::of(&handle, "tea").block(),
        Rc::new(BlockingClient::<u8, 2>::of(&handle, &1)).branches(),
        Arc::new(BlockingClient::<str, 2>::of(&handle, "tea")).associated(),
        client.whole(),
        client.arguments(None, true),
        client.future(Box::new(SHORT)),
        client.boxed().next().unwrap(),
        client.conditional(),
        BlockingMade::from(Made { patience: SHORT }).made(),
        BlockingMade::from(Made { patience: SHORT }).given(),
        BlockingMade::from(Made { patience: SHORT }).own(),
        optional_blocking(None),
    ];
    for late in late {
        assert!(late.unwrap_err().is_timeout());
    }
    assert_eq!(BlockingClient::<str, 2>::r#fn().unwrap(), 1);
}
