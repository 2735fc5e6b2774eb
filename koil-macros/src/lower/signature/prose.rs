//! The prose of docs: without examples, which would show `.await` and run twice as doctests.

use crate::model::DocLine;

/// The lines without Rust code, without sections named "Examples", and without what only leads to
/// them: headings and the half sentence before a block. A made text is kept as a whole.
pub(super) fn prose(lines: &[DocLine]) -> Vec<DocLine> {
    let mut prose = Prose::default();
    for line in lines {
        prose.add(line);
    }
    prose.end_sections(0);
    prose.kept
}

#[derive(Default)]
struct Prose {
    kept: Vec<DocLine>,
    code: Option<CodeBlock>,
    /// The level of the heading "Examples" that the lines are under.
    examples: Option<usize>,
    /// The headings that the lines are under.
    sections: Vec<Section>,
}

/// A block of code: the marks that end it, and whether it stays.
struct CodeBlock {
    fence: Fence,
    is_kept: bool,
}

#[derive(Clone, Copy)]
struct Fence {
    mark: char,
    length: usize,
}

struct Section {
    level: usize,
    /// The line of the heading, by its index in `kept`.
    start: usize,
    has_lost_code: bool,
}

impl Prose {
    fn add(&mut self, line: &DocLine) {
        let text = match line {
            DocLine::Text(text) => text.trim(),
            DocLine::Made(_) => return self.add_made(line),
        };
        if let Some(code) = &self.code {
            let ends = code.fence.is_ended_by(text);
            if code.is_kept {
                self.kept.push(line.clone());
            }
            if ends {
                self.code = None;
            }
            return;
        }
        if let Some(fence) = Fence::opened_by(text) {
            let is_kept = self.examples.is_none() && !is_rust(text);
            self.code = Some(CodeBlock { fence, is_kept });
            if is_kept {
                self.kept.push(line.clone());
            } else {
                self.lose_code();
            }
            return;
        }
        if let Some((level, title)) = heading(text) {
            self.end_sections(level);
            if self.examples.is_none_or(|examples| level <= examples) {
                self.examples = ["Example", "Examples"].contains(&title).then_some(level);
            }
            if self.examples.is_none() {
                self.sections.push(Section {
                    level,
                    start: self.kept.len(),
                    has_lost_code: false,
                });
            }
        }
        let doubled_gap = text.is_empty() && self.kept.last().is_some_and(DocLine::is_empty);
        if self.examples.is_none() && !doubled_gap {
            self.kept.push(line.clone());
        }
    }

    fn add_made(&mut self, line: &DocLine) {
        if self.code.as_ref().is_none_or(|code| code.is_kept) {
            self.examples = None;
            self.kept.push(line.clone());
        }
    }

    fn lose_code(&mut self) {
        if self.examples.is_some() {
            return;
        }
        if let Some(section) = self.sections.last_mut() {
            section.has_lost_code = true;
        }
        self.drop_lead_in();
    }

    /// Drops "For example:" and other sentences that end in a colon.
    fn drop_lead_in(&mut self) {
        let gaps = self.kept.iter().rev();
        let gaps = gaps.take_while(|line| line.is_empty()).count();
        let end = self.kept.len() - gaps;
        let mut start = end;
        while let Some(DocLine::Text(line)) = start.checked_sub(1).map(|last| &self.kept[last]) {
            let text = line.trim();
            let leads = if start == end {
                text.ends_with(':')
            } else {
                !text.ends_with(['.', '!', '?'])
            };
            if !leads || !is_paragraph(text) {
                break;
            }
            start -= 1;
            if let Some(sentence) = last_sentence(line) {
                let before = line[..sentence].trim_end().to_owned();
                self.kept[start] = DocLine::Text(before);
                start += 1;
                break;
            }
        }
        self.kept.drain(start..end);
        let doubled = self.kept.len() >= 2
            && self.kept[self.kept.len() - 2..]
                .iter()
                .all(DocLine::is_empty);
        if doubled {
            self.kept.pop();
        }
    }

