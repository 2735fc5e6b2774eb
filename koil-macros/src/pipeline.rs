//! The one road of every attribute: parse, lower, expand, assemble. The item survives every error.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    args,
    error::{Error, Result, checked},
    expand, lower,
    model::Model,
    syntax::{Item, Kind, attrs::strip_helpers},
};

/// `#[koiled(..)]`
pub(crate) fn koiled(args: TokenStream, item: TokenStream) -> TokenStream {
    let twin = read_koiled(args, item.clone()).map(|model| expand::expand(&model));
    assemble(item, twin)
}

/// `#[koil(..)]` where no `#[koiled]` has read and removed it.
pub(crate) fn stray_helper(item: TokenStream) -> TokenStream {
    let stray = Error::custom(
        "`#[koil(..)]` needs `#[koiled]` on the surrounding impl or trait; add it there, or above this line",
    );
    assemble(item, Err(stray))
}

fn read_koiled(args: TokenStream, item: TokenStream) -> Result<Model> {
    let kind = Kind::of(&item)?;
    let item = Item::parse(kind, item)?;
    match args::koiled(args, kind) {
        Ok(koiled) => lower::koiled(&item, &koiled),
        // The item may have mistakes of its own, which do not depend on the options.
        Err(errors) => checked(Err(errors), lower::koiled(&item, &args::Koiled::default())),
    }
}

/// The original first: editors look at the first place that a token went to.
fn assemble(item: TokenStream, twin: Result<TokenStream>) -> TokenStream {
    let item = strip_helpers(item);
    match twin {
        Ok(twin) => quote!(#item #twin),
        Err(errors) => {
            let errors = errors.write_errors();
            quote!(#item #errors)
        }
    }
}
