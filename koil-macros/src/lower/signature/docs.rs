//! Docs of a twin: a line that links the original, then the original's prose.

use crate::args::Docs;

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
    lines: &[String],
    link: &str,
    of_self: Option<&str>,
    level: Docs,
) -> Vec<String> {
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
    let mut docs = vec![format!(" {kind} twin of [`{link}`].")];
    if body.iter().any(|line| !line.trim().is_empty()) {
        docs.push(String::new());
    }
    let trimmed = body.iter().skip_while(|line| line.trim().is_empty());
    docs.extend(trimmed.map(|line| match of_self {
        // `Self::..` may link to an item that only the original has.
        Some(of_self) => line.replace("Self::", &format!("{of_self}::")),
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
