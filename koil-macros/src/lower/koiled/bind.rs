//! `#[koil(bind(U = Bytes))]`: type parameters that the twin fixes, since a call could not infer
//! them.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericParam, ReturnType, Signature};

use crate::{
    args::Binding,
    error::{Error, Mistakes, err},
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
    for Binding { param, .. } in bounds {
        if !sig.generics.type_params().any(|own| own.ident == *param) {
            let name = &sig.ident;
            mistakes.push(err!(
                param,
                "`{param}` is not a type parameter of `{name}`; bind one that is, or none"
            ));
        }
    }
    let kept = |own: &GenericParam| match own {
        GenericParam::Type(own) => bounds.iter().all(|bound| bound.param != own.ident),
        GenericParam::Lifetime(_) | GenericParam::Const(_) => true,
    };
    sig.generics.params = sig.generics.params.into_iter().filter(kept).collect();
    let replaced = replaced(sig.to_token_stream(), bounds);
    let sig = syn::parse2::<Signature>(replaced).map_err(Error::from);
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
                "`{name}` occurs only in the return type and is mapped away; fix it with `#[koil(bind({name} = ..))]`"
            ));
        }
    }
}

fn replaced(tokens: TokenStream, bounds: &[Binding]) -> TokenStream {
    let mut replaced_tokens = TokenStream::new();
    for token in tokens {
        match token {
            TokenTree::Ident(name) => match bounds.iter().find(|bound| bound.param == name) {
                Some(bound) => bound.ty.to_tokens(&mut replaced_tokens),
                None => name.to_tokens(&mut replaced_tokens),
            },
            TokenTree::Group(group) => {
                let stream = replaced(group.stream(), bounds);
                let mut new = proc_macro2::Group::new(group.delimiter(), stream);
                new.set_span(group.span());
                new.to_tokens(&mut replaced_tokens);
            }
            other => other.to_tokens(&mut replaced_tokens),
        }
    }
    replaced_tokens
}
