//! koil's helper attributes in an item: found, and removed for the compiler, which does not know
//! them.

use proc_macro2::{Ident, TokenStream, TokenTree};

use super::{
    attribute::Attribute,
    conditional::{Conditional, words},
    edit::{On, edited},
};
use crate::tokens::mentions;

/// The item for the compiler: without `#[koil(..)]` on it, on its members, on their arguments.
/// Works on tokens, so that it also works on items that do not parse.
pub(crate) fn strip_helpers(item: TokenStream, attribute: Attribute) -> TokenStream {
    let words = words(attribute);
    let of_member: &[&str] = match attribute {
        // Another `#[koiled]` below makes a second twin, and reads the helpers again.
        Attribute::Koiled if has_attribute(&item, "koiled") => return item,
        // `#[koilable]` below reads the helpers of fields later.
        Attribute::Koiled if has_attribute(&item, "koilable") => &["koiled"],
        Attribute::Koiled => &["koil", "koiled"],
        _ => words,
    };
    let stripped = edited(item.clone(), &mut |attr, on| {
        let (names, conditional): (&[&str], &[&str]) = match on {
            On::Item => (&["koil"], &["koil"]),
            On::Member if of_member == ["koiled"] => (of_member, &[]),
            On::Member => (of_member, words),
        };
        let name = name(attr)?;
        if names.iter().any(|word| name == word) {
            return Some(TokenStream::new());
        }
        match Conditional::of(attr, conditional) {
            Some(found) => Some(found.without()),
            // A helper in a nested `cfg_attr`, which has been reported.
            None => (matches!(on, On::Member)
                && name == "cfg_attr"
                && conditional.iter().any(|word| mentions(attr, word)))
            .then(TokenStream::new),
        }
    });
    stripped.unwrap_or(item)
}

/// Does an attribute of this name stand on the item, to be expanded after this attribute?
fn has_attribute(item: &TokenStream, wanted: &str) -> bool {
    let tokens: Vec<TokenTree> = item.clone().into_iter().collect();
    tokens.windows(2).any(|pair| match pair {
        [TokenTree::Punct(hash), TokenTree::Group(attr)] => {
            let attr = attr.stream();
            hash.as_char() == '#'
                && (name(&attr).is_some_and(|name| name == wanted)
                    || Conditional::of(&attr, &[wanted]).is_some())
        }
        _ => false,
    })
}

/// The last segment of an attribute's path.
fn name(attr: &TokenStream) -> Option<Ident> {
    let path = attr.clone().into_iter().take_while(|token| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => punct.as_char() == ':',
        _ => false,
    });
    match path.last() {
        Some(TokenTree::Ident(name)) => Some(name),
        _ => None,
    }
}
