//! `#[koil(bind(U = Bytes))]`: type parameters that the twin fixes, since a call could not infer
//! them.

use quote::ToTokens;
use syn::{GenericParam, ReturnType, Signature};

use crate::{
    args::Binding,
    error::{Error, Mistakes, err},
    lower::types::replaced,
    syntax::function::Function,
    tokens::mentions,
};

/// The function with the given types in place of the type parameters.
pub(crate) fn bound(
    function: &Function,
    bounds: &[Binding],
    mistakes: &mut Mistakes,
) -> Option<Function> {
    let mut sig = function.sig.clone();
    for Binding { param, types } in bounds {
        if let [_, second, ..] = &types[..] {
            mistakes.push(err!(
                second,
                "a method has one twin, with one `{param}`; keep one type, since only `into_future` takes several"
            ));
        }
        if !sig
            .generics
            .type_params()
            .any(|known| known.ident == *param)
        {
            let name = &sig.ident;
            mistakes.push(err!(
                param,
                "`{param}` is not a type parameter of `{name}`; bind one of its type parameters, or remove `bind`"
            ));
        }
    }
    let kept = |known: &GenericParam| match known {
        GenericParam::Type(known) => bounds.iter().all(|bound| bound.param != known.ident),
        GenericParam::Lifetime(_) | GenericParam::Const(_) => true,
    };
    sig.generics.params = sig.generics.params.into_iter().filter(kept).collect();
    let tokens = replaced(sig.to_token_stream(), &|word, _| {
        let bound = bounds.iter().find(|bound| bound.param == *word);
        bound.and_then(|bound| Some(bound.types.first()?.to_token_stream()))
    });
    let sig = syn::parse2::<Signature>(tokens).map_err(Error::from);
    Some(Function {
        attrs: function.attrs.clone(),
        vis: function.vis.clone(),
        defaultness: function.defaultness,
        sig: mistakes.take(sig)?,
        body: function.body,
    })
}

/// Rejects a type parameter that occurs only in the return type, in a part that became a twin: no
/// caller could infer it.
pub(crate) fn check_inferred(original: &Signature, output: &ReturnType, mistakes: &mut Mistakes) {
    for param in original.generics.type_params() {
        let name = &param.ident;
        let word = name.to_string();
        // Few functions pass the first of these tests, and each test has to print its tokens.
        if mentions(&original.output.to_token_stream(), &word)
            && !mentions(&output.to_token_stream(), &word)
            && !mentions(&original.inputs.to_token_stream(), &word)
        {
            mistakes.push(err!(
                name,
                "the twin's return type has no `{name}`, so a call could not determine it; write `#[koil(bind({name} = ..))]`"
            ));
        }
    }
}
