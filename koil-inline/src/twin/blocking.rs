//! `Blocking`: the twin for types that have none of their own.

#![allow(unsafe_code)]

use std::boxed::Box;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::Twin;
use super::shell::Shell;

/// A transparent blocking view of any async type.
///
/// The blocking twin of a trait is implemented for every twin type, and for `Blocking<T>` wherever
/// `T` implements the async trait: so types of other crates, and trait objects, get blocking
/// methods too.
///
/// ```
/// use koil::Blocking;
///
/// let numbers = Blocking::new(vec![1, 2, 3]);
/// assert_eq!(numbers.len(), 3);
/// assert_eq!(numbers.into_aio(), [1, 2, 3]);
/// ```
///
/// # Drop
///
/// The value is dropped under the ambient loop, as in every twin (see [`Shell`]).
#[repr(transparent)]
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Blocking<T: ?Sized>(Shell<T>);

impl<T> Blocking<T> {
    /// Wraps an async value.
    pub const fn new(aio: T) -> Blocking<T> {
        Blocking(Shell::new(aio))
    }

    /// The async value.
    pub fn into_aio(self) -> T {
        self.0.into_inner()
    }
}

impl<T: ?Sized> Blocking<T> {
    /// The async side, by reference.
    pub fn aio(&self) -> &T {
        &self.0
    }

    /// The async side, by unique reference.
    pub fn aio_mut(&mut self) -> &mut T {
        &mut self.0
    }

    /// A blocking view of a borrowed async value, which may be a trait object.
    pub fn from_ref(aio: &T) -> &Blocking<T> {
        // SAFETY: `Blocking` is transparent over `Shell`, that over `ManuallyDrop`, that over `T`;
        // the borrow is the same.
        unsafe { &*(std::ptr::from_ref(aio) as *const Blocking<T>) }
    }

    /// A blocking view of a uniquely borrowed async value, which may be a trait object.
    pub fn from_mut(aio: &mut T) -> &mut Blocking<T> {
        // SAFETY: as for `from_ref`.
        unsafe { &mut *(std::ptr::from_mut(aio) as *mut Blocking<T>) }
    }

    /// The blocking view of a boxed async value, which may be a trait object.
    pub fn from_box(aio: Box<T>) -> Box<Blocking<T>> {
        // SAFETY: the pointer comes from `into_raw`, and the two share their layout.
        unsafe { Box::from_raw(Box::into_raw(aio) as *mut Blocking<T>) }
    }

    /// The blocking view of a shared async value, which may be a trait object.
    pub fn from_arc(aio: Arc<T>) -> Arc<Blocking<T>> {
        // SAFETY: as for `from_box`.
        unsafe { Arc::from_raw(Arc::into_raw(aio) as *const Blocking<T>) }
    }
}

// SAFETY: `Blocking` is transparent over `Shell<T>`, and `aio` and `aio_mut` return that very
// place.
unsafe impl<T: ?Sized> Twin for Blocking<T> {
    type Aio = T;

    fn aio(&self) -> &T {
        &self.0
    }

    fn aio_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T> From<T> for Blocking<T> {
    fn from(aio: T) -> Blocking<T> {
        Blocking::new(aio)
    }
}

#[doc(hidden)]
impl<T: ?Sized> Deref for Blocking<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

#[doc(hidden)]
impl<T: ?Sized> DerefMut for Blocking<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Blocking<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Blocking").field(&&self.0).finish()
    }
}
