//! Receivers of twins: the twin takes itself, and passes its original on.

use quote::ToTokens;
use syn::{ReceiverKind, Type};

use crate::{
    error::{Error, Result, err},
    lower::types::{TwinTypes, held, readable_tokens, twin_pointer},
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
                return Err(unmappable(ty, closest(ty)));
            };
            **ty = twin.ty;
            twin.held
        }
        // syn has no other kind yet.
        _ => return Err(unmappable(&declared, "&self")),
    };
    Ok(Receiver {
        declared,
        pass: Pass::Held(held),
    })
}

/// The receiver with a twin that is closest to one of this type.
fn closest(ty: &Type) -> &'static str {
    let (_, inner) = held(ty);
    match held(inner).0 {
        Held::Arc => "self: Arc<Self>",
        Held::Rc => "self: Rc<Self>",
        Held::Box => "self: Box<Self>",
        _ => "&self",
    }
}

fn unmappable(receiver: &impl ToTokens, instead: &str) -> Error {
    let text = readable_tokens(receiver);
    err!(
        receiver,
        "receiver `{text}` cannot be mapped; use `{instead}` or `#[koil(skip)]`"
    )
}
