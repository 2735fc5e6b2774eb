//! Arguments that a call passes to its job, checked where the user wrote the parameter.

use std::borrow::Borrow;

/// A value that moves to the job.
///
/// No function: for the argument of one, rustc would propose to edit the user's expression, and the
/// place of that is the type of the parameter.
#[derive(Debug)]
pub struct Sent<T: Send + 'static> {
    /// The value.
    pub value: T,
}

/// An owned copy for the job, of a value that the caller only lends.
pub fn owned<T>(lent: &T) -> Owned<T, T::Owned>
where
    T: ToOwned<Owned: Send + 'static> + ?Sized,
{
    Owned {
        value: lent.to_owned(),
        lend: T::Owned::borrow,
    }
}

/// An owned copy of a `T`.
///
/// It has no bounds, so that a type without an owned form is reported once, where [`owned`] is
/// called.
pub struct Owned<T: ?Sized, O> {
    value: O,
    lend: fn(&O) -> &T,
}

impl<T: ?Sized, O> Owned<T, O> {
    /// The reference that the original function takes.
    pub fn lend(&self) -> &T {
        (self.lend)(&self.value)
    }
}
