//! Doc comments and attributes of generated items.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Attribute;

/// One attribute for all lines: rustdoc reads the same text, and each attribute costs compile time.
pub(super) fn docs(lines: &[String]) -> TokenStream {
    if lines.is_empty() {
        return TokenStream::new();
    }
    let lines = lines.join("\n");
    quote!(#[doc = #lines])
}

pub(super) fn documented(lines: &[String], attrs: &[Attribute]) -> TokenStream {
    let docs = docs(lines);
    quote!(#docs #(#attrs)*)
}
