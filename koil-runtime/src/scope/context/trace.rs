//! `Trace`: the current span and dispatcher of the `tracing` crate, carried with a context.
//!
//! Without feature `tracing` it is empty, and no span is carried.

use std::marker::PhantomData;

#[cfg(feature = "tracing")]
use tracing::{
    dispatcher::{self, DefaultGuard, Dispatch},
    span::{Entered, Span},
    subscriber::NoSubscriber,
};

/// The span, on its own dispatcher. `None` where no subscriber is set.
#[derive(Debug, Clone, Default)]
pub(super) struct Trace(#[cfg(feature = "tracing")] Option<(Dispatch, Span)>);

/// The entered span and the default dispatcher: on drop the span is left first, then the dispatcher
/// is restored.
#[derive(Debug)]
pub(super) struct EnteredTrace<'a> {
    #[cfg(feature = "tracing")]
    _entered: Option<(Entered<'a>, DefaultGuard)>,
    _trace: PhantomData<&'a Trace>,
}

#[cfg(feature = "tracing")]
impl Trace {
    pub(super) fn capture() -> Trace {
        let dispatch = dispatcher::get_default(Dispatch::clone);
        if dispatch.is::<NoSubscriber>() {
            return Trace(None);
        }
        Trace(Some((dispatch, Span::current())))
    }

    pub(super) fn enter(&self) -> EnteredTrace<'_> {
        let entered = self.0.as_ref().map(|(dispatch, span)| {
            // The dispatcher is for events and new spans.
            let default = dispatcher::set_default(dispatch);
            (span.enter(), default)
        });
        EnteredTrace {
            _entered: entered,
            _trace: PhantomData,
        }
    }
}

#[cfg(not(feature = "tracing"))]
impl Trace {
    pub(super) fn capture() -> Trace {
        Trace()
    }

    #[allow(clippy::unused_self)] // As with the feature.
    pub(super) fn enter(&self) -> EnteredTrace<'_> {
        EnteredTrace {
            _trace: PhantomData,
        }
    }
}

/// True if no span is entered on this thread.
pub(super) fn is_outside_spans() -> bool {
    #[cfg(feature = "tracing")]
    return Span::current().is_none();
    #[cfg(not(feature = "tracing"))]
    true
}
