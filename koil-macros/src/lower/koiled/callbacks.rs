//! Parameters of blocking twins, with `#[koil(callback)]`: a plain closure of the blocking user in the place
//! of a callback.
//!
//! | the original takes | the twin takes | the original gets |
//! | --- | --- | --- |
//! | `AsyncFnOnce(A) -> R` | `FnOnce(A') -> R'` | an async closure |
//! | `FnOnce(A) -> Fut`, `Fut: Future<Output = R>` | the same | a closure that returns a ready future |
//! | `FnOnce(A) -> BoxFuture<R>` | the same | the same, boxed |
//! | `FnOnce(A) -> R` | the same | a closure |

use std::cell::RefCell;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{
    Generics, Ident, PathArguments, ReturnType, Signature, TraitBound, Type, TypeParamBound,
    TypePath, WherePredicate,
};

use super::{
    arguments::back,
    fallible::Fallible,
    mapped::{Mapped, Mapper},
};
use crate::{
    error::{Error, Result, err},
    lower::{
        signature::{bounds_mut, bounds_of, is_param},
        types::{Shape, TwinTypes, associated, bare, ends_with, readable},
    },
    model::{Callback, Convert, Held, IntoTwin, IoTraits, PollBy, Poller, Produced},
    syntax::block::Bounds,
    tokens::mentions,
};

/// The callbacks of one function.
pub(crate) struct Callbacks<'a> {
    sig: &'a Signature,
    twins: &'a TwinTypes<'a>,
    poll: PollBy,
    /// Their changes of the generics of the twin.
    changes: RefCell<Vec<Change>>,
}

/// A change of one type parameter.
#[allow(clippy::large_enum_variant)] // There are one or two in a signature.
enum Change {
    /// A closure with this bound, in the place of the one that the original has.
    Bound(Ident, TypeParamBound),
    /// The future of a callback, which the twin does not have.
    Removed(Ident),
    /// A bound of the value that is put into a ready future.
    Bounded(WherePredicate),
}

/// A bound that makes a value a callback.
struct Called<'a> {
    bound: &'a TraitBound,
    name: &'a Ident,
    inputs: Vec<&'a Type>,
    output: Option<&'a Type>,
}

const NAMES: [&str; 6] = [
    "AsyncFnOnce",
    "AsyncFnMut",
    "AsyncFn",
    "FnOnce",
    "FnMut",
    "Fn",
];

