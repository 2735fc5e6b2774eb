//! Each remedy that a message names is compiled, in the situation in which it is given.
//!
//! `ui-tests/tests/remedies/` has the pairs: an item with a mistake, as a text; some words of the
//! remedy in its message; and the item with that remedy, which rustc compiles there. These tests
//! hold that each pair is true, and that no remedy is without one.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::LitStr;

use super::{expand, group, messages, sources};

/// Beginnings of remedies that list all words of a kind. One pair is enough: it uses one of them.
const LISTS: &[&str] = &[
    "a fn takes",
    "a method takes",
    "a struct takes",
    "a trait takes",
    "a field takes",
    "an argument takes",
    "an impl takes",
    "it forwards",
];

#[test]
fn a_remedy_is_one_of_the_message_that_names_it() {
    let mut wrong = Vec::new();
    for pair in pairs("remedy") {
        let told = texts(&pair.mistake);
        if !told.iter().any(|message| pair.is_of(message)) {
            wrong.push(format!("{}: `{}`\n{told:#?}", pair.mistake, pair.words));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Messages that differ only in names are one.
#[test]
fn no_remedy_is_untested() {
    let mut told: BTreeMap<String, Told> = BTreeMap::new();
    for source in sources() {
        for message in texts(source) {
            let Some(remedy) = remedy(&message).map(Remedy::new) else {
                continue;
            };
            told.entry(without_names(&message)).or_insert(Told {
                source,
                message,
                remedy,
            });
        }
    }
    for pair in pairs("remedy") {
        for message in texts(&pair.mistake) {
            let told = told.get_mut(&without_names(&message));
            if let Some(told) = told.filter(|_| pair.is_of(&message)) {
                told.remedy.mark_shown(&pair.words);
            }
        }
    }
    let mut untested = String::new();
    for told in told.values() {
        let (source, message, rest) = (told.source, &told.message, told.remedy.rest());
        if rest.is_empty() {
            continue;
        }
        let _ = write!(untested, "{source}\n  {message}\n  untested: {rest}\n\n");
    }
    assert!(
        untested.is_empty(),
        "remedies that no `remedy!` of ui-tests/tests/remedies compiles:\n\n{untested}"
    );
}

pub(super) struct Pair {
    pub(super) mistake: String,
    pub(super) words: String,
}

impl Pair {
    fn is_of(&self, message: &str) -> bool {
        remedy(message).is_some_and(|remedy| remedy.contains(&self.words))
    }
}

/// A message with a remedy.
struct Told {
    source: &'static str,
    message: String,
    remedy: Remedy,
}

/// A remedy without names, and which letters of it no pair shows.
pub(super) struct Remedy {
    text: String,
    open: Vec<bool>,
}

impl Remedy {
    pub(super) fn new(text: &str) -> Remedy {
        let text = without_names(text);
        Remedy {
            open: vec![true; text.len()],
            text,
        }
    }

    pub(super) fn mark_shown(&mut self, words: &str) {
        if LISTS.iter().any(|list| self.text.starts_with(list)) {
            self.open.fill(false);
            return;
        }
        let words = without_names(words);
        for (at, _) in self.text.match_indices(&words) {
            self.open[at..at + words.len()].fill(false);
        }
    }

    /// The words that no pair shows. Words between two remedies do not count.
    pub(super) fn rest(&self) -> String {
        let letters = self.text.chars().zip(&self.open);
        let rest = letters.map(|(letter, open)| if *open { letter } else { ' ' });
        let rest = rest.collect::<String>();
        let words = rest.split_whitespace().filter(|word| {
            let word = word.trim_matches([',', ';']);
            !matches!(word, "" | "or" | "and")
        });
        words.collect::<Vec<_>>().join(" ")
    }
}

/// The part of a message that says what to write instead.
pub(super) fn remedy(message: &str) -> Option<&str> {
    message.split_once("; ").map(|(_, remedy)| remedy)
}

pub(super) fn without_names(message: &str) -> String {
    let parts = message.split('`').enumerate();
    let parts = parts.map(|(at, text)| if at % 2 == 1 { "_" } else { text });
    parts.collect::<Vec<_>>().join("`")
}

fn texts(source: &str) -> Vec<String> {
    let (.., expanded) = expand(source);
    let messages = messages(expanded).into_iter();
    messages.map(|(.., message)| message).collect()
}

pub(super) fn pairs(of: &str) -> Vec<Pair> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui-tests/tests/remedies");
    let mut pairs = Vec::new();
    for file in fs::read_dir(folder).expect("the pairs are beside koil-macros") {
        let text = fs::read_to_string(file.expect("a file").path()).expect("a text");
        read(of, text.parse().expect("Rust"), &mut pairs);
    }
    assert!(!pairs.is_empty());
    pairs
}

/// `remedy!("mistake", "words", .., { items })`, or another macro with such arguments.
fn read(of: &str, file: TokenStream, pairs: &mut Vec<Pair>) {
    let mut tokens = file.into_iter();
    while let Some(token) = tokens.next() {
        if !matches!(&token, TokenTree::Ident(ident) if ident == of) {
            continue;
        }
        let Some(arguments) = tokens.nth(1).and_then(group) else {
            continue;
        };
        let mut texts = arguments.stream().into_iter().filter_map(text);
        let mistake = texts.next().expect("a mistake");
        pairs.extend(texts.map(|words| Pair {
            mistake: mistake.clone(),
            words,
        }));
    }
}

fn text(token: TokenTree) -> Option<String> {
    let literal = syn::parse2::<LitStr>(token.into()).ok()?;
    Some(literal.value())
}
