//! Receivers of twins: the twin takes itself, and passes its original on.

use syn::{ReceiverKind, Type, spanned::Spanned};

use crate::{
    error::{Error, Result, err},
    lower::types::{TwinTypes, held, readable, twin_pointer},
    model::{Held, Pass, Receiver},
};

/// The `self` of the twin, and how it is passed to the original.
pub(crate) fn passed_receiver(
    mut declared: syn::Receiver,
    twins: &TwinTypes<'_>,
) -> Result<Receiver<Pass>> {
    if twins.of_self.is_none() {
        return Ok(Receiver {
            declared,
            pass: Pass::AsIs,
        });
    }
    let held = match &mut declared.kind {
        ReceiverKind::Value => Held::Value,
        ReceiverKind::Reference(_, _, None) => Held::Ref,
        ReceiverKind::Reference(_, _, Some(_)) => Held::RefMut,
        ReceiverKind::Typed(_, ty) => {
            let Some(twin) = twin_pointer(ty, twins) else {
                return Err(unmappable(ty));
            };
            **ty = twin.ty;
            twin.held
        }
        _ => {
            return Err(err!(
                declared,
                "this receiver cannot be mapped; add `#[koil(skip)]`"
            ));
        }
    };
    Ok(Receiver {
        declared,
        pass: Pass::Held(held),
    })
}

/// The error for a receiver that has no twin. It names the closest receiver that has one.
fn unmappable(ty: &Type) -> Error {
    let (_, inner) = held(ty);
    let instead = match held(inner).0 {
        Held::Arc => "self: Arc<Self>",
        Held::Rc => "self: Rc<Self>",
        Held::Box => "self: Box<Self>",
        _ => "&self",
    };
    let text = readable(ty);
    err!(
        ty.span(),
        "receiver `{text}` cannot be mapped; use `{instead}` or `#[koil(skip)]`"
    )
}
