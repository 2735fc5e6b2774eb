//! The signature of an async function, as Python's two functions need it.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{
    Attribute, FnArg, GenericArgument, Ident, Meta, Pat, PathArguments, ReceiverKind, ReturnType,
    Signature, Token, Type, TypeParamBound, parse_quote,
};

/// One parameter: how the generated functions take it, and how the original gets it.
pub(crate) struct Argument {
    attrs: Vec<Attribute>,
    name: Ident,
    taken: Type,
    form: Form,
}

/// The form in which a parameter is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A value that the original takes.
    Value,
    /// A value that the original borrows.
    Lent,
    /// A borrowed value of Python, which an awaitable copies.
    Borrowed,
}

/// The parameters without the receiver.
pub(crate) fn arguments(signature: &Signature) -> syn::Result<Vec<Argument>> {
    let typed = signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(typed),
        FnArg::Receiver(_) => None,
    });
    typed
        .map(|typed| {
            let Pat::Ident(pattern) = &*typed.pat else {
                return Err(syn::Error::new_spanned(
                    &typed.pat,
                    "Python needs the name of this parameter; destructure it in the body",
                ));
            };
            if matches!(&*typed.ty, Type::Path(path) if last_is(&path.path, &["Python"])) {
                return Err(syn::Error::new_spanned(
                    &typed.ty,
                    "async code does not hold the lock of the interpreter while it waits; use \
                     `Python::attach` where it is needed",
                ));
            }
            let (taken, form) = match &*typed.ty {
                Type::Reference(reference) => borrowed(reference)?,
                ty => (ty.clone(), Form::Value),
            };
            Ok(Argument {
                attrs: typed.attrs.clone(),
                name: pattern.ident.clone(),
                taken,
                form,
            })
        })
        .collect()
}

