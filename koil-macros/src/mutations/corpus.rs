//! The corpus of the mutation test: every item that a test of koil annotates.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::syntax::attribute::Attribute;

/// An item as text, since tokens cannot move to other threads.
pub(super) struct Source {
    pub(super) attribute: Attribute,
    pub(super) args: String,
    pub(super) item: String,
}

/// Longer blocks are cut into several, so that the damage hits many items and not one big one.
const MEMBERS: usize = 3;

pub(super) fn corpus() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["src/snapshots", "../ui-tests", "../tests"] {
        rust_files(&root.join(folder), &mut files);
    }
    files.sort();
    let mut sources = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a file of the tests");
        if let Ok(tokens) = text.parse() {
            annotated(tokens, &mut sources);
        }
    }
    // The inputs of snapshots and mistakes are in string literals.
    for text in [
        include_str!("../snapshots.rs"),
        include_str!("../snapshots/aio.rs"),
        include_str!("../snapshots/contexts.rs"),
        include_str!("../mistakes.rs"),
        include_str!("../mistakes/contexts.rs"),
    ] {
        written(text.parse().expect("Rust"), &mut sources);
    }
    sources
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()) {
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Collects every item below one of koil's attributes, at any depth.
fn annotated(tokens: TokenStream, sources: &mut Vec<Source>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else {
            continue;
        };
        match args(group) {
            Some((of, args)) => cut(of, &args, item(&tokens[index + 1..]), sources),
            None => annotated(group.stream(), sources),
        }
    }
}

/// Collects the items in string literals.
fn written(tokens: TokenStream, sources: &mut Vec<Source>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => written(group.stream(), sources),
            TokenTree::Literal(literal) => {
                let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) else {
                    continue;
                };
                let Ok(tokens) = text.value().parse::<TokenStream>() else {
                    continue;
                };
                if text.value().starts_with("#[") {
                    annotated(tokens, sources);
                } else if crate::syntax::Kind::of(&tokens).is_some() {
                    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
                    for of in [Attribute::Koiled, Attribute::Koilable, Attribute::Threaded] {
                        cut(of, "", tokens.clone(), sources);
                    }
                }
            }
            _ => {}
        }
    }
}

/// `koiled` and `..` of `[koiled(..)]`
fn args(attribute: &Group) -> Option<(Attribute, String)> {
    let mut tokens = attribute.stream().into_iter();
    let of = Attribute::called(&tokens.next()?.to_string())?;
    if attribute.delimiter() != Delimiter::Bracket {
        return None;
    }
    match tokens.next() {
        Some(TokenTree::Group(args)) => Some((of, args.stream().to_string())),
        _ => Some((of, String::new())),
    }
}

fn item(tokens: &[TokenTree]) -> Vec<TokenTree> {
    let end = tokens.iter().position(ends);
    tokens[..end.map_or(0, |end| end + 1)].to_vec()
}

fn ends(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    }
}

fn cut(of: Attribute, args: &str, mut item: Vec<TokenTree>, sources: &mut Vec<Source>) {
    let body = match item.last() {
        Some(TokenTree::Group(body)) if is_block(&item) => members(body),
        _ => Vec::new(),
    };
    if body.len() <= MEMBERS {
        return push(of, args, item, sources);
    }
    item.pop();
    for members in body.chunks(MEMBERS) {
        let members = members.iter().flatten().cloned().collect();
        let mut item = item.clone();
        item.push(Group::new(Delimiter::Brace, members).into());
        push(of, args, item, sources);
    }
}

fn push(of: Attribute, args: &str, item: Vec<TokenTree>, sources: &mut Vec<Source>) {
    let item: TokenStream = item.into_iter().collect();
    if crate::syntax::Kind::of(&item).is_some() {
        sources.push(Source {
            attribute: of,
            args: args.to_owned(),
            item: item.to_string(),
        });
    }
}

fn is_block(item: &[TokenTree]) -> bool {
    let word = |token: &TokenTree, word| matches!(token, TokenTree::Ident(ident) if ident == word);
    item.iter()
        .any(|token| word(token, "impl") || word(token, "trait"))
        && !item.iter().any(|token| word(token, "fn"))
}

fn members(body: &Group) -> Vec<Vec<TokenTree>> {
    let tokens: Vec<TokenTree> = body.stream().into_iter().collect();
    tokens
        .split_inclusive(ends)
        .map(<[TokenTree]>::to_vec)
        .collect()
}
