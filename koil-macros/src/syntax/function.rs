//! `Function`: a function or method, without its body.

use proc_macro2::TokenStream;
use syn::{
    Attribute, ReturnType, Signature, Token, Type, Visibility, braced,
    parse::{Parse, ParseStream},
};

#[derive(Clone)]
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) defaultness: Option<Token![default]>,
    pub(crate) sig: Signature,
    pub(crate) body: Body,
}

/// Is there a body? In a trait it is optional.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    Given,
    Missing,
}

impl Function {
    /// Does a function begin here, after attributes and visibility?
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
        let attrs = input.call(Attribute::parse_outer)?;
        Function::parse_after(attrs, input)
    }
}

impl Function {
    /// Parses the rest of a function, after its attributes.
    pub(super) fn parse_after(
        attrs: Vec<Attribute>,
        input: ParseStream<'_>,
    ) -> syn::Result<Function> {
        let mut function = Function {
            attrs,
            vis: input.parse()?,
            defaultness: input.parse()?,
            sig: input.parse()?,
            body: skip_body(input)?,
        };
        // A `+` at the end of the output would join it to the `where` of a twin.
        if let ReturnType::Type(_, ty) = &mut function.sig.output {
            match &mut **ty {
                Type::TraitObject(object) => drop(object.bounds.pop_punct()),
                Type::ImplTrait(node) => drop(node.bounds.pop_punct()),
                _ => {}
            }
        }
        Ok(function)
    }
}

/// Skips the body without parsing it: a half-typed body must not cost its function the twin.
fn skip_body(input: ParseStream<'_>) -> syn::Result<Body> {
    if input.peek(Token![;]) {
        input.parse::<Token![;]>()?;
        return Ok(Body::Missing);
    }
    let body;
    braced!(body in input);
    body.parse::<TokenStream>()?;
    Ok(Body::Given)
}
