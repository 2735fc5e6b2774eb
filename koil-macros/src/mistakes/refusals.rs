//! Each remedy in a text of the runtime is done by a test, in the situation in which it is given.
//!
//! A test brings the situation about, calls `assert_told(&text, "the problem", &["words of the remedy", ..])`,
//! and does what the words say. This holds that the words of such tests make up every remedy.

use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::{
    group,
    hints::{rust_files, text},
    remedies::{Remedy, remedy, without_names},
};

/// Beginnings of texts that are remedies as a whole, for use in other texts.
const WHOLE: &[&str] = &[
    "sync code that cannot",
    "take the items of",
    "await `{}`",
    "await the future",
    "`koil::unkoil_lend",
    "make its twin without",
    "call `koil::unkoil`",
];

/// Clauses after a semicolon that are no remedies.
const NONE: &[&str] = &[
    "1 {one} is still {state}",
    "{count} {one}s are still {state}",
    "{state}: the work started at ",
    "it goes on, and no call waits for it any longer",
    "what it listens to belongs to the parent",
    "caused by: {source}",
];

/// A text that names a remedy.
struct Template {
    text: String,
    remedy: Remedy,
    is_whole: bool,
}

/// The arguments of one `assert_told`.
struct Told {
    problem: String,
    words: Vec<String>,
}

#[test]
fn no_remedy_of_the_runtime_is_untested() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut templates = Vec::new();
    for folder in ["koil-inline/src", "koil-runtime/src"] {
        read_folder(&root.join(folder), &mut |file| {
            templates_of(file, &mut templates);
        });
    }
    let mut all_told = Vec::new();
    for folder in ["tests", "koil-inline/tests", "ui-tests/features"] {
        read_folder(&root.join(folder), &mut |file| {
            told_in(file, &mut all_told);
        });
    }
    assert!(templates.len() > 30 && all_told.len() > 30);
    let mut unknown = Vec::new();
    for told in &all_told {
        let mut is_known = false;
        for template in &mut templates {
            let is_it = template.text.contains(&told.problem);
            if is_it || template.is_whole {
                told.words
                    .iter()
                    .for_each(|words| template.remedy.mark_shown(words));
            }
            is_known |= is_it;
        }
        if !is_known {
            unknown.push(&told.problem);
        }
    }
    assert!(
        unknown.is_empty(),
        "no text of the runtime has {unknown:#?}"
    );
    let untested = templates.iter().map(|of| (of.remedy.rest(), &of.text));
    let untested = untested.filter(|(rest, _)| !rest.is_empty());
    let untested: Vec<String> = untested
        .map(|(rest, text)| format!("{text}\n  untested: {rest}\n"))
        .collect();
    assert!(
        untested.is_empty(),
        "remedies that no test with `assert_told` does:\n\n{}",
        untested.join("\n")
    );
}

fn read_folder(folder: &Path, read: &mut dyn FnMut(TokenStream)) {
    for file in rust_files(folder) {
        let is_of_tests = |stem: &std::ffi::OsStr| stem == "models" || stem == "tests";
        if !file.file_stem().is_some_and(is_of_tests) {
            let text = fs::read_to_string(file).expect("a text");
            read(text.parse().expect("Rust"));
        }
    }
}

/// Collects the texts with remedies; those for rustc are left out, `hints` and `.ci/run targets` have them.
fn templates_of(tokens: TokenStream, templates: &mut Vec<Template>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == '#' => {
                tokens.next_if(|next| next.to_string() == "!");
                tokens.next();
            }
            TokenTree::Ident(word) if word == "expect" => {
                tokens.next();
            }
            TokenTree::Ident(word) if word == "compile_error" || word == "traits" => {
                tokens.next_if(|next| next.to_string() == "!");
                tokens.next();
            }
            TokenTree::Group(inner) => templates_of(inner.stream(), templates),
            other => templates.extend(text(other).and_then(template)),
        }
    }
}

fn template(text: String) -> Option<Template> {
    let is_whole = WHOLE.iter().any(|start| text.starts_with(start));
    let told = if is_whole { &text } else { remedy(&text)? };
    if NONE.contains(&told) || !told.contains(' ') {
        return None;
    }
    Some(Template {
        remedy: Remedy::new(&without_holes(&without_names(told))),
        text,
        is_whole,
    })
}

/// A comma in the place of each `{name}`.
fn without_holes(text: &str) -> String {
    let mut pieces = text.split('{');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        text + "," + piece.split_once('}').map_or("", |(_, rest)| rest)
    })
}

/// Collects the arguments of each `assert_told(text, "problem", &["words", ..])`.
fn told_in(tokens: TokenStream, all_told: &mut Vec<Told>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let is_call =
            matches!(&token, TokenTree::Ident(word) if word == "assert_told" || word == "is_told");
        let arguments = tokens.peek().cloned().and_then(group);
        match arguments.filter(|_| is_call) {
            Some(arguments) => all_told.extend(told(arguments.stream())),
            None => {
                if let Some(inner) = group(token) {
                    told_in(inner.stream(), all_told);
                }
            }
        }
    }
}

/// Nothing for the definition, whose arguments are no literals.
fn told(arguments: TokenStream) -> Option<Told> {
    let mut arguments = arguments.into_iter().collect::<Vec<_>>();
    arguments
        .retain(|token| !matches!(token, TokenTree::Punct(mark) if ",&".contains(mark.as_char())));
    let list = group(arguments.pop()?)?;
    let problem = text(arguments.pop()?)?;
    assert!(list.delimiter() == Delimiter::Bracket, "{list}");
    let words = list.stream().into_iter().filter_map(text).collect();
    Some(Told { problem, words })
}
