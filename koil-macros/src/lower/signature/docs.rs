//! Docs of a twin: the original's, then a line that links the original.

use std::collections::HashMap;

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

use super::prose::prose;
use crate::{args::Docs, model::DocLine, syntax::attrs::conditional_docs};

/// The lines of the docs. The text of `#[doc = include_str!(..)]`, of other macros and of a
/// `cfg_attr` is not known here.
pub(crate) fn doc_lines(attrs: &[Attribute]) -> Vec<DocLine> {
    let mut lines = Vec::new();
    for attr in attrs {
        match &attr.meta {
            Meta::NameValue(doc) if doc.path.is_ident("doc") => match &doc.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(text),
                    ..
                }) => {
                    let text = text.value();
                    lines.extend(text.split('\n').map(|line| DocLine::Text(line.to_owned())));
                }
                _ => lines.push(DocLine::Made(Box::new(attr.clone()))),
            },
            _ => lines.extend(conditional_docs(attr).map(|docs| DocLine::Made(Box::new(docs)))),
        }
    }
    lines
}

/// From which side a twin is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    ToBlocking,
    ToAsync,
}

/// `link` is the path for rustdoc to resolve; `of_self` is the type that `Self` means in the
/// original's docs, if it means the twin in the twin's.
pub(crate) fn docs(
    direction: Direction,
    lines: &[DocLine],
    link: &str,
    of_self: Option<&str>,
    level: Docs,
) -> Vec<DocLine> {
    let kind = match direction {
        Direction::ToBlocking => "Blocking",
        Direction::ToAsync => "Async",
    };
    let body = match level {
        Docs::None => return Vec::new(),
        Docs::Link => Vec::new(),
        Docs::Prose => prose(lines),
        Docs::All => lines.to_vec(),
    };
    let trimmed = body.iter().skip_while(|line| line.is_empty());
    let mut docs: Vec<DocLine> = trimmed
        .map(|line| match (line, of_self) {
            // `Self::..` may link to an item that only the original has.
            (DocLine::Text(text), Some(of_self)) => {
                DocLine::Text(text.replace("Self::", &format!("{of_self}::")))
            }
            (other, _) => other.clone(),
        })
        .collect();
    while docs.last().is_some_and(DocLine::is_empty) {
        docs.pop();
    }
    // Lists of items show the first sentence, so the link comes last.
    if !docs.is_empty() {
        docs.push(DocLine::gap());
    }
    docs.push(DocLine::Text(format!(" {kind} twin of [`{link}`].")));
    docs
}

/// Lets the prose of a twin link to twins: `Shop::close` becomes `Self::close`, or the name that the
/// twin has. `owner` is the type or trait of the originals; `twins` are pairs of names.
pub(crate) fn link_twins(owner: &str, twins: &HashMap<String, String>, docs: &mut [DocLine]) {
    let owner = format!("{owner}::");
    // The last line links the original.
    let prose = docs.split_last_mut().map(|(_, prose)| prose);
    for line in prose.unwrap_or_default() {
        if let DocLine::Text(text) = line
            && text.contains(&owner)
        {
            *text = with_twins(text, &owner, twins);
        }
    }
}

/// The text with `Self::twin` for each `Owner::original`.
fn with_twins(text: &str, owner: &str, twins: &HashMap<String, String>) -> String {
    let is_name = |next: char| next == '_' || next.is_alphanumeric();
    let (mut linked, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(owner) {
        let (before, after) = (&rest[..at], &rest[at + owner.len()..]);
        let end = after.find(|next| !is_name(next)).unwrap_or(after.len());
        let name = &after[..end];
        linked += before;
        let is_whole = !before.ends_with(|last| is_name(last) || last == ':');
        let twin = twins.get(name).filter(|_| is_whole);
        linked += if twin.is_some() { "Self::" } else { owner };
        linked += twin.map_or(name, String::as_str);
        rest = &after[end..];
    }
    linked + rest
}
