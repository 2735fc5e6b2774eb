//! `Function`: a function or method, its body unread.

use proc_macro2::TokenStream;
use syn::{
    Attribute, Signature, Token, Visibility, braced,
    parse::{Parse, ParseStream},
};

pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) defaultness: Option<Token![default]>,
    pub(crate) sig: Signature,
}

impl Function {
    /// Is this, after attributes and visibility, where a function begins?
    pub(crate) fn starts(input: ParseStream<'_>) -> bool {
        input.peek(Token![fn])
            || input.peek(Token![const])
            || input.peek(Token![async])
            || input.peek(Token![unsafe])
            || input.peek(Token![extern])
    }
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Function> {
        let function = Function {
            attrs: input.call(Attribute::parse_outer)?,
            vis: input.parse()?,
            defaultness: input.parse()?,
            sig: input.parse()?,
        };
        skip_body(input)?;
        Ok(function)
    }
}

/// A half-typed body must not cost its function the twin, so nobody looks inside.
fn skip_body(input: ParseStream<'_>) -> syn::Result<()> {
    if input.peek(Token![;]) {
        input.parse::<Token![;]>()?;
        return Ok(());
    }
    let body;
    braced!(body in input);
    body.parse::<TokenStream>().map(drop)
}