    /// Ends the sections that a heading of this level ends, without those that have only lost code.
    fn end_sections(&mut self, level: usize) {
        while let Some(section) = self.sections.pop_if(|section| section.level >= level) {
            let content = &self.kept[section.start + 1..];
            if section.has_lost_code && content.iter().all(DocLine::is_empty) {
                self.kept.truncate(section.start);
                if let Some(outer) = self.sections.last_mut() {
                    outer.has_lost_code = true;
                }
            }
        }
    }
}

impl Fence {
    fn opened_by(text: &str) -> Option<Fence> {
        let mark = text
            .chars()
            .next()
            .filter(|mark| ['`', '~'].contains(mark))?;
        let length = text.chars().take_while(|next| *next == mark).count();
        (length >= 3).then_some(Fence { mark, length })
    }

    fn is_ended_by(self, text: &str) -> bool {
        text.len() >= self.length && text.chars().all(|next| next == self.mark)
    }
}

/// Would rustdoc test the block that this line opens?
fn is_rust(text: &str) -> bool {
    const WORDS: [&str; 6] = [
        "rust",
        "ignore",
        "no_run",
        "should_panic",
        "compile_fail",
        "test_harness",
    ];
    let info = text.trim_start_matches(['`', '~']);
    let mut words = info
        .split([',', ' ', '{', '}'])
        .filter(|word| !word.is_empty());
    words.all(|word| {
        WORDS.contains(&word) || word.starts_with("edition") || word.starts_with("ignore-")
    })
}

/// The level of a heading, and its title.
fn heading(text: &str) -> Option<(usize, &str)> {
    let title = text.trim_start_matches('#');
    let level = text.len() - title.len();
    let is_heading = (1..=6).contains(&level) && (title.is_empty() || title.starts_with(' '));
    is_heading.then(|| (level, title.trim()))
}

/// Is this a line of a paragraph: of no list, table, quote or heading?
fn is_paragraph(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(['-', '*', '+', '|', '>', '#'])
        && !text.starts_with(|first: char| first.is_ascii_digit())
}

/// The index at which the last sentence begins, if another one ends before it.
fn last_sentence(line: &str) -> Option<usize> {
    let ends = line.match_indices(['.', '!', '?']);
    let mut ends = ends.filter(|(at, _)| {
        let (before, after) = (&line[..*at], &line[at + 1..]);
        after.starts_with(' ') && !before.ends_with("e.g") && !before.ends_with("i.e")
    });
    ends.next_back().map(|(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::prose;
    use crate::model::DocLine;

    /// The prose of docs, as one text.
    fn of(docs: &str) -> String {
        let lines: Vec<DocLine> = docs
            .lines()
            .map(|line| DocLine::Text(line.to_owned()))
            .collect();
        let kept = prose(&lines).into_iter().map(|line| match line {
            DocLine::Text(text) => text,
            DocLine::Made(_) => unreachable!("the docs are literals"),
        });
        kept.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_heading_over_nothing_but_code_goes_with_the_code() {
        let docs = "Reads.\n\n# Streams\n\n## Read\n\n```\nx\n```\n\n## Others\n\nSee below.\n\n# Errors\n\nNone.";
        let kept = "Reads.\n\n# Streams\n\n## Others\n\nSee below.\n\n# Errors\n\nNone.";
        assert_eq!(of(docs), kept);
    }

    #[test]
    fn the_sentence_that_leads_to_a_block_goes_with_it() {
        assert_eq!(
            of("Reads. For\nexample:\n\n```\nx\n```\n\nMore."),
            "Reads.\n\nMore."
        );
        assert_eq!(of("Reads.\nFor example:\n```\nx\n```"), "Reads.");
        assert_eq!(
            of("- a list:\n  ```\n  x\n  ```\n- more"),
            "- a list:\n- more"
        );
    }

    #[test]
    fn code_of_another_language_stays() {
        let docs = "The body:\n\n````json\n```\n{}\n````\n\n```rust,no_run\nx\n```";
        assert_eq!(of(docs), "The body:\n\n````json\n```\n{}\n````\n");
    }

    #[test]
    fn a_section_of_examples_ends_at_the_next_heading_of_its_level() {
        let docs = "A.\n# Examples\nText\n## One\nText\n```json\n{}\n```\n# Panics\nNever.";
        assert_eq!(of(docs), "A.\n# Panics\nNever.");
    }
}
