//! Pieces of generated code, and names in it that collide with no name of the user.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{GenericParam, Generics};

/// Generated code: statements, then the expression of the value.
pub(super) struct Code {
    pub(super) steps: TokenStream,
    pub(super) value: TokenStream,
}

impl Code {
    pub(super) fn value(value: TokenStream) -> Code {
        Code {
            steps: TokenStream::new(),
            value,
        }
    }

    /// All of it as one expression.
    pub(super) fn expression(self) -> TokenStream {
        let Code { steps, value } = self;
        if steps.is_empty() {
            value
        } else {
            quote!({ #steps #value })
        }
    }
}

/// An identifier of generated code. As a variable it cannot collide with a name of the user.
pub(super) fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

/// A name for a generic parameter that no parameter of the user has.
pub(super) fn fresh(name: &str, generics: &Generics) -> String {
    let taken = |name: &str| {
        generics.params.iter().any(|param| match param {
            GenericParam::Lifetime(param) => param.lifetime.ident == name,
            GenericParam::Type(param) => param.ident == name,
            GenericParam::Const(param) => param.ident == name,
        })
    };
    let mut name = name.to_owned();
    while taken(&name) {
        name.push('_');
    }
    name
}
