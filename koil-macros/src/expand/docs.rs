//! Doc comments of generated items.

use proc_macro2::TokenStream;
use quote::quote;

/// One attribute for all lines: rustdoc reads the same text, and each attribute costs compile time.
pub(super) fn docs(lines: &[String]) -> TokenStream {
    if lines.is_empty() {
        return TokenStream::new();
    }
    let lines = lines.join("\n");
    quote!(#[doc = #lines])
}
