//! Parcels: what a call gives to its job, checked where the user wrote the parameter.

use std::borrow::Borrow;

/// A value that goes to the job.
pub fn sent<T: Send + 'static>(value: T) -> T {
    value
}

/// A copy that goes to the job in place of what the caller only lends.
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
/// Without bounds, so that a type that has no owned form is told once, where [`owned`] is called.
pub struct Owned<T: ?Sized, O> {
    value: O,
    lend: fn(&O) -> &T,
}

impl<T: ?Sized, O> Owned<T, O> {
    /// What the original takes.
    pub fn lend(&self) -> &T {
        (self.lend)(&self.value)
    }
}
