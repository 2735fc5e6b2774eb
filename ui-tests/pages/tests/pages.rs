//! The pages of twins, as rustdoc renders them: `tests/pages/` has the text of each.
//!
//! `UPDATE_EXPECT=1` writes the texts.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::{env, fs, mem};

use expect_test::expect_file;

#[test]
fn the_page_of_a_type_shows_what_it_can_do() {
    expect_file!["pages/client.txt"].assert_eq(&page("struct.BlockingClient.html"));
}

#[test]
fn the_page_of_a_type_shows_its_sync_methods() {
    expect_file!["pages/rows.txt"].assert_eq(&page("struct.BlockingRows.html"));
}

#[test]
fn the_page_of_a_type_with_a_plain_name_says_only_that_name() {
    expect_file!["pages/account.txt"].assert_eq(&page("blocking/struct.Account.html"));
}

#[test]
fn the_page_of_a_stream_shows_an_iterator() {
    expect_file!["pages/names.txt"].assert_eq(&page("struct.BlockingNames.html"));
}

#[test]
fn the_page_of_a_reader_shows_read() {
    expect_file!["pages/body.txt"].assert_eq(&page("struct.BlockingBody.html"));
}

#[test]
fn the_page_of_an_original_ends_with_the_way_to_its_twin() {
    expect_file!["pages/original.txt"].assert_eq(&page("struct.Client.html"));
}

#[test]
fn the_page_of_a_function_begins_with_its_own_words() {
    expect_file!["pages/fetch.txt"].assert_eq(&page("fn.fetch_blocking.html"));
}

#[test]
fn the_page_of_a_trait_has_the_methods_in_their_order() {
    expect_file!["pages/store.txt"].assert_eq(&page("trait.BlockingStore.html"));
}

#[test]
fn a_list_of_items_shows_the_first_sentence_of_the_original() {
    expect_file!["pages/all.txt"].assert_eq(&page("index.html"));
}

/// The text of a page.
fn page(name: &str) -> String {
    let file = docs().join(name);
    let html = fs::read_to_string(&file);
    let html = html.unwrap_or_else(|error| panic!("there is a page {name}: {error}"));
    text(&html)
}

/// The folder of the rendered docs.
fn docs() -> &'static Path {
    static DOCS: OnceLock<PathBuf> = OnceLock::new();
    DOCS.get_or_init(|| {
        // Not the usual folder: another cargo may be at work there.
        let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("docs");
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["doc", "--package", env!("CARGO_PKG_NAME"), "--no-deps"]);
        cargo
            .args(["--offline", "--quiet", "--target-dir"])
            .arg(&target);
        cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
        cargo.env("RUSTDOCFLAGS", "-Dwarnings");
        cargo.env("CARGO_PROFILE_DEV_DEBUG", "0");
        let status = cargo.status().expect("cargo can be started");
        assert!(status.success(), "the docs can be rendered");
        target.join("doc").join("koil_ui_tests_pages")
    })
}

/// The content of a page, one line per block of text: headings with `#`, signatures with their
/// code, links in prose with the place to which they lead. Auto traits and blanket impls are the same
/// for all types and left out.
fn text(html: &str) -> String {
    let content = html
        .find("id=\"main-content\"")
        .expect("a page has content");
    let content = &html[content..];
    let end = [
        "id=\"synthetic-implementations\"",
        "id=\"implementors\"",
        "</main>",
    ]
    .into_iter()
    .filter_map(|mark| content.find(mark))
    .min();
    let content = &content[..end.unwrap_or(content.len())];
    let content = content
        .rsplit_once("<h2")
        .map_or(content, |(before, last)| {
            if last.contains("</h2>") {
                content
            } else {
                before
            }
        });
    let mut text = Text::default();
    for piece in content.split('<').skip(1) {
        let (tag, words) = piece.split_once('>').unwrap_or(("", piece));
        text.tag(tag);
        text.words(words);
    }
    text.end_line();
    text.lines.join("\n") + "\n"
}

/// The indentation of signatures and headers of impls.
const CODE: &str = "    ";

/// The heading over the impls of traits.
const TRAITS: &str = "## Trait Implementations";

#[derive(Default)]
struct Text {
    lines: Vec<String>,
    line: String,
    /// The places of links that are open.
    links: Vec<String>,
    /// Is the source of this item in std? Then it is a provided method of a trait.
    is_of_std: bool,
    /// Links, buttons and the like, which are no text of the page.
    skipped: usize,
}

impl Text {
    fn tag(&mut self, tag: &str) {
        let name = tag.split([' ', '\n']).next().unwrap_or_default();
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" => {
                self.end_line();
                let is_code = tag.contains("code-header");
                self.line += if is_code { CODE } else { "## " };
            }
            "p" | "li" | "dt" | "dd" | "div" | "pre" | "details" | "section" | "/h1" | "/h2"
            | "/h3" | "/h4" | "/h5" | "/p" | "/li" | "/dt" | "/dd" | "/div" | "/pre" => {
                self.end_line();
            }
            "a" => {
                if tag.contains("class=\"src") {
                    self.is_of_std = tag.contains("https://");
                }
                self.links.push(place(tag));
            }
            "/a" => {
                let link = self.links.pop().unwrap_or_default();
                if !link.is_empty() && !self.is_code() {
                    self.line.extend(["(", &link, ")"]);
                }
            }
            "button" => self.skipped += 1,
            "/button" => self.skipped -= 1,
            _ => {}
        }
    }

    fn is_code(&self) -> bool {
        self.line.starts_with(CODE)
    }

    fn words(&mut self, words: &str) {
        if self.skipped > 0 {
            return;
        }
        let words = words
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&")
            .replace("&#39;", "'")
            .replace("&quot;", "\"")
            .replace("&nbsp;", " ")
            .replace(['\n', '\u{200b}'], " ");
        self.line += &words;
    }

    fn end_line(&mut self) {
        let line = mem::take(&mut self.line).replace('§', "");
        let is_code = line.starts_with(CODE);
        let words: Vec<&str> = line.split_whitespace().collect();
        let words = words.join(" ");
        // The prose below an impl is that of the trait, and std's changes, as its provided methods do.
        let is_of_trait = self.lines.iter().any(|line| line == TRAITS);
        let is_kept = !is_of_trait || is_code || words.starts_with("where");
        let is_kept = is_kept && !self.is_of_std;
        if is_kept && !is_furniture(&words) {
            let indent = if is_code { CODE } else { "" };
            self.lines.push(format!("{indent}{words}"));
        }
    }
}

/// Is this a button or a link to the source?
fn is_furniture(words: &str) -> bool {
    let words = words.trim_start_matches(|next: char| next.is_ascii_digit() || next == '.');
    ["", "Source", "· Source", "Expand description"].contains(&words.trim())
}

/// The page and anchor of a link between the pages of this package; nothing for other links.
fn place(tag: &str) -> String {
    let target = tag
        .split_once("href=\"")
        .and_then(|(_, rest)| rest.split_once('"'));
    let (target, _) = target.unwrap_or_default();
    if target.starts_with('#') || target.contains("/src/") || target.starts_with("http") {
        return String::new();
    }
    target.to_owned()
}
