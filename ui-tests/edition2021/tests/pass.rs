//! The items of `ui-tests/pass` in edition 2021, and what only that edition has.
// The items are as odd as they can be on purpose; what matters are the lints that they turn on.
#![allow(clippy::all, clippy::pedantic, clippy::multiple_unsafe_ops_per_block)]

macro_rules! same_as_in_2024 {
    ($($file:ident: $path:literal),* $(,)?) => {$(
        #[path = $path]
        mod $file;

        #[test]
        fn $file() {
            $file::main();
        }
    )*};
}

same_as_in_2024! {
    aio: "../../pass/aio.rs",
    arguments: "../../pass/arguments.rs",
    attributes: "../../pass/attributes.rs",
    beside: "../../pass/beside.rs",
    callbacks: "../../pass/callbacks.rs",
    context: "../../pass/context.rs",
    docs: "../../pass/docs.rs",
    fixed: "../../pass/fixed.rs",
    forwards_with: "../../pass/forwards_with.rs",
    futures_: "../../pass/futures.rs",
    generics: "../../pass/generics.rs",
    handles: "../../pass/handles.rs",
    hygiene: "../../pass/hygiene.rs",
    lend: "../../pass/lend.rs",
    lifetimes: "../../pass/lifetimes.rs",
    inline: "../../pass/inline.rs",
    io_traits: "../../pass/io_traits.rs",
    std_arguments: "../../pass/std_arguments.rs",
    koilable: "../../pass/koilable.rs",
    koilable_parts: "../../pass/koilable_parts.rs",
    mapping: "../../pass/mapping.rs",
    names: "../../pass/names.rs",
    noisy: "../../pass/noisy.rs",
    odds: "../../pass/odds.rs",
    panics: "../../pass/panics.rs",
    params: "../../pass/params.rs",
    pinned: "../../pass/pinned.rs",
    places: "../../pass/places.rs",
    receivers: "../../pass/receivers.rs",
    scenery: "../../pass/scenery.rs",
    sdks: "../../pass/sdks.rs",
    streams: "../../pass/streams.rs",
    strict: "../../pass/strict.rs",
    suffix: "../../pass/suffix.rs",
    threaded: "../../pass/threaded.rs",
    threaded_places: "../../pass/threaded_places.rs",
    threaded_traits: "../../pass/threaded_traits.rs",
    traits_objects: "../../pass/traits_objects.rs",
    traits_odd: "../../pass/traits_odd.rs",
    types: "../../pass/types.rs",
    values: "../../pass/values.rs",
}

/// Every file is listed above.
#[test]
fn none_is_missing() {
    let list = include_str!("pass.rs");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../pass");
    for file in std::fs::read_dir(folder).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        assert!(
            !name.ends_with(".rs") || list.contains(&format!("/pass/{name}\"")),
            "{name} is missing"
        );
    }
}

mod only_2021;
