//! The rules of layout, layers and comments, held by reading the sources.

mod numbers;
mod source;

use source::{everything, read, sources, words};

/// The folders of koil-macros, and which others each may mention.
const MACROS: &[(&str, &[&str])] = &[
    ("lib", &["pipeline"]),
    (
        "pipeline",
        &["args", "error", "expand", "lower", "model", "syntax"],
    ),
    ("lower", &["args", "error", "model", "syntax", "tokens"]),
    ("expand", &["model", "tokens"]),
    ("args", &["error", "model", "syntax"]),
    ("syntax", &["error", "tokens"]),
    ("model", &[]),
    ("error", &[]),
    ("tokens", &[]),
    // Tests: they go through the pipeline.
    ("mistakes", &["pipeline", "syntax"]),
    ("mutations", &["pipeline", "syntax"]),
    ("snapshots", &["pipeline", "syntax"]),
];

/// The folders of koil-runtime, from the top down: a folder may mention only those further down.
const RUNTIME: &[&[&str]] = &[
    &["lib", "private"],
    &["lifecycle", "ui", "sched"],
    &["bridge", "threads"],
    &["call"],
    OWNERS,
    &["drive"],
    &["current"],
    &["pool"],
    &["executor"],
    &["scope"],
    &["queue"],
    &["report"],
    &["sync", "fork"],
];

/// Owning and finding a loop is one thing in four files, which may mention each other.
const OWNERS: &[&str] = &["koil", "builder", "global", "handle"];

/// Longer files are two files.
const LINES: usize = 400;

#[test]
fn the_layers_of_the_macros_point_one_way() {
    for source in sources("koil-macros/src") {
        let folder = source.folder();
        let allowed = MACROS.iter().find(|(name, _)| *name == folder);
        let allowed =
            allowed.unwrap_or_else(|| panic!("{folder} is no folder of `MACROS` in this test"));
        for other in source.mentions() {
            let known = MACROS.iter().any(|(name, _)| *name == other);
            let fine = other == folder || !known || allowed.1.contains(&other.as_str());
            assert!(fine, "{source}: `{folder}` may not mention `{other}`");
        }
    }
}

#[test]
fn the_layers_of_the_runtime_point_one_way() {
    let level_of = |folder: &str| RUNTIME.iter().position(|level| level.contains(&folder));
    for source in sources("koil-runtime/src") {
        let folder = source.folder();
        let level = level_of(&folder);
        let level =
            level.unwrap_or_else(|| panic!("{folder} is no folder of `RUNTIME` in this test"));
        for other in source.mentions() {
            let Some(other_level) = level_of(&other) else {
                continue;
            };
            let among_owners = level == other_level && OWNERS.contains(&other.as_str());
            let fine = other == folder || other_level > level || among_owners;
            assert!(fine, "{source}: `{folder}` may not mention `{other}`");
        }
    }
}

#[test]
fn a_folder_uses_only_the_tools_of_its_trade() {
    let banned = [
        ("koil-macros/src", &["koil_runtime"][..]),
        ("koil-macros/src/model.rs", &["quote::", "darling"]),
        ("koil-macros/src/expand", &["darling", "syn::parse"]),
        ("koil-runtime/src", &["koil_macros", "syn::", "quote::"]),
        ("src", &["fn ", "struct ", "enum ", "impl "]),
    ];
    for (place, words) in banned {
        for source in sources(place)
            .into_iter()
            .filter(|source| !source.is_test())
        {
            for word in words {
                let found = source.code().find(|(_, line)| line.contains(word));
                assert!(found.is_none(), "{source} may not say `{word}`: {found:?}");
            }
        }
    }
}

#[test]
fn drive_alone_touches_the_runtime_of_tokio() {
    let tools = ["Runtime", "Builder::new_", "block_in_place"];
    // `current` owns the runtime of a loop that callers may drive, and does not drive it.
    let owner = "koil-runtime/src/current/relay/runtime.rs";
    for source in sources("koil-runtime/src") {
        let is_free = source.folder() == "drive" || source.path.ends_with(owner);
        for (at, line) in source.code().filter(|_| !is_free) {
            let found = tools.into_iter().find(|tool| match *tool {
                // A word of its own: `RuntimeFlavor` is not meant.
                "Runtime" => words(line).any(|word| word == "Runtime"),
                tool => line.contains(tool),
            });
            assert!(
                found.is_none(),
                "{source}:{at}: {found:?} belongs to `drive`"
            );
        }
    }
}

#[test]
fn a_file_opens_with_its_one_job() {
    for source in everything() {
        let first = source.text.lines().next().unwrap_or_default();
        let job = first
            .strip_prefix("//!")
            .or_else(|| first.strip_prefix("//"));
        let job = job.unwrap_or_default().trim();
        assert!(
            job.len() > 10,
            "{source} opens with a line that says what it is for"
        );
    }
}

