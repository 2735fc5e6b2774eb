//! The async twin of one function: its arguments move to another thread, which calls the original.

use proc_macro2::Span;
use quote::ToTokens;
use syn::{Attribute as Written, Ident, Path, Signature, Type, ext::IdentExt};

use super::{
    arguments::{Cloning, carried_params, carried_receiver},
    bounds::carried_generics,
    iterators::makes_items,
    job::{JobOutput, items, value, yielded, yields},
    marks::is_mark,
};
use crate::{
    args::{Docs, Threaded},
    error::{Error, Mistakes, Result, err},
    lower::{
        signature::{
            Around, Direction, Names, Naming, Owner, check_no_self, check_other_name,
            check_unconditional, doc_lines, feature_gate, is_self, loop_choice, turbofish,
        },
        types::{Shape, TwinTypes, path_type, readable},
    },
    model::{
        AsyncFn, Callee, DocLine, Labels, Place, PlainCalls, Safety, ThreadedFn, TwinSignature,
    },
    syntax::{
        attribute::Attribute,
        attrs::{conditions, inherited, is_named},
        function::{Body, Function},
    },
    tokens::mentions,
};

/// The position of functions, and the options for their twins.
pub(crate) struct Position<'a> {
    pub(crate) names: Names<'a>,
    /// The attribute on this function itself. Without one, the function's shape decides.
    pub(crate) attribute: Option<Attribute>,
    pub(crate) options: &'a Threaded,
    pub(crate) cloning: Cloning,
    /// The remedy in the error message if there can be no twin.
    pub(crate) way_out: &'static str,
}

/// A function by itself, or a method of a block that has no attribute of its own.
pub(crate) fn lone_fn(
    function: &Function,
    attribute: Attribute,
    options: &Threaded,
    koil: &Path,
    mistakes: &mut Mistakes,
) -> Option<(ThreadedFn, Option<AsyncFn>)> {
    let sig = &function.sig;
    let method = sig.receiver().is_some() || mentions(&sig.to_token_stream(), "Self");
    let owner = if method {
        Owner::Type(Box::new(self_type()))
    } else {
        Owner::Free
    };
    let mut names = names(koil, owner);
    if let Some(at) = options.aio {
        if method {
            mistakes.push(err!(
                at,
                "`aio` on a method needs the view of its type; write `#[threaded(aio)]` on the impl block"
            ));
        }
        names.naming = Naming::Aio(sig.ident.clone().into());
    }
    let aio = async_fn(function, options);
    let position = Position {
        names,
        attribute: Some(attribute),
        options,
        cloning: Cloning::of(options, options.clone),
        way_out: "remove the attribute",
    };
    mistakes.take(check_one_attribute(&function.attrs));
    if sig.receiver().is_none() {
        mistakes.take(check_no_self(options.handle.as_ref(), "a `koil::Handle`"));
    }
    Some((threaded_fn(function, &position, mistakes)?, aio))
}

/// The type that has the async twin of a function, with `aio`.
fn async_fn(function: &Function, options: &Threaded) -> Option<AsyncFn> {
    let at = options.aio?;
    let name = &function.sig.ident;
    Some(AsyncFn {
        attrs: [
            conditions(&function.attrs),
            feature_gate(options.feature.as_ref()),
        ]
        .concat(),
        vis: function.vis.clone(),
        name: name.clone(),
        member: Ident::new("aio", at),
        docs: Vec::new(),
    })
}

/// The names of twins that stand beside their originals.
pub(crate) fn names(koil: &Path, owner: Owner) -> Names<'_> {
    Names {
        twins: TwinTypes::new(koil, None, &[]),
        owner,
        naming: Naming::Suffix("_async".to_owned()),
        docs: Docs::Prose,
        direction: Direction::ToAsync,
    }
}

pub(crate) fn threaded_fn(
    function: &Function,
    position: &Position<'_>,
    mistakes: &mut Mistakes,
) -> Option<ThreadedFn> {
    mistakes.flawless(|mistakes| {
        let (sig, names, options) = (&function.sig, &position.names, position.options);
        check(function, position, mistakes);
        check_unconditional(&sig.generics, mistakes);
        let receiver = carried_receiver(function, position.cloning);
        let receiver = mistakes.take(receiver).flatten();
        let item = mistakes.flawless(|mistakes| Some(yielded(sig, mistakes)));
        // The job passes its own `Yielder` as the last argument; a misplaced one has been reported
        // already.
        let yields_items = item.as_ref().is_none_or(Option::is_some);
        let taken = sig.inputs.len() - usize::from(yields_items);
        let params = carried_params(function, taken, mistakes);
        // An async function gets no second error about its return type.
        let item = item.filter(|_| sig.asyncness.is_none());
        let output = item.and_then(|item| output(sig, item.as_ref(), position, mistakes));
        let JobOutput { output, job, at } = output.unwrap_or_else(JobOutput::nothing);
        mistakes.take(check_other_name(options.name.as_ref(), &sig.ident));
        let name = options.name.clone();
        let name = name.unwrap_or_else(|| names.twin_name(&sig.ident));
        let mut lines = doc_lines(&function.attrs);
        let safety = match sig.safety {
            syn::Safety::Unsafe(_) => {
                lines.extend(UNSAFE_DOCS.map(|line| DocLine::Text(line.to_owned())));
                Safety::Unsafe
            }
            _ => Safety::Safe,
        };
        let gate = feature_gate(options.feature.as_ref());
        let signature = TwinSignature {
            docs: names.docs_of(None, &lines, &sig.ident),
            attrs: [inherited(&function.attrs), gate].concat(),
            vis: function.vis.clone(),
            safety,
            labels: labels(names, &sig.ident, &name),
            name,
            generics: carried_generics(&sig.generics, &params),
            turbofish: turbofish(sig, &[], &[]),
            receiver,
            params,
            output,
            callee: callee(names, &sig.ident),
        };
        Some(ThreadedFn {
            signature,
            job,
            place: match options.separate {
                Some(_) => Place::Separate,
                None => Place::Pool,
            },
            on: loop_choice(
                options.handle.as_ref(),
                Around::Original {
                    has_self: sig.receiver().is_some(),
                },
            ),
            plain_calls: if options.unwinding {
                PlainCalls::Unwind
            } else {
                PlainCalls::WaitOn
            },
            returned: at,
        })
    })
}

