//! The pages name tests, and those are there: `suite::module::test`, or a whole module of them.

use std::fs;
use std::path::Path;

const PAGES: [&str; 4] = [
    "ARCHITECTURE.md",
    "docs/what-happens-when.md",
    "docs/promises.md",
    "docs/where-you-can-block.md",
];

/// The words in backticks.
fn quoted(page: &str) -> impl Iterator<Item = &str> {
    page.lines()
        .flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// What is wrong with the name of a test, if it is one.
fn lack(name: &str) -> Option<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    if name.starts_with("tests/") {
        return (!root.join(name).exists()).then(|| format!("{name} is not there"));
    }
    let mut parts = name.split("::");
    let (suite, module) = (parts.next()?, parts.next()?);
    let folder = root.join("tests").join(suite);
    if !folder.is_dir() {
        return None;
    }
    if suite == "programs" {
        let files = ["endings.rs", "backtraces.rs"].map(|file| folder.join(file));
        let text = files.map(|file| fs::read_to_string(file).unwrap()).concat();
        let found = text.contains(&format!("name: \"{module}\""));
        return (!found).then(|| format!("there is no program {module}"));
    }
    let Ok(text) = fs::read_to_string(folder.join(module).with_extension("rs")) else {
        return Some(format!("there is no module {suite}::{module}"));
    };
    let wanted = parts.next()?;
    let found = text.contains(&format!("fn {wanted}("));
    (!found).then(|| format!("there is no test {wanted} in {suite}::{module}"))
}

#[test]
fn every_test_that_a_page_names_is_there() {
    for page in PAGES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
        let text = fs::read_to_string(path).unwrap();
        let lacks: Vec<_> = quoted(&text).filter_map(lack).collect();
        assert!(lacks.is_empty(), "{page}: {lacks:#?}");
    }
    assert!(lack("it::pages::not_there").is_some() && lack("programs::not_there").is_some());
    assert!(lack("it::pages").is_none() && lack("koil::unkoil").is_none());
}

/// Each row of the large table has its tests in the small one.
#[test]
fn every_row_of_what_happens_when_names_its_tests() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/what-happens-when.md");
    let text = fs::read_to_string(path).unwrap();
    let (table, tests) = text.split_once("## Which test holds a row").unwrap();
    let rows = |text: &str| -> Vec<(u32, usize)> {
        let rows = text.lines().filter_map(|line| {
            let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
            let tests = quoted(line).filter(|word| word.contains("::")).count();
            Some((
                cells.first()?.parse().ok()?,
                if cells.len() == 2 { tests } else { cells.len() },
            ))
        });
        rows.collect()
    };
    let (table, tests) = (rows(table), rows(tests));
    assert!(
        table.len() >= 12 && table.iter().all(|row| row.1 == 8),
        "{table:?}"
    );
    let numbers = |rows: &[(u32, usize)]| rows.iter().map(|row| row.0).collect::<Vec<_>>();
    assert_eq!(numbers(&table), numbers(&tests));
    assert!(tests.iter().all(|row| row.1 > 0), "{tests:?}");
}
