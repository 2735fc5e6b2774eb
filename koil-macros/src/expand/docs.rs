//! Doc comments.

use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn docs(lines: &[String]) -> TokenStream {
    quote!(#(#[doc = #lines])*)
}
