//! Views: the async side of a type whose plain names block.

use quote::format_ident;
use syn::{Ident, Path, Type, ext::IdentExt};

use super::receivers::passed_receiver;
use crate::{
    error::Result,
    lower::types::{SelfType, TwinTypes},
    model::{Callee, DocLine, Param, Pass, TwinSignature, ViewFn},
};

/// The type of an impl block, with its view in the place of its twin. `view` is the path of the view, if
/// it is given.
pub(crate) fn viewed_type(self_ty: &Type, view: Option<&Path>) -> Option<SelfType> {
    let mut of_self = SelfType::of(self_ty, view)?;
    if view.is_none() {
        of_self.twin = view_ident(of_self.name()).into();
    }
    Some(of_self)
}

/// `Client` gets `ClientAio`, with the span of the original.
pub(crate) fn view_ident(of: &Ident) -> Ident {
    format_ident!("{}Aio", of.unraw(), span = of.span())
}

/// The method of a view for an async function of its type, which has a hidden name there.
pub(crate) fn on_view<P>(
    hidden: &TwinSignature<P>,
    (plain, docs): (&Ident, Vec<DocLine>),
    is_async: bool,
    (of, view): (&Type, &TwinTypes<'_>),
) -> Result<ViewFn> {
    let receiver = hidden.receiver.as_ref();
    let receiver = receiver.map(|receiver| passed_receiver(receiver.declared.clone(), view));
    let params = hidden.params.iter().map(|param| Param {
        conditions: param.conditions.clone(),
        name: param.name.clone(),
        ty: view.async_self_type(&param.ty),
        pass: Pass::AsIs,
    });
    Ok(ViewFn {
        signature: TwinSignature {
            docs,
            attrs: hidden.attrs.clone(),
            vis: hidden.vis.clone(),
            safety: hidden.safety,
            name: plain.clone(),
            generics: view.async_self_generics(&hidden.generics),
            receiver: receiver.transpose()?,
            params: params.collect(),
            output: view.async_self(&hidden.output),
            callee: Callee::Inherent(Box::new(of.clone()), hidden.name.clone()),
            turbofish: hidden.turbofish.clone(),
            labels: hidden.labels.clone(),
        },
        is_async,
    })
}
