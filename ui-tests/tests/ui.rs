//! Odd but legal code compiles and runs (`pass/`); every mistake is explained (`fail/`).

use std::io::Write as _;
use std::process::Command;

/// The texts of rustc that stand in `fail/*.stderr` are those of this version.
const BLESSED_WITH: &str = "1.95";

#[test]
fn odd_but_legal_items_have_twins() {
    trybuild::TestCases::new().pass("pass/*.rs");
}

#[test]
fn mistakes_are_explained() {
    let rustc = rustc_minor();
    if rustc.as_deref() != Some(BLESSED_WITH) {
        let found = rustc.unwrap_or_else(|| "an unknown version".to_owned());
        // Past the harness, which shows what a test prints only if it fails.
        let _ = writeln!(
            std::io::stderr(),
            "mistakes_are_explained is skipped: rustc words its own errors anew in each version; \
             the expected texts are those of {BLESSED_WITH}, this is {found}"
        );
        return;
    }
    trybuild::TestCases::new().compile_fail("fail/*.rs");
}

/// `1.95` of `rustc 1.95.0 (..)`; nothing for nightly, whose texts change daily.
fn rustc_minor() -> Option<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let version = text.split_whitespace().nth(1)?;
    if version.contains('-') {
        return None;
    }
    let (minor, _patch) = version.rsplit_once('.')?;
    Some(minor.to_owned())
}
