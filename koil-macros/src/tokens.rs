//! Tokens, for every stage: where rustc reports errors about them, and the words in them.

use proc_macro2::{Group, Span, TokenStream, TokenTree};

/// The same tokens, located at a place in the user's code. rustc reports errors about them there.
pub(crate) fn at(span: Span, tokens: TokenStream) -> TokenStream {
    let located = tokens.into_iter().map(|mut token| {
        token.set_span(token.span().located_at(span));
        token
    });
    located.collect()
}

/// As [`at`], in groups too.
pub(crate) fn all_at(span: Span, tokens: TokenStream) -> TokenStream {
    let located = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) => {
            TokenTree::Group(Group::new(group.delimiter(), all_at(span, group.stream())))
        }
        other => other,
    });
    at(span, located.collect())
}

/// Is this word among the tokens, or in a group of them?
pub(crate) fn mentions(tokens: &TokenStream, word: &str) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Group(group) => mentions(&group.stream(), word),
        _ => false,
    })
}
