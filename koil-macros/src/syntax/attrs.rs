//! Attributes: inheritance by a twin, the lines of docs, and the removal of koil's helpers.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;
use syn::{
    Attribute, Expr, ExprLit, Ident, Lit, Meta, Token, parse::Parser, punctuated::Punctuated,
    spanned::Spanned,
};

use crate::{
    syntax::{attribute::Attribute as On, kind::Kind},
    tokens::mentions,
};

const AS_THEY_ARE: [&str; 6] = ["cfg", "must_use", "deprecated", "allow", "warn", "deny"];

/// The attributes of an original that its twin has too, without docs.
pub(crate) fn inherited(attrs: &[Attribute]) -> Vec<Attribute> {
    let mut inherited = Vec::new();
    for attr in attrs.iter().filter(|attr| !is_doc_line(attr)) {
        if AS_THEY_ARE.iter().any(|name| attr.path().is_ident(name)) || is_doc_list(attr) {
            inherited.push(attr.clone());
        } else if attr.path().is_ident("expect") {
            inherited.push(allow_instead(attr.clone()));
        } else if attr.path().is_ident("cfg_attr") {
            inherited.extend(where_configured(attr, &inherited_part));
        }
    }
    inherited
}

/// Does the attribute surely leave its item as it is? True for those of rustc, its tools and koil.
pub(crate) fn is_inert(attr: &Attribute) -> bool {
    const KNOWN: &[&str] = &[
        "allow",
        "cfg",
        "cold",
        "deny",
        "deprecated",
        "doc",
        "expect",
        "forbid",
        "inline",
        "koil",
        "must_use",
        "warn",
    ];
    if is_doc_line(attr) {
        return true;
    }
    let path = attr.path();
    let is_tool = path.segments.len() > 1
        && (path.segments[0].ident == "rustfmt" || path.segments[0].ident == "clippy");
    is_tool || KNOWN.iter().any(|name| path.is_ident(name))
}

