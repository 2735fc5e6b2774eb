//! The sources of the workspace, as the rules and the numbers read them.

use std::fs;
use std::path::{Path, PathBuf};

/// One source file.
pub(crate) struct Source {
    /// From the root of the workspace.
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

impl Source {
    /// The first step from `src`: `drive` for `koil-runtime/src/drive/park.rs`.
    pub(crate) fn folder(&self) -> String {
        self.module()
            .first()
            .cloned()
            .unwrap_or_else(|| "lib".to_owned())
    }

    /// The path of modules from the root of the crate; of `lib.rs`, nothing.
    pub(crate) fn module(&self) -> Vec<String> {
        let path = self.path.with_extension("");
        let steps = path.iter().map(|step| step.to_string_lossy().into_owned());
        let inside = steps.skip_while(|step| step != "src").skip(1);
        inside
            .filter(|step| step != "mod" && step != "lib")
            .collect()
    }

    /// The folders that this file mentions, as `crate::folder`, `crate::{folder, ..}` or by `super`.
    pub(crate) fn mentions(&self) -> Vec<String> {
        let paths = self.paths().into_iter();
        paths.filter_map(|path| path.into_iter().next()).collect()
    }

    /// Paths of modules, from the root of the crate, that this file names by `crate` or `super`.
    pub(crate) fn paths(&self) -> Vec<Vec<String>> {
        let lines: Vec<_> = self.code().map(|(_, line)| line).collect();
        let code = lines.join("\n");
        let mut found = Vec::new();
        for (at, root) in code
            .match_indices("crate::")
            .chain(code.match_indices("super::"))
        {
            let before = code[..at].chars().next_back().unwrap_or(' ');
            // Another step of a path, or the path of an attribute's visibility.
            if before.is_alphanumeric() || "_:$".contains(before) {
                continue;
            }
            let (mut base, mut rest) = (self.module(), &code[at..]);
            if root == "crate::" {
                (base, rest) = (Vec::new(), &rest[root.len()..]);
            }
            while let Some(up) = rest.strip_prefix("super::") {
                base.pop();
                rest = up;
            }
            let inner = whole_paths(rest).into_iter();
            found.extend(inner.map(|path| [base.clone(), path].concat()));
        }
        found
    }

    /// The lines that are no comments, numbered from 1.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self
            .text
            .lines()
            .enumerate()
            .map(|(at, line)| (at + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// True if `word` stands on line `at` or not more than `reach` lines above.
    pub(crate) fn says_above(&self, at: usize, word: &str, reach: usize) -> bool {
        let first = at.saturating_sub(reach + 1);
        self.text
            .lines()
            .take(at)
            .skip(first)
            .any(|line| line.contains(word))
    }

    /// Written to show or to try something, not to be built upon.
    pub(crate) fn is_test(&self) -> bool {
        let file = self.path.with_extension("");
        let is_test = file.iter().any(|part| {
            ["models", "mistakes", "mutations", "snapshots"]
                .iter()
                .any(|test| part == *test)
        });
        is_test || self.path.starts_with("tests") || self.path.starts_with("examples")
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.path.display().fmt(f)
    }
}

/// `a::x` and `a::y::z` of `a::{x, y::z}`, up to where the path ends.
fn whole_paths(code: &str) -> Vec<Vec<String>> {
    if let Some(group) = code.strip_prefix('{') {
        let parts = parts_of(group).into_iter();
        // A comma at the end leaves an empty part.
        let parts = parts.filter(|part| !part.is_empty());
        return parts.flat_map(|part| whole_paths(&part)).collect();
    }
    let end = code.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let (step, rest) = code.split_at(end.unwrap_or(code.len()));
    let below = rest.strip_prefix("::").map(whole_paths).unwrap_or_default();
    if below.is_empty() {
        return vec![vec![step.to_owned()]];
    }
    let below = below.into_iter();
    below
        .map(|path| [vec![step.to_owned()], path].concat())
        .collect()
}

/// The members of a group, up to its closing brace, split at its own commas.
fn parts_of(group: &str) -> Vec<String> {
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for letter in group.chars() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            _ => {}
        }
        match (letter, parts.last_mut()) {
            (',', _) if depth == 0 => parts.push(String::new()),
            (letter, Some(part)) if !letter.is_whitespace() => part.push(letter),
            _ => {}
        }
    }
    parts
}

pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .filter(|word| !word.is_empty())
}

/// All that is written by hand, without expected expansions and small programs to compile.
pub(crate) fn everything() -> Vec<Source> {
    let places = [
        "src",
        "koil-inline",
        "koil-macros/src",
        "koil-runtime/src",
        "tests",
        "examples",
        "benches/src",
        "benches/examples",
    ];
    places.into_iter().flat_map(sources).collect()
}

/// The Rust files in a folder and below, or one file.
pub(crate) fn sources(place: &str) -> Vec<Source> {
    let mut found = Vec::new();
    let mut left = vec![root().join(place)];
    while let Some(path) = left.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("a folder can be read");
            let entries = entries.map(|entry| entry.expect("an entry can be read").path());
            left.extend(entries.filter(|path| !path.ends_with("snapshots")));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a file can be read");
            let path = path
                .strip_prefix(root())
                .expect("it is in the root")
                .to_owned();
            found.push(Source { path, text });
        }
    }
    assert!(!found.is_empty() || place == "examples", "{place} is there");
    found
}

pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect("a file of the workspace can be read")
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
