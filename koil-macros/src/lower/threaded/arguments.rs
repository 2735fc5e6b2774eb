//! Transfer of receivers and parameters to another thread: they move, or an owned copy of them
//! moves.

use proc_macro2::{Ident, Span};
use syn::{ReceiverKind, Type, TypeParamBound, TypeTraitObject, parse_quote, spanned::Spanned};

use super::bounds::bind;
use crate::{
    args::Threaded,
    error::{Error, Mistakes, Result, err},
    lower::{
        signature::{check_no_helpers, is_self, params, receiver},
        types::{bare, borrowed, is_static, owned, pointee, readable},
    },
    model::{Carry, Param, Receiver},
    syntax::function::Function,
};

/// May `&self` be cloned?
#[derive(Clone, Copy)]
pub(crate) enum Cloning {
    /// The span of `clone`, if it is on this method alone: then the method must have a use for it.
    Allowed(Option<Span>),
    Refused,
    /// Not needed: the value is in a `koil::Threaded`.
    Shared,
    /// Not needed: the job runs on the thread of the value.
    Pinned,
}

impl Cloning {
    /// An option that could not be read may have been `clone`, so cloning is allowed then.
    pub(crate) fn of(options: &Threaded, word: Option<Span>) -> Cloning {
        match word {
            Some(word) => Cloning::Allowed(Some(word)),
            None if options.incomplete => Cloning::Allowed(None),
            None => Cloning::Refused,
        }
    }
}

pub(crate) fn carried_receiver(
    function: &Function,
    cloning: Cloning,
) -> Result<Option<Receiver<Carry>>> {
    let carried = match receiver(function) {
        None => None,
        Some(mut declared) => {
            let pass = match cloning {
                Cloning::Shared => of_shared(&mut declared)?,
                Cloning::Pinned => of_object(&mut declared)?,
                _ => of_receiver(&declared, cloning)?,
            };
            Some(Receiver { declared, pass })
        }
    };
    let lent = carried
        .as_ref()
        .is_some_and(|receiver| matches!(receiver.pass, Carry::Lent(_)));
    match cloning {
        Cloning::Allowed(Some(word)) if !lent => Err(err!(
            word,
            "`clone` is for methods that take `&self`; remove it"
        )),
        _ => Ok(carried),
    }
}

fn of_receiver(declared: &syn::Receiver, cloning: Cloning) -> Result<Carry> {
    let at = declared.self_token.span;
    match &declared.kind {
        ReceiverKind::Value => Ok(Carry::Sent(at)),
        ReceiverKind::Reference(and, lifetime, mutable) => {
            by_reference(and.span, lifetime.as_ref(), mutable.is_some(), cloning)
        }
        ReceiverKind::Typed(_, ty) => match bare(ty) {
            Type::Reference(reference) => by_reference(
                reference.and_token.span,
                reference.lifetime.as_ref(),
                reference.mutability.is_some(),
                cloning,
            ),
            ty if pointee(ty, "Rc").is_some() => Err(err!(
                ty.span(),
                "an `Rc` cannot go to another thread; take `self: Arc<Self>`"
            )),
            ty => match borrowed(ty) {
                Some(borrow) => Err(outlived(borrow)),
                None => Ok(Carry::Sent(ty.span())),
            },
        },
        // syn has no other kind yet; rustc plans one that borrows.
        _ => Err(outlived(declared.span())),
    }
}

fn outlived(borrow: Span) -> Error {
    err!(
        borrow,
        "the job may outlive this borrow of `self`; take `self: Arc<Self>` or `self`"
    )
}

/// The receivers of a trait: `&self` and `self: Arc<Self>`. The twin takes `&self`.
fn of_shared(declared: &mut syn::Receiver) -> Result<Carry> {
    let (at, pass) = match &declared.kind {
        ReceiverKind::Reference(and, lifetime, None)
            if !lifetime.as_ref().is_some_and(is_static) =>
        {
            return Ok(Carry::Shared(and.span));
        }
        ReceiverKind::Typed(_, ty) => match bare(ty) {
            Type::Reference(reference) if reference.mutability.is_none() => {
                (ty.span(), Some(Carry::Shared(ty.span())))
            }
            ty if pointee(ty, "Arc").is_some() => (ty.span(), Some(Carry::SharedArc(ty.span()))),
            ty => (ty.span(), None),
        },
        ReceiverKind::Reference(and, ..) => (and.span, None),
        _ => (declared.self_token.span, None),
    };
    let Some(pass) = pass else {
        return Err(err!(
            at,
            "a `koil::Threaded` shares its value; take `&self` or `self: Arc<Self>`, or add `#[koil(skip)]`"
        ));
    };
    declared.kind = ReceiverKind::Reference(<syn::Token![&]>::default(), None, None);
    Ok(pass)
}

