//! The size and shape of the workspace in numbers: `cargo test --test tidy -- --nocapture numbers`.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Source, read, sources, words};

const CRATES: [&str; 3] = ["koil-inline/src", "koil-macros/src", "koil-runtime/src"];

/// Names that files may share for a private type.
/// Types of one file each, and the public locks of `koil::sched`, which have the names of std's and
/// tokio's as the private ones do.
const SHARED_NAMES: [&str; 7] = [
    "State",
    "Shared",
    "Inner",
    "Mutex",
    "MutexGuard",
    "Condvar",
    "Semaphore",
];

/// The limits of the workspace. The numbers are printed too.
#[test]
fn numbers() {
    let words = glossary().len();
    println!("private words in the glossary: {words}");
    assert!((1..=12).contains(&words), "more words than a reader learns");
    for place in CRATES {
        let files = own_files(place);
        let lines: usize = files.iter().map(lines_of).sum();
        println!("\n{place}: {} files, {lines} lines", files.len());
        let twice = type_names_used_twice(&files);
        println!("  type names used twice: {}", twice.len());
        assert!(twice.is_empty(), "one name for two types: {twice:#?}");
        let (length, longest) = longest_function(&files);
        println!("  longest function: {length} lines, {longest}");
        assert!(length <= 80, "{longest} has {length} lines");
        println!("  circles between files: {:?}", circles(&arrows(&files)));
        for (folder, lines) in lines_by_folder(&files) {
            println!("  {folder:>12} {lines:>6}");
        }
    }
    let macros = arrows(&own_files("koil-macros/src"));
    assert!(circles(&macros).is_empty(), "{:?}", circles(&macros));
    let between = arrows_between_folders_of_lower();
    println!("\nrooms of lower: {}", folders_of(&between).len());
    println!("arrows between them: {}", between.len());
    assert!(between.len() <= 20, "{between:#?}");
    for (from, to) in &between {
        println!("  {from} -> {to}");
    }
}

/// The first cells of the table of private words.
fn glossary() -> Vec<String> {
    let page = read("ARCHITECTURE.md");
    let section = page.split("\n## ").find(|it| it.starts_with("Glossary"));
    let rows = section.unwrap_or_default().lines();
    let rows = rows.filter(|line| line.starts_with("| *"));
    rows.map(ToOwned::to_owned).collect()
}

/// The files of a crate that are neither tests nor models.
fn own_files(place: &str) -> Vec<Source> {
    let files = sources(place).into_iter();
    files.filter(|source| !source.is_test()).collect()
}

fn lines_of(source: &Source) -> usize {
    source.text.lines().count()
}

fn lines_by_folder(files: &[Source]) -> BTreeMap<String, usize> {
    let mut folders = BTreeMap::new();
    for source in files {
        *folders.entry(source.folder()).or_default() += lines_of(source);
    }
    folders
}

/// Each such name with the files that declare it.
fn type_names_used_twice(files: &[Source]) -> BTreeMap<String, Vec<String>> {
    let mut names: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for source in files {
        for (_, line) in source.code() {
            if let Some(name) = declared_type(line) {
                names
                    .entry(name.to_owned())
                    .or_default()
                    .push(source.to_string());
            }
        }
    }
    // Twice in one file is a type for each of two configurations.
    names.values_mut().for_each(Vec::dedup);
    names.retain(|name, files| files.len() > 1 && !SHARED_NAMES.contains(&name.as_str()));
    names
}

/// The name, if the line begins the declaration of a type. A `type` inside of an impl or trait is
/// none: its name belongs to the trait.
fn declared_type(line: &str) -> Option<&str> {
    let is_inside = line.starts_with(' ');
    let mut parts = line
        .split_whitespace()
        .skip_while(|word| word.starts_with("pub") || word.starts_with("in") || *word == "unsafe");
    let kind = parts.next()?;
    let declares = match kind {
        "struct" | "enum" | "union" | "trait" => true,
        "type" => !is_inside,
        _ => false,
    };
    declares.then(|| parts.next().and_then(|name| words(name).next()))?
}

