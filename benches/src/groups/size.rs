//! Group `size`: the binary of a small client, with twins and with a bridge written by hand.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::Command;

use super::{Group, MakeCase, Scene, When};
use crate::harness::{Case, Quantity, Spent, Variant, each_call};
use crate::rivals::KOIL;

pub static GROUP: Group = Group {
    name: "size",
    about: "the binary of a small client; builds it first",
    when: When::Slow,
    cases,
};

fn cases<'a>(_scene: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    vec![Box::new(|| {
        let variants = [
            built(KOIL, "client_koil"),
            built("channel (reqwest style)", "client_channel"),
            built("own runtime, no thread", "client_own"),
        ];
        Case::new("stripped binary", "binary", variants)
            .of(Quantity::Size)
            .counted(1, 1, 1)
    })]
}

fn built(name: &'static str, example: &'static str) -> Variant<'static> {
    let length = build(example).expect("cargo builds the examples of this package");
    Variant::new(name, each_call(move |_| Spent::amount(length)))
}

/// Builds an example of this package beside this program, and returns the size of its file.
fn build(example: &str) -> io::Result<f64> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["rustc", "--quiet", "--release", "--manifest-path", manifest])
        .args(["--example", example])
        // For this one binary only, so that its dependencies are not built again.
        .args(["--", "-C", "strip=symbols"])
        .status()?;
    if !status.success() {
        return Err(io::Error::other(format!("`{example}` does not build")));
    }
    let beside = std::env::current_exe()?;
    let folder: PathBuf = beside.parent().map(PathBuf::from).unwrap_or_default();
    let file = folder.join("examples").join(example);
    Ok(fs::metadata(file.with_extension(std::env::consts::EXE_EXTENSION))?.len() as f64)
}
