//! Lists the public items of one crate, one per line in a fixed order, from rustdoc's JSON.

use std::error::Error;
use std::path::Path;

use public_api::{Builder, MINIMUM_NIGHTLY_RUST_VERSION};

fn main() -> Result<(), Box<dyn Error>> {
    let json = std::env::args_os()
        .nth(1)
        .ok_or("usage: koil-api FILE.json")?;
    // Impls that rustc adds by itself are left out; `tests/it/auto_traits.rs` holds those that matter.
    let listing = Builder::from_rustdoc_json(&json)
        .sorted(true)
        .omit_auto_trait_impls(true)
        .omit_blanket_impls(true)
        .build()
        .map_err(|error| {
            let file = Path::new(&json).display();
            format!("{file}: {error}; it takes the JSON of {MINIMUM_NIGHTLY_RUST_VERSION} or later, and for a later format a newer `public-api` in tools/api")
        })?;
    println!("{listing}");
    Ok(())
}