/// The receivers of a pinned object, which is lent to its methods, or ends with one.
fn of_object(declared: &mut syn::Receiver) -> Result<Carry> {
    let (at, carry) = match &declared.kind {
        ReceiverKind::Value => (declared.self_token.span, Some(Carry::Taken)),
        ReceiverKind::Reference(and, lifetime, _) => {
            let borrows = !lifetime.as_ref().is_some_and(is_static);
            (and.span, borrows.then_some(Carry::Used))
        }
        ReceiverKind::Typed(_, ty) => match bare(ty) {
            Type::Reference(reference) if is_self(&reference.elem) => {
                (ty.span(), Some(Carry::Used))
            }
            ty if is_self(ty) => (ty.span(), Some(Carry::Taken)),
            ty => (ty.span(), None),
        },
        _ => (declared.self_token.span, None),
    };
    let Some(carry) = carry else {
        return Err(err!(
            at,
            "a pinned object is lent to its methods; take `&self`, `&mut self` or `self`, or add `#[koil(skip)]`"
        ));
    };
    declared.kind = match carry {
        Carry::Used => ReceiverKind::Reference(<syn::Token![&]>::default(), None, None),
        _ => ReceiverKind::Value,
    };
    Ok(carry)
}

fn by_reference(
    at: Span,
    lifetime: Option<&syn::Lifetime>,
    mutable: bool,
    cloning: Cloning,
) -> Result<Carry> {
    if lifetime.is_some_and(is_static) {
        return Ok(Carry::Sent(at));
    }
    if mutable {
        return Err(err!(
            at,
            "the job may outlive the borrow `&mut self`; take `self: Arc<Self>`, or take `self` and return it"
        ));
    }
    match cloning {
        Cloning::Allowed(_) | Cloning::Shared | Cloning::Pinned => Ok(Carry::Lent(at)),
        Cloning::Refused => Err(err!(
            at,
            "the job may outlive the borrow `&self`; take `self: Arc<Self>` or `self`, or write `clone` in the attribute if a clone refers to the same object"
        )),
    }
}

/// The first `taken` parameters, with `self` counted.
pub(crate) fn carried_params(
    function: &Function,
    taken: usize,
    mistakes: &mut Mistakes,
) -> Vec<Param<Carry>> {
    let mut carried = params(function, mistakes, &|param| {
        check_no_helpers(&param.attrs)?;
        let pass = of_type(&param.ty)?;
        let mut ty = Type::clone(&param.ty);
        bind(&mut ty, matches!(pass, Carry::Lent(_)));
        Ok((ty, pass))
    });
    carried.truncate(taken - usize::from(function.sig.receiver().is_some()));
    carried
}

fn of_type(ty: &Type) -> Result<Carry> {
    let Type::Reference(reference) = bare(ty) else {
        return no_borrow(ty).map(|()| Carry::Sent(ty.span()));
    };
    let (at, inner) = (reference.and_token.span, bare(&reference.elem));
    if reference.lifetime.as_ref().is_some_and(is_static) {
        return no_borrow(ty).map(|()| Carry::Sent(at));
    }
    // A `Yielder` has been checked already.
    if pointee(inner, "Yielder").is_some() {
        return Ok(Carry::Sent(at));
    }
    let text = readable(inner);
    if reference.mutability.is_some() {
        let owned = match (inner, owned(ty)) {
            (Type::TraitObject(object), _) => format!("Box<{}>", with_bounds(object, &["Send"])),
            (_, Some(owned)) => readable(&owned),
            (_, None) => format!("Box<{text}>"),
        };
        return Err(err!(
            at,
            "a job may outlive this borrow, so it cannot change the caller's `{text}`; take `{owned}` and return it"
        ));
    }
    if let Type::TraitObject(object) = inner {
        let (boxed, shared) = (&["Send"][..], &["Send", "Sync"][..]);
        return Err(err!(
            inner.span(),
            "a `{text}` cannot be cloned for the job; take `Arc<{}>` or `Box<{}>`",
            with_bounds(object, shared),
            with_bounds(object, boxed)
        ));
    }
    let Some(at) = borrowed(inner) else {
        return Ok(Carry::Lent(inner.span()));
    };
    let instead = match inner {
        // One level of reference is cloned, two levels are not.
        Type::Reference(reference) => borrowed(&reference.elem).is_none().then_some(text),
        inner => owned(inner).map(|owned| format!("&{}", readable(&owned))),
    };
    Err(borrows(at, ty, instead))
}

/// The object type with these bounds, as text. A borrow in it is left out.
fn with_bounds(object: &TypeTraitObject, needed: &[&str]) -> String {
    let mut object = object.clone();
    let is_owned = |bound: &TypeParamBound| !matches!(bound, TypeParamBound::Lifetime(_));
    let bounds = object.bounds.into_iter().filter(is_owned);
    object.bounds = bounds.collect();
    for name in needed {
        let has_it = object.bounds.iter().any(
            |bound| matches!(bound, TypeParamBound::Trait(bound) if bound.path.is_ident(name)),
        );
        if !has_it {
            let name = Ident::new(name, Span::call_site());
            object.bounds.push(parse_quote!(#name));
        }
    }
    readable(&Type::TraitObject(object))
}

fn no_borrow(ty: &Type) -> Result<()> {
    match borrowed(ty) {
        None => Ok(()),
        Some(at) => Err(borrows(at, ty, owned(ty).map(|owned| readable(&owned)))),
    }
}

fn borrows(at: Span, ty: &Type, instead: Option<String>) -> Error {
    let text = readable(ty);
    let instead = instead.map_or_else(
        || "a type without lifetimes".to_owned(),
        |instead| format!("`{instead}`"),
    );
    err!(
        at,
        "`{text}` borrows from the caller, and the job may outlive the borrow; take {instead}"
    )
}
