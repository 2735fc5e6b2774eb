//! The one road of every attribute: parse, lower, expand, assemble. The item survives every error.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    args,
    error::{Error, Result, checked},
    expand,
    lower::{self, Lowered},
    syntax::{Item, Kind, attribute::Attribute, attrs::strip_helpers},
};

/// `#[koiled(..)]`
pub(crate) fn koiled(args: TokenStream, item: TokenStream) -> TokenStream {
    match read_koiled(args, item.clone()) {
        Ok((model, mistakes)) => assemble(item, Some(expand::expand(&model)), mistakes),
        Err(mistakes) => assemble(item, None, Err(mistakes)),
    }
}

/// `#[koil(..)]` where no `#[koiled]` has read and removed it.
pub(crate) fn stray_helper(item: TokenStream) -> TokenStream {
    let stray = Error::custom(
        "`#[koil(..)]` needs `#[koiled]` on the surrounding impl or trait; add it there, or above this line",
    );
    assemble(item, None, Err(stray))
}

fn read_koiled(args: TokenStream, item: TokenStream) -> Result<Lowered> {
    let kind = Kind::under(Attribute::Koiled, &item)?;
    let item = Item::parse(kind, item)?;
    let (koiled, mistakes) = args::koiled(args, kind);
    if mistakes.is_ok() {
        return lower::koiled(&item, &koiled);
    }
    match kind {
        // Without the type each use of it would be a mistake too.
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

/// The original first: editors look at the first place that a token went to.
fn assemble(item: TokenStream, twin: Option<TokenStream>, mistakes: Result<()>) -> TokenStream {
    let item = strip_helpers(item);
    let mistakes = mistakes.err().map(Error::write_errors);
    quote!(#item #twin #mistakes)
}
