//! Futures that are polled and dropped inside a context of their own.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::snapshot::{Base, Changes, Snapshot};
use super::vars::{self, Key, Value};

pin_project! {
    /// A future with a context of its own, kept across its polls. Its output includes the variables
    /// that it changed.
    pub(crate) struct InContext<F> {
        // `None` once it is done: the future is dropped inside its context.
        #[pin]
        future: Option<F>,
        context: Snapshot,
        base: Base,
    }

    impl<F> PinnedDrop for InContext<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.future.is_some() {
                let _within = this.context.enter();
                this.future.set(None);
            }
        }
    }
}

impl<F: Future> InContext<F> {
    pub(crate) fn new(context: Snapshot, future: F) -> InContext<F> {
        InContext {
            future: Some(future),
            base: context.base(),
            context,
        }
    }

    /// The future itself, until it is done.
    pub(crate) fn inner(self: Pin<&mut Self>) -> Option<Pin<&mut F>> {
        self.project().future.as_pin_mut()
    }
}

impl<F: Future> Future for InContext<F> {
    type Output = (F::Output, Changes);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let output = {
            let _within = this.context.enter();
            let future = this.future.as_mut().as_pin_mut();
            let output = ready!(future.expect("polled after it was ready").poll(cx));
            this.future.set(None);
            output
        };
        Poll::Ready((output, this.context.changes_since(this.base)))
    }
}

pin_project! {
    /// A future with one variable set while it is polled; see `ContextVar::scope_async`.
    pub(super) struct WithValue<F> {
        #[pin]
        future: Option<F>,
        value: SwappedValue,
    }

    impl<F> PinnedDrop for WithValue<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.future.is_some() {
                let _swapped = this.value.swap();
                this.future.set(None);
            }
        }
    }
}

impl<F> WithValue<F> {
    pub(super) fn new(key: Key, value: Value, future: F) -> WithValue<F> {
        WithValue {
            future: Some(future),
            value: SwappedValue {
                key,
                value: Some(value),
            },
        }
    }
}

impl<F: Future> Future for WithValue<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let _swapped = this.value.swap();
        let future = this.future.as_mut().as_pin_mut();
        let output = ready!(future.expect("polled after it was ready").poll(cx));
        this.future.set(None);
        Poll::Ready(output)
    }
}

/// One variable: between polls its value in the future, during a poll its value outside of it.
struct SwappedValue {
    key: Key,
    value: Option<Value>,
}

impl SwappedValue {
    fn swap(&mut self) -> Swapped<'_> {
        self.value = vars::replace(self.key, self.value.take());
        Swapped(self)
    }
}

struct Swapped<'a>(&'a mut SwappedValue);

impl Drop for Swapped<'_> {
    fn drop(&mut self) {
        self.0.value = vars::replace(self.0.key, self.0.value.take());
    }
}
