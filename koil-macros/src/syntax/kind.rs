//! `Kind`: the kind of an item, seen by its keyword alone.

use std::fmt;

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

/// The kind of an item, with its name in error messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Fn,
    Struct,
    Enum,
    Impl,
    Trait,
}

impl Kind {
    /// Looks only at the keyword, so that it also works for items that do not parse.
    pub(crate) fn of(tokens: &TokenStream) -> Option<Kind> {
        Kind::from_keyword(&keyword(tokens)?)
    }

    pub(super) fn from_keyword(keyword: &Ident) -> Option<Kind> {
        match keyword.to_string().as_str() {
            "fn" => Some(Kind::Fn),
            "struct" => Some(Kind::Struct),
            "enum" => Some(Kind::Enum),
            "impl" => Some(Kind::Impl),
            "trait" => Some(Kind::Trait),
            _ => None,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Kind::Fn => "a fn",
            Kind::Struct => "a struct",
            Kind::Enum => "an enum",
            Kind::Impl => "an impl",
            Kind::Trait => "a trait",
        })
    }
}

/// The keyword that decides the kind of the item.
pub(super) fn keyword(tokens: &TokenStream) -> Option<Ident> {
    const ITEMS: [&str; 10] = [
        "fn", "struct", "enum", "impl", "trait", "mod", "static", "type", "use", "union",
    ];
    let is_item = |word: &Ident| word == "macro_rules" || ITEMS.iter().any(|item| word == item);
    let mut before_fn = None;
    for token in flat(tokens.clone()) {
        match token {
            // `extern crate`
            TokenTree::Ident(word) if word == "crate" => return before_fn.or(Some(word)),
            TokenTree::Ident(word) if is_item(&word) => return Some(word),
            // These two stand before `fn`, or make an item of their own.
            TokenTree::Ident(word) if word == "const" || word == "extern" => before_fn = Some(word),
            TokenTree::Ident(_) | TokenTree::Literal(_) | TokenTree::Group(_) => {}
            TokenTree::Punct(punct) if punct.as_char() == '#' => {}
            TokenTree::Punct(_) => break,
        }
    }
    before_fn
}

/// Flattens groups without delimiters, which come from `macro_rules!` fragments: their content
/// counts as written.
pub(super) fn flat(tokens: TokenStream) -> Vec<TokenTree> {
    let mut all = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                all.extend(flat(group.stream()));
            }
            other => all.push(other),
        }
    }
    all
}
