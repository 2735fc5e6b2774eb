//! Other attributes in an item, on its tokens: so that it also works on items that do not parse.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::kind::Kind;

/// The place of an attribute.
#[derive(Clone, Copy)]
pub(super) enum On {
    Item,
    /// A member, or an argument of one.
    Member,
}

/// The tokens instead of an attribute, by those between its brackets; `None` leaves it in.
type Edit<'a> = dyn FnMut(&TokenStream, On) -> Option<TokenStream> + 'a;

/// The delimiters around fields.
const EITHER: &[Delimiter] = &[Delimiter::Brace, Delimiter::Parenthesis];

/// The item with other attributes on it, on its members, on their arguments; `None` if `edit` leaves
/// all in.
pub(super) fn edited(item: TokenStream, edit: &mut Edit<'_>) -> Option<TokenStream> {
    let levels: &[&[Delimiter]] = match Kind::of(&item)? {
        Kind::Impl | Kind::Trait => &[&[Delimiter::Brace], &[Delimiter::Parenthesis]],
        Kind::Fn => &[&[Delimiter::Parenthesis]],
        Kind::Struct => &[EITHER],
        Kind::Enum => &[&[Delimiter::Brace], EITHER],
    };
    edited_level(item, edit, On::Item, levels)
}

/// Edits one level, and below it the groups with the first delimiters of `levels`. Other groups,
/// such as bodies, are not searched.
fn edited_level(
    tokens: TokenStream,
    edit: &mut Edit<'_>,
    on: On,
    levels: &[&[Delimiter]],
) -> Option<TokenStream> {
    let mut kept = TokenStream::new();
    let mut found = false;
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.next() {
        if let (TokenTree::Punct(hash), Some(TokenTree::Group(attr))) = (&token, rest.peek())
            && hash.as_char() == '#'
            && let Some(instead) = edit(&attr.stream(), on)
        {
            rest.next();
            kept.extend(instead);
            found = true;
            continue;
        }
        let group = match &token {
            TokenTree::Group(group) => edited_group(group, edit, levels),
            _ => None,
        };
        found |= group.is_some();
        // A group without edits stays itself: its brackets have spans that a new one could not have.
        kept.extend([group.map_or(token, TokenTree::Group)]);
    }
    found.then_some(kept)
}

fn edited_group(group: &Group, edit: &mut Edit<'_>, levels: &[&[Delimiter]]) -> Option<Group> {
    let below = match levels {
        _ if group.delimiter() == Delimiter::None => levels,
        [level, below @ ..] if level.contains(&group.delimiter()) => below,
        _ => return None,
    };
    let stream = edited_level(group.stream(), edit, On::Member, below)?;
    let mut edited = Group::new(group.delimiter(), stream);
    edited.set_span(group.span());
    Some(edited)
}
