//! `#[both]` above `#[pymethods]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, Ident, ImplItem, ImplItemFn, ItemImpl, Token};

use crate::signature::{self, Argument, Output};

/// The block without its async methods, and with two methods for Python in place of each.
pub(crate) fn expand(options: TokenStream, mut block: ItemImpl) -> syn::Result<TokenStream> {
    let options: Options = syn::parse2(options)?;
    if !block.attrs.iter().any(|attribute| {
        let last = attribute.path().segments.last();
        last.is_some_and(|last| last.ident == "pymethods")
    }) {
        return Err(syn::Error::new_spanned(
            &block.self_ty,
            "`#[both]` stands above `#[pymethods]`, and this block has none below it",
        ));
    }
    let mut originals = Vec::new();
    let mut seen = Vec::new();
    for item in std::mem::take(&mut block.items) {
        match item {
            ImplItem::Fn(method) if concerns(&method) => {
                seen.push(methods(&method)?);
                originals.push(original(method));
            }
            other => seen.push(quote!(#other)),
        }
    }
    if let Some(field) = &options.context {
        originals.push(context_originals(field));
        seen.push(context_methods());
    }
    let ItemImpl {
        attrs,
        generics,
        self_ty,
        ..
    } = &block;
    Ok(quote! {
        impl #generics #self_ty { #(#originals)* }
        #(#attrs)* impl #generics #self_ty { #(#seen)* }
    })
}

/// The options of the attribute.
struct Options {
    context: Option<Expr>,
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> syn::Result<Options> {
        let mut context = None;
        while !input.is_empty() {
            let name: Ident = input.parse()?;
            if name != "context" || context.is_some() {
                return Err(syn::Error::new_spanned(
                    name,
                    "the one option is `context = self.field`, once",
                ));
            }
            input.parse::<Token![=]>()?;
            context = Some(input.parse()?);
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(Options { context })
    }
}

fn concerns(method: &ImplItemFn) -> bool {
    method.sig.asyncness.is_some() || signature::output(&method.sig).is_stream()
}

fn original(mut method: ImplItemFn) -> TokenStream {
    method.attrs = signature::of_original(&method.attrs).cloned().collect();
    signature::strip_parameters(&mut method.sig);
    quote!(#method)
}

/// The methods for Python, of one original.
fn methods(method: &ImplItemFn) -> syn::Result<TokenStream> {
    signature::check(&method.sig)?;
    if let Some(attribute) = method.attrs.iter().find(|attribute| {
        ["new", "classmethod", "getter", "setter"]
            .iter()
            .any(|name| attribute.path().is_ident(name))
    }) {
        return Err(syn::Error::new_spanned(
            attribute,
            "this cannot be awaited in Python; write a method, or a `#[staticmethod]`",
        ));
    }
    let arguments = signature::arguments(&method.sig)?;
    let output = signature::output(&method.sig);
    if method.sig.asyncness.is_none() {
        return Ok(plain(method, &arguments, &output));
    }
    let blocking = blocking(method, &arguments, &output);
    let awaited = awaited(method, &arguments, &output);
    Ok(quote!(#blocking #awaited))
}

/// A method that returns a stream at once.
fn plain(method: &ImplItemFn, arguments: &[Argument], output: &Output) -> TokenStream {
    let name = &method.sig.ident;
    let hidden = signature::hidden(&name.to_string());
    let attributes = signature::attributes(&method.attrs, name, false);
    let receiver = method.sig.receiver().map(|_| quote!(&self,));
    let this = method.sig.receiver().map(|_| quote!(self,));
    let parameters = arguments.iter().map(Argument::parameter);
    let passed = arguments.iter().map(Argument::passed);
    let seen = output.seen();
    let value = output.convert(&quote!(Self::#name(#this #(#passed),*)));
    quote! {
        #attributes
        fn #hidden(#receiver #(#parameters),*) -> ::koil_python::private::PyResult<#seen> {
            let __koil = ::koil_python::private::runtime();
            let __entered = __koil.tokio().enter();
            #value
        }
    }
}

fn blocking(method: &ImplItemFn, arguments: &[Argument], output: &Output) -> TokenStream {
    let name = &method.sig.ident;
    let hidden = signature::hidden(&name.to_string());
    let attributes = signature::attributes(&method.attrs, name, false);
    let receiver = method.sig.receiver().map(|_| quote!(&self,));
    let this = method.sig.receiver().map(|_| quote!(self,));
    let parameters = arguments.iter().map(Argument::parameter);
    let passed = arguments.iter().map(Argument::passed);
    let seen = output.seen();
    let value = output.convert(&quote!(
        ::koil_python::block(__py, Self::#name(#this #(#passed),*))?
    ));
    quote! {
        #attributes
        fn #hidden(
            #receiver __py: ::koil_python::private::Python<'_>, #(#parameters),*
        ) -> ::koil_python::private::PyResult<#seen> {
            #value
        }
    }
}

fn awaited(method: &ImplItemFn, arguments: &[Argument], output: &Output) -> TokenStream {
    let name = &method.sig.ident;
    let hidden = signature::hidden(&signature::async_name(name).to_string());
    let attributes = signature::attributes(&method.attrs, name, true);
    let receiver = method
        .sig
        .receiver()
        .map(|_| quote!(__this: ::koil_python::private::Py<Self>,));
    let this = method.sig.receiver().map(|_| quote!(__this.get(),));
    let parameters = arguments.iter().map(Argument::parameter);
    let passed = arguments.iter().map(Argument::passed_copy);
    let copies = arguments.iter().map(Argument::copy);
    let seen = output.awaited();
    let value = output.convert_awaited(&quote!(Self::#name(#this #(#passed),*).await));
    quote! {
        #attributes
        fn #hidden<'py>(
            #receiver __py: ::koil_python::private::Python<'py>, #(#parameters),*
        ) -> ::koil_python::private::PyResult<::koil_python::Awaitable<'py, #seen>> {
            #(#copies)*
            ::koil_python::spawn(__py, async move { #value })
        }
    }
}

/// The two originals behind the methods of a context manager.
fn context_originals(field: &Expr) -> TokenStream {
    quote! {
        async fn __koil_enter(&self) -> ::koil_python::private::PyResult<()> {
            (#field).enter().await
        }

        async fn __koil_exit(&self, failed: bool) -> ::koil_python::private::PyResult<()> {
            (#field).exit(failed).await
        }
    }
}

/// The four methods of a context manager.
fn context_methods() -> TokenStream {
    quote! {
        fn __enter__(
            __this: ::koil_python::private::Py<Self>,
            __py: ::koil_python::private::Python<'_>,
        ) -> ::koil_python::private::PyResult<::koil_python::private::Py<Self>> {
            ::koil_python::block(__py, __this.get().__koil_enter())??;
            ::koil_python::private::PyResult::Ok(__this)
        }

        fn __exit__(
            &self,
            __py: ::koil_python::private::Python<'_>,
            kind: &::koil_python::private::Bound<'_, ::koil_python::private::PyAny>,
            value: &::koil_python::private::Bound<'_, ::koil_python::private::PyAny>,
            traceback: &::koil_python::private::Bound<'_, ::koil_python::private::PyAny>,
        ) -> ::koil_python::private::PyResult<()> {
            let __failed = ::koil_python::private::failed(kind, value, traceback);
            ::koil_python::block(__py, self.__koil_exit(__failed))?
        }

        fn __aenter__<'py>(
            __this: ::koil_python::private::Py<Self>,
            __py: ::koil_python::private::Python<'py>,
        ) -> ::koil_python::private::PyResult<::koil_python::Awaitable<'py, ::koil_python::private::Py<Self>>> {
            ::koil_python::spawn(__py, async move {
                __this.get().__koil_enter().await?;
                ::koil_python::private::PyResult::Ok(__this)
            })
        }

        fn __aexit__<'py>(
            __this: ::koil_python::private::Py<Self>,
            __py: ::koil_python::private::Python<'py>,
            kind: &::koil_python::private::Bound<'py, ::koil_python::private::PyAny>,
            value: &::koil_python::private::Bound<'py, ::koil_python::private::PyAny>,
            traceback: &::koil_python::private::Bound<'py, ::koil_python::private::PyAny>,
        ) -> ::koil_python::private::PyResult<::koil_python::Awaitable<'py, ::koil_python::private::Nothing>> {
            let __failed = ::koil_python::private::failed(kind, value, traceback);
            ::koil_python::spawn(__py, async move {
                __this.get().__koil_exit(__failed).await?;
                ::koil_python::private::PyResult::Ok(::koil_python::private::Nothing)
            })
        }
    }
}
