//! Which public types are `Send`, `Sync`, `Unpin`, `UnwindSafe`: a promise, so it is compiled.

use std::cell::Cell;
use std::fmt::Debug;
use std::future::Ready;
use std::marker::PhantomPinned;
use std::panic::{RefUnwindSafe, UnwindSafe};

use futures::stream;
use koil::ui::testing::Pump;
use koil::ui::{
    BlockingOnUi, Outcome, Progress, Reply, Ui, UiBuilder, UiHandle, UiLocal, UiStream, UiTask,
};
use koil::{
    All, AsyncContext, AsyncEntered, AsyncManager, Blocked, BlockedWait, Blocking, BlockingInAsync,
    CancelReason, CancelScope, CancelToken, Cancelled, Closed, ContextFn, ContextGuard,
    ContextSnapshot, ContextVar, Defaulted, EnterGuard, Entered, Error, Exit, ExitError,
    FirstError, FromIter, FuturesIo, Gather, Handle, Io, Iter, Koil, KoilBuilder, KoilTask,
    LocalAsyncContext, LocalAsyncEntered, Managed, MapIter, OptionMut, Pinned, Receiver, SendError,
    Sender, Shell, ShutdownOnDrop, ShutdownReport, Threaded, ThreadedCall, ThreadedIter,
    ThreadedReader, ThreadedWriter, TimeoutIter, TimeoutReceiver, TryRecvError, Within, Yielder,
};

type Items<T> = stream::Iter<std::vec::IntoIter<T>>;
/// `Send` and not `Sync`.
type Shy = Cell<u8>;
/// Neither.
type Bound = std::rc::Rc<u8>;

/// All auto traits that a type can have.
trait Sound: Send + Sync + Unpin + Debug {}
impl<T: Send + Sync + Unpin + Debug> Sound for T {}

trait PanicSafe: UnwindSafe + RefUnwindSafe {}
impl<T: UnwindSafe + RefUnwindSafe> PanicSafe for T {}

/// Fails to compile unless every type has the trait.
macro_rules! all {
    ($Trait:path: $($Type:ty,)*) => {
        const _: () = {
            const fn holds<T: $Trait>() {}
            $(holds::<$Type>();)*
        };
    };
}

/// Fails to compile if a type has the trait: then two impls could be meant.
macro_rules! none {
    ($Trait:path: $($Type:ty,)*) => {
        const _: fn() = || {
            trait Ambiguous<Which> {
                fn name() {}
            }
            impl<T> Ambiguous<()> for T {}
            struct Holds;
            impl<T: $Trait> Ambiguous<Holds> for T {}
            $(<$Type as Ambiguous<_>>::name();)*
        };
    };
}

// Owned, and passed between threads at will.
all!(Sound: Koil, Handle, KoilBuilder, Error, ShutdownReport, ShutdownOnDrop, BlockingInAsync,);
all!(PanicSafe: Koil, Handle, ShutdownReport, ShutdownOnDrop, BlockingInAsync, All, FirstError,);

all!(Sound: CancelToken, CancelReason, CancelScope, Cancelled, Blocked, BlockedWait,);
all!(PanicSafe: CancelToken, CancelReason, CancelScope, Cancelled, Blocked, BlockedWait,);

