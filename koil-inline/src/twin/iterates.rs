//! `Iterates`: whether a type is an iterator, as a constant.

use std::marker::PhantomData;

/// `Iterates::<T>::IS_ITERATOR` is true if `T` is an iterator: the constant of the impl comes before
/// that of the trait, where its bound holds.
#[derive(Debug)]
pub struct Iterates<T: ?Sized>(PhantomData<T>);

impl<T: ?Sized + Iterator> Iterates<T> {
    /// It is.
    pub const IS_ITERATOR: bool = true;
}

/// The answer for all other types.
pub trait IteratesNot {
    /// It is not.
    const IS_ITERATOR: bool = false;
}

impl<T: ?Sized> IteratesNot for Iterates<T> {}
