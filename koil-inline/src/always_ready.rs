//! `AlwaysReady`: types whose async operations never wait.

/// Marks a type whose async operations are always ready: no poll of them returns `Pending`.
///
/// `#[koiled(inline(T))]` asks for it, so that a transport which may have to wait is a mistake at
/// compile time. Implement it for a transport of your own that blocks; if it waits all the same, the
/// call returns [`WouldBlock`](crate::WouldBlock).
///
/// ```
/// use koil::inline::{AlwaysReady, StdIo};
///
/// fn check<T: AlwaysReady>(_: T) {}
/// check(StdIo::new(std::io::empty()));
/// check(&b"bytes"[..]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` may have to wait, and an inline twin never waits",
    label = "this may have to wait",
    note = "give it a source that blocks, such as `koil::inline::StdIo`; or implement `koil::inline::AlwaysReady`, if no poll of this type returns `Pending`"
)]
pub trait AlwaysReady {}

impl<T: AlwaysReady + ?Sized> AlwaysReady for &mut T {}
impl AlwaysReady for &[u8] {}

#[cfg(feature = "alloc")]
mod alloc_types {
    use alloc::boxed::Box;
    use alloc::vec::Vec;

    use super::AlwaysReady;

    impl<T: AlwaysReady + ?Sized> AlwaysReady for Box<T> {}
    impl AlwaysReady for Vec<u8> {}
}

#[cfg(feature = "std")]
mod std_types {
    use std::io::{Cursor, Empty, Repeat, Sink};

    use super::AlwaysReady;
    use crate::std_io::StdIo;

    impl<T> AlwaysReady for StdIo<T> {}
    impl<T> AlwaysReady for Cursor<T> {}
    impl AlwaysReady for Empty {}
    impl AlwaysReady for Repeat {}
    impl AlwaysReady for Sink {}
}

#[cfg(feature = "tokio-io")]
mod tokio_types {
    use tokio::io::{
        BufReader, BufStream, BufWriter, Chain, Empty, Join, Lines, Repeat, Sink, Split, Take,
    };

    use super::AlwaysReady;

    impl<T: AlwaysReady> AlwaysReady for BufReader<T> {}
    impl<T: AlwaysReady> AlwaysReady for BufStream<T> {}
    impl<T: AlwaysReady> AlwaysReady for BufWriter<T> {}
    impl<T: AlwaysReady> AlwaysReady for Lines<T> {}
    impl<T: AlwaysReady> AlwaysReady for Split<T> {}
    impl<T: AlwaysReady> AlwaysReady for Take<T> {}
    impl<T: AlwaysReady, U: AlwaysReady> AlwaysReady for Chain<T, U> {}
    impl<R: AlwaysReady, W: AlwaysReady> AlwaysReady for Join<R, W> {}
    impl AlwaysReady for Empty {}
    impl AlwaysReady for Repeat {}
    impl AlwaysReady for Sink {}
}
