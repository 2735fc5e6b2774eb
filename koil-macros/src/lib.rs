//! The attributes of koil, each one line into the pipeline.

mod args;
mod error;
mod expand;
mod lower;
mod model;
mod pipeline;
mod syntax;

#[cfg(test)]
mod mistakes;
#[cfg(test)]
mod snapshots;

use proc_macro::TokenStream;

/// Gives async code a blocking twin.
#[proc_macro_attribute]
pub fn koiled(args: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::koiled(args.into(), item.into()).into()
}

/// Says something about one method of a `#[koiled]` block.
#[proc_macro_attribute]
pub fn koil(_: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::stray_helper(item.into()).into()
}
