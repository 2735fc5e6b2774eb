//! The checks that an original has the traits which `forward(..)` lists. Each function is named after
//! the trait of its twin, and is used but not called; rustc reports a trait that is not there at the
//! word in the list.

use std::error::Error;
use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::str::FromStr;

/// One function for each trait.
#[doc(hidden)]
#[macro_export]
macro_rules! __koil_forward_checks {
    ($($name:ident: $($bounds:path),+;)*) => {$(
        /// Checks a type.
        #[allow(non_snake_case)]
        pub fn $name<T: ?Sized $(+ $bounds)+>() {}
    )*};
}

__koil_forward_checks! {
    Clone: std::clone::Clone;
    Copy: std::marker::Copy;
    Debug: Debug;
    Display: Display;
    Default: std::default::Default;
    PartialEq: std::cmp::PartialEq;
    Eq: std::cmp::Eq;
    PartialOrd: std::cmp::PartialOrd;
    Ord: std::cmp::Ord;
    Hash: Hash;
    Error: Error;
    FromStr: FromStr;
}
