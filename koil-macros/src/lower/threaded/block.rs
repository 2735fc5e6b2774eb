//! `#[threaded] impl`: async twins of all its methods, beside their originals.

use syn::Path;

use crate::{
    args::Threaded,
    error::{Error, Result, err},
    lower::{
        signature::names::{Names, check_distinct, path_text},
        threaded::{
            arguments::Cloning,
            function::{Position, names, threaded_fn},
            marks::{RENAME, check_macro, marked, no_marks, of_both},
        },
        types::parts::bare,
    },
    model::{ThreadedFn, ThreadedImpl},
    syntax::{
        attrs::inherited,
        block::{Block, Member},
        function::Function,
    },
};

/// A mistake in one method does not affect the others: the mistakes are returned beside the twins
/// of the correct methods.
pub(crate) fn block(
    block: &Block,
    words: &Threaded,
    koil: &Path,
) -> Result<(ThreadedImpl, Result<()>)> {
    check_header(block)?;
    let self_ty = bare(&block.self_ty).clone();
    let mut errors = Error::accumulator();
    let mut methods = Vec::new();
    let mut borrowed = false;
    for member in &block.members {
        match member {
            Member::Fn(function) => {
                borrowed |= is_borrowed(function);
                let names = names(koil, Some(self_ty.clone()));
                methods.extend(errors.handle(method(function, words, names)).flatten());
            }
            Member::Macro(invocation) => drop(errors.handle(check_macro(invocation))),
            Member::Const(constant) => drop(errors.handle(no_marks(&constant.attrs))),
            Member::Type(ty) => drop(errors.handle(no_marks(&ty.attrs))),
        }
    }
    if let Some(word) = words.clone.filter(|_| !borrowed) {
        errors.push(err!(
            word,
            "`clone` is for methods that take `&self`, and there is none here; remove it"
        ));
    }
    errors.handle(check_distinct(
        methods.iter().map(|method: &ThreadedFn| &method.call),
        RENAME,
    ));
    let twin = ThreadedImpl {
        attrs: inherited(&block.attrs),
        generics: block.generics.clone(),
        self_ty,
        methods,
    };
    Ok((twin, errors.finish()))
}

fn method(
    function: &Function,
    of_block: &Threaded,
    names: Names<'_>,
) -> Result<Option<ThreadedFn>> {
    let Some((attribute, words)) = marked(function)? else {
        return Ok(None);
    };
    let words = of_both(of_block, words);
    let cloning = match of_block.clone {
        // The check whether `clone` on the block has a use is in `block`.
        Some(_) => Cloning::Allowed(None),
        None => Cloning::of(&words, words.clone),
    };
    let position = Position {
        names,
        attribute,
        words: &words,
        cloning,
        way_out: "add `#[koil(skip)]`",
    };
    threaded_fn(function, &position).map(Some)
}

fn check_header(block: &Block) -> Result<()> {
    let mut errors = Error::accumulator();
    if let Some(at) = &block.defaultness {
        errors.push(err!(
            at,
            "specialised impls have no twins; remove `#[threaded]` here"
        ));
    }
    if let Some(at) = &block.negative {
        errors.push(err!(
            at,
            "a negative impl has no methods; remove `#[threaded]` here"
        ));
    } else if let Some(of_trait) = &block.of_trait {
        let text = path_text(of_trait);
        errors.push(err!(
            of_trait,
            "an impl of `{text}` can have no methods but those of `{text}`; put `#[threaded]` on an inherent impl that calls them"
        ));
    }
    errors.finish()
}

fn is_borrowed(function: &Function) -> bool {
    let receiver = function.sig.receiver();
    receiver.is_some_and(|receiver| match &receiver.kind {
        syn::ReceiverKind::Reference(..) => true,
        syn::ReceiverKind::Typed(_, ty) => matches!(bare(ty), syn::Type::Reference(_)),
        _ => false,
    })
}
