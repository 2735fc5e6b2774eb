//! Contexts in odd places: types that have guards, and what their guards can do.
#![deny(warnings)]
#![allow(unexpected_cfgs)] // A feature that no build has.

use std::cell::Cell;
use std::convert::Infallible;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use koil::{AsyncContext, Exit, LocalAsyncContext, koilable, koiled, unkoil};

/// How many are open.
type Open = Arc<AtomicUsize>;

fn open(open: &Open) -> usize {
    open.load(Ordering::Relaxed)
}

#[koiled]
#[derive(Default)]
pub(crate) struct Client {
    open: Open,
}

#[koiled]
impl Client {
    async fn get(&self) -> usize {
        open(&self.open)
    }
}

#[koilable]
impl AsyncContext for Client {
    type Error = Infallible;

    async fn aenter(&mut self) -> Result<(), Infallible> {
        self.open.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    async fn aexit(&mut self, _: Exit) -> Result<(), Infallible> {
        self.open.fetch_sub(1, Ordering::Relaxed);
        Ok(())
    }
}

// No twin type; private; futures that are written out.
struct Session(Open);

#[koilable(suffix = "_blocking")]
impl koil::AsyncContext for Session {
    type Error = String;

    fn aenter(&mut self) -> impl std::future::Future<Output = Result<(), Self::Error>> + Send {
        self.0.fetch_add(1, Ordering::Relaxed);
        async { Ok(()) }
    }

    fn aexit(self: &mut Self, cause: Exit) -> impl std::future::Future<Output = Result<(), Self::Error>> + Send {
        self.0.fetch_sub(1, Ordering::Relaxed);
        async move {
            match cause {
                Exit::Closed => Err("closed".to_owned()),
                _ => Ok(()),
            }
        }
    }
}

// Generics, `where`, an error that is an associated type, a const parameter.
trait Driver {
    type Error: std::fmt::Debug + Send + 'static;
}

struct Simple;

impl Driver for Simple {
    type Error = u8;
}

#[koiled(name = "SyncPool")]
struct Pool<D, const N: usize>
where
    D: Driver,
{
    #[allow(dead_code)]
    driver: D,
    open: Open,
}

#[koilable(name = "SyncPool")]
impl<D: Driver + Send + Sync, const N: usize> AsyncContext for Pool<D, N> {
    type Error = D::Error;

    async fn aenter(&mut self) -> Result<(), Self::Error> {
        self.open.fetch_add(N, Ordering::Relaxed);
        Ok(())
    }

    async fn aexit(&mut self, _: Exit) -> Result<(), Self::Error> {
        self.open.fetch_sub(N, Ordering::Relaxed);
        Ok(())
    }
}

// It borrows, and stays on its thread.
#[koiled]
struct Desk<'a, T: ?Sized> {
    open: &'a Cell<usize>,
    what: Rc<T>,
}

#[koilable(local)]
impl<T: ?Sized> LocalAsyncContext for Desk<'_, T> {
    type Error = Rc<str>;

    async fn aenter(&mut self) -> Result<(), Rc<str>> {
        self.open.set(self.open.get() + 1);
        Ok(())
    }

    async fn aexit(&mut self, _: Exit) -> Result<(), Rc<str>> {
        self.open.set(self.open.get() - 1);
        Ok(())
    }
}

// It may borrow, as long as no other thread has to leave it.
struct Lent<'a>(&'a Cell<usize>);

#[koilable(local, suffix = "_now")]
impl<'a> LocalAsyncContext for Lent<'a> {
    type Error = ();

    async fn aenter(&mut self) -> Result<(), ()> {
        self.0.set(1);
        Ok(())
    }

    async fn aexit(&mut self, _: Exit) -> Result<(), ()> {
        self.0.set(0);
        Ok(())
    }
}

// On a loop of its own choice, which it can be asked for.
#[koiled]
struct Pinned {
    handle: koil::Handle,
}

#[koilable(handle = self.handle)]
impl AsyncContext for Pinned {
    type Error = ();

    async fn aenter(&mut self) -> Result<(), ()> {
        assert_eq!(
            tokio::runtime::Handle::current().id(),
            self.handle.tokio().id()
        );
        Ok(())
    }

    async fn aexit(&mut self, _: Exit) -> Result<(), ()> {
        assert_eq!(
            tokio::runtime::Handle::current().id(),
            self.handle.tokio().id()
        );
        Ok(())
    }
}

// Only where its `cfg` is.
#[cfg(any())]
struct Nowhere;

#[cfg(any())]
#[koilable]
impl AsyncContext for Nowhere {}

#[koilable(feature = "never", suffix = "_never")]
impl AsyncContext for Simple {
    type Error = ();

    async fn aenter(&mut self) -> Result<(), ()> {
        Ok(())
    }

    async fn aexit(&mut self, _: Exit) -> Result<(), ()> {
        Ok(())
    }
}

// From a macro, in a module, by path.
macro_rules! context {
    ($name:ident, $error:ty) => {
        pub(crate) struct $name;

        #[koil::koilable(suffix = "_blocking")]
        impl koil::AsyncContext for $name {
            type Error = $error;

            async fn aenter(&mut self) -> Result<(), $error> {
                Ok(())
            }

            async fn aexit(&mut self, _: koil::Exit) -> Result<(), $error> {
                Ok(())
            }
        }
    };
}

mod inner {
    context!(Made, u8);
}

pub(crate) fn main() {
    let client = Client::default();
    let counted = client.open.clone();
    let entered = BlockingClient::from(client).enter().unwrap();
    assert_eq!((entered.get(), open(&counted)), (1, 1));
    drop(entered);
    assert_eq!(open(&counted), 0);
    unkoil(async {
        let client = Client {
            open: counted.clone(),
        };
        let entered = client.enter().await.unwrap();
        assert_eq!(entered.get().await, 1);
        entered.close().await.ok().unwrap();
    });
    assert_eq!(open(&counted), 0);

    let session = Session(counted.clone()).enter_blocking().unwrap();
    assert_eq!(open(&session.0), 1);
    let (session, error) = session.close().err().unwrap();
    assert_eq!((open(&session.0), &*error), (0, "closed"));

    let pool = Pool::<_, 3> {
        driver: Simple,
        open: counted.clone(),
    };
    let pool = SyncPool::from(pool).enter().unwrap();
    assert_eq!(open(&pool.open), 3);
    let pool = pool.close().ok().unwrap().into_aio();
    assert_eq!(open(&pool.open), 0);
    let pool = unkoil(pool.enter()).unwrap();
    assert_eq!(open(&counted), 3);
    drop(pool);
    assert_eq!(open(&counted), 0);

    let number = Cell::new(0);
    let desk = Desk::<str> {
        open: &number,
        what: "desk".into(),
    };
    let desk = BlockingDesk::from(desk).enter().unwrap();
    assert_eq!((number.get(), &*desk.what), (1, "desk"));
    let desk = desk.close().ok().unwrap().into_aio();
    assert_eq!(number.get(), 0);
    unkoil(async {
        let desk = desk.enter().await.unwrap();
        assert_eq!(number.get(), 1);
        assert!(desk.close().await.is_ok());
    });
    assert_eq!(number.get(), 0);

    let lent = Lent(&number).enter_now().unwrap();
    assert_eq!(number.get(), 1);
    drop(lent);
    assert_eq!(number.get(), 0);

    let koil = koil::Koil::new().unwrap();
    let pinned = Pinned {
        handle: koil.handle(),
    };
    drop(BlockingPinned::from(pinned).enter().unwrap());

    drop(inner::Made.enter_blocking().unwrap());
    let _ = Simple;
}
