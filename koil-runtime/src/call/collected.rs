//! `Collected`: the future of a task, with the work that drops hand over in its polls.

use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::current::handed_over::{self, Works};
use crate::report::unwind::{self, Payload};

pin_project! {
    /// Its output includes the work that was handed over in its polls. If it panics, the payload is a
    /// [`PanicWithWork`].
    pub(crate) struct Collected<F> {
        #[pin]
        future: F,
        works: Works,
    }
}

/// The payload of a panic, with the work that was handed over before.
pub(crate) struct PanicWithWork {
    payload: Payload,
    works: Works,
}

impl<F: Future> Collected<F> {
    pub(crate) fn new(future: F) -> Collected<F> {
        Collected {
            future,
            works: Works::new(),
        }
    }

    /// The future itself.
    pub(crate) fn inner(self: Pin<&mut Self>) -> Pin<&mut F> {
        self.project().future
    }
}

impl<F: Future> Future for Collected<F> {
    type Output = (F::Output, Works);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let (polled, handed) = handed_over::collected(|| this.future.poll(cx));
        if let Some(handed) = handed {
            this.works.extend(handed.works);
        }
        match polled {
            Ok(Poll::Ready(output)) => Poll::Ready((output, std::mem::take(this.works))),
            Ok(Poll::Pending) => Poll::Pending,
            Err(payload) if this.works.is_empty() => unwind::resume(payload),
            Err(payload) => unwind::resume(Box::new(PanicWithWork {
                payload,
                works: std::mem::take(this.works),
            })),
        }
    }
}

/// The payload that the future itself panicked with.
pub(crate) fn own_payload(payload: &Payload) -> &Payload {
    let both = payload.downcast_ref::<PanicWithWork>();
    both.map_or(payload, |both| &both.payload)
}

/// The payload that the future itself panicked with, and the work that it has handed over.
pub(crate) fn split_panic(payload: Payload) -> (Payload, Works) {
    match payload.downcast::<PanicWithWork>() {
        Ok(both) => (both.payload, both.works),
        Err(payload) => (payload, Works::new()),
    }
}
