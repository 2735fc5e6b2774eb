//! The pipeline of every attribute: parse, lower, expand, assemble. The item survives every error.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    args,
    error::{Error, Result, checked},
    expand,
    lower::{self, Lowered},
    syntax::{Item, Kind, attribute::Attribute, helpers::strip_helpers},
};

/// The item, and the code that the attribute generates for it.
pub(crate) fn run(attribute: Attribute, args: TokenStream, item: TokenStream) -> TokenStream {
    let read = match attribute {
        Attribute::Koiled => read_koiled(args, item.clone()),
        Attribute::Koilable => read_koilable(args, item.clone()),
        Attribute::Threaded | Attribute::ThreadedIterable => {
            read_threaded(attribute, args, item.clone())
        }
    };
    match read {
        Ok((model, mistakes)) => assemble(attribute, item, Some(expand::expand(&model)), mistakes),
        Err(mistakes) => assemble(attribute, item, None, Err(mistakes)),
    }
}

/// Reports a `#[koil(..)]` that no `#[koiled]` has read and removed.
pub(crate) fn stray_helper(item: TokenStream) -> TokenStream {
    let stray = Error::custom(
        "`#[koil(..)]` needs `#[koiled]` on the surrounding impl or trait; add it there, or above this line",
    );
    assemble(Attribute::Koiled, item, None, Err(stray))
}

fn read_koiled(args: TokenStream, item: TokenStream) -> Result<Lowered> {
    let kind = Kind::under(Attribute::Koiled, &item)?;
    let item = Item::parse(kind, item)?;
    let (koiled, mistakes) = args::koiled(args, kind);
    if mistakes.is_ok() {
        return lower::koiled(&item, &koiled);
    }
    match kind {
        // Without the twin type, each use of it would be an error too.
        Kind::Struct | Kind::Enum => match lower::koiled(&item, &koiled) {
            Ok((model, others)) => Ok((model, checked(mistakes, others))),
            Err(others) => checked(mistakes, Err(others)),
        },
        // The item may have mistakes of its own, which do not depend on the options.
        _ => {
            let others = lower::koiled(&item, &args::Koiled::default());
            let others = others.and_then(|(model, others)| others.map(|()| (model, Ok(()))));
            checked(mistakes, others)
        }
    }
}

fn read_koilable(args: TokenStream, item: TokenStream) -> Result<Lowered> {
    let kind = Kind::under(Attribute::Koilable, &item)?;
    let item = Item::parse(kind, item)?;
    let (words, mistakes) = args::koilable(args, kind);
    let model = checked(mistakes, lower::koilable(&item, &words))?;
    Ok((model, Ok(())))
}

fn read_threaded(attribute: Attribute, args: TokenStream, item: TokenStream) -> Result<Lowered> {
    let kind = Kind::under(attribute, &item)?;
    let item = Item::parse(kind, item)?;
    let (words, mistakes) = args::threaded(args, attribute, kind);
    match lower::threaded(&item, attribute, &words) {
        Ok((model, others)) => Ok((model, checked(mistakes, others))),
        Err(others) => checked(mistakes, Err(others)),
    }
}

/// The original comes first: editors look at the first place that a token was expanded to.
fn assemble(
    attribute: Attribute,
    item: TokenStream,
    twin: Option<TokenStream>,
    mistakes: Result<()>,
) -> TokenStream {
    let item = strip_helpers(item, attribute);
    let mistakes = mistakes.err().map(Error::write_errors);
    quote!(#item #twin #mistakes)
}
