//! `#[koil(bind(U = Bytes))]`: type parameters that the twin fixes, since a call could not infer
//! them.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericParam, Ident, ReturnType, Signature, Type, TypePath};

use super::tokens::mentions;
use crate::{
    args::Binding,
    error::{Error, Result, err},
    syntax::function::Function,
};

/// The function with the given types in place of the type parameters.
pub(super) fn bound(function: &Function, bounds: &[Binding]) -> Result<Function> {
    let mut errors = Error::accumulator();
    let mut sig = function.sig.clone();
    for Binding { param, .. } in bounds {
        if !sig.generics.type_params().any(|own| own.ident == *param) {
            let name = &sig.ident;
            errors.push(err!(
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
    let sig = errors.handle_in(|| {
        let replaced = replaced(sig.to_token_stream(), bounds);
        Ok(syn::parse2::<Signature>(replaced)?)
    });
    let sig = sig.unwrap_or_else(|| function.sig.clone());
    errors.finish_with(Function {
        attrs: function.attrs.clone(),
        vis: function.vis.clone(),
        defaultness: function.defaultness,
        sig,
        body: function.body,
    })
}

/// The generic arguments of the call: one for each type and const parameter of the original.
pub(super) fn turbofish(original: &Signature, bounds: &[Binding]) -> Vec<Type> {
    let arguments = original.generics.params.iter().filter_map(|param| {
        let name = match param {
            GenericParam::Lifetime(_) => return None,
            GenericParam::Type(param) => &param.ident,
            GenericParam::Const(param) => &param.ident,
        };
        let bound = bounds.iter().find(|bound| bound.param == *name);
        Some(bound.map_or_else(|| named(name), |bound| bound.ty.clone()))
    });
    arguments.collect()
}

/// Rejects a type parameter that occurs only in the return type, in a part that became a twin: no
/// caller could infer it.
pub(super) fn all_inferred(original: &Signature, output: &ReturnType) -> Result<()> {
    let mut errors = Error::accumulator();
    for param in original.generics.type_params() {
        let name = &param.ident;
        // Few functions pass the first of these tests, and each test has to print its tokens.
        if mentions(&original.output.to_token_stream(), name)
            && !mentions(&output.to_token_stream(), name)
            && !mentions(&original.inputs.to_token_stream(), name)
        {
            errors.push(err!(
                name,
                "`{name}` occurs only in the return type and is mapped away; fix it with `#[koil(bind({name} = ..))]`"
            ));
        }
    }
    errors.finish()
}

fn named(name: &Ident) -> Type {
    Type::Path(TypePath {
        attrs: Vec::new(),
        qself: None,
        path: name.clone().into(),
    })
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
