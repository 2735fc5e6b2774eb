//! Mutation test: no panic of the macros on a hundred thousand damaged items, the same in each run.

mod corpus;
mod damage;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use proc_macro2::TokenStream;

use self::{
    corpus::{Source, corpus},
    damage::{Dice, damaged},
};
use crate::syntax::{attribute::Attribute, helpers::strip_helpers};

const ITEMS: usize = 100_000;
const SEED: u64 = 0x6b6f_696c;

#[test]
fn the_corpus_itself_is_understood() {
    let corpus = corpus();
    assert!(corpus.len() > 300, "only {} items found", corpus.len());
    for parsed in corpus.iter().map(parsed) {
        if let Err(what) = check(&parsed) {
            panic!("{what}");
        }
    }
}

#[test]
fn no_damage_makes_the_macros_panic() {
    let corpus = corpus();
    let threads = thread::available_parallelism().map_or(2, usize::from);
    let found: Vec<Found> = thread::scope(|scope| {
        let work = |first| (first..ITEMS).step_by(threads);
        let threads: Vec<_> = (0..threads)
            .map(|thread| {
                let corpus = &corpus;
                scope.spawn(move || {
                    let parsed: Vec<_> = corpus.iter().map(parsed).collect();
                    work(thread)
                        .map(|number| survives(&parsed, number))
                        .collect()
                })
            })
            .collect();
        let found = threads
            .into_iter()
            .map(|thread| thread.join().expect("a result"));
        found.flat_map(|found: Vec<Found>| found).collect()
    });
    let failures: Vec<&String> = found
        .iter()
        .filter_map(|found| found.as_ref().err())
        .collect();
    assert!(
        failures.is_empty(),
        "{} failures, among them:\n{}",
        failures.len(),
        failures[..failures.len().min(5)]
            .iter()
            .map(|what| what.as_str())
            .collect::<Vec<_>>()
            .join("\n\n")
    );
    // Otherwise the damage is so great that only the parser is tested.
    let parsed = found
        .iter()
        .filter(|found| matches!(found, Ok(Left::Rust)))
        .count();
    assert!(parsed > ITEMS / 5, "only {parsed} of {ITEMS} still parsed");
}

type Found = Result<Left, String>;

/// The state of an item after the damage.
enum Left {
    Rust,
    Rubble,
}

/// The damage depends on the number alone, not on the thread.
fn survives(corpus: &[Parsed], number: usize) -> Found {
    let mut dice = Dice::new(SEED ^ number as u64);
    let mut parsed = corpus[dice.below(corpus.len())].clone();
    for _ in 0..=dice.below(2) {
        if dice.below(6) == 0 {
            parsed.args = damaged(parsed.args, &mut dice);
        } else {
            parsed.item = damaged(parsed.item, &mut dice);
        }
    }
    check(&parsed)
}

/// Checks that there is no panic, that the original comes first, and that Rust code follows it.
fn check(parsed: &Parsed) -> Found {
    let Parsed {
        attribute,
        args,
        item,
    } = parsed;
    let at = || format!("#[{}({args})] {item}", attribute.name());
    let expand = || crate::pipeline::run(*attribute, args.clone(), item.clone());
    let Ok(expanded) = catch_unwind(AssertUnwindSafe(expand)) else {
        return Err(format!("a panic: {}", at()));
    };
    let kept = strip_helpers(item.clone(), *attribute);
    // With `aio` functions of the original get other names, unless there is a mistake.
    let stays =
        !args.to_string().contains("aio") || expanded.to_string().starts_with(&kept.to_string());
    let length = if stays {
        kept.clone().into_iter().count()
    } else {
        0
    };
    let mut rest = expanded.into_iter();
    let original: TokenStream = rest.by_ref().take(length).collect();
    let (original, kept, written) = (original.to_string(), kept.to_string(), item.to_string());
    let helped = written.contains("koil") || written.contains("threaded");
    if stays && (original != kept || original != written && !helped) {
        return Err(format!("the original is not there: {}", at()));
    }
    let twin: TokenStream = rest.collect();
    let is_rust = syn::parse2::<syn::Item>(item.clone()).is_ok();
    if !stays && !is_rust {
        return Ok(Left::Rubble);
    }
    if twin.is_empty() {
        return Err(format!("neither a twin nor a mistake: {}", at()));
    }
    if let Err(error) = syn::parse2::<syn::File>(twin.clone()) {
        return Err(format!("no Rust, {error}: {}\nbecame\n{twin}", at()));
    }
    Ok(if is_rust { Left::Rust } else { Left::Rubble })
}

#[derive(Clone)]
struct Parsed {
    attribute: Attribute,
    args: TokenStream,
    item: TokenStream,
}

fn parsed(source: &Source) -> Parsed {
    let tokens = |text: &str| text.parse().expect("the corpus is made of tokens");
    Parsed {
        attribute: source.attribute,
        args: tokens(&source.args),
        item: tokens(&source.item),
    }
}
