//! `Shell`: the wrapper of an async value inside its twin, which drops the value under a loop.

#![allow(unsafe_code)]

use std::error::Error;
use std::fmt;
use std::mem::{self, ManuallyDrop};
use std::ops::{Deref, DerefMut};

use crate::private;

/// Holds the async value of a twin, transparently, and drops it under the ambient loop.
///
/// Async types often spawn in `Drop`, which needs tokio's context; a blocking owner has none. So
/// the drop enters the context of the ambient loop, if one runs. It starts no loop and never panics
/// by itself: without a loop, or if tokio's thread-locals are destroyed, the value is dropped
/// without a context. A value that needs no drop costs nothing.
#[repr(transparent)]
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shell<T: ?Sized> {
    value: ManuallyDrop<T>,
}

impl<T> Shell<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Shell<T> {
        Shell {
            value: ManuallyDrop::new(value),
        }
    }

    /// Takes the value out; from now on the caller is responsible for its drop.
    pub fn into_inner(self) -> T {
        let mut shell = ManuallyDrop::new(self);
        // SAFETY: the shell is never dropped nor used again, so the value is moved out once.
        unsafe { ManuallyDrop::take(&mut shell.value) }
    }
}

impl<T: ?Sized> Drop for Shell<T> {
    fn drop(&mut self) {
        if !mem::needs_drop::<T>() {
            return;
        }
        match private::installed() {
            Some(hooks) => {
                let mut value = Some(&mut self.value);
                (hooks.drop_under_loop)(&mut || {
                    if let Some(value) = value.take() {
                        // SAFETY: the shell is being dropped and the reference is taken once, so the
                        // value is dropped once and not used again.
                        unsafe { ManuallyDrop::drop(value) }
                    }
                });
            }
            // SAFETY: the shell is being dropped, so the value is dropped once and not used again.
            None => unsafe { ManuallyDrop::drop(&mut self.value) },
        }
    }
}

impl<T: ?Sized> Deref for Shell<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: ?Sized> DerefMut for Shell<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Shell<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        T::fmt(self, f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for Shell<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        T::fmt(self, f)
    }
}

impl<T: ?Sized + Error> Error for Shell<T> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        T::source(self)
    }
}
