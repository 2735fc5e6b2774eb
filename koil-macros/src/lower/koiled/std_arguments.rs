//! Parameters of blocking twins, with `#[koil(std)]`: a reader or writer of std in the place of an async
//! one.
//!
//! | the original takes | the twin takes |
//! | --- | --- |
//! | `impl AsyncRead + Unpin` | `impl Read` |
//! | `R`, `R: AsyncRead` | `R`, `R: Read` |
//! | `&mut R`, `&mut dyn AsyncRead`, `Pin<&mut R>` | `&mut R`, `&mut dyn Read` |

use std::cell::{Cell, RefCell};

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{
    FnArg, GenericParam, Generics, Ident, ReturnType, Signature, TraitBound, Type, TypeParamBound,
    TypePath, TypeReference, WherePredicate, spanned::Spanned,
};

use super::mapped::Mapped;
use crate::{
    args::{ArgumentHelper, argument},
    error::{Error, Mistakes, Result, err},
    lower::{
        signature::{bounds_mut, bounds_of, is_param},
        types::{IO, bare, pointee},
    },
    model::{Convert, Held, PollBy, Poller, StdBy},
    syntax::block::Bounds,
    tokens::mentions,
};

/// The readers and writers of std that one function takes.
pub(crate) struct StdArguments<'a> {
    sig: &'a Signature,
    poll: PollBy,
    /// The type parameters that are of std in the twin.
    changed: RefCell<Vec<Ident>>,
    /// The word at the first one, and at the first one by reference.
    word: Cell<Option<Span>>,
    by_reference: Cell<Option<Span>>,
}

