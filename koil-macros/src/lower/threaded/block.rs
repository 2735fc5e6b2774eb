//! `#[threaded] impl`: async twins of all its methods, beside their originals.

use std::mem;

use syn::{Ident, Path, Type, parse_quote};

use super::{
    arguments::Cloning,
    function::{Position, names, threaded_fn},
    marks::{RENAME, check_macro, marked, no_marks, of_both},
    pinned,
};
use crate::{
    args::Threaded,
    error::{Mistakes, Result, err},
    lower::{
        signature::{
            Names, Naming, Owner, check_distinct, check_impl, on_view, path_text, self_reference,
            viewed_type,
        },
        types::{SelfType, TwinTypes, bare, readable},
    },
    model::{AsyncView, ThreadedFn, ThreadedImpl, Twin},
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
) -> Option<(Twin, Option<AsyncView>)> {
    if !mistakes.pass(|mistakes| check_header(block, mistakes)) {
        return None;
    }
    if let Some(pinned) = &options.pinned {
        let twin = pinned::block(block, options, pinned, koil, mistakes)?;
        return Some((Twin::PinnedImpl(Box::new(twin)), None));
    }
    if let (Some(name), None) = (&options.name, options.aio) {
        mistakes.push(err!(
            name,
            "`name` names the type of `pinned` or the view of `aio`, and without these there is none; name single methods by an attribute of their own"
        ));
    }
    let self_ty = bare(&block.self_ty).clone();
    let view = match options.aio {
        Some(_) => Some(mistakes.take(view_type(&self_ty, options))?),
        None => None,
    };
    let mut methods = Vec::new();
    let mut borrowed = false;
    for member in &block.members {
        match member {
            Member::Fn(function) => {
                borrowed |= self_reference(function).is_some();
                let mut names = names(koil, Owner::Type(Box::new(self_ty.clone())));
                if let Some(view) = &view {
                    names.naming = Naming::Aio(view.twin.clone());
                }
                let twin = mistakes.flawless(|mistakes| method(function, options, names, mistakes));
                methods.extend(twin.map(|twin| (&function.sig.ident, twin)));
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
    let signatures = methods.iter().map(|(_, twin)| &twin.signature);
    check_distinct(signatures, RENAME, mistakes);
    let view = match view {
        Some(view) => Some(
            mistakes
                .flawless(|mistakes| Some(async_view(block, view, &mut methods, koil, mistakes)))?,
        ),
        None => None,
    };
    let twin = ThreadedImpl {
        attrs: inherited(&block.attrs),
        generics: block.generics.clone(),
        self_ty,
        methods: methods.into_iter().map(|(_, twin)| twin).collect(),
    };
    Some((Twin::ThreadedImpl(Box::new(twin)), view))
}

fn view_type(self_ty: &Type, options: &Threaded) -> Result<SelfType> {
    let text = readable(self_ty);
    let name = options.name.clone().map(Path::from);
    viewed_type(self_ty, name.as_ref()).ok_or_else(|| {
        err!(
            self_ty,
            "`aio` needs a named type, whose view has the async side, and `{text}` has none; remove `aio`"
        )
    })
}

/// The view with the async twins, which get hidden names on the type itself.
fn async_view(
    block: &Block,
    of_self: SelfType,
    methods: &mut [(&Ident, ThreadedFn)],
    koil: &Path,
    mistakes: &mut Mistakes,
) -> AsyncView {
    let self_ty = bare(&block.self_ty);
    let of = of_self.name().clone();
    let view = of_self.twin_type();
    let types = TwinTypes::new(koil, Some(of_self), &[]);
    let mut on_views = Vec::new();
    for (plain, twin) in methods {
        let hidden = &mut twin.signature;
        let docs = mem::take(&mut hidden.docs);
        let viewed = on_view(hidden, (plain, docs), false, (self_ty, &types));
        on_views.extend(mistakes.take(viewed));
        hidden.attrs.push(parse_quote!(#[doc(hidden)]));
    }
    AsyncView {
        attrs: inherited(&block.attrs),
        generics: types.async_self_generics(&block.generics),
        view,
        methods: on_views,
        of,
        hidden: Vec::new(),
    }
}

fn method(
    function: &Function,
    of_block: &Threaded,
    names: Names<'_>,
    mistakes: &mut Mistakes,
) -> Option<ThreadedFn> {
    let (attribute, options) = marked(function, mistakes)?;
    if let Some(at) = options.aio {
        mistakes.push(err!(
            at,
            "`aio` is for all methods of a block; write it on the impl block"
        ));
    }
    if let (Some(name), Some(_)) = (&options.name, of_block.aio) {
        mistakes.push(err!(
            name,
            "with `aio` both sides have the name of the fn; remove `name`, and rename the fn"
        ));
    }
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
