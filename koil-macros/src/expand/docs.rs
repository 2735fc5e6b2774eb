//! Doc comments.

use proc_macro2::TokenStream;
use quote::quote;

/// All lines in one attribute: rustdoc reads the same, and each attribute is dear.
pub(super) fn docs(lines: &[String]) -> TokenStream {
    if lines.is_empty() {
        return TokenStream::new();
    }
    let lines = lines.join("\n");
    quote!(#[doc = #lines])
}
