//! `#[koilable]` on an impl: a context, and the guards that its type gets.

use quote::ToTokens;
use syn::{Path, Type, spanned::Spanned};

use super::guards::{Context, check_borrows};
use crate::{
    args::Koilable,
    error::{Mistakes, Result, err},
    lower::{
        signature::{
            Reference, check_impl, check_other_name, path_text, self_reference, viewed_type,
        },
        types::{SelfType, Shape, bare, borrowed, readable},
    },
    model::TwinContext,
    syntax::{
        attribute::Attribute,
        attrs::{companions, is_named},
        block::{Block, Member},
        function::Function,
    },
    tokens::mentions,
};

const ENTER: &str = "async fn aenter(&mut self) -> Result<(), Self::Error>";
const EXIT: &str = "async fn aexit(&mut self, cause: Exit) -> Result<(), Self::Error>";

/// The context that an impl block describes.
pub(crate) fn context(
    block: &Block,
    options: &Koilable,
    koil: &Path,
    mistakes: &mut Mistakes,
) -> Option<TwinContext> {
    let self_ty = bare(&block.self_ty);
    // Members are checked only if the trait is the right one.
    if mistakes.pass(|mistakes| check_header(block, options, mistakes)) {
        check_members(block, mistakes);
    }
    mistakes.take(check_borrows(borrowed(self_ty), self_ty, options));
    let context = Context {
        of_self: mistakes.take(self_type(self_ty, options))?,
        attrs: companions(&block.attrs),
        generics: block.generics.clone(),
        error: written_error(block),
        at: self_ty.span(),
        composition: None,
    };
    Some(context.guarded(options, koil, mistakes))
}

/// The type of the impl block, and the name of its twin.
fn self_type(self_ty: &Type, options: &Koilable) -> Result<SelfType> {
    let name = options.name.clone().map(Path::from);
    let of_self = match options.aio {
        Some(_) => viewed_type(self_ty, name.as_ref()),
        None => SelfType::of(self_ty, name.as_ref()),
    };
    if let Some(of_self) = of_self {
        check_other_name(options.name.as_ref(), of_self.name())?;
        return Ok(of_self);
    }
    let text = readable(self_ty);
    Err(match self_ty {
        Type::TraitObject(_) => err!(
            self_ty,
            "a context is entered by value, and `{text}` is unsized; implement the trait for a struct"
        ),
        _ => err!(
            self_ty,
            "guards need a named type, and `{text}` has none; implement it for a struct or enum"
        ),
    })
}

fn check_header(block: &Block, options: &Koilable, mistakes: &mut Mistakes) {
    let negative = "a negative impl makes no context";
    check_impl(block, "guards", negative, Attribute::Koilable, mistakes);
    if block.negative.is_some() {
        return;
    }
    let (wanted, other) = match options.local {
        Some(_) => ("LocalAsyncContext", "AsyncContext"),
        None => ("AsyncContext", "LocalAsyncContext"),
    };
    let Some(of_trait) = &block.of_trait else {
        let text = readable(&block.self_ty);
        mistakes.push(err!(
            block.self_ty,
            "`#[koilable]` applies to an impl of `{wanted}`; write `impl {wanted} for {text}`"
        ));
        return;
    };
    let last = of_trait.segments.last();
    if last.is_some_and(|last| last.ident == wanted && last.arguments.is_none()) {
        return;
    }
    mistakes.push(match (last, options.local) {
        (Some(last), None) if last.ident == other => err!(
            of_trait,
            "a `LocalAsyncContext` stays on its thread; write `#[koilable(local)]`, or implement `AsyncContext`"
        ),
        (Some(last), Some(at)) if last.ident == other => err!(
            at,
            "`local` is for a `LocalAsyncContext`; implement that, or remove `local`"
        ),
        _ => {
            let text = path_text(of_trait);
            err!(
                of_trait,
                "`#[koilable]` applies to an impl of `{wanted}`, not to one of `{text}`; remove it here"
            )
        }
    });
}

fn check_members(block: &Block, mistakes: &mut Mistakes) {
    let mut found = [false; 2];
    for member in &block.members {
        if let Some(helper) = member.attrs().iter().find(|attr| is_named(attr, "koil")) {
            mistakes.push(err!(
                helper.path(),
                "`#[koil(..)]` has no effect on the methods of a context; remove it"
            ));
        }
        match member {
            Member::Fn(function) if function.sig.ident == "aenter" => {
                found[0] = true;
                check_method(function, 1, ENTER, mistakes);
            }
            Member::Fn(function) if function.sig.ident == "aexit" => {
                found[1] = true;
                check_method(function, 2, EXIT, mistakes);
            }
            // The macro may generate the missing methods.
            Member::Macro(_) => found = [true; 2],
            // rustc reports items that are not members of the trait.
            Member::Fn(_) | Member::Const(_) | Member::Type(_) => {}
        }
    }
    for (found, signature) in found.into_iter().zip([ENTER, EXIT]) {
        if !found {
            let name = name_of(signature);
            mistakes.push(err!(
                block.self_ty,
                "`{name}` is missing; add `{signature}`"
            ));
        }
    }
}

/// Checks that the method is async, takes `&mut self`, and has the required number of parameters.
fn check_method(function: &Function, arguments: usize, signature: &str, mistakes: &mut Mistakes) {
    let sig = &function.sig;
    let name = name_of(signature);
    let returns_future = match &sig.output {
        syn::ReturnType::Type(_, ty) => match Shape::without_twins(ty).output() {
            Ok(output) => output.is_some(),
            Err(mistake) => return mistakes.push(mistake),
        },
        syn::ReturnType::Default => false,
    };
    if sig.asyncness.is_none() && !returns_future && !names_a_type(&sig.output) {
        mistakes.push(err!(
            sig.ident,
            "`{name}` is not async; write `{signature}`"
        ));
    }
    if sig.inputs.len() != arguments || self_reference(function) != Some(Reference::Mutable) {
        let at = if sig.inputs.is_empty() {
            sig.ident.to_token_stream()
        } else {
            sig.inputs.to_token_stream()
        };
        mistakes.push(err!(
            at,
            "`{name}` has other parameters; write `{signature}`"
        ));
    }
}

/// Is the return type a named type that may be a future? Only names that end in `Result` are
/// excluded.
fn names_a_type(output: &syn::ReturnType) -> bool {
    let syn::ReturnType::Type(_, ty) = output else {
        return false;
    };
    let Type::Path(path) = bare(ty) else {
        return false;
    };
    let last = path.path.segments.last();
    last.is_some_and(|last| !last.ident.to_string().ends_with("Result"))
}

fn name_of(signature: &str) -> &str {
    let rest = signature.trim_start_matches("async fn ");
    rest.split('(').next().unwrap_or_default()
}

/// The type in `type Error = ..;`, if it means the same in another block.
fn written_error(block: &Block) -> Option<Type> {
    let value = block.members.iter().find_map(|member| match member {
        Member::Type(ty) if ty.ident == "Error" && ty.generics.params.is_empty() => Some(&ty.value),
        _ => None,
    })?;
    if mentions(value, "Self") {
        return None;
    }
    syn::parse2(value.clone()).ok()
}
