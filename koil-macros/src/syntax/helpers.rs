//! Removal of koil's helper attributes from an item: the compiler does not know them.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

use super::{attribute::Attribute, kind::Kind};
use crate::tokens::mentions;

/// Names of attributes to remove.
#[derive(Clone, Copy)]
struct Unwanted {
    names: &'static [&'static str],
    /// Names in a `cfg_attr` to remove.
    conditional: &'static [&'static str],
}

const OF_ITEM: Unwanted = Unwanted {
    names: &["koil"],
    conditional: &[],
};

/// The attributes to remove from members; a wrong one has been reported.
const fn of_member(attribute: Attribute) -> Unwanted {
    const THREADED: &[&str] = &["koil", "threaded", "threaded_iterable"];
    let (names, conditional): (&[&str], &[&str]) = match attribute {
        Attribute::Koiled => (&["koil", "koiled"], &["koil"]),
        Attribute::Koilable => (&["koil"], &["koil"]),
        Attribute::Threaded | Attribute::ThreadedIterable => (THREADED, THREADED),
    };
    Unwanted { names, conditional }
}

/// The same for `#[koiled]` above `#[koilable]`, which reads the helpers later.
const ABOVE_KOILABLE: Unwanted = Unwanted {
    names: &["koiled"],
    conditional: &[],
};

/// The delimiters around fields.
const EITHER: &[Delimiter] = &[Delimiter::Brace, Delimiter::Parenthesis];

/// The item for the compiler: without `#[koil(..)]` on it, on its members, on their arguments.
/// Works on tokens, so that it also works on items that do not parse.
pub(crate) fn strip_helpers(item: TokenStream, attribute: Attribute) -> TokenStream {
    let levels: &[&[Delimiter]] = match Kind::of(&item) {
        Some(Kind::Impl | Kind::Trait) => &[&[Delimiter::Brace], &[Delimiter::Parenthesis]],
        Some(Kind::Fn) => &[&[Delimiter::Parenthesis]],
        Some(Kind::Struct) => &[EITHER],
        Some(Kind::Enum) => &[&[Delimiter::Brace], EITHER],
        None => return item,
    };
    let of_member = match attribute {
        // Another `#[koiled]` below makes a second twin, and reads the helpers again.
        Attribute::Koiled if has_attribute(&item, "koiled") => return item,
        Attribute::Koiled if has_attribute(&item, "koilable") => ABOVE_KOILABLE,
        attribute => of_member(attribute),
    };
    stripped(item.clone(), OF_ITEM, of_member, levels).unwrap_or(item)
}

/// Strips one level, and below it the groups with the first delimiters of `levels`. Other groups,
/// such as bodies, are not searched. `None` if there was nothing to strip.
fn stripped(
    tokens: TokenStream,
    unwanted: Unwanted,
    of_member: Unwanted,
    levels: &[&[Delimiter]],
) -> Option<TokenStream> {
    let mut kept = Vec::new();
    let mut found = false;
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        match (token, rest.peek()) {
            (TokenTree::Punct(hash), Some(TokenTree::Group(attr)))
                if hash.as_char() == '#' && unwanted.covers(&attr.stream()) =>
            {
                rest.next();
                found = true;
            }
            (TokenTree::Group(group), _) => match stripped_group(&group, of_member, levels) {
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

fn stripped_group(group: &Group, of_member: Unwanted, levels: &[&[Delimiter]]) -> Option<Group> {
    let below = match levels {
        _ if group.delimiter() == Delimiter::None => levels,
        [level, below @ ..] if level.contains(&group.delimiter()) => below,
        _ => return None,
    };
    let stream = stripped(group.stream(), of_member, of_member, below)?;
    let mut stripped = Group::new(group.delimiter(), stream);
    stripped.set_span(group.span());
    Some(stripped)
}

impl Unwanted {
    fn covers(self, attr: &TokenStream) -> bool {
        let Some(name) = name(attr) else {
            return false;
        };
        let is_conditional = || self.conditional.iter().any(|word| mentions(attr, word));
        self.names.iter().any(|word| name == word) || name == "cfg_attr" && is_conditional()
    }
}

/// Does an attribute of this name stand on the item, to be expanded after this attribute?
fn has_attribute(item: &TokenStream, wanted: &str) -> bool {
    let tokens: Vec<TokenTree> = item.clone().into_iter().collect();
    tokens.windows(2).any(|pair| match pair {
        [TokenTree::Punct(hash), TokenTree::Group(attr)] => {
            hash.as_char() == '#' && name(&attr.stream()).is_some_and(|name| name == wanted)
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
