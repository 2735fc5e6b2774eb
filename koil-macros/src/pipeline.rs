//! The pipeline of every attribute: parse, lower, expand, assemble. The item survives every error.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    args,
    error::{Error, Mistakes},
    expand, lower,
    model::Model,
    syntax::{Item, Kind, attribute::Attribute, helpers::strip_helpers},
};

/// The item, and the code that the attribute generates for it.
pub(crate) fn run(attribute: Attribute, args: TokenStream, item: TokenStream) -> TokenStream {
    let mut mistakes = Mistakes::default();
    let model = read(attribute, args, item.clone(), &mut mistakes);
    let twin = model.map(|model| expand::expand(&model));
    assemble(attribute, item, twin, mistakes)
}

/// Reports a `#[koil(..)]` that no `#[koiled]` has read and removed.
pub(crate) fn stray_helper(item: TokenStream) -> TokenStream {
    let mut mistakes = Mistakes::default();
    mistakes.push(Error::custom(
        "`#[koil(..)]` needs `#[koiled]` on the surrounding impl or trait; add it there, or above this line",
    ));
    assemble(Attribute::Koiled, item, None, mistakes)
}

/// The model of what is right about the item.
fn read(
    attribute: Attribute,
    args: TokenStream,
    item: TokenStream,
    mistakes: &mut Mistakes,
) -> Option<Model> {
    let kind = mistakes.take(attribute.kind_of(&item))?;
    let item = mistakes.take(Item::parse(kind, item))?;
    match attribute {
        Attribute::Koiled => {
            let (options, wrong) = args::koiled(args, kind);
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

/// The original comes first: editors look at the first place that a token was expanded to.
fn assemble(
    attribute: Attribute,
    item: TokenStream,
    twin: Option<TokenStream>,
    mistakes: Mistakes,
) -> TokenStream {
    let item = strip_helpers(item, attribute);
    let mistakes = mistakes.into_errors();
    quote!(#item #twin #mistakes)
}
