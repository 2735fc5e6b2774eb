//! The attribute `#[both]` of koil-python.

mod block;
mod function;
#[cfg(test)]
mod mistakes;
mod signature;

use proc_macro::TokenStream;
use syn::Item;

/// Gives Python each `async fn` twice: a blocking function, and `name_async` for asyncio.
///
/// Above `#[pymethods]`, each `async fn` of the block stays as it is for Rust code, and Python gets a
/// method of its name that blocks, and one named `name_async` that returns an awaitable. Methods that
/// return a stream (`BoxStream<'static, T>` or `impl Stream<Item = T> + Send + 'static`) give an
/// object for `for` and `async for`. Docs and `#[pyo3(..)]` attributes go to both. Other methods
/// are left alone.
///
/// Above `#[pyfunction]`, the function of that name blocks, and `name_async` beside it awaits; add
/// both to the module.
///
/// Arguments are owned (`String`), or `&str`, `&[T]` and `&Path`, for which Python's value is copied.
/// Receivers are `&self`, and the class is `frozen`. Futures are `Send`, and an error type converts
/// into `PyErr`.
///
/// # Options
///
/// `context = self.field`: the class is a context manager, for `with` and `async with`; the field is
/// a `koil_python::Context`.
#[proc_macro_attribute]
pub fn both(options: TokenStream, item: TokenStream) -> TokenStream {
    let original = proc_macro2::TokenStream::from(item.clone());
    match expand(options.into(), item.into()) {
        Ok(tokens) => tokens.into(),
        // The item is kept, so that this is the one error.
        Err(error) => {
            let error = error.into_compile_error();
            quote::quote!(#original #error).into()
        }
    }
}

fn expand(
    options: proc_macro2::TokenStream,
    item: proc_macro2::TokenStream,
) -> syn::Result<proc_macro2::TokenStream> {
    match syn::parse2::<Item>(item)? {
        Item::Impl(block) => block::expand(options, block),
        Item::Fn(function) => function::expand(options, function),
        other => Err(syn::Error::new_spanned(
            other,
            "`#[both]` is for `#[pymethods]` blocks and `#[pyfunction]`s",
        )),
    }
}
