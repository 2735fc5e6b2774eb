//! Casts between a twin and its original: all of them rely on the layout that `Twin` promises.

#![allow(unsafe_code)]

use std::boxed::Box;
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use super::Twin;

/// A value as either of two types with the same layout.
#[repr(C)]
union Either<A, B> {
    from: ManuallyDrop<A>,
    to: ManuallyDrop<B>,
}

const fn transmute<A, B>(value: A) -> B {
    const {
        assert!(
            size_of::<A>() == size_of::<B>(),
            "a twin has the layout of its original"
        );
    }
    let either = Either {
        from: ManuallyDrop::new(value),
    };
    // SAFETY: `A` and `B` are a twin and its original in some order, whose layout and validity are
    // the same (`Twin`'s contract), or the same kind of pointer to them, whose metadata is that of
    // one unsized tail, or to a slice of them, whose length is the same; the value is moved, and
    // dropped by the new owner only.
    ManuallyDrop::into_inner(unsafe { either.to })
}

/// The twin of an owned original.
pub const fn into_twin<W: Twin>(aio: W::Aio) -> W
where
    W::Aio: Sized,
{
    transmute(aio)
}

/// The original in an owned twin.
pub(crate) fn into_aio<W: Twin>(twin: W) -> W::Aio
where
    W::Aio: Sized,
{
    transmute(twin)
}

/// The twin of a borrowed original.
pub fn as_twin<W: Twin + ?Sized>(aio: &W::Aio) -> &W {
    transmute(aio)
}

/// The twin of a uniquely borrowed original.
pub fn as_twin_mut<W: Twin + ?Sized>(aio: &mut W::Aio) -> &mut W {
    transmute(aio)
}

/// The original in a borrowed twin.
pub(crate) fn as_aio<W: Twin + ?Sized>(twin: &W) -> &W::Aio {
    transmute(twin)
}

/// The original in a uniquely borrowed twin.
pub(crate) fn as_aio_mut<W: Twin + ?Sized>(twin: &mut W) -> &mut W::Aio {
    transmute(twin)
}

/// The twins of a slice of originals.
pub fn slice_as_twins<W: Twin>(aio: &[W::Aio]) -> &[W]
where
    W::Aio: Sized,
{
    transmute(aio)
}

/// The twins of a unique slice of originals.
pub fn slice_as_twins_mut<W: Twin>(aio: &mut [W::Aio]) -> &mut [W]
where
    W::Aio: Sized,
{
    transmute(aio)
}

/// The originals of a slice of twins.
pub fn slice_as_aio<W: Twin>(twins: &[W]) -> &[W::Aio]
where
    W::Aio: Sized,
{
    transmute(twins)
}

/// The originals of a unique slice of twins.
pub fn slice_as_aio_mut<W: Twin>(twins: &mut [W]) -> &mut [W::Aio]
where
    W::Aio: Sized,
{
    transmute(twins)
}

macro_rules! smart_pointers {
    ($($Pointer:ident, $into_twin:ident, $into_aio:ident, $docs:literal;)*) => {$(
        #[doc = concat!("The twin in ", $docs, ".")]
        pub fn $into_twin<W: Twin + ?Sized>(aio: $Pointer<W::Aio>) -> $Pointer<W> {
            // SAFETY: the pointer comes from `into_raw` of the same smart pointer, and the two
            // pointees share their layout (`Twin`'s contract).
            unsafe { $Pointer::from_raw(transmute($Pointer::into_raw(aio))) }
        }

        #[doc = concat!("The original in ", $docs, ".")]
        pub fn $into_aio<W: Twin + ?Sized>(twin: $Pointer<W>) -> $Pointer<W::Aio> {
            // SAFETY: as for the cast above.
            unsafe { $Pointer::from_raw(transmute($Pointer::into_raw(twin))) }
        }
    )*};
}

smart_pointers! {
    Arc, arc_into_twin, arc_into_aio, "an `Arc`";
    Rc, rc_into_twin, rc_into_aio, "an `Rc`";
    Box, box_into_twin, box_into_aio, "a `Box`";
}

/// The twin behind a pinned reference.
pub fn pin_ref_into_twin<W: Twin + ?Sized>(aio: Pin<&W::Aio>) -> Pin<&W> {
    // SAFETY: the value does not move; twin and original are the same place (`Twin`'s contract).
    unsafe { aio.map_unchecked(as_twin) }
}

/// The original behind a pinned reference.
pub fn pin_ref_into_aio<W: Twin + ?Sized>(twin: Pin<&W>) -> Pin<&W::Aio> {
    // SAFETY: as for the way back.
    unsafe { twin.map_unchecked(W::aio) }
}

/// The twin behind a pinned unique reference.
pub fn pin_mut_into_twin<W: Twin + ?Sized>(aio: Pin<&mut W::Aio>) -> Pin<&mut W> {
    // SAFETY: as for `pin_ref_into_twin`; nothing is moved out.
    unsafe { aio.map_unchecked_mut(as_twin_mut) }
}

/// The original behind a pinned unique reference.
pub fn pin_mut_into_aio<W: Twin + ?Sized>(twin: Pin<&mut W>) -> Pin<&mut W::Aio> {
    // SAFETY: as for the way back.
    unsafe { twin.map_unchecked_mut(W::aio_mut) }
}

/// The twin in a pinned box.
pub fn pin_box_into_twin<W: Twin + ?Sized>(aio: Pin<Box<W::Aio>>) -> Pin<Box<W>> {
    // SAFETY: the value stays where it is, inside the box.
    let aio = unsafe { Pin::into_inner_unchecked(aio) };
    Box::into_pin(box_into_twin(aio))
}

/// The original in a pinned box.
pub fn pin_box_into_aio<W: Twin + ?Sized>(twin: Pin<Box<W>>) -> Pin<Box<W::Aio>> {
    // SAFETY: the value stays where it is, inside the box.
    let twin = unsafe { Pin::into_inner_unchecked(twin) };
    Box::into_pin(box_into_aio(twin))
}
