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
                attrs.extend(beside_made(&mem::take(&mut known)));
                attr.to_tokens(&mut attrs);
            }
        }
    }
    if attrs.is_empty() {
        return docs(&known);
    }
    attrs.extend(beside_made(&known));
    attrs
}

/// Lines before or after a made one. rustdoc trims empty lines at both ends of an attribute, and
/// would join two paragraphs; an attribute of its own stays an empty line.
fn beside_made(lines: &[String]) -> TokenStream {
    let is_text = |line: &String| !line.trim().is_empty();
    let (Some(first), Some(last)) = (
        lines.iter().position(is_text),
        lines.iter().rposition(is_text),
    ) else {
        return lines.iter().map(|_| quote!(#[doc = ""])).collect();
    };
    let gap = |is_there: bool| is_there.then(|| quote!(#[doc = ""]));
    let (before, after) = (gap(first > 0), gap(last + 1 < lines.len()));
    let docs = docs(&lines[first..=last]);
    quote!(#before #docs #after)
}

pub(super) fn documented(lines: &[DocLine], attrs: &[Attribute]) -> TokenStream {
    let docs = doc_attrs(lines);
    quote!(#docs #(#attrs)*)
}