impl<'a> Callbacks<'a> {
    pub(crate) fn new(sig: &'a Signature, twins: &'a TwinTypes<'a>, poll: PollBy) -> Callbacks<'a> {
        Callbacks {
            sig,
            twins,
            poll,
            changes: RefCell::default(),
        }
    }

    /// The parameter of the twin, for a callback of this type.
    pub(crate) fn param(&self, ty: &Type, word: Span) -> Result<Mapped<Held>> {
        if let Poller::Loop(lent) = self.poll.poller {
            return Err(err!(
                lent,
                "a callback may block, and with `lend` the loop would run it; remove `lend` or `callback`"
            ));
        }
        match bare(ty) {
            Type::ImplTrait(node) => {
                let (bound, convert) =
                    self.twin_of(&called(&node.bounds).ok_or_else(|| no_callback(word))?)?;
                let mut node = node.clone();
                replace(&mut node.bounds, &bound);
                Ok(Mapped {
                    ty: Type::ImplTrait(node),
                    convert,
                })
            }
            Type::Path(path) => {
                let param = self.type_param(path).ok_or_else(|| no_callback(word))?;
                let bounds = bounds_of(&self.sig.generics, param);
                let called = bounds.iter().find_map(|bounds| called(bounds));
                let (bound, convert) = self.twin_of(&called.ok_or_else(|| no_callback(word))?)?;
                let bound = Change::Bound(param.clone(), bound);
                self.changes.borrow_mut().push(bound);
                Ok(Mapped {
                    ty: ty.clone(),
                    convert,
                })
            }
            _ => Err(no_callback(word)),
        }
    }

    /// The generics of the twin, from those of the original.
    pub(crate) fn generics(&self, mut generics: Generics) -> Generics {
        for change in &*self.changes.borrow() {
            match change {
                Change::Bound(name, bound) => {
                    for bounds in bounds_mut(&mut generics, name) {
                        replace(bounds, bound);
                    }
                }
                Change::Removed(name) => remove(&mut generics, name),
                Change::Bounded(predicate) => {
                    let clause = generics.make_where_clause();
                    clause.predicates.push(predicate.clone());
                }
            }
        }
        generics
    }

    /// The parameters whose arguments a call of the original infers.
    pub(crate) fn inferred(&self) -> Vec<Ident> {
        let changes = self.changes.borrow();
        let names = changes.iter().filter_map(|change| match change {
            Change::Bound(name, _) | Change::Removed(name) => Some(name.clone()),
            Change::Bounded(_) => None,
        });
        names.collect()
    }

    /// The bound of the closure that the twin takes, and its conversion.
    fn twin_of(&self, called: &Called<'_>) -> Result<(TypeParamBound, Convert<Held>)> {
        let mut inputs = Vec::new();
        let mut arguments = Vec::new();
        for input in &called.inputs {
            let mapped = self.argument(input)?;
            inputs.push(mapped.ty);
            arguments.push(mapped.convert);
        }
        let (produced, output) = self.produced(called)?;
        let answer = output.map(|output| back(output, self.twins)).transpose()?;
        let (answer_ty, answer) = match answer {
            Some(Mapped { ty, convert }) => (Some(ty), convert),
            None => (None, Convert::AsIs),
        };
        let name = called.name.to_string();
        let callback = Callback {
            produced,
            is_mut: name.ends_with("FnMut"),
            arguments,
            answer,
        };
        let bound = written(called.bound, &name, inputs, answer_ty);
        let bound = TypeParamBound::Trait(bound);
        Ok((bound, Convert::Callback(Box::new(callback))))
    }

    /// The product of a call of the closure for the original, and the type of its value.
    fn produced<'t>(&'t self, called: &Called<'t>) -> Result<(Produced, Option<&'t Type>)> {
        if called.name.to_string().starts_with("Async") {
            return Ok((Produced::ByAsyncClosure, called.output));
        }
        let Some(output) = called.output else {
            return Ok((Produced::Value, None));
        };
        let shape = Shape::without_twins(output);
        if let Some(value) = shape.output()? {
            let tokens = output.to_token_stream();
            let is_send = mentions(&tokens, "Send") || mentions(&tokens, "BoxFuture");
            let send = is_send.then(|| quote!(+ ::core::marker::Send));
            self.bound(value, &quote!('static #send))?;
            return Ok((Produced::BoxedFuture, Some(value)));
        }
        let Type::Path(path) = bare(output) else {
            return Ok((Produced::Value, Some(output)));
        };
        let Some(param) = self.type_param(path) else {
            return Ok((Produced::Value, Some(output)));
        };
        let futures = bounds_of(&self.sig.generics, param).into_iter().flatten();
        let future = futures.into_iter().find_map(|bound| match bound {
            TypeParamBound::Trait(bound) if ends_with(&bound.path, &["Future"]) => Some(bound),
            _ => None,
        });
        let Some(future) = future else {
            return Ok((Produced::Value, Some(output)));
        };
        let Some(value) = associated(future, "Output") else {
            return Err(err!(
                future,
                "`Future` without `Output = ..` has no twin; write `Future<Output = ..>`"
            ));
        };
        let removed = Change::Removed(param.clone());
        self.changes.borrow_mut().push(removed);
        let bounds = bounds_of(&self.sig.generics, param);
        if bounds
            .iter()
            .any(|bounds| mentions(&bounds.to_token_stream(), "Send"))
        {
            self.bound(value, &quote!(::core::marker::Send))?;
        }
        Ok((Produced::ReadyFuture, Some(value)))
    }

    /// Adds bounds of the value of a callback: those that a future in its place had to have. Only a type
    /// parameter of the function can lack them.
    fn bound(&self, value: &Type, bounds: &TokenStream) -> Result<()> {
        let ty = self.twins.async_self_type(value).to_token_stream();
        let mut params = self.sig.generics.type_params();
        let is_generic = params.any(|param| mentions(&ty, &param.ident.to_string()));
        if is_generic && !ty.to_string().contains('\'') {
            let predicate = syn::parse2(quote!(#ty: #bounds))?;
            self.changes.borrow_mut().push(Change::Bounded(predicate));
        }
        Ok(())
    }

    /// An argument of a callback, which comes from the original.
    fn argument(&self, ty: &Type) -> Result<Mapped<IntoTwin>> {
        let of_output = Mapper {
            twins: self.twins,
            poll: self.poll,
            fallible: Fallible::default(),
            io: IoTraits::default(),
        };
        match of_output.map(ty) {
            Ok(mapped) if !mapped.convert.waits_later() => Ok(mapped),
            _ => Err(err!(
                ty,
                "`{}` has no twin in a callback; hand it a type with a twin or a `Vec` of them, or remove `callback`",
                readable(ty)
            )),
        }
    }

    /// The type parameter of the function that is written here.
    fn type_param(&self, path: &TypePath) -> Option<&Ident> {
        let name = path.path.get_ident().filter(|_| path.qself.is_none())?;
        let mut params = self.sig.generics.type_params();
        params
            .find(|param| param.ident == *name)
            .map(|param| &param.ident)
    }
}

/// Removes a type parameter and its bounds.
fn remove(generics: &mut Generics, name: &Ident) {
    let params = std::mem::take(&mut generics.params).into_iter();
    let is_other = |param: &syn::GenericParam| !matches!(param, syn::GenericParam::Type(param) if param.ident == *name);
    generics.params = params.filter(is_other).collect();
    if let Some(clause) = &mut generics.where_clause {
        let predicates = std::mem::take(&mut clause.predicates).into_iter();
        let is_other = |predicate: &WherePredicate| !matches!(predicate, WherePredicate::Type(predicate) if is_param(&predicate.bounded_ty, name));
        clause.predicates = predicates.filter(is_other).collect();
    }
}

/// The bound among these that makes a value a callback.
fn called(bounds: &Bounds) -> Option<Called<'_>> {
    bounds.iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else {
            return None;
        };
        let last = bound.path.segments.last()?;
        let PathArguments::Parenthesized(signature) = &last.arguments else {
            return None;
        };
        NAMES.iter().any(|name| last.ident == name).then(|| Called {
            bound,
            name: &last.ident,
            inputs: signature
                .inputs
                .iter()
                .map(|argument| &argument.ty)
                .collect(),
            output: match &signature.output {
                ReturnType::Default => None,
                ReturnType::Type(_, ty) => Some(ty),
            },
        })
    })
}

/// Puts `bound` in the place of the one that makes a value a callback.
fn replace(bounds: &mut Bounds, bound: &TypeParamBound) {
    let is_callback = |bound: &TypeParamBound| {
        let mut one = Bounds::new();
        one.push(bound.clone());
        called(&one).is_some()
    };
    if let Some(found) = bounds.iter_mut().find(|found| is_callback(found)) {
        *found = bound.clone();
    }
}

/// The bound with other types, and without `Async` in its name.
fn written(bound: &TraitBound, name: &str, inputs: Vec<Type>, output: Option<Type>) -> TraitBound {
    let mut bound = bound.clone();
    let Some(last) = bound.path.segments.last_mut() else {
        return bound;
    };
    last.ident = Ident::new(name.trim_start_matches("Async"), last.ident.span());
    if let PathArguments::Parenthesized(list) = &mut last.arguments {
        for (input, ty) in list.inputs.iter_mut().zip(inputs) {
            input.ty = ty;
        }
        list.output = match output {
            None => ReturnType::Default,
            Some(ty) => ReturnType::Type(<syn::Token![->]>::default(), Box::new(ty)),
        };
    }
    bound
}

fn no_callback(word: Span) -> Error {
    err!(
        word,
        "this is no callback that koil knows; take `impl AsyncFnOnce(..) -> ..`, another `impl` or type parameter with a bound like `AsyncFnMut(..)` or `FnMut(..)`, or remove `callback`"
    )
}
