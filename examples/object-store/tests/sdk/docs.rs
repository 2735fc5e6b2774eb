//! The docs of the twins read as if written by hand, and the numbers of the README are right.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{env, fs};

use crate::watchdog::Watchdog;

/// The first time, all dependencies are checked; after that it takes a second.
const LIMIT: Duration = Duration::from_secs(600);

#[test]
fn the_pages_of_twins_read_as_if_written_by_hand() {
    let _watchdog = Watchdog::within(LIMIT);
    let docs = Docs::render();
    let twins = docs.pages_of_twins();
    assert_eq!(twins.len(), 7, "one for each type, one for the trait");
    for twin in twins {
        let original = twin.original();
        nothing_async_is_on(&twin);
        every_method_is_documented_on(&twin);
        the_docs_link_both_ways(&twin, &original);
        what_is_async_has_a_twin(&original, &twin);
    }
}

#[test]
fn the_readme_counts_the_attributes_right() {
    let _watchdog = Watchdog::start();
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = fs::read_dir(package.join("src")).expect("there are sources");
    let attributes = sources.map(|source| {
        let path = source.expect("a source").path();
        let text = fs::read_to_string(path).expect("a source is text");
        let lines = text.lines().map(str::trim_start);
        lines.filter(|line| line.starts_with("#[koil")).count()
    });
    let line = format!("`#[koil(std)]` | {} |", attributes.sum::<usize>());
    let readme = fs::read_to_string(package.join("README.md")).expect("there is a README");
    assert!(readme.contains(&line), "README.md says `{line}`");
}

fn nothing_async_is_on(twin: &Page) {
    let file = &twin.file;
    let text = plain(&twin.html);
    for word in ["async fn", "impl Future", "Future<Output", ".await"] {
        assert!(!text.contains(word), "{file} speaks of `{word}`");
    }
    let through_deref = ["Methods from Deref", "impl-Deref-for", "impl-DerefMut-for"];
    for word in through_deref {
        assert!(!twin.html.contains(word), "{file} has `{word}`");
    }
}

fn every_method_is_documented_on(twin: &Page) {
    for method in twin.methods() {
        let paragraphs = method.docs.split("<p>").skip(1);
        let links = ["Blocking twin of", "From the original"];
        let mut prose = paragraphs.filter(|text| !links.iter().any(|link| text.starts_with(link)));
        assert!(
            prose.next().is_some(),
            "{}#{} has no docs",
            twin.file,
            method.id
        );
    }
}

fn the_docs_link_both_ways(twin: &Page, original: &Page) {
    let back = format!("Blocking twin of <a href=\"{}\"", original.file);
    assert!(
        twin.html.contains(&back),
        "{} links its original",
        twin.file
    );
    let there = format!("href=\"{}\"", twin.file);
    let links = original.html.contains(&there);
    assert!(links, "{} links its twin", original.file);

    for Method { id, docs, .. } in twin.methods() {
        let link = format!("href=\"{}#{id}\"", original.file);
        assert!(
            docs.contains(&link),
            "{}#{id} links its original",
            twin.file
        );
        let target = format!("id=\"{id}\"");
        assert!(original.html.contains(&target), "{link} leads somewhere");
    }
}

fn what_is_async_has_a_twin(original: &Page, twin: &Page) {
    let twins = twin.methods();
    for Method { id, signature, .. } in original.methods() {
        let is_async = ["async fn", "impl Future", "impl Stream", "impl Async"];
        if is_async.iter().any(|word| signature.contains(word)) {
            let found = twins.iter().any(|twin| twin.id == id);
            assert!(found, "{}#{id} has a twin in {}", original.file, twin.file);
        }
    }
}

/// The rendered docs of the package.
struct Docs {
    folder: PathBuf,
}

impl Docs {
    /// In a folder of their own, since another cargo may be at work in the usual one.
    fn render() -> Docs {
        let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("docs");
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["doc", "--package", env!("CARGO_PKG_NAME")]);
        cargo.args(["--no-deps", "--offline", "--quiet", "--target-dir"]);
        cargo.arg(&target).current_dir(env!("CARGO_MANIFEST_DIR"));
        cargo.env("CARGO_PROFILE_DEV_DEBUG", "0");
        let status = cargo.status().expect("cargo can be started");
        assert!(status.success(), "the docs can be rendered");
        Docs {
            folder: target.join("doc").join("koil_object_store"),
        }
    }

    fn pages_of_twins(&self) -> Vec<Page> {
        let entries = fs::read_dir(&self.folder).expect("the docs have been rendered");
        let names = entries.map(|entry| entry.expect("a file of the docs").file_name());
        let names = names.map(|name| name.to_string_lossy().into_owned());
        let twins = names.filter(|name| name.contains(".Blocking"));
        twins
            .map(|name| Page::read(self.folder.clone(), name))
            .collect()
    }
}

/// The page of an item, from its heading on.
struct Page {
    folder: PathBuf,
    file: String,
    html: String,
}

/// A method that the page is about: not one of a trait that a type implements.
struct Method {
    id: String,
    signature: String,
    docs: String,
}

impl Page {
    fn read(folder: PathBuf, file: String) -> Page {
        let html = fs::read_to_string(folder.join(&file));
        let html = html.unwrap_or_else(|error| panic!("there is a page {file}: {error}"));
        let main = html
            .find("id=\"main-content\"")
            .expect("a page has content");
        let html = html[main..].to_owned();
        Page { folder, file, html }
    }

    fn original(&self) -> Page {
        Page::read(self.folder.clone(), self.file.replacen("Blocking", "", 1))
    }

    fn methods(&self) -> Vec<Method> {
        let own = self.html.split("id=\"trait-implementations\"").next();
        let sections = own.unwrap_or_default().split("<section id=\"").skip(1);
        let methods = sections
            .filter(|section| section.starts_with("method.") || section.starts_with("tymethod."));
        methods.map(Method::of).collect()
    }
}

impl Method {
    /// Out of what follows `<section id="`.
    fn of(section: &str) -> Method {
        let (id, rest) = section.split_once('"').expect("an id ends");
        let (signature, rest) = rest.split_once("</h4>").expect("a method has a signature");
        let docs = rest.split_once("<div class=\"docblock\">");
        let docs = docs.and_then(|(_, rest)| rest.split("</div>").next());
        Method {
            id: id.to_owned(),
            signature: plain(signature),
            docs: docs.unwrap_or_default().to_owned(),
        }
    }
}

/// The text without its tags.
fn plain(html: &str) -> String {
    let mut text = String::new();
    for piece in html.split('<') {
        text += piece.split_once('>').map_or(piece, |(_, text)| text);
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}
