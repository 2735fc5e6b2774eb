//! `Needs`: the bounds that the methods of a trait require of its implementors, beyond the trait.

use quote::quote;
use syn::{ReceiverKind, Type, TypeParamBound};

use super::{handles::bare, scope::is_self, tokens::has_self};
use crate::{
    model::{Convert, Held, Pass, Size, TwinFn},
    syntax::{
        attrs::async_trait,
        block::Member,
        function::{Body, Function},
        traits::TraitItem,
    },
};

#[derive(Default)]
pub(super) struct Needs(Vec<Need>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    Sized,
    Send,
    Sync,
    Unpin,
}

impl Needs {
    /// `#[async_trait]` gives a method with a default body a hidden `Self: Sync` or `Self: Send`.
    pub(super) fn of_default_bodies(item: &TraitItem) -> Needs {
        let mut needs = Needs::default();
        if async_trait(&item.attrs).is_none_or(|local| local) {
            return needs;
        }
        for member in &item.members {
            if let Member::Fn(function) = member
                && function.sig.asyncness.is_some()
                && function.body == Body::Given
            {
                if by_shared_ref(function) || by_arc(function) {
                    needs.add(Need::Sync);
                }
                if !by_shared_ref(function) {
                    needs.add(Need::Send);
                }
            }
        }
        needs
    }

    pub(super) fn add(&mut self, need: Need) {
        if !self.0.contains(&need) {
            self.0.push(need);
        }
    }

    /// Takes a marker such as `Self: Send`, or a lifetime: bounds that may be put on the original
    /// too. Returns whether the bound is one of these.
    pub(super) fn take(&mut self, bound: &TypeParamBound) -> bool {
        match marker(bound) {
            Some(need) => self.add(need),
            None => return matches!(bound, TypeParamBound::Lifetime(_)),
        }
        true
    }

    pub(super) fn is_marker(bound: &TypeParamBound) -> bool {
        let maybe = matches!(bound, TypeParamBound::Trait(bound) if bound.maybe.is_some());
        maybe || Needs::default().take(bound)
    }

    pub(super) fn size(&self) -> Size {
        if self.0.contains(&Need::Sized) {
            Size::Known
        } else {
            Size::MayBeUnknown
        }
    }

    pub(super) fn bounds(&self) -> Vec<TypeParamBound> {
        let bounds = self.0.iter().filter_map(|need| match need {
            Need::Sized => None,
            Need::Send => syn::parse2(quote!(::core::marker::Send)).ok(),
            Need::Sync => syn::parse2(quote!(::core::marker::Sync)).ok(),
            Need::Unpin => syn::parse2(quote!(::core::marker::Unpin)).ok(),
        });
        bounds.collect()
    }
}

/// Does a method hold `Self` by value, or in a type that needs a known size?
pub(super) fn of_self(twin: &TwinFn) -> bool {
    let receiver = twin.receiver.as_ref().is_some_and(|receiver| {
        matches!(
            receiver.pass,
            Pass::Aio(Held::Value | Held::Arc | Held::Rc | Held::Box | Held::PinBox)
        )
    });
    // A slice or container of `Self` holds its values directly, or does not work for a trait object
    // either.
    let by_value = twin.params.iter().any(|param| match &param.pass {
        Pass::Aio(Held::Value) => is_self(&param.ty),
        Pass::Aio(Held::Slice | Held::SliceMut) | Pass::Inside(_) => has_self(&param.ty),
        _ => false,
    });
    let returned = |convert: &Convert| match convert {
        Convert::Cast(_) => true,
        Convert::Twin(_, twin) => is_self(twin),
        _ => false,
    };
    receiver || by_value || twin.convert.any(&returned)
}

fn by_shared_ref(function: &Function) -> bool {
    match function.sig.receiver().map(|receiver| &receiver.kind) {
        Some(ReceiverKind::Reference(_, _, mutability)) => mutability.is_none(),
        Some(ReceiverKind::Typed(_, ty)) => {
            matches!(bare(ty), Type::Reference(reference) if reference.mutability.is_none())
        }
        _ => false,
    }
}

fn by_arc(function: &Function) -> bool {
    match function.sig.receiver().map(|receiver| &receiver.kind) {
        Some(ReceiverKind::Typed(_, ty)) => super::asynchrony::pointee(ty, "Arc").is_some(),
        _ => false,
    }
}

fn marker(bound: &TypeParamBound) -> Option<Need> {
    let TypeParamBound::Trait(bound) = bound else {
        return None;
    };
    let last = bound.path.segments.last()?;
    match last.ident.to_string().as_str() {
        _ if bound.maybe.is_some() => None,
        "Sized" => Some(Need::Sized),
        "Send" => Some(Need::Send),
        "Sync" => Some(Need::Sync),
        "Unpin" => Some(Need::Unpin),
        _ => None,
    }
}
