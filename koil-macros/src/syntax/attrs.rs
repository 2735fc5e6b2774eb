//! Attributes of an original: the ones that its twin inherits, and the words in them.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::{
    Attribute, Ident, Meta, MetaList, Token,
    parse::{ParseStream, Parser},
    parse_quote,
    punctuated::Punctuated,
    spanned::Spanned,
};

use crate::tokens::mentions;

const AS_THEY_ARE: [&str; 6] = ["cfg", "must_use", "deprecated", "allow", "warn", "deny"];

/// The attributes of an original that its twin has too, without docs.
pub(crate) fn inherited(attrs: &[Attribute]) -> Vec<Attribute> {
    kept(attrs, |meta| match meta {
        Meta::List(mut list) if list.path.is_ident("expect") => {
            // The twin need not trigger the lint that the original triggers.
            list.path = Ident::new("allow", list.path.span()).into();
            Some(Meta::List(list))
        }
        Meta::List(list) if list.path.is_ident("doc") => Some(Meta::List(list)),
        meta => Some(meta).filter(|meta| is_one_of(meta, &AS_THEY_ARE)),
    })
}

/// Only the conditions: for items that exist exactly when their original does.
pub(crate) fn conditions(attrs: &[Attribute]) -> Vec<Attribute> {
    kept(attrs, |meta| {
        Some(meta).filter(|meta| is_one_of(meta, &["cfg"]))
    })
}

/// The results of `keep` for the attributes that are not docs, also for those in a `cfg_attr`.
fn kept(attrs: &[Attribute], keep: fn(Meta) -> Option<Meta>) -> Vec<Attribute> {
    let attrs = attrs.iter().filter(|attr| !is_doc_line(attr));
    let kept = attrs.filter_map(|attr| {
        let meta = match attr.meta.clone() {
            Meta::List(list) if list.path.is_ident("cfg_attr") => kept_in_list(list, keep)?,
            meta => keep(meta)?,
        };
        let mut attr = attr.clone();
        attr.meta = meta;
        Some(attr)
    });
    kept.collect()
}

/// The condition of a `cfg_attr` and its attributes, from the tokens in its parentheses.
pub(super) fn in_cfg_attr(
    tokens: TokenStream,
) -> Option<(TokenStream, Punctuated<Meta, Token![,]>)> {
    let read = |input: ParseStream<'_>| {
        let mut condition = TokenStream::new();
        while !input.is_empty() && !input.peek(Token![,]) {
            condition.extend([input.parse::<TokenTree>()?]);
        }
        input.parse::<Option<Token![,]>>()?;
        let metas = Punctuated::<Meta, Token![,]>::parse_terminated(input)?;
        Ok((condition, metas))
    };
    read.parse2(tokens).ok()
}

/// `cfg_attr(condition, ..)` with the results of `keep`; `None` if there are none.
fn kept_in_list(mut list: MetaList, keep: fn(Meta) -> Option<Meta>) -> Option<Meta> {
    let (condition, metas) = in_cfg_attr(list.tokens)?;
    let kept: Vec<Meta> = metas.into_iter().filter_map(keep).collect();
    if kept.is_empty() {
        return None;
    }
    list.tokens = quote!(#condition, #(#kept),*);
    Some(Meta::List(list))
}

fn is_one_of(meta: &Meta, names: &[&str]) -> bool {
    names.iter().any(|name| meta.path().is_ident(name))
}

/// Only the lint levels.
pub(crate) fn lints(attrs: &[Attribute]) -> Vec<Attribute> {
    let is_level = |attr: &&Attribute| is_one_of(&attr.meta, &["allow", "warn", "deny"]);
    attrs.iter().filter(is_level).cloned().collect()
}

/// The attributes of items that go with a type: its conditions, and `allow(deprecated)` if the type
/// is deprecated.
pub(crate) fn companions(attrs: &[Attribute]) -> Vec<Attribute> {
    let mut companions = conditions(attrs);
    if attrs.iter().any(|attr| attr.path().is_ident("deprecated")) {
        companions.push(parse_quote!(#[allow(deprecated)]));
    }
    companions
}

/// Does the attribute surely leave its item as it is? True for those of rustc, its tools and koil.
pub(crate) fn is_inert(attr: &Attribute) -> bool {
    const OTHERS: [&str; 6] = ["cold", "doc", "expect", "forbid", "inline", "koil"];
    let path = attr.path();
    let is_tool = path.segments.len() > 1
        && (path.segments[0].ident == "rustfmt" || path.segments[0].ident == "clippy");
    is_tool || is_one_of(&attr.meta, &AS_THEY_ARE) || is_one_of(&attr.meta, &OTHERS)
}

/// `None` if there is no `#[async_trait]`; otherwise whether it is `#[async_trait(?Send)]`.
pub(crate) fn async_trait(attrs: &[Attribute]) -> Option<bool> {
    let attr = attrs.iter().find(|attr| is_named(attr, "async_trait"))?;
    Some(matches!(&attr.meta, Meta::List(list) if mentions(&list.tokens, "Send")))
}

/// Only the docs of a `cfg_attr`, if it has any.
pub(crate) fn conditional_docs(attr: &Attribute) -> Option<Attribute> {
    let Meta::List(list) = &attr.meta else {
        return None;
    };
    let docs = |meta: Meta| Some(meta).filter(is_doc);
    let list = list.path.is_ident("cfg_attr").then(|| list.clone())?;
    let mut attr = attr.clone();
    attr.meta = kept_in_list(list, docs)?;
    Some(attr)
}

/// Names in `#[derive(..)]`, by last segment.
pub(crate) fn derives(attrs: &[Attribute]) -> Vec<String> {
    let mut names = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("derive")) {
        let list = attr.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated);
        for path in list.into_iter().flatten() {
            names.extend(path.segments.last().map(|last| last.ident.to_string()));
        }
    }
    names
}

/// Is `word` in the list of an attribute like `#[repr(packed)]`?
pub(crate) fn find_word<'a>(
    attrs: &'a [Attribute],
    list: &str,
    word: &str,
) -> Option<&'a Attribute> {
    attrs.iter().find(|attr| match &attr.meta {
        Meta::List(meta) if meta.path.is_ident(list) => mentions(&meta.tokens, word),
        _ => false,
    })
}

/// Is this item left out of the docs?
pub(crate) fn is_hidden(attrs: &[Attribute]) -> bool {
    find_word(attrs, "doc", "hidden").is_some()
}

/// Finds a helper inside nested `cfg_attr`s. The others have been read, see `conditional`.
pub(crate) fn conditional_helper(attrs: &[Attribute]) -> Option<&Attribute> {
    find_word(attrs, "cfg_attr", "koil")
}

/// The same for attributes that choose how a method of a `#[threaded]` block runs.
pub(crate) fn conditional_mark(attrs: &[Attribute]) -> Option<&Attribute> {
    let mut words = ["koil", "threaded", "threaded_iterable"].into_iter();
    words.find_map(|word| find_word(attrs, "cfg_attr", word))
}

/// Is `word` the last segment of the attribute's path?
pub(crate) fn is_named(attr: &Attribute, word: &str) -> bool {
    let last = attr.path().segments.last();
    last.is_some_and(|last| last.ident == word)
}

/// Is this a line of docs? Most attributes are, and need no further check.
fn is_doc_line(attr: &Attribute) -> bool {
    is_doc(&attr.meta)
}

fn is_doc(meta: &Meta) -> bool {
    matches!(meta, Meta::NameValue(line) if line.path.is_ident("doc"))
}
