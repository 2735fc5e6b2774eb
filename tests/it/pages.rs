//! The pages name tests, and those are there: `suite::module::test`, or a whole module of them.

use std::fs;
use std::path::Path;

const PAGES: [&str; 10] = [
    "ARCHITECTURE.md",
    "STYLE.md",
    "docs/desktop.md",
    "docs/priorities.md",
    "docs/promises.md",
    "docs/what-happens-when.md",
    "docs/where-you-can-block.md",
    "docs/which-tool-when.md",
    "docs/who-drives.md",
    "tests/rows.md",
];

/// Ways of a page to name a file.
const FOLDERS: [&str; 4] = ["tests/", "ui-tests/", "examples/", "koil-inline/tests/"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(page: &str) -> String {
    fs::read_to_string(root().join(page)).unwrap()
}

/// The words in backticks.
fn quoted(page: &str) -> impl Iterator<Item = &str> {
    page.lines()
        .flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// The error in the name of a test or file; `None` also for words that name neither.
fn lack(name: &str) -> Option<String> {
    if FOLDERS.iter().any(|folder| name.starts_with(folder)) {
        return (!root().join(name).exists()).then(|| format!("{name} is not there"));
    }
    let parts: Vec<_> = name.split("::").collect();
    let (suite, module) = (*parts.first()?, *parts.get(1)?);
    if suite == "programs" {
        let text = ["endings", "lost", "held", "backtraces"]
            .map(|file| read(&format!("tests/programs/{file}.rs")));
        let found = text.concat().contains(&format!("name: \"{module}\""));
        return (!found).then(|| format!("there is no program {module}"));
    }
    let folder = match suite {
        "tidy" => "tests",
        "snapshots" | "mistakes" | "mutations" => "koil-macros/src",
        _ if parts.contains(&"models") => "koil-runtime/src",
        _ if root().join("tests").join(suite).is_dir() => "tests",
        _ => return None,
    };
    let file = (1..=parts.len()).rev().find_map(|steps| {
        let path = root().join(folder).join(parts[..steps].join("/"));
        let files = [
            path.with_extension("rs"),
            path.join("mod.rs"),
            path.join("main.rs"),
        ];
        let text = files
            .iter()
            .find_map(|file| fs::read_to_string(file).ok())?;
        Some((text, &parts[steps..]))
    });
    let found = file.is_some_and(|(text, rest)| match rest {
        [] => true,
        [test] => text.contains(&format!("fn {test}(")),
        _ => false,
    });
    (!found).then(|| format!("there is no {name}"))
}

#[test]
fn every_test_that_a_page_names_is_there() {
    for page in PAGES {
        let text = read(page);
        let lacks: Vec<_> = quoted(&text).filter_map(lack).collect();
        assert!(lacks.is_empty(), "{page}: {lacks:#?}");
    }
    for name in [
        "it::pages::not_there",
        "it::not_there",
        "programs::no",
        "tidy::not_there",
    ] {
        assert!(lack(name).is_some(), "{name}");
    }
    for name in [
        "it::pages",
        "it::pages::lack",
        "koil::unkoil",
        "queue::models",
    ] {
        assert!(lack(name).is_none(), "{name}");
    }
}

/// The cells of each row of a page, without the heads of its tables.
fn rows(text: &str) -> Vec<Vec<&str>> {
    let lines: Vec<_> = text.lines().chain([""]).collect();
    let is_rule = |line: &&str| line.starts_with("| ---");
    let rows = lines
        .windows(2)
        .filter(|pair| pair[0].starts_with('|') && !pair.iter().any(is_rule));
    rows.map(|pair| {
        pair[0]
            .trim_matches('|')
            .split('|')
            .map(str::trim)
            .collect()
    })
    .collect()
}

#[test]
fn every_promise_names_its_tests() {
    let text = read("docs/promises.md");
    for row in rows(&text) {
        let [promise, tests] = row[..] else {
            panic!("a promise and its tests: {row:?}");
        };
        let names = |word: &str| word.contains("::") || word.contains('/');
        assert!(quoted(tests).any(names), "{promise}");
    }
}

/// Each row of the table of what happens when has its tests among the promises.
#[test]
fn every_row_of_what_happens_when_names_its_tests() {
    let numbers = |page: &str, cells: usize| -> Vec<u32> {
        let text = read(page);
        let numbered = rows(&text).into_iter().filter_map(|row| {
            let number = row[0].parse().ok()?;
            assert_eq!(row.len(), cells, "{page}: {row:?}");
            Some(number)
        });
        numbered.collect()
    };
    let table = numbers("docs/what-happens-when.md", 8);
    assert!(table.len() >= 12);
    assert_eq!(table, numbers("docs/promises.md", 2));
}

/// Each row about pinned objects names the tests that assert it.
#[test]
fn every_row_about_pinned_objects_names_its_tests() {
    let text = read("docs/what-happens-when.md");
    let (_, section) = text.split_once("## An object on a thread").unwrap();
    let (section, _) = section.split_once("A `Koil` that you own").unwrap();
    let rows = rows(section);
    assert!(rows.len() >= 12);
    for row in rows {
        let [when, _, _, shown] = row[..] else {
            panic!("a moment, its calls, the object, and tests: {row:?}");
        };
        assert!(
            quoted(shown).any(|name| name.starts_with("it::pinned")),
            "{when}"
        );
    }
}

/// Every behaviour of the libraries that koil follows has a test, a reason, or is open.
#[test]
fn every_row_has_a_test_or_a_reason() {
    let ranges = |library: &str| match library {
        "K" => vec![1..=38, 40..=53, 60..=73, 80..=94, 100..=108],
        "L" | "G" => vec![1..=8],
        "P" => vec![1..=15],
        "A" => vec![1..=25],
        "Y" => vec![1..=20, 30..=41],
        "S" => vec![60..=76],
        _ => vec![1..=10],
    };
    let expected: Vec<String> = ["K", "L", "P", "A", "Y", "G", "N", "S"]
        .into_iter()
        .flat_map(|library| {
            let numbers = ranges(library).into_iter().flatten();
            numbers.map(move |number: u32| format!("{library}{number}"))
        })
        .collect();
    let text = read("tests/rows.md");
    let rows = rows(&text);
    let found: Vec<_> = rows.iter().map(|row| row[0]).collect();
    assert_eq!(found, expected);
    for row in rows {
        let [number, behaviour, shown] = row[..] else {
            panic!("a row, its behaviour, and what shows it: {row:?}");
        };
        assert!(!behaviour.is_empty(), "{number}");
        let is_name = |word: &str| word.contains("::") || word.contains('/');
        let is_answered = shown.starts_with("none: ") || shown.starts_with("open");
        assert!(
            is_answered || quoted(shown).any(is_name),
            "{number}: {shown}"
        );
    }
}