// They go to another thread if the value that they carry does.
all!(Sound: OptionMut<'static, Blocking<u8>>,);
all!(Send: OptionMut<'static, Blocking<Shy>>,);
none!(Send: OptionMut<'static, Blocking<Bound>>,);
all!(Sound: KoilTask<u8>, Iter<Items<u8>>, MapIter<Items<u8>, u8>, TimeoutIter<Items<u8>>, FromIter<u8>, Shell<u8>,);
all!(Sound: Io<u8>, FuturesIo<u8>,);
all!(Sound: Gather<Ready<u8>, All>, Gather<Ready<u8>, FirstError>,);
all!(PanicSafe: KoilTask<u8>, Gather<Ready<u8>, All>, Shell<u8>, FromIter<u8>,);
all!(PanicSafe: FuturesIo<u8>,);
all!(UnwindSafe: Iter<Items<u8>>, TimeoutIter<Items<u8>>,);
all!(Send: KoilTask<Shy>, Iter<Items<Shy>>, MapIter<Items<Shy>, u8>, FromIter<Shy>, Shell<Shy>, Io<Shy>, FuturesIo<Shy>,);
none!(Send: KoilTask<Bound>, Iter<Items<Bound>>, MapIter<Items<Bound>, u8>, FromIter<Bound>, Shell<Bound>, Io<Bound>, FuturesIo<Bound>,);
none!(Send: Gather<Ready<Bound>, All>,);

// Handles of a `Ui` go anywhere; the `Ui` and what it is tested with stay.
all!(Sound: UiHandle, UiTask, UiStream, UiLocal<Bound>, Progress<u8>, Reply<u8>, BlockingOnUi,);
all!(Send: UiBuilder, Outcome<u8>, Pump,);
none!(Send: Ui, Outcome<Bound>,);
none!(Sync: Ui,);

#[cfg(feature = "sched")]
all!(Sound: koil::sched::Priority,);
#[cfg(feature = "sched")]
all!(PanicSafe: koil::sched::Priority,);
#[cfg(feature = "sched")]
all!(Sound: koil::sched::Interrupter<Shy>, koil::sched::Interrupts<Shy>,);
#[cfg(feature = "sched")]
none!(Send: koil::sched::Interrupter<Bound>, koil::sched::Interrupts<Bound>,);

// Guards go where their context may.
#[derive(Debug)]
struct Context<T>(#[allow(dead_code)] T);

impl<T: Send> AsyncContext for Context<T> {
    type Error = ();

    async fn aenter(&mut self) -> Result<(), ()> {
        Ok(())
    }

    async fn aexit(&mut self, _: Exit) -> Result<(), ()> {
        Ok(())
    }
}

#[derive(Debug)]
struct LocalContext<T>(#[allow(dead_code)] T);

impl<T> LocalAsyncContext for LocalContext<T> {
    type Error = ();

    async fn aenter(&mut self) -> Result<(), ()> {
        Ok(())
    }

    async fn aexit(&mut self, _: Exit) -> Result<(), ()> {
        Ok(())
    }
}

/// A manager of a value.
#[derive(Debug)]
struct Manager<T>(#[allow(dead_code)] T);

impl<T: Send + Clone> AsyncManager for Manager<T> {
    type Value = T;
    type Error = ();

    async fn aenter(&mut self) -> Result<T, ()> {
        Ok(self.0.clone())
    }

    async fn aexit(&mut self, _: T, _: Exit) -> Result<(), ()> {
        Ok(())
    }
}

all!(Sound: Managed<Manager<u8>>, Entered<Managed<Manager<u8>>>,);
all!(PanicSafe: Managed<Manager<u8>>,);
all!(Sound: Entered<Context<u8>>, AsyncEntered<Context<u8>>, LocalAsyncEntered<LocalContext<u8>>, ContextFn<u8, ()>,);
all!(PanicSafe: Entered<Context<u8>>, AsyncEntered<Context<u8>>, LocalAsyncEntered<LocalContext<u8>>,);
all!(Send: Entered<Context<Shy>>, AsyncEntered<Context<Shy>>, ContextFn<Shy, ()>, ExitError,);
none!(Send: Entered<LocalContext<Bound>>, LocalAsyncEntered<LocalContext<Bound>>, ContextFn<Bound, ()>,);
none!(Sync: Entered<Context<Shy>>, AsyncEntered<Context<Shy>>,);
/// The futures of an async guard are `Send`, whatever context it has.
#[allow(dead_code)]
fn an_async_guard_may_be_made_and_closed_in_a_task<C>(context: C, guard: AsyncEntered<C>)
where
    C: AsyncContext + Send + 'static,
    C::Error: Send + 'static,
{
    fn goes_anywhere<T: Send + 'static>(_: T) {}
    goes_anywhere(AsyncEntered::enter(context));
    goes_anywhere(guard.close());
}

all!(Sound: Exit,);
all!(PanicSafe: Exit,);

// A box holds the stream, so that the iterator itself is never pinned.
all!(Unpin: Iter<stream::Pending<PhantomPinned>>, KoilTask<PhantomPinned>,);

// A job and its value are `Send`, or the call cannot be made.
all!(Sound: Threaded<u8>, Threaded<[u8]>, ThreadedCall<u8>, ThreadedIter<u8>, Closed, TryRecvError,);
all!(PanicSafe: Threaded<u8>,);
all!(Unpin: Threaded<PhantomPinned>,);
all!(Sound: Sender<u8>, Receiver<u8>, SendError<u8>,);
all!(PanicSafe: ThreadedCall<u8>, ThreadedIter<u8>, Sender<u8>, Receiver<u8>, TimeoutReceiver<u8>, Closed, TryRecvError,);
all!(Send: ThreadedCall<Shy>, ThreadedIter<Shy>, Sender<Shy>, Receiver<Shy>, SendError<Shy>, Yielder<Shy>,);
all!(Sync: ThreadedCall<Shy>, Sender<Shy>,);
none!(Send: Sender<Bound>, Receiver<Bound>, SendError<Bound>,);
all!(Unpin: ThreadedCall<PhantomPinned>, ThreadedIter<PhantomPinned>, Receiver<PhantomPinned>,);

// The object stays on its own thread.
all!(Sound: Pinned<u8>, Pinned<Bound>, Pinned<PhantomPinned>, ThreadedCall<Pinned<Bound>>,);
all!(PanicSafe: Pinned<Bound>,);
// As the future inside, but for its pin.
all!(Sound: Within<Ready<u8>>,);
all!(Unpin: Within<PhantomPinned>,);
none!(Send: Within<Ready<Bound>>,);
none!(Sync: Within<Ready<Shy>>,);

// A guard belongs to its thread.
// Of a context, only the guard; variables and snapshots go anywhere.
all!(Sound: ContextSnapshot, ContextVar<u8>, ContextVar<u8, Defaulted<u8>>,);
all!(Debug: EnterGuard<'static>, ContextGuard,);
none!(Send: EnterGuard<'static>, ContextGuard,);
none!(Sync: EnterGuard<'static>, ContextGuard,);

// The blocking side is on a worker, and cannot be reached.
all!(Sound: ThreadedReader, ThreadedWriter<Vec<u8>>, ThreadedWriter<Box<dyn std::io::Write + Send>>,);

#[test]
fn handles_are_cheap_to_clone_and_to_compare() {
    let koil = crate::support::a_loop();
    let handle = koil.handle();
    assert_eq!(handle, handle.clone());
    assert_ne!(handle, crate::support::a_loop().handle());
}
