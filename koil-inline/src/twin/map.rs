//! `MapTwin`: the conversion of the originals inside a container into twins, and back for the
//! containers in `values_of` of koil-macros (`lower/koiled/arguments.rs`).

use std::collections::{BTreeMap, HashMap, LinkedList, VecDeque};
use std::hash::{BuildHasher, Hash};
use std::ops::ControlFlow;
use std::task::Poll;
use std::vec::Vec;

/// A type that can map one of its type arguments, for example `Result<Client, E>` to
/// `Result<BlockingClient, E>`.
///
/// `ARG` is the position of the mapped argument among the written type arguments, without
/// lifetimes, counted from 0. Implement it for your own containers whose values hold
/// originals. Returned values are mapped by it; an argument of your own container keeps its async
/// type:
///
/// ```
/// struct Page<T> { items: Vec<T>, next: Option<u64> }
///
/// impl<T> koil::MapTwin<0> for Page<T> {
///     type Arg = T;
///     type Mapped<U> = Page<U>;
///     fn map_twin<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
///         Page { items: self.items.into_iter().map(f).collect(), next: self.next }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "koil cannot map the twins inside `{Self}`",
    label = "returned by a function that gets a blocking twin",
    note = "write `#[koil(raw)]` to return it as it is; for a type of your own, `koil::MapTwin<{ARG}>` can be implemented"
)]
pub trait MapTwin<const ARG: usize> {
    /// The type argument that is mapped.
    type Arg;
    /// `Self` with `U` in place of `Arg`.
    ///
    /// `U` has no bounds: so sets, heaps and keys of maps, which need `Ord` or `Hash`, have no impl.
    type Mapped<U>;

    /// Applies `f` to each value of the mapped type.
    fn map_twin<U>(self, f: impl FnMut(Self::Arg) -> U) -> Self::Mapped<U>;
}

/// [`MapTwin::map_twin`], as generated code calls it.
pub fn map_twin<const ARG: usize, M, U>(value: M, f: impl FnMut(M::Arg) -> U) -> M::Mapped<U>
where
    M: MapTwin<ARG>,
{
    value.map_twin(f)
}

macro_rules! map_twin {
    ($($ARG:literal, [$($generics:tt)*], $Container:ty, $Arg:ident, $Mapped:ty,
        |$value:ident, $f:ident| $body:expr;)*) => {$(
        impl<$($generics)*> MapTwin<$ARG> for $Container {
            type Arg = $Arg;
            type Mapped<U> = $Mapped;
            fn map_twin<U>(self, $f: impl FnMut($Arg) -> U) -> $Mapped {
                let $value = self;
                $body
            }
        }
    )*};
}

map_twin! {
    0, [T], Option<T>, T, Option<U>, |value, f| value.map(f);
    0, [T, E], Result<T, E>, T, Result<U, E>, |value, f| value.map(f);
    1, [T, E], Result<T, E>, E, Result<T, U>, |value, f| value.map_err(f);
    0, [T], Poll<T>, T, Poll<U>, |value, f| value.map(f);
    0, [T], Vec<T>, T, Vec<U>, |value, f| value.into_iter().map(f).collect();
    0, [T], VecDeque<T>, T, VecDeque<U>, |value, f| value.into_iter().map(f).collect();
    0, [T], LinkedList<T>, T, LinkedList<U>, |value, f| value.into_iter().map(f).collect();
}

impl<K: Ord, V> MapTwin<1> for BTreeMap<K, V> {
    type Arg = V;
    type Mapped<U> = BTreeMap<K, U>;

    fn map_twin<U>(self, mut f: impl FnMut(V) -> U) -> BTreeMap<K, U> {
        self.into_iter()
            .map(|(key, value)| (key, f(value)))
            .collect()
    }
}

impl<K: Eq + Hash, V, S: BuildHasher + Default> MapTwin<1> for HashMap<K, V, S> {
    type Arg = V;
    type Mapped<U> = HashMap<K, U, S>;

    fn map_twin<U>(self, mut f: impl FnMut(V) -> U) -> HashMap<K, U, S> {
        self.into_iter()
            .map(|(key, value)| (key, f(value)))
            .collect()
    }
}

impl<B, C> MapTwin<0> for ControlFlow<B, C> {
    type Arg = B;
    type Mapped<U> = ControlFlow<U, C>;

    fn map_twin<U>(self, f: impl FnMut(B) -> U) -> ControlFlow<U, C> {
        self.map_break(f)
    }
}

impl<B, C> MapTwin<1> for ControlFlow<B, C> {
    type Arg = C;
    type Mapped<U> = ControlFlow<B, U>;

    fn map_twin<U>(self, f: impl FnMut(C) -> U) -> ControlFlow<B, U> {
        self.map_continue(f)
    }
}
