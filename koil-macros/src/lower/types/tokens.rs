//! Signatures as tokens: searches for names, and replaces `Self` by another type.

use proc_macro2::{Ident, Spacing, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Type;

use crate::tokens::mentions;

/// Does the type mention `Self` or one of its associated types?
pub(crate) fn has_self(ty: &Type) -> bool {
    mentions(&ty.to_token_stream(), "Self")
}

/// Does the type mention an `impl Trait`, which has no name?
pub(crate) fn has_impl(ty: &Type) -> bool {
    mentions(&ty.to_token_stream(), "impl")
}

/// Replaces `Self` by `Shop`, and `Self::Item` by `<Shop>::Item`.
pub(crate) fn replace_self(tokens: TokenStream, aio: &TokenStream) -> TokenStream {
    let mut replaced = TokenStream::new();
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        match token {
            TokenTree::Ident(word) if word == "Self" => {
                let in_path = is_path_separator(rest.peek());
                replaced.extend(if in_path { quote!(<#aio>) } else { aio.clone() });
            }
            TokenTree::Group(group) => {
                let stream = replace_self(group.stream(), aio);
                let mut new = proc_macro2::Group::new(group.delimiter(), stream);
                new.set_span(group.span());
                replaced.extend([TokenTree::Group(new)]);
            }
            other => replaced.extend([other]),
        }
    }
    replaced
}

/// The first name that `known` accepts and that means a type. The second argument of `known` is
/// whether the name comes after a `::`.
pub(crate) fn first(tokens: &impl ToTokens, known: &dyn Fn(&Ident, bool) -> bool) -> Option<Ident> {
    let tokens: Vec<TokenTree> = tokens.to_token_stream().into_iter().collect();
    tokens
        .iter()
        .enumerate()
        .find_map(|(index, token)| match token {
            TokenTree::Group(group) => first(&group.stream(), known),
            TokenTree::Ident(ident) => {
                let before = |steps| index.checked_sub(steps).and_then(|index| tokens.get(index));
                let after = tokens.get(index + 1);
                let in_path = is_punct(before(1), ':') && is_punct(before(2), ':');
                let something_else = is_punct(before(1), '\'')
                    || is_punct(after, ':')
                    || is_punct(after, '=')
                    || is_word(after, "as");
                (known(ident, in_path) && !something_else).then(|| ident.clone())
            }
            _ => None,
        })
}

/// Is there an elided lifetime, `&T` or `'_`?
pub(crate) fn elides_lifetimes(tokens: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    tokens.iter().enumerate().any(|(index, token)| match token {
        TokenTree::Group(group) => elides_lifetimes(group.stream()),
        TokenTree::Punct(punct) if punct.as_char() == '&' => !is_punct(tokens.get(index + 1), '\''),
        TokenTree::Punct(punct) if punct.as_char() == '\'' => is_word(tokens.get(index + 1), "_"),
        _ => false,
    })
}

fn is_punct(token: Option<&TokenTree>, char: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == char)
}

/// Is this the first half of `::`? The `:` of a bound stands alone.
pub(crate) fn is_path_separator(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Punct(punct))
        if punct.as_char() == ':' && punct.spacing() == Spacing::Joint)
}

fn is_word(token: Option<&TokenTree>, word: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if ident == word)
}

/// A type with normal spacing, for error messages.
pub(crate) fn readable(ty: &Type) -> String {
    readable_tokens(ty)
}

pub(crate) fn readable_tokens(tokens: &impl ToTokens) -> String {
    const GAPS: [(&str, &str); 10] = [
        ("* ", "*"),
        (" :: ", "::"),
        (" < ", "<"),
        (" >", ">"),
        ("& ", "&"),
        (" ,", ","),
        (" ;", ";"),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
    ];
    let text = tokens.to_token_stream().to_string();
    GAPS.iter().fold(text, |text, (spaced, written)| {
        text.replace(spaced, written)
    })
}
