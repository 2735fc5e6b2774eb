//! The output of a job, derived from the type that its original returns.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{
    FnArg, GenericArgument, Path, PathArguments, ReturnType, Signature, Token, Type, TypePath,
    spanned::Spanned,
};

use super::iterators::{item, makes_items, no_borrow, no_iterator};
use crate::{
    error::{Mistakes, Result, err},
    lower::types::{Shape, bare, ends_with, pointee, readable, type_arguments},
    model::Job,
};

/// The return type of the twin, and the span of the original's.
pub(crate) struct JobOutput {
    pub(crate) output: ReturnType,
    pub(crate) job: Job,
    pub(crate) at: Span,
}

impl JobOutput {
    pub(crate) fn nothing() -> JobOutput {
        JobOutput {
            output: ReturnType::Default,
            job: Job::Value,
            at: Span::call_site(),
        }
    }
}

/// The output of a job that returns one value.
pub(crate) fn value(sig: &Signature, koil: &Path) -> Result<JobOutput> {
    let at = output_span(sig);
    let ReturnType::Type(_, ty) = &sig.output else {
        return Ok(job_output(quote!(#koil::ThreadedCall<()>), Job::Value, at));
    };
    if let Type::Never(_) = bare(ty) {
        return Err(err!(
            ty.span(),
            "`!` cannot be the value of a job; return `std::convert::Infallible`"
        ));
    }
    let shape = Shape::without_twins(ty);
    not_async(ty, &shape, &sig.ident)?;
    if makes_items(&shape) {
        return Err(err!(
            ty.span(),
            "the items of this iterator would block the task that awaits `{}`; write `#[threaded_iterable]`",
            sig.ident
        ));
    }
    no_borrow(ty)?;
    Ok(job_output(quote!(#koil::ThreadedCall<#ty>), Job::Value, at))
}

/// The output of a job that returns an iterator, perhaps in a `Result` or `Option`.
pub(crate) fn items(
    sig: &Signature,
    capacity: Option<usize>,
    koil: &Path,
    mistakes: &mut Mistakes,
) -> Option<JobOutput> {
    let at = output_span(sig);
    let ReturnType::Type(_, ty) = &sig.output else {
        mistakes.push(no_iterator(&sig.ident, sig.ident.span()));
        return None;
    };
    let shape = Shape::without_twins(ty);
    mistakes.take(not_async(ty, &shape, &sig.ident))?;
    if let Some((path, inner)) = shape.result_value() {
        let item = mistakes.take(item(inner, &sig.ident))?;
        check_others_own(path, mistakes);
        let ty = with_argument(path, quote!(#koil::ThreadedIter<#item>));
        let output = quote!(#koil::ThreadedCall<#ty>);
        return Some(job_output(output, Job::Opened(capacity), at));
    }
    let item = mistakes.take(item(ty, &sig.ident))?;
    let output = quote!(#koil::ThreadedIter<#item>);
    Some(job_output(output, Job::Items(capacity), at))
}

/// The output of a producer: the items that it hands to its `Yielder`. Its error is the last item.
pub(crate) fn yields(
    sig: &Signature,
    item: &Type,
    capacity: Option<usize>,
    koil: &Path,
    mistakes: &mut Mistakes,
) -> Option<JobOutput> {
    mistakes.take(no_borrow(item))?;
    let item = match &sig.output {
        ReturnType::Default => quote!(#item),
        ReturnType::Type(_, ty) => match bare(ty) {
            unit if is_unit(unit) => quote!(#item),
            Type::Path(path) if answers_unit(path) => {
                check_others_own(path, mistakes);
                let ty = with_argument(path, quote!(#item));
                quote!(#ty)
            }
            _ => {
                mistakes.push(err!(
                    ty.span(),
                    "a producer hands over its items by the `Yielder` alone, so `{}` would be lost; return nothing, or `Result<(), E>`, whose error is the last item",
                    readable(ty)
                ));
                return None;
            }
        },
    };
    let output = quote!(#koil::ThreadedIter<#item>);
    Some(job_output(output, Job::Yields(capacity), output_span(sig)))
}

/// The item type, if the last parameter is `&mut Yielder<T>`; a `Yielder` elsewhere is a mistake.
pub(crate) fn yielded(sig: &Signature, mistakes: &mut Mistakes) -> Option<Type> {
    let mut found = None;
    let last = sig.inputs.len().saturating_sub(1);
    for (index, input) in sig.inputs.iter().enumerate() {
        let FnArg::Typed(typed) = input else { continue };
        let (taken, mutable) = match bare(&typed.ty) {
            Type::Reference(reference) => (&*reference.elem, reference.mutability.is_some()),
            other => (other, false),
        };
        let Some(item) = pointee(taken, "Yielder") else {
            continue;
        };
        if !mutable {
            mistakes.push(err!(
                typed.ty.span(),
                "a producer borrows its `Yielder`; take `&mut Yielder<{}>`",
                readable(item)
            ));
        } else if index < last {
            mistakes.push(err!(
                typed.ty.span(),
                "the `Yielder` must be the last parameter; move it after the others"
            ));
        }
        found = Some(item.clone());
    }
    found
}

fn job_output(output: TokenStream, job: Job, at: Span) -> JobOutput {
    let ty = Type::Verbatim(output);
    JobOutput {
        output: ReturnType::Type(<Token![->]>::default(), Box::new(ty)),
        job,
        at,
    }
}

/// The span of the returned type, or of the name of a function that returns nothing.
fn output_span(sig: &Signature) -> Span {
    match &sig.output {
        ReturnType::Default => sig.ident.span(),
        ReturnType::Type(_, ty) => ty.span(),
    }
}

/// Is this `Result<(), E>`, also by another name?
fn answers_unit(path: &TypePath) -> bool {
    match type_arguments(&path.path).first() {
        Some(GenericArgument::Type(ty)) => !ends_with(&path.path, &["Option"]) && is_unit(bare(ty)),
        _ => false,
    }
}

fn is_unit(ty: &Type) -> bool {
    matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty())
}

fn not_async(ty: &Type, shape: &Shape<'_>, name: &Ident) -> Result<()> {
    if shape.output()?.is_none() && shape.item()?.is_none() {
        return Ok(());
    }
    Err(err!(
        ty.span(),
        "`{name}` is async already; remove the attribute"
    ))
}

/// Rejects borrows in all type arguments but the first, since their values leave the thread.
fn check_others_own(path: &TypePath, mistakes: &mut Mistakes) {
    for argument in type_arguments(&path.path).into_iter().skip(1) {
        if let GenericArgument::Type(ty) = argument {
            mistakes.take(no_borrow(ty));
        }
    }
}

/// The path with another first type argument.
fn with_argument(path: &TypePath, first: TokenStream) -> Type {
    let mut path = path.clone();
    if let Some(last) = path.path.segments.last_mut()
        && let PathArguments::AngleBracketed(list) = &mut last.arguments
        && let Some(argument) = list
            .args
            .iter_mut()
            .find(|argument| matches!(argument, GenericArgument::Type(_)))
    {
        *argument = GenericArgument::Type(Type::Verbatim(first));
    }
    Type::Path(path)
}
