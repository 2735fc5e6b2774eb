//! `Markers`: the bounds that the methods of a trait require of its implementors, beyond the trait.

use quote::quote;
use syn::{ReceiverKind, TypeParamBound};

use crate::{
    lower::{
        signature::{Reference, TraitMembers, is_self, self_reference},
        types::{has_self, pointee},
    },
    model::{Held, IntoTwin, Pass, Size, TwinFn},
    syntax::{
        attrs::async_trait,
        block::Member,
        function::{Body, Function},
        traits::TraitItem,
    },
};

#[derive(Default)]
pub(crate) struct Markers(Vec<Marker>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marker {
    Sized,
    Send,
    Sync,
    Unpin,
}

impl Markers {
    /// `#[async_trait]` gives a method with a default body a hidden `Self: Sync` or `Self: Send`.
    pub(crate) fn of_default_bodies(item: &TraitItem) -> Markers {
        let mut markers = Markers::default();
        if async_trait(&item.attrs).is_none_or(|local| local) {
            return markers;
        }
        for member in &item.members {
            if let Member::Fn(function) = member
                && function.sig.asyncness.is_some()
                && function.body == Body::Given
            {
                let by_shared_ref = self_reference(function) == Some(Reference::Shared);
                if by_shared_ref || by_arc(function) {
                    markers.add(Marker::Sync);
                }
                if !by_shared_ref {
                    markers.add(Marker::Send);
                }
            }
        }
        markers
    }

    pub(crate) fn add(&mut self, marker: Marker) {
        if !self.0.contains(&marker) {
            self.0.push(marker);
        }
    }

    /// Takes a marker such as `Self: Send`, or a lifetime: bounds that may be put on the original
    /// too. Returns whether the bound is one of these.
    pub(crate) fn take(&mut self, bound: &TypeParamBound) -> bool {
        match marker(bound) {
            Some(marker) => self.add(marker),
            None => return matches!(bound, TypeParamBound::Lifetime(_)),
        }
        true
    }

    pub(crate) fn is_marker(bound: &TypeParamBound) -> bool {
        let maybe = matches!(bound, TypeParamBound::Trait(bound) if bound.maybe.is_some());
        maybe || Markers::default().take(bound)
    }

    pub(crate) fn size(&self) -> Size {
        if self.0.contains(&Marker::Sized) {
            Size::Known
        } else {
            Size::MayBeUnknown
        }
    }

    pub(crate) fn bounds(&self) -> Vec<TypeParamBound> {
        let bounds = self.0.iter().filter_map(|marker| match marker {
            Marker::Sized => None,
            Marker::Send => syn::parse2(quote!(::core::marker::Send)).ok(),
            Marker::Sync => syn::parse2(quote!(::core::marker::Sync)).ok(),
            Marker::Unpin => syn::parse2(quote!(::core::marker::Unpin)).ok(),
        });
        bounds.collect()
    }
}

/// Does a method hold `Self` by value, or in a type that needs a known size?
pub(crate) fn needs_sized_self(twin: &TwinFn) -> bool {
    let receiver = twin.signature.receiver.as_ref().is_some_and(|receiver| {
        matches!(
            receiver.pass,
            Pass::Held(Held::Value | Held::Arc | Held::Rc | Held::Box | Held::PinBox)
        )
    });
    // A slice or container of `Self` holds its values directly, or does not work for a trait object
    // either.
    let by_value = twin.signature.params.iter().any(|param| match &param.pass {
        Pass::Held(Held::Value) => is_self(&param.ty),
        Pass::Held(Held::Slice | Held::SliceMut) | Pass::Container(_) | Pass::Tuple(_) => {
            has_self(&param.ty)
        }
        Pass::AsIs | Pass::Held(_) | Pass::Callback(_) | Pass::Std(..) => false,
    });
    let returned = |held: &IntoTwin| match held {
        IntoTwin::Cast(_) => true,
        IntoTwin::Twin(_, twin) => is_self(twin),
        _ => false,
    };
    receiver || by_value || twin.convert.any(&returned)
}

fn by_arc(function: &Function) -> bool {
    match function.sig.receiver().map(|receiver| &receiver.kind) {
        Some(ReceiverKind::Typed(_, ty)) => pointee(ty, "Arc").is_some(),
        _ => false,
    }
}

fn marker(bound: &TypeParamBound) -> Option<Marker> {
    let TypeParamBound::Trait(bound) = bound else {
        return None;
    };
    let last = bound.path.segments.last()?;
    match last.ident.to_string().as_str() {
        _ if bound.maybe.is_some() => None,
        "Sized" => Some(Marker::Sized),
        "Send" => Some(Marker::Send),
        "Sync" => Some(Marker::Sync),
        "Unpin" => Some(Marker::Unpin),
        _ => None,
    }
}

impl TraitMembers<'_> {
    /// The bounds that a twin has if its original has them. A lifetime or a marker means the same
    /// for both, and a supertrait in `twins(..)` has a twin. Any other bound may be one that no
    /// twin can have.
    pub(crate) fn carried<'b>(
        &self,
        bounds: impl IntoIterator<Item = &'b TypeParamBound>,
    ) -> Vec<TypeParamBound> {
        let carried = bounds.into_iter().filter_map(|bound| {
            if Markers::is_marker(bound) {
                return Some(bound.clone());
            }
            self.names.twins.twin_of_bound(bound)
        });
        carried.collect()
    }

    /// The bounds that the blanket impl puts on the twin. If associated types come from the twin of
    /// a supertrait, rustc has to resolve them through the blanket impl of that twin, so only
    /// markers remain.
    pub(crate) fn known(
        &self,
        bounds: impl Iterator<Item = TypeParamBound>,
    ) -> Vec<TypeParamBound> {
        bounds
            .filter(|bound| Markers::is_marker(bound) || !self.inherits)
            .collect()
    }
}
