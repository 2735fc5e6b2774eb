//! Guards that a method returns: the guard of async code, as one for blocking code.

use koil_inline::private::{Twin, into_twin};

use super::async_context::LocalAsyncContext;
use super::async_guard::AsyncGuard;
use super::entered::Entered;
use super::entry::OpenContext;
use super::kind::GuardKind;

/// The guard that a twin returns, where the context has no twin.
pub fn entered<C, K>(guard: AsyncGuard<C, K>) -> Entered<C>
where
    C: LocalAsyncContext,
    K: GuardKind<C>,
{
    Entered::of_open::<K>(for_blocking(guard.into_open(), |context| context))
}

/// The guard that a twin returns, of the twin of the context.
pub fn entered_twin<W, C, K>(guard: AsyncGuard<C, K>) -> Entered<W>
where
    W: Twin<Aio = C> + LocalAsyncContext,
    C: LocalAsyncContext,
    K: GuardKind<C> + GuardKind<W>,
{
    Entered::of_open::<K>(for_blocking(guard.into_open(), into_twin))
}

/// The open context for the guard of the thread that has made the call. The call is over, and so is
/// its token.
fn for_blocking<C, W>(open: OpenContext<C>, context: impl FnOnce(C) -> W) -> OpenContext<W> {
    OpenContext {
        context: context(open.context),
        parts: open.parts,
        entry: open.entry.without_call(),
    }
}