impl<'a> StdArguments<'a> {
    pub(crate) fn new(sig: &'a Signature, poll: PollBy) -> StdArguments<'a> {
        StdArguments {
            sig,
            poll,
            changed: RefCell::default(),
            word: Cell::new(None),
            by_reference: Cell::new(None),
        }
    }

    /// The parameter of the twin, for a reader or writer of this type.
    pub(crate) fn param(&self, ty: &Type, word: Span) -> Result<Mapped<Held>> {
        if let Poller::Loop(lent) = self.poll.poller {
            return Err(err!(
                lent,
                "only the calling thread may use a reader or writer of std, and with `lend` the loop would; remove `lend`, or write the bound `Send` in place of `std`"
            ));
        }
        self.word.set(self.word.get().or(Some(word)));
        let (mut by, mut inner) = (StdBy::Value, bare(ty));
        if let Type::Path(_) = inner
            && let Some(pinned) = pointee(inner, "Pin")
        {
            (by, inner) = (StdBy::Pin, bare(pinned));
        }
        let (ty, by) = match (inner, by) {
            (Type::Reference(reference), by) if reference.mutability.is_some() => {
                self.check_reference(reference)?;
                self.by_reference
                    .set(self.by_reference.get().or(Some(word)));
                let mut reference = reference.clone();
                let elem = self.of_std(bare(&reference.elem), word)?;
                // With more than one bound it needs the parentheses.
                *reference.elem = match elem {
                    Type::Path(_) => elem,
                    _ => Type::Verbatim(quote!((#elem))),
                };
                let by = match by {
                    StdBy::Pin => StdBy::Pin,
                    StdBy::Value | StdBy::Reference => StdBy::Reference,
                };
                (Type::Reference(reference), by)
            }
            (Type::TraitObject(_), _) | (_, StdBy::Pin) => return Err(no_reader(word)),
            (inner, _) => (self.of_std(inner, word)?, StdBy::Value),
        };
        Ok(Mapped {
            ty,
            convert: Convert::Std(by, self.poll.poller),
        })
    }

    /// The type of the reader or writer itself.
    fn of_std(&self, ty: &Type, word: Span) -> Result<Type> {
        match ty {
            Type::ImplTrait(node) => {
                let mut node = node.clone();
                node.bounds = of_std(&node.bounds)?.ok_or_else(|| no_reader(word))?;
                Ok(Type::ImplTrait(node))
            }
            Type::TraitObject(object) => {
                let mut object = object.clone();
                object.bounds = of_std(&object.bounds)?.ok_or_else(|| no_reader(word))?;
                Ok(Type::TraitObject(object))
            }
            Type::Path(path) => {
                let param = self.type_param(path).ok_or_else(|| no_reader(word))?;
                let mut is_reader = false;
                for bounds in bounds_of(&self.sig.generics, param) {
                    is_reader |= of_std(bounds)?.is_some();
                }
                if !is_reader {
                    return Err(no_reader(word));
                }
                self.check_alone(param, word)?;
                self.changed.borrow_mut().push(param.clone());
                Ok(ty.clone())
            }
            _ => Err(no_reader(word)),
        }
    }

    /// The generics of the twin, from those of the original.
    pub(crate) fn generics(&self, mut generics: Generics) -> Generics {
        for name in &*self.changed.borrow() {
            for bounds in bounds_mut(&mut generics, name) {
                // Bounds with mistakes have been rejected.
                if let Ok(Some(of_std)) = of_std(bounds) {
                    *bounds = of_std;
                } else {
                    *bounds = without_unpin(bounds);
                }
            }
        }
        generics
    }

    /// The parameters whose arguments a call of the original infers.
    pub(crate) fn inferred(&self) -> Vec<Ident> {
        self.changed.borrow().clone()
    }

    pub(crate) fn are_any(&self) -> bool {
        self.word.get().is_some()
    }

    /// Rejects readers and writers that would live longer than the call. One by reference ends with it,
    /// one by value may be read by the stream that is returned.
    pub(crate) fn check_output(&self, waits: bool, waits_later: bool, mistakes: &mut Mistakes) {
        let Some(word) = self.word.get() else {
            return;
        };
        if !waits && !waits_later {
            mistakes.push(err!(
                word,
                "`{}` does not wait, so the reader or writer would leave the call, in which alone one of std may be used; remove `std`",
                self.sig.ident
            ));
        }
        let Some(word) = self.by_reference.get() else {
            return;
        };
        if waits_later || self.borrows_in_output() {
            mistakes.push(err!(
                word,
                "the returned value would outlive this reader or writer, which is made for the call; take it by value, as `impl AsyncRead`, or remove `std`"
            ));
        }
    }

    /// May the output borrow from a parameter by reference?
    fn borrows_in_output(&self) -> bool {
        let ReturnType::Type(_, output) = &self.sig.output else {
            return false;
        };
        let output = output.to_token_stream();
        let marked = self.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(param) => argument(&param.attrs).ok().flatten().and(Some(&param.ty)),
            FnArg::Receiver(_) => None,
        });
        let mut lifetimes =
            marked.filter_map(|ty| match bare(pointee(bare(ty), "Pin").unwrap_or(ty)) {
                Type::Reference(reference) => Some(reference.lifetime.as_ref()),
                _ => None,
            });
        lifetimes.any(|lifetime| match lifetime {
            Some(lifetime) => mentions(&output, &lifetime.ident.to_string()),
            // An elided lifetime in the output is that of the receiver, if there is one.
            None => self.sig.receiver().is_none() && borrows_elided(&output),
        })
    }

    fn check_reference(&self, reference: &TypeReference) -> Result<()> {
        match &reference.lifetime {
            Some(lifetime) if lifetime.ident == "static" => {
                Err(may_leave(lifetime, self.is_writer()))
            }
            _ => Ok(()),
        }
    }

    /// Rejects a type parameter that other parts of the signature use, which stay async.
    fn check_alone(&self, param: &Ident, word: Span) -> Result<()> {
        let name = param.to_string();
        let inputs = self.sig.inputs.iter().filter(|input| match input {
            FnArg::Typed(param) => {
                !matches!(argument(&param.attrs), Ok(Some(ArgumentHelper::Std(_))))
            }
            FnArg::Receiver(_) => true,
        });
        let mut parts: Vec<_> = inputs.map(ToTokens::to_token_stream).collect();
        parts.push(self.sig.output.to_token_stream());
        for generic in &self.sig.generics.params {
            if !matches!(generic, GenericParam::Type(other) if other.ident == *param) {
                parts.push(generic.to_token_stream());
            }
        }
        let predicates = self
            .sig
            .generics
            .where_clause
            .iter()
            .flat_map(|clause| &clause.predicates);
        for predicate in predicates {
            if !matches!(predicate, WherePredicate::Type(of) if is_param(&of.bounded_ty, param)) {
                parts.push(predicate.to_token_stream());
            }
        }
        if parts.iter().any(|part| mentions(part, &name)) {
            return Err(err!(
                word,
                "`{name}` is used in other parts of the signature, where it would stay async; give this parameter a type of its own, as `impl AsyncRead`, or remove `std`"
            ));
        }
        Ok(())
    }

    /// The type parameter of the function that is written here.
    fn type_param(&self, path: &TypePath) -> Option<&'a Ident> {
        let name = path.path.get_ident().filter(|_| path.qself.is_none())?;
        let mut params = self.sig.generics.type_params();
        let found = params.find(|param| param.ident == *name)?;
        Some(&found.ident)
    }

    fn is_writer(&self) -> bool {
        mentions(&self.sig.to_token_stream(), "AsyncWrite")
    }
}

/// The bounds of a reader or writer of std, in place of those of an async one; `None` if these are not
/// such bounds.
fn of_std(bounds: &Bounds) -> Result<Option<Bounds>> {
    let mut mapped = Bounds::new();
    let mut is_reader = false;
    let is_writer = bounds.iter().any(
        |bound| matches!(bound, TypeParamBound::Trait(bound) if std_trait(bound) == Some("Write")),
    );
    for bound in bounds {
        match bound {
            TypeParamBound::Lifetime(lifetime) if lifetime.ident == "static" => {
                return Err(may_leave(lifetime, is_writer));
            }
            TypeParamBound::Trait(bound) if bound.maybe.is_none() => {
                if let Some(name) = std_trait(bound) {
                    is_reader = true;
                    let name = Ident::new(name, bound.span());
                    mapped.push(syn::parse2(quote!(::std::io::#name))?);
                } else if is_named(bound, "Send") || is_named(bound, "Sync") {
                    return Err(may_leave(bound, is_writer));
                } else if is_named(bound, "Sized") {
                    mapped.push(TypeParamBound::Trait(bound.clone()));
                } else if !is_named(bound, "Unpin") {
                    return Err(err!(
                        bound,
                        "with `std` the original gets a value of koil, which has the traits of async readers and writers and `Unpin` alone; remove this bound, or remove `std`"
                    ));
                }
            }
            bound => mapped.push(bound.clone()),
        }
    }
    Ok(is_reader.then_some(mapped))
}

/// `Read` for `AsyncRead` and for `AsyncReadExt`.
fn std_trait(bound: &TraitBound) -> Option<&'static str> {
    let name = bound.path.segments.last()?.ident.to_string();
    let name = name.strip_suffix("Ext").unwrap_or(&name);
    let found = IO.iter().find(|known| **known == name)?;
    found.strip_prefix("Async")
}

fn is_named(bound: &TraitBound, name: &str) -> bool {
    bound
        .path
        .segments
        .last()
        .is_some_and(|last| last.ident == name)
}

/// `where R: Unpin`, beside the bounds that make it a reader.
fn without_unpin(bounds: &Bounds) -> Bounds {
    let is_other = |bound: &&TypeParamBound| !matches!(bound, TypeParamBound::Trait(bound) if is_named(bound, "Unpin"));
    bounds.iter().filter(is_other).cloned().collect()
}

/// Does the type borrow by a lifetime that is not `'static`?
fn borrows_elided(output: &TokenStream) -> bool {
    let text = output
        .to_string()
        .replace("& 'static", "")
        .replace("'static", "");
    text.contains(['&', '\''])
}

/// The mistake of a bound for values that may leave the call.
fn may_leave(bound: &impl ToTokens, is_writer: bool) -> Error {
    let text = bound.to_token_stream().to_string().replace("' ", "'");
    let instead = if is_writer {
        "write_threaded"
    } else {
        "read_threaded"
    };
    err!(
        bound,
        "a reader or writer that is `{text}` may leave the call, and one of std is only for the calling thread; remove `{text}`, or remove `std`, and callers pass `koil::{instead}(..)`"
    )
}

fn no_reader(word: Span) -> Error {
    err!(
        word,
        "`std` is for a reader or writer that the call uses: `impl AsyncRead`, `impl AsyncWrite`, a type parameter of the function with such a bound, or `&mut` of these; remove `std`"
    )
}
