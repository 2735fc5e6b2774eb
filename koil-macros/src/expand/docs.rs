//! Doc comments and attributes of generated items.

use std::mem;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Attribute;

use crate::model::DocLine;

/// One attribute for all lines: rustdoc reads the same text, and each attribute costs compile time.
pub(super) fn docs(lines: &[String]) -> TokenStream {
    if lines.is_empty() {
        return TokenStream::new();
    }
    let lines = lines.join("\n");
    quote!(#[doc = #lines])
}

/// The lines in their order, those between two made ones in one attribute.
fn doc_attrs(lines: &[DocLine]) -> TokenStream {
    let (mut attrs, mut known) = (TokenStream::new(), Vec::new());
    for line in lines {
        match line {
            DocLine::Text(text) => known.push(text.clone()),
            DocLine::Made(attr) => {
                attrs.extend(docs(&mem::take(&mut known)));
                attr.to_tokens(&mut attrs);
            }
        }
    }
    attrs.extend(docs(&known));
    attrs
}

pub(super) fn documented(lines: &[DocLine], attrs: &[Attribute]) -> TokenStream {
    let docs = doc_attrs(lines);
    quote!(#docs #(#attrs)*)
}