#[test]
fn no_file_is_too_long() {
    for source in everything() {
        let lines = source.text.lines().count();
        assert!(
            lines <= LINES,
            "{source} has {lines} lines, {LINES} are enough"
        );
    }
}

#[test]
fn a_sentence_of_a_comment_names_its_subject_first() {
    let riddles = ["What", "Who", "Whoever", "Whose", "Whom", "Those"];
    let folders = [
        "koil-inline",
        "koil-macros/src",
        "koil-runtime/src",
        "src",
        "examples",
        "benches/src",
        "benches/examples",
        "tools",
        "tests",
        "ui-tests",
    ];
    for source in folders.into_iter().flat_map(sources) {
        for (at, line) in source.text.lines().enumerate() {
            let Some(comment) = line.trim_start().strip_prefix("//") else {
                continue;
            };
            let mut before = ".";
            for word in comment.trim_start_matches(['/', '!']).split_whitespace() {
                let opens = before.ends_with(['.', ':']) && riddles.contains(&word);
                assert!(!opens, "{source}:{}: name what `{word}` stands for", at + 1);
                before = word;
            }
        }
    }
}

#[test]
fn unsafe_code_says_why_it_is_sound() {
    // Not this file, which only talks of it.
    let others = everything()
        .into_iter()
        .filter(|source| !source.path.ends_with(file!()));
    for source in others {
        for (at, line) in source.code() {
            let declares = line.contains("unsafe fn") || line.contains("unsafe trait");
            let does = line.contains("unsafe {") || line.contains("unsafe impl");
            let proved = source.says_above(at, "// SAFETY:", 8);
            // A contract for who calls; the fns of an unsafe trait say that they keep it.
            let fine = proved || declares && source.says_above(at, "# Safety", 16);
            // The code of a template is proved beside the contract of the trait.
            let template = source.path.starts_with("koil-macros");
            if (declares || does) && !line.contains("type ") && !template {
                assert!(fine, "{source}:{at} needs `// SAFETY:` or `# Safety`");
            }
        }
    }
}

#[test]
fn an_atomic_ordering_says_what_it_pairs_with() {
    let names = ["Relaxed", "Acquire", "Release", "AcqRel", "SeqCst"];
    for source in everything().into_iter().filter(|source| !source.is_test()) {
        for (at, line) in source.code() {
            if names
                .iter()
                .any(|name| line.contains(&format!("Ordering::{name}")))
            {
                let fine = source.says_above(at, "// ORDERING:", 10);
                assert!(fine, "{source}:{at} needs `// ORDERING:`");
            }
        }
    }
}

#[test]
fn the_thread_locals_are_on_one_page() {
    let page = read("koil-runtime/src/current/README.md");
    let mut count = 0;
    let crates = [sources("koil-runtime/src"), sources("koil-inline/src")];
    for source in crates.into_iter().flatten() {
        let is_inside = |line: &str| line.contains("thread_local!(static ");
        let mut in_block = false;
        for (at, line) in source.code().filter(|_| !source.is_test()) {
            in_block = line.contains("thread_local! {") || in_block && line.trim() != "}";
            let Some((_, rest)) = line.split_once("static ") else {
                continue;
            };
            if in_block || is_inside(line) {
                let name = rest.split(':').next().unwrap_or_default();
                let row = format!("| `{name}` |");
                assert!(page.contains(&row), "{source}:{at}: `{name}` is on no page");
                count += 1;
            }
        }
    }
    let rows = page.matches("\n| `").count();
    assert_eq!(rows, count, "each row of the page is a thread-local");
}

#[test]
fn the_crates_move_together() {
    let manifest = read("Cargo.toml");
    let version = format!("version = \"={}\"", version(&manifest));
    for name in ["koil-inline", "koil-macros", "koil-runtime"] {
        let pin = manifest
            .lines()
            .find(|line| line.starts_with(&format!("{name} = ")));
        let pin = pin.unwrap_or_else(|| panic!("the workspace pins {name}"));
        assert!(pin.contains(&version), "{pin}\nshould say {version}");
        assert!(read(&format!("{name}/Cargo.toml")).contains("version.workspace = true"));
    }
}

#[test]
fn the_changelog_knows_this_version() {
    let changelog = read("CHANGELOG.md");
    let version = version(&read("Cargo.toml"));
    let mut headings = changelog.lines().filter(|line| line.starts_with("## "));
    let knows = headings.any(|line| line.contains(&version) || line.contains("Unreleased"));
    assert!(
        knows,
        "CHANGELOG.md has a heading with {version} or Unreleased"
    );
}

fn version(manifest: &str) -> String {
    let line = manifest.lines().find(|line| line.starts_with("version = "));
    let line = line.expect("the workspace has a version");
    line.trim_start_matches("version = ")
        .trim_matches('"')
        .to_owned()
}
