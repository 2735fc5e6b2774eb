//! The page for users shows these tables, word by word.

use std::fmt::Write as _;
use std::path::Path;

use crate::calls::Call;
use crate::table::{self, Mark};

const PAGE: &str = "docs/where-you-can-block.md";

#[test]
fn the_page_shows_the_tables() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let page = std::fs::read_to_string(page).expect("the page is there");
    for table in [table::TWINS, table::LENT, table::WORKERS, table::ADOPTED] {
        let expected = markdown(table);
        assert!(
            page.contains(&expected),
            "{PAGE} should show this table:\n\n{expected}"
        );
    }
}

fn markdown(table: &'static str) -> String {
    let mut text = String::from("| |");
    for call in Call::ALL {
        let _ = write!(text, " {} |", call.name());
    }
    text.push_str("\n|---|");
    text.push_str(&":-:|".repeat(Call::ALL.len()));
    text.push('\n');
    for (place, marks) in table::rows(table) {
        let _ = write!(text, "| {place} |");
        for mark in marks {
            let _ = write!(text, " {} |", symbol(mark));
        }
        text.push('\n');
    }
    text
}

fn symbol(mark: Mark) -> &'static str {
    match mark {
        Mark::Fine => "✓",
        Mark::InPoll | Mark::OnLoop | Mark::Stuck | Mark::Ending | Mark::Nowhere => mark.word(),
    }
}
