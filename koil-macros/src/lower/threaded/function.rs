//! The async twin of one function: its arguments move to another thread, which calls the original.

use proc_macro2::Span;
use quote::ToTokens;
use syn::{Attribute as Written, Ident, Path, Type, TypePath, ext::IdentExt};

use crate::{
    args::{Docs, Threaded},
    error::{Error, Result, checked, err},
    lower::{
        signature::{
            attributes::feature_gate,
            docs::async_docs,
            generics::{no_conditional_generics, turbofish},
            names::{Names, Naming, check_other_name},
        },
        threaded::{
            arguments::{Cloning, carried_params, carried_receiver},
            bounds::carried_generics,
            iterators::makes_items,
            job::{JobOutput, items, value, yielded, yields},
            marks::is_mark,
        },
        types::{
            tokens::{mentions, readable},
            twin_types::TwinTypes,
        },
    },
    model::{Callee, Convert, Home, Labels, Place, Safety, Start, ThreadedFn, TwinFn},
    syntax::{
        attribute::Attribute,
        attrs::{doc_lines, inherited, is_named},
        function::{Body, Function},
    },
};

/// The place of functions, and the options for their twins.
pub(crate) struct Position<'a> {
    pub(crate) names: Names<'a>,
    /// The attribute on this function itself. Without one, the function's shape decides.
    pub(crate) attribute: Option<Attribute>,
    pub(crate) words: &'a Threaded,
    pub(crate) cloning: Cloning,
    /// The remedy in the error message if there can be no twin.
    pub(crate) way_out: &'static str,
}

/// A function by itself, or a method of a block that has no attribute of its own.
pub(crate) fn lone_fn(
    function: &Function,
    attribute: Attribute,
    words: &Threaded,
    koil: &Path,
) -> Result<ThreadedFn> {
    let sig = &function.sig;
    let method = sig.receiver().is_some() || mentions_self(&sig.to_token_stream());
    let position = Position {
        names: names(koil, method.then(self_type)),
        attribute: Some(attribute),
        words,
        cloning: Cloning::of(words, words.clone),
        way_out: "remove the attribute",
    };
    let twin = threaded_fn(function, &position).map(|mut twin| {
        if method {
            // The name of the type is not known here.
            twin.call.labels = Labels {
                twin: twin.call.name.unraw().to_string(),
                original: sig.ident.unraw().to_string(),
            };
        }
        twin
    });
    checked(check_one_attribute(&function.attrs), twin)
}

pub(crate) fn names(koil: &Path, self_ty: Option<Type>) -> Names<'_> {
    Names {
        twins: TwinTypes {
            koil,
            own: None,
            listed: &[],
        },
        face: Naming::Suffix("_async".to_owned()),
        self_ty,
        docs: Docs::Prose,
    }
}

pub(crate) fn threaded_fn(function: &Function, position: &Position<'_>) -> Result<ThreadedFn> {
    let (sig, names, words) = (&function.sig, &position.names, position.words);
    let (twins, koil) = (&names.twins, names.twins.koil);
    let mut errors = Error::accumulator();
    errors.handle(fits(function, position));
    errors.handle(no_conditional_generics(&sig.generics));
    let receiver = errors.handle(carried_receiver(function, twins, position.cloning));
    let item = errors.handle(yielded(sig));
    // The job passes its own `Yielder` as the last argument; a misplaced one has been reported
    // already.
    let yields_items = item.as_ref().is_none_or(Option::is_some);
    let taken = sig.inputs.len() - usize::from(yields_items);
    let params = errors.handle(carried_params(function, taken, twins));
    let gives = errors.handle(
        match (position.attribute, item.as_ref().map(Option::as_ref)) {
            (_, None) => Ok(JobOutput::nothing()),
            // An async function gets no second error about its return type.
            _ if sig.asyncness.is_some() => Ok(JobOutput::nothing()),
            (Some(Attribute::Threaded), Some(Some(item))) => Err(one_value(sig, item)),
            (_, Some(Some(item))) => yields(sig, item, words.capacity, koil),
            (Some(Attribute::ThreadedIterable), Some(None)) => items(sig, words.capacity, koil),
            (None, Some(None)) if returns_items(sig) => items(sig, words.capacity, koil),
            (_, Some(None)) => value(sig, koil),
        },
    );
    errors.handle(check_other_name(words.name.as_ref(), &sig.ident));
    let name = words.name.clone();
    let name = name.unwrap_or_else(|| names.twin_name(&sig.ident));
    let params = params.unwrap_or_default();
    // A placeholder for a mistake never leaves this function: `finish_with` returns the errors
    // instead.
    let JobOutput { output, job, at } = gives.unwrap_or_else(JobOutput::nothing);
    let mut lines = doc_lines(&function.attrs);
    let safety = match sig.safety {
        syn::Safety::Unsafe(_) => {
            lines.extend(UNSAFE_DOCS.map(str::to_owned));
            Safety::Unsafe
        }
        _ => Safety::Safe,
    };
    let call = TwinFn {
        docs: async_docs(&lines, &names.link(&sig.ident), names.docs),
        attrs: [
            inherited(&function.attrs),
            feature_gate(words.feature.as_ref()),
        ]
        .concat(),
        vis: function.vis.clone(),
        safety,
        labels: names.labels(&sig.ident, &name),
        name,
        generics: carried_generics(&sig.generics, &params),
        turbofish: turbofish(sig, &[]),
        receiver: receiver.flatten(),
        params,
        output,
        start: Start::Plain,
        home: Home::Ambient,
        // The twin stands beside its original, so `Self` has the same meaning.
        callee: match &names.self_ty {
            Some(_) => Callee::Inherent(Box::new(self_type()), sig.ident.clone()),
            None => Callee::Free(sig.ident.clone()),
        },
        convert: Convert::AsIs,
    };
    errors.finish_with(ThreadedFn {
        call,
        job,
        place: match words.separate {
            Some(_) => Place::Separate,
            None => Place::Pool,
        },
        returned: at,
    })
}

