//! Each remedy in a note that koil writes for rustc is compiled.
//!
//! The notes are those of `#[diagnostic::on_unimplemented]` in the other crates and in expansions, the
//! texts of checks in expansions, and those of `#[must_use]`. `ui-tests/tests/remedies/hints.rs` and its
//! neighbours have the items with the remedies.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::LitStr;

use super::{
    expand, group,
    remedies::{Remedy, pairs, remedy, without_names},
};

/// A note, and the trait, type or function that has it, or the twin that is checked.
struct Note {
    of: String,
    text: String,
}

#[test]
fn a_hint_is_one_of_the_note_that_gives_it() {
    let notes = notes();
    for hint in pairs("hint") {
        let (of, words) = (&hint.mistake, &hint.words);
        let is_there = |note: &Note| note.of == *of && note.text.contains(words);
        assert!(notes.iter().any(is_there), "no note of {of} has `{words}`");
    }
}

/// Notes that differ only in names are one.
#[test]
fn no_hint_is_untested() {
    let notes = notes();
    let mut told: BTreeMap<String, Remedy> = BTreeMap::new();
    for note in &notes {
        told.insert(without_names(&note.text), Remedy::new(&note.text));
    }
    for hint in pairs("hint") {
        for note in notes.iter().filter(|note| note.of == hint.mistake) {
            let remedy = told.get_mut(&without_names(&note.text));
            remedy.expect("a note").mark_shown(&hint.words);
        }
    }
    let untested = told.values().map(Remedy::rest);
    let untested: Vec<String> = untested.filter(|rest| !rest.is_empty()).collect();
    assert!(
        untested.is_empty(),
        "without an item in `ui-tests/tests/remedies/hints.rs`: {untested:#?}"
    );
}

fn notes() -> Vec<Note> {
    let mut notes = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for folder in ["koil-inline/src", "koil-runtime/src"] {
        let before = notes.len();
        for file in rust_files(&root.join(folder)) {
            let text = fs::read_to_string(file).expect("a text");
            of_traits(text.parse().expect("Rust"), &mut notes);
        }
        assert!(notes.len() > before, "{folder} has traits with notes");
    }
    for source in ["#[koiled] trait Store {}", "#[threaded] trait Store {}"] {
        let (.., expanded) = expand(source);
        of_traits(expanded, &mut notes);
    }
    let own_next = "#[koiled] impl Copier { async fn next(&mut self) -> Result<u8, u8> {} }";
    let (.., expanded) = expand(own_next);
    let mut texts = Vec::new();
    literals(expanded, &mut texts);
    let check = texts.iter().find_map(|text| remedy(text));
    notes.push(Note {
        of: "BlockingCopier::next".to_owned(),
        text: check.expect("the check of `next` has a text").to_owned(),
    });
    notes
}

pub(super) fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// Collects the notes of `#[diagnostic::on_unimplemented(..)] trait Name`, those of
/// `traits! { Name: bound, message, note; .. }`, and that of `#[must_use = ".."]` on a type or function.
fn of_traits(tokens: TokenStream, notes: &mut Vec<Note>) {
    let mut open = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(inner) => {
                open.extend(of_attribute(inner.stream()));
                open.extend(of_must_use(inner.stream()));
                of_traits(inner.stream(), notes);
            }
            TokenTree::Ident(word) if word == "trait" || word == "struct" || word == "fn" => {
                let Some(TokenTree::Ident(name)) = tokens.peek() else {
                    continue;
                };
                let of = name.to_string();
                notes.extend(open.drain(..).map(|text| Note {
                    of: of.clone(),
                    text,
                }));
            }
            TokenTree::Ident(word) if word == "traits" => {
                let mark = tokens.next_if(|next| matches!(next, TokenTree::Punct(_)));
                if let Some(table) = mark.and_then(|_| tokens.next()).and_then(group) {
                    of_table(table.stream(), notes);
                }
            }
            _ => {}
        }
    }
}

/// The texts of each `note = ".."` in `diagnostic::on_unimplemented(..)`.
fn of_attribute(tokens: TokenStream) -> Vec<String> {
    let mut tokens = tokens.into_iter();
    let is_it =
        |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "on_unimplemented");
    if !tokens.by_ref().take(4).any(|token| is_it(&token)) {
        return Vec::new();
    }
    let arguments = tokens.next().and_then(group).expect("a list of texts");
    let mut texts = Vec::new();
    let mut tokens = arguments.stream().into_iter();
    while let Some(token) = tokens.next() {
        if matches!(&token, TokenTree::Ident(word) if word == "note") {
            // In the body of a macro it is a variable.
            texts.extend(tokens.nth(1).and_then(text));
        }
    }
    texts
}

/// The remedy in `must_use = "what happens; what to write"`.
fn of_must_use(tokens: TokenStream) -> Option<String> {
    let mut tokens = tokens.into_iter();
    let is_it = matches!(tokens.next()?, TokenTree::Ident(word) if word == "must_use");
    let text = tokens.nth(1).and_then(text).filter(|_| is_it)?;
    let remedy = remedy(&text).or_else(|| Some(text.split_once(": ")?.1));
    remedy.map(str::to_owned)
}

fn of_table(tokens: TokenStream, notes: &mut Vec<Note>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let ends = |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ';');
    for row in tokens.split(ends) {
        if let [TokenTree::Ident(of), .., note] = row {
            notes.push(Note {
                of: of.to_string(),
                text: text(note.clone()).expect("a row ends with its note"),
            });
        }
    }
}

fn literals(tokens: TokenStream, texts: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(inner) => literals(inner.stream(), texts),
            other => texts.extend(text(other)),
        }
    }
}

pub(super) fn text(token: TokenTree) -> Option<String> {
    let literal = syn::parse2::<LitStr>(token.into()).ok()?;
    Some(literal.value())
}