/// The output of the job. `item` is the type that its `Yielder` takes.
fn output(
    sig: &Signature,
    item: Option<&Type>,
    position: &Position<'_>,
    mistakes: &mut Mistakes,
) -> Option<JobOutput> {
    let (koil, capacity) = (position.names.twins.koil, position.options.capacity);
    match (position.attribute, item) {
        (Some(Attribute::Threaded), Some(item)) => {
            mistakes.push(one_value(sig, item));
            None
        }
        (_, Some(item)) => yields(sig, item, capacity, koil, mistakes),
        (Some(Attribute::ThreadedIterable), None) => items(sig, capacity, koil, mistakes),
        (None, None) if returns_items(sig) => items(sig, capacity, koil, mistakes),
        (_, None) => mistakes.take(value(sig, koil)),
    }
}

/// A twin may stand beside its original, so `Self` has the same meaning.
fn callee(names: &Names<'_>, original: &Ident) -> Callee {
    match &names.owner {
        Owner::Free => Callee::Free(original.clone()),
        Owner::Type(ty) if !names.is_beside() => Callee::Inherent(ty.clone(), original.clone()),
        Owner::Type(_) => Callee::Inherent(Box::new(self_type()), original.clone()),
        Owner::Trait { original: path, .. } => Callee::Shared(path.clone(), original.clone()),
    }
}

fn labels(names: &Names<'_>, original: &Ident, twin: &Ident) -> Labels {
    match &names.owner {
        // The name of the type is not known here.
        Owner::Type(ty) if is_self(ty) => Labels {
            twin: twin.unraw().to_string(),
            original: original.unraw().to_string(),
        },
        _ => names.labels(original, twin),
    }
}

/// The docs of an `unsafe` twin, in addition to those of its original.
const UNSAFE_DOCS: [&str; 2] = [
    "",
    " What the caller promises has to hold until the job is over, on whichever thread it runs.",
];

fn check(function: &Function, position: &Position<'_>, mistakes: &mut Mistakes) {
    let (sig, way_out) = (&function.sig, position.way_out);
    if let Some(at) = &sig.asyncness {
        mistakes.push(err!(
            at,
            "an `async fn` needs no thread to wait in; {way_out}"
        ));
    }
    if let Some(at) = &sig.constness {
        mistakes.push(err!(
            at,
            "a `const fn` does nothing that blocks; remove `const`, or {way_out}"
        ));
    }
    if let Some(at) = &function.defaultness {
        mistakes.push(err!(at, "specialised methods have no twins; {way_out}"));
    }
    if function.body == Body::Missing && !matches!(position.names.owner, Owner::Trait { .. }) {
        mistakes.push(err!(
            sig.ident,
            "a function without a body has nothing to run; put `#[threaded]` on the trait, or on a function that calls this one"
        ));
    }
}

fn one_value(sig: &syn::Signature, item: &Type) -> Error {
    let at = sig
        .inputs
        .last()
        .map_or(Span::call_site(), syn::spanned::Spanned::span);
    let item = readable(item);
    err!(
        at,
        "a `Yielder` takes many `{item}`, and `#[threaded]` returns one value; write `#[threaded_iterable]`"
    )
}

fn returns_items(sig: &syn::Signature) -> bool {
    match &sig.output {
        syn::ReturnType::Default => false,
        syn::ReturnType::Type(_, ty) => makes_items(&Shape::without_twins(ty)),
    }
}

/// Rejects a second attribute, since both would generate `name_async`.
fn check_one_attribute(attrs: &[Written]) -> Result<()> {
    match attrs.iter().find(|attr| is_mark(attr)) {
        None => no_helpers(attrs),
        Some(other) => Err(err!(
            other.path(),
            "two attributes choose how this fn runs on another thread; keep one"
        )),
    }
}

/// Rejects `#[koil(..)]`, which is about blocking twins.
fn no_helpers(attrs: &[Written]) -> Result<()> {
    match attrs.iter().find(|attr| is_named(attr, "koil")) {
        None => Ok(()),
        Some(helper) => Err(err!(
            helper.path(),
            "`#[koil(..)]` is for methods of a block; write the option in `#[threaded(..)]`"
        )),
    }
}

fn self_type() -> Type {
    path_type(self_ident())
}

fn self_ident() -> Ident {
    Ident::new("Self", Span::call_site())
}