/// The docs of an `unsafe` twin, in addition to those of its original.
const UNSAFE_DOCS: [&str; 2] = [
    "",
    " What the caller promises has to hold until the job is over, on whichever thread it runs.",
];

fn fits(function: &Function, position: &Position<'_>) -> Result<()> {
    let (sig, way_out) = (&function.sig, position.way_out);
    let mut errors = Error::accumulator();
    if let Some(at) = &sig.asyncness {
        errors.push(err!(
            at,
            "an `async fn` needs no thread to wait in; {way_out}"
        ));
    }
    if let Some(at) = &sig.constness {
        errors.push(err!(
            at,
            "a `const fn` does nothing that blocks; remove `const`, or {way_out}"
        ));
    }
    if let Some(at) = &function.defaultness {
        errors.push(err!(at, "specialised methods have no twins; {way_out}"));
    }
    if function.body == Body::Missing && !matches!(position.names.face, Naming::Trait) {
        errors.push(err!(
            sig.ident,
            "a method without a body has nothing to run; put the attribute on the methods of an `impl`"
        ));
    }
    errors.finish()
}

fn one_value(sig: &syn::Signature, item: &Type) -> Error {
    let at = sig
        .inputs
        .last()
        .map_or(Span::call_site(), syn::spanned::Spanned::span);
    let item = readable(item);
    err!(
        at,
        "with a `Yielder` there are many `{item}`, and `#[threaded]` gives one value; write `#[threaded_iterable]`"
    )
}

fn returns_items(sig: &syn::Signature) -> bool {
    match &sig.output {
        syn::ReturnType::Default => false,
        syn::ReturnType::Type(_, ty) => makes_items(ty),
    }
}

/// Rejects a second attribute, since both would generate `name_async`.
fn check_one_attribute(attrs: &[Written]) -> Result<()> {
    match attrs.iter().find(|attr| is_mark(attr)) {
        None => no_helpers(attrs),
        Some(other) => Err(err!(
            other.path(),
            "one attribute says how this fn runs elsewhere; keep one"
        )),
    }
}

/// Rejects `#[koil(..)]`, which is about blocking twins.
fn no_helpers(attrs: &[Written]) -> Result<()> {
    match attrs.iter().find(|attr| is_named(attr, "koil")) {
        None => Ok(()),
        Some(helper) => Err(err!(
            helper.path(),
            "`#[koil(..)]` is for blocks; write what you mean in `#[threaded(..)]`"
        )),
    }
}

fn mentions_self(tokens: &proc_macro2::TokenStream) -> bool {
    mentions(tokens, &self_ident())
}

fn self_type() -> Type {
    Type::Path(TypePath {
        attrs: Vec::new(),
        qself: None,
        path: self_ident().into(),
    })
}

fn self_ident() -> Ident {
    Ident::new("Self", Span::call_site())
}
