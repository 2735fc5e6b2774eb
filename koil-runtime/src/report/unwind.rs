//! Panics that cross from one thread to another, and the unwinding of a cancelled scope without a
//! panic.

use std::any::Any;
use std::cell::Cell;
use std::mem::forget;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{self, PoisonError};
use std::task::Waker;

/// A caught panic.
pub(crate) type Payload = Box<dyn Any + Send>;

/// A caught panic that several threads may look at.
pub(crate) type SharedPayload = Box<dyn Any + Send + Sync>;

/// Runs `f`; a panic in it becomes a value.
pub(crate) fn halt<T>(f: impl FnOnce() -> T) -> Result<T, Payload> {
    panic::catch_unwind(AssertUnwindSafe(f))
}

/// Runs `f`; a panic in it ends here, and so does the panic of a payload that panics when it is
/// dropped. The panic hook has reported both.
pub(crate) fn swallow(f: impl FnOnce()) {
    let Err(payload) = halt(f) else {
        return;
    };
    if let Err(payload) = halt(|| drop(payload)) {
        // Its drop could panic again, without end.
        forget(payload);
    }
}

/// Wakes all of them. A waker that panics does not stop the others from being woken; the first
/// panic resumes here at the end, and the payloads of later ones are dropped.
pub(crate) fn wake_all(wakers: impl IntoIterator<Item = Waker>) {
    let mut panics = wakers
        .into_iter()
        .filter_map(|waker| halt(|| waker.wake()).err());
    let first = panics.next();
    panics.for_each(|payload| swallow(|| drop(payload)));
    if let Some(payload) = first {
        resume(payload);
    }
}

/// Resumes a caught panic on this thread; the panic hook has run already and does not run again.
pub(crate) fn resume(payload: Payload) -> ! {
    panic::resume_unwind(payload)
}

thread_local! {
    // No destructor, so it can be read at any moment of a thread's life.
    static CUTTING: Cell<bool> = const { Cell::new(false) };
}

/// Unwinds without a panic, to the scope that cut a call short.
pub(crate) fn cut(payload: Payload) -> ! {
    CUTTING.set(true);
    resume(payload)
}

/// True if this thread unwinds by [`cut`].
pub(crate) fn is_cutting() -> bool {
    CUTTING.get()
}

/// The unwinding has reached its scope.
pub(crate) fn cut_ends() {
    CUTTING.set(false);
}

/// The text of a panic, if it has one.
pub(crate) fn text(payload: &Payload) -> Option<&str> {
    let literal = payload.downcast_ref::<&str>().copied();
    literal.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
}

/// A payload that several threads may look at: a text as it is, any other in a mutex.
pub(crate) fn shareable(payload: Payload) -> SharedPayload {
    let literal = payload.downcast::<&'static str>();
    let text = literal.map(|text| text as SharedPayload);
    text.or_else(|payload| {
        payload
            .downcast::<String>()
            .map(|text| text as SharedPayload)
    })
    .unwrap_or_else(|other| Box::new(sync::Mutex::new(other)))
}

/// The text of a [`shareable`] payload, if it has one.
pub(crate) fn text_of(payload: &(dyn Any + Send + Sync)) -> Option<&str> {
    let literal = payload.downcast_ref::<&str>().copied();
    literal.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
}

/// A [`shareable`] payload as it was thrown.
pub(crate) fn thrown(payload: SharedPayload) -> Payload {
    match payload.downcast::<sync::Mutex<Payload>>() {
        Ok(other) => other.into_inner().unwrap_or_else(PoisonError::into_inner),
        Err(text) => text,
    }
}
