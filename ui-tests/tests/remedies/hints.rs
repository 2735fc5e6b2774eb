//! Remedies in notes that rustc adds, since a trait of koil or a check in an expansion says so.
//!
//! Each `hint!` has the name of that trait, or of the twin that is checked; some words of the note; and
//! items with that remedy. `ui-tests/fail/` has the items without it, and rustc's whole texts.

use std::task::{Context, Poll};

use koil::{AsyncContext, AsyncManager, Exit, LocalAsyncContext};

use crate::scenery::*;

// Twins.

hint!("HasTwin", "put `#[koiled]` on its struct or enum", {
    #[koiled]
    struct Row;

    #[koiled]
    struct Shop;

    #[koiled(twins(Row = _))]
    impl Shop {
        async fn load(&self) -> Row {
            Row
        }
    }
});

hint!("HasTwin", "or remove it from `twins(..)`", {
    struct Row;

    #[koiled]
    struct Shop;

    #[koiled]
    impl Shop {
        async fn load(&self) -> Row {
            Row
        }
    }
});

hint!("MapTwin", "write `#[koil(raw)]` to return it as it is", {
    struct Page<T>(T);

    #[koiled]
    struct Shop;

    #[koiled]
    impl Shop {
        #[koil(raw)]
        async fn load(&self) -> Page<Shop> {
            Page(Shop)
        }
    }
});

hint!(
    "MapTwin",
    "for a type of your own, `koil::MapTwin<{ARG}>` can be implemented",
    {
        struct Page<T>(T);

        impl<T> koil::MapTwin<0> for Page<T> {
            type Arg = T;
            type Mapped<U> = Page<U>;

            fn map_twin<U>(self, mut f: impl FnMut(T) -> U) -> Page<U> {
                Page(f(self.0))
            }
        }

        #[koiled]
        struct Shop;

        #[koiled]
        impl Shop {
            async fn load(&self) -> Page<Shop> {
                Page(Shop)
            }
        }
    }
);

hint!(
    "BlockingStore",
    "the blocking twin of each `Store` has it",
    "wrap a value without one in `koil::Blocking`",
    {
        #[koiled]
        trait Store {
            async fn get(&self) -> u8;
        }

        #[koiled]
        struct Memory;

        impl Store for Memory {
            async fn get(&self) -> u8 {
                1
            }
        }

        impl Store for [u8; 1] {
            async fn get(&self) -> u8 {
                self[0]
            }
        }

        fn get(store: impl BlockingStore) -> u8 {
            store.get()
        }

        fn get_both(memory: Memory, bytes: [u8; 1]) -> [u8; 2] {
            [get(memory.into_blocking()), get(koil::Blocking::new(bytes))]
        }
    }
);

hint!(
    "AsyncStore",
    "wrap a `Store` in `koil::Threaded`, which has it",
    {
        #[threaded]
        trait Store {
            fn get(&self) -> u8;
        }

        struct Memory;

        impl Store for Memory {
            fn get(&self) -> u8 {
                1
            }
        }

        async fn get(store: impl AsyncStore) -> u8 {
            store.get().await
        }

        async fn get_one(memory: Memory) -> u8 {
            get(koil::Threaded::new(memory)).await
        }
    }
);

hint!(
    "BlockingCopier::next",
    "rename the method, `#[koil(name = \"..\")]`",
    {
        #[koiled]
        struct Copier;

        impl Stream for Copier {
            type Item = u8;
            fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<u8>> {
                Poll::Ready(None)
            }
        }

        #[koiled]
        impl Copier {
            #[koil(name = "next_row")]
            async fn next(&mut self) -> Result<Option<u8>, Error> {
                Ok(None)
            }
        }
    }
);

hint!(
    "BlockingCopier::next",
    "or write `#[koiled(forward(-Iterator))]` on the type",
    {
        #[koiled(forward(-Iterator))]
        struct Copier;

        impl Stream for Copier {
            type Item = u8;
            fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<u8>> {
                Poll::Ready(None)
            }
        }

        #[koiled]
        impl Copier {
            async fn next(&mut self) -> Result<Option<u8>, Error> {
                Ok(None)
            }
        }
    }
);

// Contexts.

hint!(
    "AsyncContext",
    "write `#[koilable] impl AsyncContext for ..`, with an async `aenter` and an async `aexit`",
    {
        #[koiled]
        struct Session;

        #[koilable]
        impl AsyncContext for Session {
            type Error = io::Error;
            async fn aenter(&mut self) -> io::Result<()> {
                Ok(())
            }
            async fn aexit(&mut self, _: Exit) -> io::Result<()> {
                Ok(())
            }
        }

        fn enter(session: Session) -> io::Result<()> {
            let session = koil::Entered::enter(session)?;
            Ok(())
        }
    }
);

hint!(
    "LocalAsyncContext",
    "write `#[koilable] impl AsyncContext for ..`, with an async `aenter` and an async `aexit`",
    {
        #[koiled]
        struct Session;

        #[koilable]
        impl AsyncContext for Session {
            type Error = io::Error;
            async fn aenter(&mut self) -> io::Result<()> {
                Ok(())
            }
            async fn aexit(&mut self, _: Exit) -> io::Result<()> {
                Ok(())
            }
        }

        fn enter(session: Session) -> io::Result<()> {
            let session = koil::Entered::enter_local(session)?;
            Ok(())
        }
    }
);

hint!(
    "LocalAsyncContext",
    "`#[koilable(local)] impl LocalAsyncContext for ..` for a context that is not `Send`",
    {
        use std::rc::Rc;

        #[koiled]
        struct Window(Rc<str>);

        #[koilable(local)]
        impl LocalAsyncContext for Window {
            type Error = io::Error;
            async fn aenter(&mut self) -> io::Result<()> {
                Ok(())
            }
            async fn aexit(&mut self, _: Exit) -> io::Result<()> {
                Ok(())
            }
        }

        fn enter(window: Window) -> io::Result<()> {
            let window = koil::Entered::enter_local(window)?;
            Ok(())
        }
    }
);

hint!(
    "AsyncManager",
    "a context that is entered itself is an `AsyncContext`, and needs no `Managed`",
    {
        struct Session;

        impl AsyncContext for Session {
            type Error = io::Error;
            async fn aenter(&mut self) -> io::Result<()> {
                Ok(())
            }
            async fn aexit(&mut self, _: Exit) -> io::Result<()> {
                Ok(())
            }
        }

        fn enter(session: Session) -> io::Result<()> {
            let session = koil::Entered::enter(session)?;
            Ok(())
        }
    }
);
