//! `#[threaded] impl`: async twins of all its methods, beside their originals.

use syn::Path;

use super::{
    arguments::Cloning,
    function::{Position, names, threaded_fn},
    marks::{RENAME, check_macro, marked, no_marks, of_both},
    pinned,
};
use crate::{
    args::Threaded,
    error::{Mistakes, err},
    lower::{
        signature::{Names, Owner, check_distinct, check_impl, path_text, self_reference},
        types::bare,
    },
    model::{ThreadedFn, ThreadedImpl, Twin},
    syntax::{
        attribute::Attribute,
        attrs::inherited,
        block::{Block, Member},
        function::Function,
    },
};

/// The twins of the methods without mistakes, as one block.
pub(crate) fn block(
    block: &Block,
    options: &Threaded,
    koil: &Path,
    mistakes: &mut Mistakes,
) -> Option<Twin> {
    if !mistakes.pass(|mistakes| check_header(block, mistakes)) {
        return None;
    }
    if let Some(pinned) = &options.pinned {
        let twin = pinned::block(block, options, pinned, koil, mistakes)?;
        return Some(Twin::PinnedImpl(Box::new(twin)));
    }
    if let Some(name) = &options.name {
        mistakes.push(err!(
            name,
            "`name` names the type of `pinned`, and without it there is none; name single methods by an attribute of their own"
        ));
    }
    let self_ty = bare(&block.self_ty).clone();
    let mut methods = Vec::new();
    let mut borrowed = false;
    for member in &block.members {
        match member {
            Member::Fn(function) => {
                borrowed |= self_reference(function).is_some();
                let names = names(koil, Owner::Type(Box::new(self_ty.clone())));
                methods.extend(
                    mistakes.flawless(|mistakes| method(function, options, names, mistakes)),
                );
            }
            Member::Macro(invocation) => drop(mistakes.take(check_macro(invocation))),
            Member::Const(constant) => drop(mistakes.take(no_marks(&constant.attrs))),
            Member::Type(ty) => drop(mistakes.take(no_marks(&ty.attrs))),
        }
    }
    if let Some(word) = options.clone.filter(|_| !borrowed) {
        mistakes.push(err!(
            word,
            "`clone` is for methods that take `&self`, and there is none here; remove it"
        ));
    }
    let signatures = methods.iter().map(|method: &ThreadedFn| &method.signature);
    check_distinct(signatures, RENAME, mistakes);
    Some(Twin::ThreadedImpl(Box::new(ThreadedImpl {
        attrs: inherited(&block.attrs),
        generics: block.generics.clone(),
        self_ty,
        methods,
    })))
}

fn method(
    function: &Function,
    of_block: &Threaded,
    names: Names<'_>,
    mistakes: &mut Mistakes,
) -> Option<ThreadedFn> {
    let (attribute, options) = marked(function, mistakes)?;
    let options = of_both(of_block, options);
    let cloning = match of_block.clone {
        // The check whether `clone` on the block has a use is in `block`.
        Some(_) => Cloning::Allowed(None),
        None => Cloning::of(&options, options.clone),
    };
    let position = Position {
        names,
        attribute,
        options: &options,
        cloning,
        way_out: "add `#[koil(skip)]`",
    };
    threaded_fn(function, &position, mistakes)
}

fn check_header(block: &Block, mistakes: &mut Mistakes) {
    let negative = "a negative impl has no methods";
    check_impl(block, "twins", negative, Attribute::Threaded, mistakes);
    if block.negative.is_none()
        && let Some(of_trait) = &block.of_trait
    {
        let text = path_text(of_trait);
        mistakes.push(err!(
            of_trait,
            "an impl of `{text}` can have no methods but those of `{text}`; put `#[threaded]` on an inherent impl that calls them"
        ));
    }
}
