//! `#[both]` above `#[pyfunction]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ItemFn;

use crate::signature::{self, Argument};

/// The original under a hidden name, and two functions for Python.
pub(crate) fn expand(options: TokenStream, function: ItemFn) -> syn::Result<TokenStream> {
    if !options.is_empty() {
        return Err(syn::Error::new_spanned(
            options,
            "`#[both]` has no options above a function",
        ));
    }
    if !function
        .attrs
        .iter()
        .any(|attribute| attribute.path().is_ident("pyfunction"))
    {
        return Err(syn::Error::new_spanned(
            &function.sig.ident,
            "`#[both]` stands above `#[pyfunction]`, and this function has none below it",
        ));
    }
    if function.sig.asyncness.is_none() {
        return Err(syn::Error::new_spanned(
            function.sig.fn_token,
            "this function is not async; `#[pyfunction]` alone does",
        ));
    }
    signature::check(&function.sig)?;
    let arguments = signature::arguments(&function.sig)?;
    let output = signature::output(&function.sig);
    let name = &function.sig.ident;
    let original_name = signature::hidden(&name.to_string());
    let async_name = signature::async_name(name);
    let mut original = function.clone();
    original.attrs = signature::of_original(&function.attrs).cloned().collect();
    original.sig.ident = original_name.clone();
    original.vis = syn::Visibility::Inherited;
    signature::strip_parameters(&mut original.sig);

    let visibility = &function.vis;
    let blocking = signature::attributes(&function.attrs, name, false);
    let awaited = signature::attributes(&function.attrs, name, true);
    let parameters: Vec<_> = arguments.iter().map(Argument::parameter).collect();
    let passed = arguments.iter().map(Argument::passed);
    let passed_copies = arguments.iter().map(Argument::passed_copy);
    let copies = arguments.iter().map(Argument::copy);
    let (seen, seen_later) = (output.seen(), output.awaited());
    let blocking_value = output.convert(&quote!(
        ::koil_python::block(__py, #original_name(#(#passed),*))?
    ));
    let awaited_value = output.convert_awaited(&quote!(#original_name(#(#passed_copies),*).await));
    Ok(quote! {
        #original

        #blocking
        #visibility fn #name(
            __py: ::koil_python::private::Python<'_>, #(#parameters),*
        ) -> ::koil_python::private::PyResult<#seen> {
            #blocking_value
        }

        #awaited
        #visibility fn #async_name<'py>(
            __py: ::koil_python::private::Python<'py>, #(#parameters),*
        ) -> ::koil_python::private::PyResult<::koil_python::Awaitable<'py, #seen_later>> {
            #(#copies)*
            ::koil_python::spawn(__py, async move { #awaited_value })
        }
    })
}
