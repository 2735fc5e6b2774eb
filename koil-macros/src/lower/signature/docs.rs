//! Docs of a twin: a line that links the original, then the original's prose.

use crate::args::Docs;

/// `link` is the path for rustdoc to resolve; `own` is the type that `Self` means in the original's
/// docs.
pub(crate) fn docs(lines: &[String], link: &str, own: Option<&str>, level: Docs) -> Vec<String> {
    below(format!(" Blocking twin of [`{link}`]."), lines, own, level)
}

/// Docs of an async twin. It stands beside its original, so `Self` keeps its meaning.
pub(crate) fn async_docs(lines: &[String], link: &str, level: Docs) -> Vec<String> {
    below(format!(" Async twin of [`{link}`]."), lines, None, level)
}

fn below(first: String, lines: &[String], own: Option<&str>, level: Docs) -> Vec<String> {
    let body = match level {
        Docs::None => return Vec::new(),
        Docs::Link => Vec::new(),
        Docs::Prose => prose(lines),
        Docs::All => lines.to_vec(),
    };
    let mut docs = vec![first];
    if body.iter().any(|line| !line.trim().is_empty()) {
        docs.push(String::new());
    }
    let trimmed = body.iter().skip_while(|line| line.trim().is_empty());
    docs.extend(trimmed.map(|line| match own {
        // `Self::..` may link to an item that only the original has.
        Some(own) => line.replace("Self::", &format!("{own}::")),
        None => line.clone(),
    }));
    while docs.last().is_some_and(|line| line.trim().is_empty()) {
        docs.pop();
    }
    docs
}

/// The docs without code blocks and examples, which would show `.await` and run twice as doctests.
fn prose(lines: &[String]) -> Vec<String> {
    let mut prose: Vec<String> = Vec::new();
    let mut fence = None;
    let mut in_examples = false;
    for line in lines {
        let text = line.trim();
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
        let doubled_gap =
            text.is_empty() && prose.last().is_some_and(|last| last.trim().is_empty());
        if !in_examples && !doubled_gap {
            prose.push(line.clone());
        }
    }
    prose
}