impl Argument {
    /// The parameter of a generated function.
    pub(crate) fn parameter(&self) -> TokenStream {
        let Argument {
            attrs, name, taken, ..
        } = self;
        quote!(#(#attrs)* #name: #taken)
    }

    /// The statement by which an awaitable gets a value of its own.
    pub(crate) fn copy(&self) -> TokenStream {
        let name = &self.name;
        match self.form {
            Form::Borrowed => quote!(let #name = ::std::borrow::ToOwned::to_owned(#name);),
            Form::Value | Form::Lent => TokenStream::new(),
        }
    }

    /// The argument for the original, in a function that blocks.
    pub(crate) fn passed(&self) -> TokenStream {
        let name = &self.name;
        match self.form {
            Form::Lent => quote!(&#name),
            Form::Value | Form::Borrowed => quote!(#name),
        }
    }

    /// The argument for the original, in an awaitable.
    pub(crate) fn passed_copy(&self) -> TokenStream {
        let name = &self.name;
        match self.form {
            Form::Lent | Form::Borrowed => quote!(&#name),
            Form::Value => quote!(#name),
        }
    }
}

/// The type in which a borrowed argument is taken from Python.
fn borrowed(reference: &syn::TypeReference) -> syn::Result<(Type, Form)> {
    if reference.mutability.is_none() {
        match &*reference.elem {
            Type::Path(path) if path.path.is_ident("str") => {
                return Ok((parse_quote!(&str), Form::Borrowed));
            }
            Type::Slice(slice) => {
                let element = &slice.elem;
                let taken = match &**element {
                    Type::Path(path) if path.path.is_ident("u8") => {
                        (parse_quote!(&[u8]), Form::Borrowed)
                    }
                    _ => (parse_quote!(::std::vec::Vec<#element>), Form::Lent),
                };
                return Ok(taken);
            }
            Type::Path(path) if last_is(&path.path, &["Path"]) => {
                return Ok((parse_quote!(::std::path::PathBuf), Form::Lent));
            }
            _ => {}
        }
    }
    Err(syn::Error::new_spanned(
        reference,
        "an awaitable outlives its call, so it cannot borrow this; take an owned value, or `&str`, \
         `&[T]` or `&Path`",
    ))
}

/// The value of a function, for Python.
pub(crate) struct Output {
    /// The type of a success.
    value: Type,
    is_result: bool,
    /// The type of the items, if the value is a stream.
    items: Option<Box<Output>>,
}

/// Reads the returned type: a `Result` by its name, a stream by `BoxStream` or `impl Stream`.
pub(crate) fn output(signature: &Signature) -> Output {
    match &signature.output {
        ReturnType::Default => Output {
            value: parse_quote!(()),
            is_result: false,
            items: None,
        },
        ReturnType::Type(_, ty) => output_of(ty),
    }
}

fn output_of(ty: &Type) -> Output {
    let (value, is_result) = match ok_type(ty) {
        Some(value) => (value, true),
        None => (ty.clone(), false),
    };
    let items = stream_item(&value).map(|item| Box::new(output_of(&item)));
    Output {
        value,
        is_result,
        items,
    }
}

/// `T` of a `Result<T, ..>` or `PyResult<T>`.
fn ok_type(ty: &Type) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    if !last_is(&path.path, &["Result", "PyResult"]) {
        return None;
    }
    types_of(&path.path.segments.last()?.arguments)
        .into_iter()
        .next()
}

/// The item of a `BoxStream<'static, T>`, an `impl Stream<Item = T>` or a box of one.
fn stream_item(ty: &Type) -> Option<Type> {
    match ty {
        Type::Path(path) => {
            let last = path.path.segments.last()?;
            let types = types_of(&last.arguments);
            match last.ident.to_string().as_str() {
                "BoxStream" => types.into_iter().next(),
                "Pin" | "Box" => stream_item(types.first()?),
                _ => None,
            }
        }
        Type::ImplTrait(ty) => ty.bounds.iter().find_map(item_of_bound),
        Type::TraitObject(ty) => ty.bounds.iter().find_map(item_of_bound),
        _ => None,
    }
}

fn item_of_bound(bound: &TypeParamBound) -> Option<Type> {
    let TypeParamBound::Trait(bound) = bound else {
        return None;
    };
    let last = bound.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    if last.ident != "Stream" {
        return None;
    }
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::AssocType(item) if item.ident == "Item" => Some(item.ty.clone()),
        _ => None,
    })
}

fn types_of(arguments: &PathArguments) -> Vec<Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else {
        return Vec::new();
    };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    });
    types.collect()
}

fn last_is(path: &syn::Path, names: &[&str]) -> bool {
    path.segments
        .last()
        .is_some_and(|last| names.iter().any(|name| last.ident == name))
}

impl Output {
    pub(crate) fn is_stream(&self) -> bool {
        self.items.is_some()
    }

    /// The expression of a `PyResult` of what Python gets, for the value of `call`.
    pub(crate) fn convert(&self, call: &TokenStream) -> TokenStream {
        let value = if self.is_result {
            quote!((#call).map_err(::std::convert::Into::<::koil_python::private::PyErr>::into))
        } else {
            quote!({ let __value = #call; ::koil_python::private::PyResult::Ok(__value) })
        };
        match &self.items {
            None => value,
            Some(items) => {
                let item = items.convert(&quote!(__item));
                quote!((#value).map(|__stream| ::koil_python::private::stream(__stream, |__item| #item)))
            }
        }
    }

    /// As `convert`, for the value of an awaitable: a unit is `None` there too.
    pub(crate) fn convert_awaited(&self, call: &TokenStream) -> TokenStream {
        let value = self.convert(call);
        match self.is_unit() {
            true => quote!((#value).map(|()| ::koil_python::private::Nothing)),
            false => value,
        }
    }

    /// The type of the value of an awaitable.
    pub(crate) fn awaited(&self) -> TokenStream {
        match self.is_unit() {
            true => quote!(::koil_python::private::Nothing),
            false => self.seen(),
        }
    }

    fn is_unit(&self) -> bool {
        matches!(&self.value, Type::Tuple(tuple) if tuple.elems.is_empty())
    }

    /// The type that Python gets.
    pub(crate) fn seen(&self) -> TokenStream {
        let value = &self.value;
        match &self.items {
            None => quote!(#value),
            Some(_) => quote!(::koil_python::Stream),
        }
    }
}

/// The name of the function for asyncio.
pub(crate) fn async_name(name: &Ident) -> Ident {
    format_ident!("{name}_async", span = name.span())
}

/// The attributes for one of the generated functions. Python's name, given by `#[pyo3(name = "..")]`,
/// gets the suffix `_async` for asyncio; without one it is `name`.
pub(crate) fn attributes(attributes: &[Attribute], name: &Ident, is_async: bool) -> TokenStream {
    let mut tokens = TokenStream::new();
    let mut python_name = unraw(name);
    for attribute in attributes {
        match pyo3_name(attribute) {
            Some((given, rest)) => {
                python_name = given;
                tokens.extend(rest);
            }
            None => tokens.extend(quote!(#attribute)),
        }
    }
    if is_async {
        python_name.push_str("_async");
    }
    let span = name.span();
    quote_spanned!(span=> #tokens #[pyo3(name = #python_name)])
}

/// The name in `#[pyo3(name = "..")]`, with the attribute that has the other options.
fn pyo3_name(attribute: &Attribute) -> Option<(String, TokenStream)> {
    let Meta::List(list) = &attribute.meta else {
        return None;
    };
    let path = &list.path;
    if !path.is_ident("pyo3") && !path.is_ident("pyfunction") {
        return None;
    }
    let parser = syn::punctuated::Punctuated::<Pyo3Option, Token![,]>::parse_terminated;
    let options = list.parse_args_with(parser).ok()?;
    let name = options.iter().find_map(|option| option.name.clone())?;
    let rest = options.iter().filter(|option| option.name.is_none());
    let rest = rest.map(|option| &option.tokens);
    Some((name, quote!(#[#path(#(#rest),*)])))
}

/// One option of `#[pyo3(..)]`.
struct Pyo3Option {
    name: Option<String>,
    tokens: TokenStream,
}

impl syn::parse::Parse for Pyo3Option {
    fn parse(input: syn::parse::ParseStream<'_>) -> syn::Result<Pyo3Option> {
        let mut tokens = TokenStream::new();
        while !input.is_empty() && !input.peek(Token![,]) {
            tokens.extend([input.parse::<proc_macro2::TokenTree>()?]);
        }
        let given = syn::parse2::<syn::MetaNameValue>(tokens.clone()).ok();
        let name = given.filter(|given| given.path.is_ident("name"));
        let name = name.and_then(|given| match given.value {
            syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(name),
                ..
            }) => Some(name.value()),
            _ => None,
        });
        Ok(Pyo3Option { name, tokens })
    }
}

fn unraw(name: &Ident) -> String {
    let name = name.to_string();
    name.strip_prefix("r#").unwrap_or(&name).to_owned()
}

/// Refuses what neither of the two functions can have.
pub(crate) fn check(signature: &Signature) -> syn::Result<()> {
    if let Some(parameter) = signature.generics.type_params().next() {
        return Err(syn::Error::new_spanned(
            parameter,
            "Python has no generic functions; write the type",
        ));
    }
    for input in &signature.inputs {
        if let FnArg::Receiver(receiver) = input
            && !matches!(receiver.kind, ReceiverKind::Reference(_, _, None))
        {
            return Err(syn::Error::new_spanned(
                receiver,
                "Python calls an async method from several threads; take `&self`, with a lock in the \
                 object for what changes",
            ));
        }
    }
    Ok(())
}

/// A name that no parameter has.
pub(crate) fn hidden(name: &str) -> Ident {
    Ident::new(&format!("__koil_{name}"), Span::mixed_site())
}

/// The attributes that stay on the original: those of pyo3 go to what Python sees.
pub(crate) fn of_original(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    const PYO3: [&str; 5] = [
        "pyo3",
        "staticmethod",
        "classmethod",
        "getter",
        "pyfunction",
    ];
    attributes
        .iter()
        .filter(|attribute| !last_is(attribute.path(), &PYO3))
}

/// The original, without the attributes of pyo3.
pub(crate) fn strip_parameters(signature: &mut Signature) {
    for input in &mut signature.inputs {
        if let FnArg::Typed(typed) = input {
            typed
                .attrs
                .retain(|attribute| !attribute.path().is_ident("pyo3"));
        }
    }
}
