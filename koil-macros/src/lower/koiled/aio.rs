//! `#[koiled(aio)]`: the plain names block, and the async side gets a place of its own.

use syn::{Attribute, Ident, Meta, Type, ext::IdentExt};

use super::call_options::CallOptions;
use crate::{
    args::Koiled,
    error::{Mistakes, Result, err},
    lower::{
        signature::{Names, doc_lines, on_view, params, receiver, turbofish},
        types::{SelfType, TwinTypes},
    },
    model::{AsyncFn, AsyncView, DocLine, Pass, Receiver, Safety, TwinFn, TwinSignature, ViewFn},
    syntax::{
        attrs::{conditions, inherited, is_named},
        block::{Block, Member},
        function::Function,
    },
    tokens::mentions,
};

/// Rejects `aio` on an item with a second `#[koiled]`: both would give the plain names away.
pub(crate) fn check_one_side(koiled: &Koiled, attrs: &[Attribute]) -> Result<()> {
    let second = attrs.iter().find(|attr| is_named(attr, "koiled"));
    let Some(second) = second else {
        return Ok(());
    };
    let has_aio = matches!(&second.meta, Meta::List(list) if mentions(&list.tokens, "aio"));
    match koiled.aio {
        Some(at) => Err(err!(
            at,
            "`aio` gives the plain names to one blocking side, and this item has two; remove the other `#[koiled]`, or remove `aio` if the other one names another twin"
        )),
        None if has_aio => Err(err!(
            second.path(),
            "`aio` gives the plain names to one blocking side, and this item has two; remove the other `#[koiled]`, or remove `aio` if the other one names another twin"
        )),
        None => Ok(()),
    }
}

/// Rejects a name beside `aio`.
pub(crate) fn check_no_name(names: &Names<'_>, name: Option<&Ident>) -> Result<()> {
    match name.filter(|_| names.aio().is_some()) {
        None => Ok(()),
        Some(name) => Err(err!(
            name,
            "with `aio` both sides have the name of the fn; remove `name`, and rename the fn"
        )),
    }
}

/// The type that has the async side of a function.
pub(crate) fn async_fn(function: &Function, names: &Names<'_>) -> Option<AsyncFn> {
    names.aio()?;
    let name = &function.sig.ident;
    Some(AsyncFn {
        attrs: conditions(&function.attrs),
        vis: function.vis.clone(),
        name: name.clone(),
        member: names.aio_name(name),
        docs: names.aio_docs(&doc_lines(&function.attrs), name),
    })
}

/// The view that has the async side of a block's methods.
pub(crate) fn async_view(
    block: &Block,
    of_self: SelfType,
    blocking: &[TwinFn],
    (self_ty, options): (&Type, &CallOptions<'_>),
    mistakes: &mut Mistakes,
) -> AsyncView {
    let names = &options.names;
    let of = of_self.name().clone();
    let view = of_self.twin_type();
    let types = TwinTypes::new(names.twins.koil, Some(of_self), &[]);
    let functions = block.members.iter().filter_map(|member| match member {
        Member::Fn(function) => Some(&**function),
        _ => None,
    });
    let moves = |name: &Ident| blocking.iter().any(|twin| twin.signature.name == *name);
    let (mut methods, mut hidden) = (Vec::new(), Vec::new());
    for function in functions.filter(|function| moves(&function.sig.ident)) {
        let name = &function.sig.ident;
        hidden.push((name.clone(), names.aio_name(name)));
        methods.extend(mistakes.flawless(|mistakes| {
            check_accessors(name, mistakes);
            view_fn(function, names, (self_ty, &types), mistakes)
        }));
    }
    check_all_move(&hidden, block, blocking, mistakes);
    AsyncView {
        attrs: inherited(&block.attrs),
        generics: types.async_self_generics(&block.generics),
        view,
        methods,
        of,
        hidden,
    }
}

fn view_fn(
    function: &Function,
    names: &Names<'_>,
    of: (&Type, &TwinTypes<'_>),
    mistakes: &mut Mistakes,
) -> Option<ViewFn> {
    let sig = &function.sig;
    let as_written = params(function, mistakes, &|typed| {
        Ok(((*typed.ty).clone(), Pass::AsIs))
    });
    let hidden = TwinSignature {
        docs: Vec::new(),
        attrs: inherited(&function.attrs),
        vis: function.vis.clone(),
        safety: match sig.safety {
            syn::Safety::Unsafe(_) => Safety::Unsafe,
            _ => Safety::Safe,
        },
        name: names.aio_name(&sig.ident),
        generics: sig.generics.clone(),
        receiver: receiver(function).map(|declared| Receiver {
            declared,
            pass: Pass::AsIs,
        }),
        params: as_written,
        output: sig.output.clone(),
        callee: names.callee(&sig.ident),
        turbofish: turbofish(sig, &[], &[]),
        labels: names.labels(&sig.ident, &sig.ident),
    };
    let docs: Vec<DocLine> = names.aio_docs(&doc_lines(&function.attrs), &sig.ident);
    let is_async = sig.asyncness.is_some();
    mistakes.take(on_view(&hidden, (&sig.ident, docs), is_async, of))
}

/// Rejects names that a type or its view has already.
fn check_accessors(name: &Ident, mistakes: &mut Mistakes) {
    const ACCESSORS: [&str; 6] = [
        "aio",
        "aio_mut",
        "into_aio",
        "blocking",
        "blocking_mut",
        "into_blocking",
    ];
    if ACCESSORS.iter().any(|accessor| name == accessor) {
        mistakes.push(err!(
            name,
            "`{name}` is an accessor between the two sides; rename the method"
        ));
    }
}

/// Rejects a name that two methods have under opposite `cfg`s, of which only one moves.
fn check_all_move(
    hidden: &[(Ident, Ident)],
    block: &Block,
    blocking: &[TwinFn],
    mistakes: &mut Mistakes,
) {
    for (name, _) in hidden {
        let written = block
            .members
            .iter()
            .filter(|member| matches!(member, Member::Fn(function) if function.sig.ident == *name));
        let twins = blocking.iter().filter(|twin| twin.signature.name == *name);
        if written.count() != twins.count() {
            mistakes.push(err!(
                name,
                "one `{}` of this block waits and another does not, and calls of them look the same; give them two names",
                name.unraw()
            ));
            return;
        }
    }
}
