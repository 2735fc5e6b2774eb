//! Docs of a twin: a line that links the original, then the original's prose.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

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
    let mut docs = vec![DocLine::Text(format!(" {kind} twin of [`{link}`]."))];
    if !body.iter().all(DocLine::is_empty) {
        docs.push(DocLine::gap());
    }
    let trimmed = body.iter().skip_while(|line| line.is_empty());
    docs.extend(trimmed.map(|line| match (line, of_self) {
        // `Self::..` may link to an item that only the original has.
        (DocLine::Text(text), Some(of_self)) => {
            DocLine::Text(text.replace("Self::", &format!("{of_self}::")))
        }
        (other, _) => other.clone(),
    }));
    while docs.last().is_some_and(DocLine::is_empty) {
        docs.pop();
    }
    docs
}

/// The docs without code blocks and examples, which would show `.await` and run twice as doctests.
///
/// A made text is kept as a whole.
fn prose(lines: &[DocLine]) -> Vec<DocLine> {
    let mut prose: Vec<DocLine> = Vec::new();
    let mut fence = None;
    let mut in_examples = false;
    for line in lines {
        let text = match line {
            DocLine::Text(text) => text.trim(),
            DocLine::Made(_) if fence.is_some() => continue,
            DocLine::Made(_) => {
                in_examples = false;
                prose.push(line.clone());
                continue;
            }
        };
        if let Some(open) = fence {
            if text.starts_with(open) {
                fence = None;
            }
            continue;
        }
        if let Some(open) = ["```", "~~~"]
            .into_iter()
            .find(|open| text.starts_with(open))
        {
            fence = Some(open);
            continue;
        }
        if text.starts_with('#') {
            let title = text.trim_start_matches('#').trim();
            in_examples = title == "Example" || title == "Examples";
        }
        let doubled_gap = text.is_empty() && prose.last().is_some_and(DocLine::is_empty);
        if !in_examples && !doubled_gap {
            prose.push(line.clone());
        }
    }
    prose
}
