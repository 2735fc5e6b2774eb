//! Each message that the sources can give is in the list of mistakes.

use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::LitStr;

use super::{expand, group, messages, sources};

#[test]
fn no_message_of_the_sources_is_missing_in_the_list() {
    let told: Vec<String> = sources()
        .flat_map(|source| messages(expand(source).2))
        .map(|(.., message)| message)
        .collect();
    let mut templates = Vec::new();
    read_folder(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut templates,
    );
    assert!(!templates.is_empty());
    templates.retain(|template| !told.iter().any(|message| is_made_of(message, template)));
    assert!(
        templates.is_empty(),
        "messages that no item of the list of mistakes gets:\n{}",
        templates.join("\n")
    );
}

/// Whether a format string with holes such as `{name}` could make this message.
fn is_made_of(message: &str, template: &str) -> bool {
    const OPEN: &str = "\u{1}";
    let template = template.replace("{{", OPEN).replace("}}", "}");
    let mut rest = message;
    template.split('{').enumerate().all(|(at, piece)| {
        let text = if at == 0 {
            piece
        } else {
            piece.split_once('}').map_or(piece, |(_, text)| text)
        };
        let text = text.replace(OPEN, "{");
        let found = rest.find(&text);
        if let Some(found) = found {
            rest = &rest[found + text.len()..];
        }
        found.is_some()
    })
}

fn read_folder(folder: &Path, templates: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read_folder(&path, templates);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).expect("a text");
            read(text.parse().expect("Rust"), templates);
        }
    }
}

/// The format string of each `err!(place, "..", ..)`, and each `Refused("..")` of the table of words.
fn read(tokens: TokenStream, templates: &mut Vec<String>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let is_err = matches!(&token, TokenTree::Ident(ident) if ident == "err");
        let is_refused = matches!(&token, TokenTree::Ident(ident) if ident == "Refused");
        if is_refused || is_err && tokens.next_if(|next| next.to_string() == "!").is_some() {
            let arguments = tokens.next().and_then(group);
            templates.extend(
                arguments
                    .and_then(|arguments| {
                        let mut arguments = arguments.stream().into_iter();
                        arguments.find_map(|token| syn::parse2::<LitStr>(token.into()).ok())
                    })
                    .map(|text| text.value()),
            );
        } else if let Some(group) = group(token) {
            read(group.stream(), templates);
        }
    }
}
