//! Bounds on the generics of an async twin, so that their values can move to another thread.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Generics, Type, TypeImplTrait, TypeParamBound, WherePredicate};

use crate::{
    lower::types::{bare, for_each_part, has_impl},
    model::{Carry, Param},
    tokens::mentions,
};

/// Adds the bounds that an `impl Trait` needs to move to another thread.
pub(crate) fn bind(ty: &mut Type, lent: bool) {
    match ty {
        Type::Reference(reference) if matches!(*reference.elem, Type::ImplTrait(_)) => {
            if let Type::ImplTrait(node) = &mut *reference.elem {
                if lent {
                    add(
                        node,
                        quote!(::std::borrow::ToOwned<Owned: ::core::marker::Send + 'static>),
                    );
                    add(node, quote!('static));
                } else {
                    sendable(node);
                }
            }
            // Several bounds behind `&` need parentheses.
            *reference.elem = Type::Paren(syn::TypeParen {
                attrs: Vec::new(),
                paren_token: syn::token::Paren::default(),
                elem: reference.elem.clone(),
            });
        }
        Type::ImplTrait(node) => {
            sendable(node);
            if lent {
                add(node, quote!(::core::clone::Clone));
            }
        }
        other => for_each_part(other, &mut |part| bind(part, lent)),
    }
}

fn sendable(node: &mut TypeImplTrait) {
    add(node, quote!(::core::marker::Send));
    add(node, quote!('static));
}

fn add(node: &mut TypeImplTrait, bound: TokenStream) {
    // The bound is written in this file, so it parses.
    node.bounds
        .extend(syn::parse2::<TypeParamBound>(bound).ok());
}

/// Adds the bounds that the function's type parameters need to move to another thread. The
/// parameters of an impl block are left to the block.
pub(crate) fn carried_generics(generics: &Generics, carried: &[Param<Carry>]) -> Generics {
    let mut generics = generics.clone();
    let names: Vec<_> = generics
        .type_params()
        .map(|param| param.ident.clone())
        .collect();
    let mut predicates: Vec<_> = names
        .iter()
        .map(|name| quote!(#name: ::core::marker::Send + 'static))
        .collect();
    for param in carried {
        if let (Type::Reference(reference), Carry::Lent(_)) = (bare(&param.ty), &param.pass) {
            let inner = &reference.elem;
            let tokens = inner.to_token_stream();
            if names
                .iter()
                .any(|name| mentions(&tokens, &name.to_string()))
                && !has_impl(inner)
            {
                predicates.push(quote! {
                    #inner: ::std::borrow::ToOwned<Owned: ::core::marker::Send + 'static>
                });
            }
        }
    }
    if !predicates.is_empty() {
        let parsed = predicates
            .into_iter()
            .filter_map(|predicate| syn::parse2::<WherePredicate>(predicate).ok());
        generics.make_where_clause().predicates.extend(parsed);
    }
    generics
}
