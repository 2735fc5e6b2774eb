//! Sync methods that a twin has by `Deref`, as its page shows them.

use syn::{FnArg, Ident, Visibility, parse_quote};

use crate::{
    lower::signature::{Names, Owner},
    model::{Call, Convert, DocLine, TwinFn},
    syntax::{attrs::is_hidden, function::Function},
};

/// The method for the page alone, out of the twin that the method would have. `None` if the page
/// does not list it.
pub(super) fn shown(function: &Function, mut twin: TwinFn, names: &Names<'_>) -> Option<TwinFn> {
    let is_method_of_type = matches!(names.owner, Owner::Type(_)) && !names.is_beside();
    let is_public = matches!(function.vis, Visibility::Public(_)) && !is_hidden(&function.attrs);
    if !is_method_of_type || !is_public || is_accessor(&function.sig.ident) {
        return None;
    }
    let sig = &function.sig;
    let signature = &mut twin.signature;
    // `Deref` maps nothing: types are those of the original.
    signature.generics = names.twins.async_self_generics(&sig.generics);
    signature.output = names.twins.async_self(&sig.output);
    let typed = sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(typed),
        FnArg::Receiver(_) => None,
    });
    for (param, typed) in signature.params.iter_mut().zip(typed) {
        param.ty = names.twins.async_self_type(&typed.ty);
    }
    signature.attrs.insert(0, parse_quote!(#[cfg(doc)]));
    if let Some(last @ DocLine::Text(_)) = signature.docs.last_mut() {
        let link = names.link(&sig.ident);
        *last = DocLine::Text(format!(" From the original, by `Deref`: [`{link}`]."));
    }
    Some(TwinFn {
        call: Call::ByDeref,
        convert: Convert::AsIs,
        ..twin
    })
}

/// Leaves out methods that a twin of their name hides.
pub(super) fn drop_hidden(methods: &mut Vec<TwinFn>) {
    let twins = methods.iter().filter(|method| method.is_called());
    let names: Vec<_> = twins.map(|twin| twin.signature.name.clone()).collect();
    methods.retain(|method| method.is_called() || !names.contains(&method.signature.name));
}

/// Names that every twin type has already.
pub(super) fn is_accessor(name: &Ident) -> bool {
    ["aio", "aio_mut", "into_aio"]
        .iter()
        .any(|accessor| name == accessor)
}
