//! `Trace`: the current span and dispatcher of the `tracing` crate, carried with a context.

use tracing::dispatcher::{self, DefaultGuard, Dispatch};
use tracing::span::{Entered, Span};
use tracing::subscriber::NoSubscriber;

/// `None` where no subscriber is set.
#[derive(Debug, Clone, Default)]
pub(super) struct Trace(Option<(Dispatch, Span)>);

impl Trace {
    pub(super) fn capture() -> Trace {
        let dispatch = dispatcher::get_default(Dispatch::clone);
        if dispatch.is::<NoSubscriber>() {
            return Trace(None);
        }
        Trace(Some((dispatch, Span::current())))
    }

    pub(super) fn enter(&self) -> Within<'_> {
        let Some((dispatch, span)) = &self.0 else {
            return Within(None);
        };
        // The span is entered on its own subscriber; the dispatcher is for events and new spans.
        let default = dispatcher::set_default(dispatch);
        Within(Some((span.enter(), default)))
    }
}

pub(super) fn is_outside_spans() -> bool {
    Span::current().is_none()
}

/// The entered span and the default dispatcher: on drop the span is left first, then the dispatcher
/// is restored.
#[derive(Debug)]
pub(super) struct Within<'a>(#[allow(dead_code)] Option<(Entered<'a>, DefaultGuard)>);
