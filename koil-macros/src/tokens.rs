//! Tokens, for every stage: where rustc reports errors about them, and the words in them.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::Attribute;

/// A line of docs.
#[derive(Clone)]
pub(crate) enum DocLine {
    Text(String),
    /// Text that is not known here: a macro makes it, or a condition decides about it.
    Made(Box<Attribute>),
}

impl DocLine {
    /// An empty line.
    pub(crate) fn gap() -> DocLine {
        DocLine::Text(String::new())
    }

    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, DocLine::Text(text) if text.trim().is_empty())
    }
}

/// The same tokens, located at a place in the user's code. rustc reports errors about them there.
pub(crate) fn at(span: Span, tokens: TokenStream) -> TokenStream {
    let located = tokens.into_iter().map(|mut token| {
        token.set_span(token.span().located_at(span));
        token
    });
    located.collect()
}

/// Is this word among the tokens, or in a group of them?
pub(crate) fn mentions(tokens: &TokenStream, word: &str) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Group(group) => mentions(&group.stream(), word),
        _ => false,
    })
}
