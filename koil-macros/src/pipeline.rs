//! The pipeline of every attribute: parse, lower, expand, assemble. The item survives every error.

use std::slice;

use proc_macro2::TokenStream;
use quote::quote;
use syn::Attribute as Written;

use crate::{
    args,
    error::{Error, Mistakes},
    expand, lower,
    model::{Model, Twin},
    syntax::{
        Item, Kind,
        attribute::Attribute,
        conditional::{Forms, forms},
        helpers::strip_helpers,
    },
};

/// The item, and the code that the attribute generates for it.
pub(crate) fn run(attribute: Attribute, args: TokenStream, item: TokenStream) -> TokenStream {
    let Generated { original, twins } = match forms(&item, attribute) {
        Ok(None) => generated(attribute, args, item.clone(), &[]),
        Ok(Some(Forms {
            holds,
            with,
            fails,
            without,
        })) => {
            let (with_item, without_item) = (with, without);
            let under = |condition: &Written, item: &TokenStream| {
                let condition = slice::from_ref(condition);
                generated(attribute, args.clone(), item.clone(), condition)
            };
            let with = under(&holds, &with_item);
            let without = under(&fails, &without_item);
            let (one, other) = (&with.twins, &without.twins);
            let twins = quote!(#one #other);
            match (with.original, without.original) {
                (None, None) => Generated {
                    original: None,
                    twins,
                },
                // The original has other names in each form.
                (one, other) => {
                    let one = one.unwrap_or_else(|| gated(&holds, &with_item, attribute));
                    let other = other.unwrap_or_else(|| gated(&fails, &without_item, attribute));
                    Generated {
                        original: Some(quote!(#one #other)),
                        twins,
                    }
                }
            }
        }
        Err(mistake) => Generated {
            original: None,
            twins: mistake.write_errors(),
        },
    };
    // The original comes first: editors look at the first place that a token was expanded to.
    let original = original.unwrap_or_else(|| strip_helpers(item, attribute));
    quote!(#original #twins)
}

/// The output for one form of an item.
struct Generated {
    /// The original, if its functions get other names.
    original: Option<TokenStream>,
    /// The twins, and the mistakes.
    twins: TokenStream,
}

/// The item as written, under a condition.
fn gated(condition: &Written, item: &TokenStream, attribute: Attribute) -> TokenStream {
    let item = strip_helpers(item.clone(), attribute);
    quote!(#condition #item)
}

/// The twin, and the mistakes, under these conditions.
fn generated(
    attribute: Attribute,
    args: TokenStream,
    item: TokenStream,
    conditions: &[Written],
) -> Generated {
    let mut mistakes = Mistakes::default();
    let mut model = read(attribute, args, item.clone(), &mut mistakes);
    if let Some(model) = &mut model {
        model.gate(conditions);
    }
    let moves = model.as_ref().filter(|model| model.moves_original());
    let original = moves.map(|model| {
        let original = expand::original(strip_helpers(item, attribute), model);
        // The conditions of a function are on the parts of it.
        let conditions = if matches!(model.twin, Twin::Fn(_)) {
            &[]
        } else {
            conditions
        };
        quote!(#(#conditions)* #original)
    });
    let twin = model.as_ref().map(expand::expand);
    let mistakes = mistakes.into_errors(conditions);
    Generated {
        original,
        twins: quote!(#twin #mistakes),
    }
}

/// Reports a `#[koil(..)]` that no `#[koiled]` has read and removed.
pub(crate) fn stray_helper(item: TokenStream) -> TokenStream {
    let mistake = Error::custom(
        "`#[koil(..)]` needs `#[koiled]` on the surrounding impl or trait; add it there, or above this line",
    );
    let item = strip_helpers(item, Attribute::Koiled);
    let mistake = mistake.write_errors();
    quote!(#item #mistake)
}

/// The model of what is right about the item.
fn read(
    attribute: Attribute,
    args: TokenStream,
    item: TokenStream,
    mistakes: &mut Mistakes,
) -> Option<Model> {
    let kind = mistakes.take(attribute.kind_of(&item))?;
    let mut item = mistakes.take(Item::parse(kind, item))?;
    match attribute {
        Attribute::Koiled => {
            let (options, wrong) = args::koiled(args, kind);
            mistakes.take(item.mark_skipped(&options.skip));
            let is_type = matches!(kind, Kind::Struct | Kind::Enum);
            // Without the twin type, each use of it would be an error too.
            if mistakes.take(wrong).is_some() || is_type {
                return lower::koiled(&item, &options, mistakes);
            }
            // The item may have mistakes of its own, which do not depend on the options.
            lower::koiled(&item, &args::Koiled::default(), mistakes);
            None
        }
        Attribute::Koilable => {
            let (options, wrong) = args::koilable(args, kind);
            let read = mistakes.take(wrong);
            lower::koilable(&item, &options, mistakes).filter(|_| read.is_some())
        }
        Attribute::Threaded | Attribute::ThreadedIterable => {
            let (options, wrong) = args::threaded(args, attribute, kind);
            mistakes.take(wrong);
            lower::threaded(&item, attribute, &options, mistakes)
        }
    }
}