/// The same for one of the attributes in a `cfg_attr`.
fn inherited_part(part: TokenStream) -> Option<TokenStream> {
    let mut tokens = part.clone().into_iter();
    let TokenTree::Ident(name) = tokens.next()? else {
        return None;
    };
    match tokens.next() {
        _ if AS_THEY_ARE.iter().any(|known| name == known) => Some(part),
        Some(TokenTree::Group(_)) if name == "doc" => Some(part),
        Some(TokenTree::Group(list)) if name == "expect" => {
            let allow = Ident::new("allow", name.span());
            Some(quote!(#allow #list))
        }
        _ => None,
    }
}

/// `cfg_attr(condition, ..)` with the results of `pick` for its attributes; `None` if there are
/// none.
fn where_configured(
    attr: &Attribute,
    pick: &dyn Fn(TokenStream) -> Option<TokenStream>,
) -> Option<Attribute> {
    let Meta::List(list) = &attr.meta else {
        return None;
    };
    let mut parts = vec![TokenStream::new()];
    for token in list.tokens.clone() {
        match (token, parts.last_mut()) {
            (TokenTree::Punct(comma), _) if comma.as_char() == ',' => {
                parts.push(TokenStream::new());
            }
            (token, Some(part)) => part.extend([token]),
            (_, None) => {}
        }
    }
    let mut parts = parts.into_iter();
    let condition = parts.next()?;
    let picked: Vec<TokenStream> = parts.filter_map(pick).collect();
    if picked.is_empty() {
        return None;
    }
    let mut list = list.clone();
    list.tokens = quote!(#condition, #(#picked),*);
    let mut attr = attr.clone();
    attr.meta = Meta::List(list);
    Some(attr)
}

/// Replaces `expect` by `allow`: the twin need not trigger the lint that the original triggers.
fn allow_instead(mut expect: Attribute) -> Attribute {
    if let Meta::List(list) = &mut expect.meta {
        list.path = Ident::new("allow", list.path.span()).into();
    }
    expect
}

/// Only the lint levels.
pub(crate) fn lints(attrs: &[Attribute]) -> Vec<Attribute> {
    const LEVELS: [&str; 3] = ["allow", "warn", "deny"];
    let is_level = |attr: &&Attribute| LEVELS.iter().any(|name| attr.path().is_ident(name));
    attrs.iter().filter(is_level).cloned().collect()
}

/// `None` if there is no `#[async_trait]`; otherwise whether it is `#[async_trait(?Send)]`.
pub(crate) fn async_trait(attrs: &[Attribute]) -> Option<bool> {
    let named = |attr: &&Attribute| {
        let last = attr.path().segments.last();
        last.is_some_and(|last| last.ident == "async_trait")
    };
    let attr = attrs.iter().find(named)?;
    Some(matches!(&attr.meta, Meta::List(list) if mentions(&list.tokens, "Send")))
}

/// Only the conditions: for items that exist exactly when their original does.
pub(crate) fn conditions(attrs: &[Attribute]) -> Vec<Attribute> {
    let mut conditions = Vec::new();
    for attr in attrs.iter().filter(|attr| !is_doc_line(attr)) {
        if attr.path().is_ident("cfg") {
            conditions.push(attr.clone());
        } else if attr.path().is_ident("cfg_attr") {
            let is_cfg = |part: &TokenStream| names(part, "cfg");
            conditions.extend(where_configured(attr, &|part| Some(part).filter(is_cfg)));
        }
    }
    conditions
}

/// The lines of the docs, without `#[doc = include_str!(..)]` and other macros: their text is not
/// known here.
pub(crate) fn doc_lines(attrs: &[Attribute]) -> Vec<String> {
    let mut lines = Vec::new();
    for attr in attrs {
        if let Meta::NameValue(doc) = &attr.meta
            && doc.path.is_ident("doc")
            && let Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) = &doc.value
        {
            lines.extend(text.value().split('\n').map(str::to_owned));
        }
    }
    lines
}

/// The attributes of items that go with a type: its conditions, and `allow(deprecated)` if the type
/// is deprecated.
pub(crate) fn companions(attrs: &[Attribute]) -> Vec<Attribute> {
    let mut companions = conditions(attrs);
    if attrs.iter().any(|attr| attr.path().is_ident("deprecated")) {
        companions.extend(
            Attribute::parse_outer
                .parse2(quote!(#[allow(deprecated)]))
                .ok()
                .into_iter()
                .flatten(),
        );
    }
    companions
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

/// Finds a helper inside `cfg_attr`, which would be read before its condition is known.
pub(crate) fn conditional_helper(attrs: &[Attribute]) -> Option<&Attribute> {
    find_word(attrs, "cfg_attr", "koil")
}

/// The same for attributes that choose how a method of a `#[threaded]` block runs.
pub(crate) fn conditional_mark(attrs: &[Attribute]) -> Option<&Attribute> {
    let mut words = ["koil", "threaded", "threaded_iterable"].into_iter();
    words.find_map(|word| find_word(attrs, "cfg_attr", word))
}

/// The item as the compiler shall see it: without `#[koil(..)]` on it, on its members, on their
/// arguments. Works on tokens, so that it also works on items that do not parse.
pub(crate) fn strip_helpers(item: TokenStream, of: On) -> TokenStream {
    let levels: &[&[Delimiter]] = match Kind::of(&item) {
        Some(Kind::Impl | Kind::Trait) => &[&[Delimiter::Brace], &[Delimiter::Parenthesis]],
        Some(Kind::Fn) => &[&[Delimiter::Parenthesis]],
        Some(Kind::Struct) => &[EITHER],
        Some(Kind::Enum) => &[&[Delimiter::Brace], EITHER],
        None => return item,
    };
    let of_member = match of {
        // `#[koilable]`, which stands below, has its own use for the helpers.
        On::Koiled if has_koilable(&item) => is_helper_beside_koilable,
        On::Koiled => is_helper_of_member,
        On::Koilable => is_helper_of_part,
        On::Threaded | On::ThreadedIterable => is_mark_of_member,
    };
    stripped(item.clone(), (is_helper, of_member), levels).unwrap_or(item)
}

/// Tests for the attributes to remove: those of the item, and those of its members.
type Unwanted = (fn(&TokenStream) -> bool, fn(&TokenStream) -> bool);

/// The delimiters around fields.
const EITHER: &[Delimiter] = &[Delimiter::Brace, Delimiter::Parenthesis];

/// Strips one level, and below it the groups with the first delimiters of `levels`. Other groups,
/// such as bodies, are not searched. `None` if there was nothing to strip.
fn stripped(
    tokens: TokenStream,
    unwanted: Unwanted,
    levels: &[&[Delimiter]],
) -> Option<TokenStream> {
    let mut kept = Vec::new();
    let mut found = false;
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        match (token, rest.peek()) {
            (TokenTree::Punct(hash), Some(TokenTree::Group(attr)))
                if hash.as_char() == '#' && unwanted.0(&attr.stream()) =>
            {
                rest.next();
                found = true;
            }
            (TokenTree::Group(group), _) => match stripped_group(&group, unwanted.1, levels) {
                Some(group) => {
                    kept.push(group.into());
                    found = true;
                }
                // The group stays itself: its brackets have spans that a new group could not have.
                None => kept.push(group.into()),
            },
            (other, _) => kept.push(other),
        }
    }
    found.then(|| kept.into_iter().collect())
}

fn stripped_group(
    group: &Group,
    of_member: fn(&TokenStream) -> bool,
    levels: &[&[Delimiter]],
) -> Option<Group> {
    let below = match levels {
        _ if group.delimiter() == Delimiter::None => levels,
        [level, below @ ..] if level.contains(&group.delimiter()) => below,
        _ => return None,
    };
    let stream = stripped(group.stream(), (of_member, of_member), below)?;
    let mut stripped = Group::new(group.delimiter(), stream);
    stripped.set_span(group.span());
    Some(stripped)
}

fn is_helper(attr: &TokenStream) -> bool {
    names(attr, "koil")
}

/// Members also lose attributes that are mistakes there and have been reported.
fn is_helper_of_member(attr: &TokenStream) -> bool {
    is_helper(attr) || names(attr, "koiled") || names(attr, "cfg_attr") && mentions(attr, "koil")
}

/// Fields lose `#[koil(context)]`; members lose attributes that are mistakes there.
fn is_helper_of_part(attr: &TokenStream) -> bool {
    is_helper(attr) || names(attr, "cfg_attr") && mentions(attr, "koil")
}

fn is_helper_beside_koilable(attr: &TokenStream) -> bool {
    names(attr, "koiled")
}

/// Does `#[koilable]` stand on the item, to be expanded after this attribute?
fn has_koilable(item: &TokenStream) -> bool {
    let mut tokens = item.clone().into_iter().peekable();
    while let Some(token) = tokens.next() {
        if let (TokenTree::Punct(hash), Some(TokenTree::Group(attr))) = (&token, tokens.peek())
            && hash.as_char() == '#'
            && names(&attr.stream(), "koilable")
        {
            return true;
        }
    }
    false
}

/// In a `#[threaded]` block, members also lose the attributes that choose how each of them runs.
fn is_mark_of_member(attr: &TokenStream) -> bool {
    let words = ["koil", "threaded", "threaded_iterable"];
    let conditional = names(attr, "cfg_attr");
    words
        .into_iter()
        .any(|word| names(attr, word) || conditional && mentions(attr, word))
}

/// Is the attribute named `word`, by the last segment of its path?
fn names(attr: &TokenStream, word: &str) -> bool {
    let path = attr.clone().into_iter().take_while(|token| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => punct.as_char() == ':',
        _ => false,
    });
    matches!(path.last(), Some(TokenTree::Ident(name)) if name == word)
}

/// The same for a parsed attribute.
pub(crate) fn is_named(attr: &Attribute, word: &str) -> bool {
    let last = attr.path().segments.last();
    last.is_some_and(|last| last.ident == word)
}

/// Is this a line of docs? Most attributes are, and need no further check.
fn is_doc_line(attr: &Attribute) -> bool {
    matches!(&attr.meta, Meta::NameValue(line) if line.path.is_ident("doc"))
}

fn is_doc_list(attr: &Attribute) -> bool {
    matches!(&attr.meta, Meta::List(list) if list.path.is_ident("doc"))
}
