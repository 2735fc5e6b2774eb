//! `Block`: an `impl` block as its header and its members, without bodies.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::{
    Attribute, Generics, Ident, ItemImpl, Path, Token, Type, TypeParamBound, Visibility,
    parse::{Parse, ParseStream, Parser},
    punctuated::Punctuated,
};

use super::function::Function;

pub(crate) type Bounds = Punctuated<TypeParamBound, Token![+]>;

pub(crate) struct Block {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) defaultness: Option<Token![default]>,
    pub(crate) negative: Option<Token![!]>,
    pub(crate) generics: Generics,
    pub(crate) of_trait: Option<Path>,
    pub(crate) self_ty: Type,
    pub(crate) members: Vec<Member>,
}

pub(crate) enum Member {
    Fn(Box<Function>),
    Const(Box<Constant>),
    Macro(Invocation),
    Type(Box<AssociatedType>),
}

/// An associated constant, without its value.
pub(crate) struct Constant {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
}

/// An associated type.
#[derive(Clone)]
pub(crate) struct AssociatedType {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    pub(crate) bounds: Bounds,
    /// The value in an impl block, as unparsed tokens.
    pub(crate) value: TokenStream,
}

/// A macro invocation that makes members, which koil cannot see.
pub(crate) struct Invocation {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) path: Path,
}

impl Block {
    pub(crate) fn parse(tokens: TokenStream) -> syn::Result<Block> {
        let (header, body) = emptied(tokens);
        let header: ItemImpl = syn::parse2(header)?;
        Ok(Block {
            attrs: header.attrs,
            defaultness: header.modifiers.defaultness,
            negative: header.modifiers.polarity,
            generics: header.generics,
            of_trait: header.trait_.map(|(path, _)| path),
            self_ty: *header.self_ty,
            members: members(body)?,
        })
    }
}

/// The item with an empty body, for syn to parse, and the content of the body.
pub(super) fn emptied(tokens: TokenStream) -> (TokenStream, TokenStream) {
    let mut header: Vec<TokenTree> = tokens.into_iter().collect();
    let mut members = TokenStream::new();
    // An item that comes through `macro_rules!` may be in invisible groups.
    while let Some(TokenTree::Group(wrapped)) = header.last()
        && wrapped.delimiter() == Delimiter::None
    {
        let wrapped = wrapped.stream();
        header.pop();
        header.extend(wrapped);
    }
    if let Some(TokenTree::Group(body)) = header.last_mut()
        && body.delimiter() == Delimiter::Brace
    {
        members = body.stream();
        let mut empty = Group::new(Delimiter::Brace, TokenStream::new());
        empty.set_span(body.span());
        *body = empty;
    }
    (header.into_iter().collect(), members)
}

pub(super) fn members(body: TokenStream) -> syn::Result<Vec<Member>> {
    read_members.parse2(body)
}

fn read_members(input: ParseStream<'_>) -> syn::Result<Vec<Member>> {
    let _inner = input.call(Attribute::parse_inner)?;
    let mut members = Vec::new();
    while !input.is_empty() {
        members.push(input.parse()?);
    }
    Ok(members)
}

impl Member {
    pub(crate) fn attrs(&self) -> &[Attribute] {
        match self {
            Member::Fn(function) => &function.attrs,
            Member::Const(constant) => &constant.attrs,
            Member::Macro(invocation) => &invocation.attrs,
            Member::Type(ty) => &ty.attrs,
        }
    }
}

impl Parse for Member {
    fn parse(input: ParseStream<'_>) -> syn::Result<Member> {
        let attrs = input.call(Attribute::parse_outer)?;
        let ahead = input.fork();
        ahead.parse::<Visibility>()?;
        ahead.parse::<Option<Token![default]>>()?;
        Ok(if ahead.peek(Token![type]) {
            Member::Type(Box::new(AssociatedType::parse(attrs, input)?))
        } else if ahead.peek(Token![const]) && !is_const_fn(&ahead) {
            Member::Const(Box::new(Constant::parse(attrs, input)?))
        } else if Function::starts(&ahead) {
            Member::Fn(Box::new(Function::parse_after(attrs, input)?))
        } else {
            Member::Macro(Invocation::parse(attrs, input)?)
        })
    }
}

impl AssociatedType {
    fn parse(attrs: Vec<Attribute>, input: ParseStream<'_>) -> syn::Result<AssociatedType> {
        input.parse::<Visibility>()?;
        input.parse::<Option<Token![default]>>()?;
        input.parse::<Token![type]>()?;
        let ident = input.parse()?;
        let mut generics: Generics = input.parse()?;
        let bounds = match input.parse::<Option<Token![:]>>()? {
            Some(_) => read_bounds(input)?,
            None => Bounds::new(),
        };
        // A `where` may stand before or after the value.
        generics.where_clause = input.parse()?;
        input.parse::<Option<Token![=]>>()?;
        let mut value = TokenStream::new();
        while !input.peek(Token![;]) && !input.peek(Token![where]) {
            value.extend([input.parse::<TokenTree>()?]);
        }
        if input.peek(Token![where]) {
            generics.where_clause = input.parse()?;
        }
        input.parse::<Token![;]>()?;
        Ok(AssociatedType {
            attrs,
            ident,
            generics,
            bounds,
            value,
        })
    }
}

fn read_bounds(input: ParseStream<'_>) -> syn::Result<Bounds> {
    let mut bounds = Bounds::new();
    while !input.peek(Token![;]) && !input.peek(Token![=]) && !input.peek(Token![where]) {
        bounds.push_value(input.parse()?);
        if !input.peek(Token![+]) {
            break;
        }
        bounds.push_punct(input.parse()?);
    }
    Ok(bounds)
}

impl Constant {
    fn parse(attrs: Vec<Attribute>, input: ParseStream<'_>) -> syn::Result<Constant> {
        let vis = input.parse()?;
        input.parse::<Option<Token![default]>>()?;
        input.parse::<Token![const]>()?;
        let ident = input.parse()?;
        input.parse::<Token![:]>()?;
        let ty = input.parse()?;
        skip_to_semicolon(input)?;
        Ok(Constant {
            attrs,
            vis,
            ident,
            ty,
        })
    }
}

impl Invocation {
    fn parse(attrs: Vec<Attribute>, input: ParseStream<'_>) -> syn::Result<Invocation> {
        let mac: syn::Macro = input.parse()?;
        input.parse::<Option<Token![;]>>()?;
        Ok(Invocation {
            attrs,
            path: mac.path,
        })
    }
}

fn is_const_fn(input: ParseStream<'_>) -> bool {
    input.peek2(Token![fn])
        || input.peek2(Token![async])
        || input.peek2(Token![unsafe])
        || input.peek2(Token![extern])
}

fn skip_to_semicolon(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.peek(Token![;]) {
        input.parse::<TokenTree>()?;
    }
    input.parse::<Token![;]>().map(drop)
}
