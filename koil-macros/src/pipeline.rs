//! The pipeline of every attribute: parse, lower, expand, assemble. The item survives every error.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Attribute as Written;

use crate::{
    args,
    error::{Error, Mistakes},
    expand, lower,
    model::Model,
    syntax::{
        Item, Kind,
        attribute::Attribute,
        conditional::{Forms, forms},
        helpers::strip_helpers,
    },
};

/// The item, and the code that the attribute generates for it.
pub(crate) fn run(attribute: Attribute, args: TokenStream, item: TokenStream) -> TokenStream {
    let generated = match forms(&item, attribute) {
        Ok(None) => generated(attribute, args, item.clone(), &[]),
        Ok(Some(Forms {
            holds,
            with,
            fails,
            without,
        })) => {
            let with = generated(attribute, args.clone(), with, &[holds]);
            let without = generated(attribute, args, without, &[fails]);
            quote!(#with #without)
        }
        Err(mistake) => mistake.write_errors(),
    };
    // The original comes first: editors look at the first place that a token was expanded to.
    let item = strip_helpers(item, attribute);
    quote!(#item #generated)
}

/// The twin, and the mistakes, under these conditions.
fn generated(
    attribute: Attribute,
    args: TokenStream,
    item: TokenStream,
    conditions: &[Written],
) -> TokenStream {
    let mut mistakes = Mistakes::default();
    let model = read(attribute, args, item, &mut mistakes);
    let twin = model.map(|mut model| {
        model.gate(conditions);
        expand::expand(&model)
    });
    let mistakes = mistakes.into_errors(conditions);
    quote!(#twin #mistakes)
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
