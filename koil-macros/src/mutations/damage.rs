//! Damage to items: tokens removed, doubled, swapped, replaced, cut off; attributes shuffled.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

/// Pseudo-random numbers, the same for the same seed (`SplitMix64`).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % bound.max(1) as u64).unwrap_or(0)
    }
}

/// Words and signs that mean something to koil or to Rust.
const WORDS: &[&str] = &[
    "Self",
    "self",
    "async",
    "fn",
    "impl",
    "dyn",
    "where",
    "for",
    "const",
    "unsafe",
    "extern",
    "pub",
    "mut",
    "ref",
    "as",
    "in",
    "crate",
    "super",
    "type",
    "struct",
    "enum",
    "trait",
    "Result",
    "Option",
    "Box",
    "Pin",
    "Arc",
    "Stream",
    "Future",
    "Iterator",
    "Item",
    "Output",
    "BoxStream",
    "BoxFuture",
    "IntoFuture",
    "AsyncRead",
    "_",
    "r#fn",
    "koil",
    "koiled",
    "cfg",
    "cfg_attr",
    "doc",
    "skip",
    "raw",
    "name",
    "suffix",
    "twins",
    "bind",
    "timeout",
    "fallible",
    "handle",
    "koilable",
    "context",
    "local",
    "lend",
    "error",
    "AsyncContext",
    "aenter",
    "aexit",
    "threaded",
    "threaded_iterable",
    "separate",
    "clone",
    "capacity",
    "Yielder",
    "default",
    "auto",
    "union",
    "macro_rules",
    "static",
    "use",
    "mod",
    "return",
    "Blocking",
    "__koil",
];
const SIGNS: &[u8] = b"#!&*+-,.:;<=>?@|$'/%^~";

pub(super) fn damaged(tokens: TokenStream, dice: &mut Dice) -> TokenStream {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    if tokens.is_empty() {
        return TokenStream::from(any_token(dice));
    }
    let at = dice.below(tokens.len());
    if let TokenTree::Group(group) = &tokens[at]
        && dice.below(8) > 0
    {
        let delimiter = group.delimiter();
        tokens[at] = Group::new(delimiter, damaged(group.stream(), dice)).into();
        return tokens.into_iter().collect();
    }
    match dice.below(9) {
        0 => drop(tokens.remove(at)),
        1 => tokens.insert(at, tokens[at].clone()),
        2 => {
            let other = dice.below(tokens.len());
            tokens.swap(at, other);
        }
        3 => tokens.truncate(at),
        4 => tokens[at] = any_token(dice),
        5 => tokens.insert(at, any_token(dice)),
        6 => shuffle_attributes(&mut tokens, dice),
        7 => tokens[at] = regrouped(&tokens[at], dice),
        _ => {
            let end = (at + 1 + dice.below(4)).min(tokens.len());
            let group: TokenStream = tokens.drain(at..end).collect();
            tokens.insert(at, Group::new(delimiter(dice), group).into());
        }
    }
    tokens.into_iter().collect()
}

/// Swaps attributes such as `#[a] #[b]`, and also the helpers of members.
fn shuffle_attributes(tokens: &mut [TokenTree], dice: &mut Dice) {
    let is_attribute = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket);
    let places: Vec<usize> = (1..tokens.len())
        .filter(|at| {
            is_attribute(&tokens[*at])
                && matches!(&tokens[at - 1], TokenTree::Punct(hash) if hash.as_char() == '#')
        })
        .collect();
    for place in &places {
        tokens.swap(*place, places[dice.below(places.len())]);
    }
}

/// The token in other delimiters, or in none, as `macro_rules!` wraps fragments.
fn regrouped(token: &TokenTree, dice: &mut Dice) -> TokenTree {
    let stream = match token {
        TokenTree::Group(group) => group.stream(),
        other => TokenStream::from(other.clone()),
    };
    Group::new(delimiter(dice), stream).into()
}

fn delimiter(dice: &mut Dice) -> Delimiter {
    match dice.below(4) {
        0 => Delimiter::Brace,
        1 => Delimiter::Bracket,
        2 => Delimiter::Parenthesis,
        _ => Delimiter::None,
    }
}

fn any_token(dice: &mut Dice) -> TokenTree {
    match dice.below(6) {
        0 => Literal::usize_unsuffixed(dice.below(300)).into(),
        1 => Literal::string(
            ["", "-", "5s", "none", "fn", "a::b", "99999999999999999999m"][dice.below(7)],
        )
        .into(),
        2 => Group::new(delimiter(dice), TokenStream::new()).into(),
        3 => {
            let sign = char::from(SIGNS[dice.below(SIGNS.len())]);
            let spacing = [Spacing::Alone, Spacing::Joint][dice.below(2)];
            Punct::new(sign, spacing).into()
        }
        _ => {
            let word = WORDS[dice.below(WORDS.len())];
            match word.strip_prefix("r#") {
                Some(raw) => Ident::new_raw(raw, Span::call_site()).into(),
                None => Ident::new(word, Span::call_site()).into(),
            }
        }
    }
}