/// The number of lines of the longest function, and its place. Functions are found by their
/// indentation, which rustfmt keeps.
fn longest_function(files: &[Source]) -> (usize, String) {
    let functions = files.iter().flat_map(|source| {
        let lines: Vec<_> = source.text.lines().collect();
        let starts = lines.clone().into_iter().enumerate();
        let starts = starts.filter(|(at, line)| is_function(line) && has_body(&lines[*at..]));
        let found = starts.filter_map(|(at, line)| {
            let indent = &line[..line.len() - line.trim_start().len()];
            let end = lines[at..].iter().position(|line| {
                line.strip_prefix(indent)
                    .is_some_and(|rest| rest.starts_with('}'))
            });
            Some((end? + 1, format!("{source}:{}", at + 1)))
        });
        found.collect::<Vec<_>>()
    });
    functions.max().unwrap_or_default()
}

fn is_function(line: &str) -> bool {
    let before = line.split_once("fn ").map_or("//", |(before, _)| before);
    let mut before = before.split_whitespace();
    before.all(|word| word.starts_with("pub") || ["const", "async", "unsafe"].contains(&word))
}

/// True if a `{` ends a line before a `;` does.
fn has_body(lines: &[&str]) -> bool {
    let mut ends = lines.iter().filter_map(|line| line.chars().next_back());
    ends.find(|end| ['{', ';'].contains(end)) == Some('{')
}

type Arrows = BTreeSet<(String, String)>;

/// The files that a file names in its code, each as an arrow. A module contains its children, so
/// that it names them is no arrow.
fn arrows(files: &[Source]) -> Arrows {
    let modules: BTreeSet<_> = files.iter().map(Source::module).collect();
    let mut arrows = Arrows::new();
    for source in files {
        let from = source.module();
        for path in source.paths() {
            let file = (0..=path.len()).rev().map(|end| path[..end].to_vec());
            let file = file.into_iter().find(|file| modules.contains(file));
            if let Some(file) = file.filter(|file| !file.starts_with(&from)) {
                arrows.insert((shown(&from), shown(&file)));
            }
        }
    }
    arrows
}

fn shown(module: &[String]) -> String {
    if module.is_empty() {
        "lib".to_owned()
    } else {
        module.join("::")
    }
}

fn arrows_between_folders_of_lower() -> Arrows {
    let folder = |file: &str| {
        let mut steps = file.split("::");
        (steps.next() == Some("lower")).then(|| steps.next().unwrap_or("mod").to_owned())
    };
    let arrows = arrows(&own_files("koil-macros/src"));
    let between = arrows.iter();
    let between = between.filter_map(|(from, to)| Some((folder(from)?, folder(to)?)));
    between.filter(|(from, to)| from != to).collect()
}

fn folders_of(arrows: &Arrows) -> BTreeSet<&String> {
    arrows.iter().flat_map(|(from, to)| [from, to]).collect()
}

/// Sets of files that reach each other.
fn circles(arrows: &Arrows) -> BTreeSet<BTreeSet<&String>> {
    let reached = |start: &String| {
        let mut reached = BTreeSet::new();
        let mut left = vec![start];
        while let Some(at) = left.pop() {
            let next = arrows.iter().filter(|(from, _)| from == at);
            left.extend(
                next.map(|(_, to)| to)
                    .filter(|to| reached.insert((*to).clone())),
            );
        }
        reached
    };
    let all = folders_of(arrows);
    let reach: BTreeMap<_, _> = all.iter().map(|file| (*file, reached(file))).collect();
    let circles = all.iter().filter(|file| reach[*file].contains(**file));
    circles
        .map(|file| {
            let members = all.iter();
            let members = members
                .filter(|other| reach[*file].contains(**other) && reach[*other].contains(*file));
            members.copied().collect()
        })
        .collect()
}
