//! Impl blocks: the members that the twin of a block has.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Generics, Path, ReturnType, Type, TypePath};

use super::{
    aio::{async_view, check_one_side},
    builder::{instances, of_builder, wait},
    call_options::{CallOptions, check_expressions},
    doc_links::link_block,
    function::method,
    inline_option::{add_bounds, ready_bounds},
    listed::{check_no_bounds_in_block, unused_twins},
    shown::drop_hidden,
};
use crate::{
    args::Koiled,
    error::{Mistakes, Result, err},
    lower::{
        signature::{
            Direction, Names, Naming, Owner, check_attrs, check_distinct, check_impl, check_macro,
            check_other_name, doc_lines, path_text, read_helpers, viewed_type,
        },
        types::{SelfType, TwinTypes, bare, ends_with, readable, twin_pointer},
    },
    model::{
        AsyncView, ConstValue, Held, OwnNext, Pass, TwinConst, TwinFn, TwinImpl, TwinSignature,
    },
    syntax::{
        attribute::Attribute,
        attrs::{conditions, inherited},
        block::{Block, Constant, Member},
    },
};

/// The twins of the members without mistakes, as one block; for a builder with several outputs,
/// one block for each.
pub(crate) fn blocks(
    block: &Block,
    koiled: &Koiled,
    koil: &Path,
    mistakes: &mut Mistakes,
) -> (Vec<TwinImpl>, Option<AsyncView>) {
    check_expressions(koiled, mistakes);
    match instances(block, mistakes) {
        Ok(None) => match self::block(block, koiled, koil, mistakes) {
            Some((twin, view)) => (vec![twin], view),
            None => (Vec::new(), None),
        },
        Ok(Some(instances)) => {
            let twins = instances
                .iter()
                .filter_map(|instance| self::block(instance, koiled, koil, mistakes))
                .map(|(twin, _)| twin);
            (twins.collect(), None)
        }
        Err(mistake) => {
            mistakes.push(mistake);
            (Vec::new(), None)
        }
    }
}

fn block(
    block: &Block,
    koiled: &Koiled,
    koil: &Path,
    mistakes: &mut Mistakes,
) -> Option<(TwinImpl, Option<AsyncView>)> {
    let self_ty = bare(&block.self_ty).clone();
    let fits = mistakes.pass(|mistakes| check_header(block, mistakes));
    mistakes.take(check_one_side(koiled, &block.attrs))?;
    let view = match koiled.aio {
        Some(_) => Some(mistakes.take(view_type(&self_ty, &block.generics, koiled))?),
        None => None,
    };
    let of_self = match &koiled.suffix {
        _ if view.is_some() => None,
        Some(_) => None,
        None => Some(mistakes.take(self_type(&self_ty, &block.generics, koiled))?),
    };
    if !fits {
        return None;
    }
    let twin = of_self.as_ref().map(SelfType::twin_type);
    let names = Names {
        twins: TwinTypes::new(koil, of_self, &koiled.twins),
        owner: Owner::Type(Box::new(self_ty.clone())),
        naming: match (&koiled.suffix, &view) {
            (_, Some(view)) => Naming::Aio(view.twin.clone()),
            (Some(suffix), None) => Naming::Suffix(suffix.clone()),
            (None, None) => Naming::Elsewhere,
        },
        docs: koiled.docs,
        direction: Direction::ToBlocking,
    };
    let options = CallOptions::of(names, koiled, Some(&block.generics));
    let (mut consts, mut methods) = if let Some(of_trait) = of_builder(block) {
        let method = mistakes.flawless(|mistakes| wait(block, of_trait, &options, mistakes));
        (Vec::new(), vec![method?])
    } else {
        members(block, &options, mistakes)
    };
    drop_hidden(&mut methods);
    link_block(&options.names, &mut consts, &mut methods);
    check_no_bounds_in_block(&koiled.twins, block, mistakes);
    let signatures = methods.iter().map(|method| &method.signature);
    // Nothing is expanded then: rustc would report two twins of one name a second time.
    if !mistakes.pass(|mistakes| check_distinct(signatures, RENAME, mistakes)) {
        return None;
    }
    let generics = options.names.twins.async_self_generics(&block.generics);
    // On the methods, not on the block: where a bound of the block does not hold, rustc takes the
    // original of the method, by `Deref`, and the error speaks of its future.
    let ready = ready_bounds(&generics, koiled.inline.as_ref(), koil, mistakes);
    for method in methods.iter_mut().filter(|method| method.is_called()) {
        add_bounds(&mut method.signature.generics, ready.clone());
    }
    let is_concrete = block.generics.params.is_empty();
    let checks_next = is_concrete && koiled.suffix.is_none() && koiled.inline.is_none();
    let own_next = methods.iter().filter(|_| checks_next).find_map(own_next);
    let view = match view {
        None => None,
        Some(view) => Some(mistakes.flawless(|mistakes| {
            let of = (&self_ty, &options);
            Some(async_view(block, view, &methods, of, mistakes))
        })?),
    };
    let twin = TwinImpl {
        own_next,
        attrs: inherited(&block.attrs),
        generics,
        twin: twin.unwrap_or(self_ty),
        consts,
        methods,
        unused: unused_twins(&koiled.twins, &signatures_of(block)),
    };
    Some((twin, view))
}

/// A method that hides `Iterator::next` and returns something else. A stream may have one, and then the
/// twin, which is an iterator, would go two ways.
fn own_next(method: &TwinFn) -> Option<OwnNext> {
    let TwinSignature {
        name,
        attrs,
        receiver,
        params,
        output,
        labels,
        ..
    } = &method.signature;
    let is_by_mut = matches!(receiver.as_ref()?.pass, Pass::Held(Held::RefMut));
    let is_option = matches!(output, ReturnType::Type(_, ty)
        if matches!(bare(ty), Type::Path(path) if ends_with(&path.path, &["Option"])));
    if name != "next" || !is_by_mut || !params.is_empty() || is_option {
        return None;
    }
    // Another form of the method may be there instead.
    if !conditions(attrs).is_empty() {
        return None;
    }
    let mistake = format!(
        "`{}` is not the `next` of the iterator, which the twin is since its original is a stream: a `for` loop would go another way; rename the method, `#[koil(name = \"..\")]`, or write `#[koiled(forward(-Iterator))]` on the type",
        labels.twin
    );
    Some(OwnNext {
        method: name.clone(),
        mistake,
    })
}

/// A mistake in one member does not affect the others.
fn members(
    block: &Block,
    options: &CallOptions<'_>,
    mistakes: &mut Mistakes,
) -> (Vec<TwinConst>, Vec<TwinFn>) {
    let (mut consts, mut methods) = (Vec::new(), Vec::new());
    for member in &block.members {
        check_attrs(member.attrs(), "impl", mistakes);
        match member {
            Member::Fn(function) => {
                methods.extend(mistakes.flawless(|mistakes| method(function, options, mistakes)));
            }
            Member::Const(constant) => {
                let names = &options.names;
                consts.extend(mistakes.flawless(|mistakes| twin_const(constant, names, mistakes)));
            }
            Member::Macro(invocation) => check_macro(invocation, mistakes),
            Member::Type(_) => {}
        }
    }
    (consts, methods)
}

/// The type of the impl block, and the name of its view.
fn view_type(self_ty: &Type, generics: &Generics, koiled: &Koiled) -> Result<SelfType> {
    let of_self = viewed_type(self_ty, koiled.twin.as_ref());
    if let Some(of_self) = of_self.filter(|of_self| !is_param(&of_self.path, generics)) {
        let name = koiled.twin.as_ref().and_then(Path::get_ident);
        check_other_name(name, of_self.name())?;
        return Ok(of_self);
    }
    let (text, remedy) = (readable(self_ty), of_nameless(self_ty));
    Err(err!(
        self_ty,
        "`aio` needs a named type, whose view has the async side, and `{text}` has none; {remedy}"
    ))
}

fn is_param(path: &Path, generics: &Generics) -> bool {
    let mut params = generics.type_params();
    params.any(|param| path.is_ident(&param.ident))
}

/// The type of the impl block, and the name of its twin.
fn self_type(self_ty: &Type, generics: &Generics, koiled: &Koiled) -> Result<SelfType> {
    let of_self = SelfType::of(self_ty, koiled.twin.as_ref());
    if let Some(of_self) = of_self.filter(|of_self| !is_param(&of_self.path, generics)) {
        let name = koiled.twin.as_ref().and_then(Path::get_ident);
        check_other_name(name, of_self.name())?;
        return Ok(of_self);
    }
    let (text, remedy) = (readable(self_ty), of_nameless(self_ty));
    Err(err!(
        self_ty,
        "twins need a named type, and `{text}` has none; {remedy}"
    ))
}

/// The remedy for an impl block of a type without a name. A block of a reference or of a type
/// parameter is one that rustc rejects too.
fn of_nameless(self_ty: &Type) -> String {
    match self_ty {
        Type::Reference(reference) => format!("write `impl {}`", readable(&reference.elem)),
        Type::Path(TypePath { qself: None, .. }) => {
            "write a `#[koiled]` trait, and implement that for it".to_owned()
        }
        _ => "use `#[koiled(suffix = \"_blocking\")]`".to_owned(),
    }
}

fn check_header(block: &Block, mistakes: &mut Mistakes) {
    let negative = "a negative impl has no methods and no twin";
    check_impl(block, "twin", negative, Attribute::Koiled, mistakes);
    if block.negative.is_none()
        && let Some(of_trait) = &block.of_trait
        && of_builder(block).is_none()
    {
        let text = path_text(of_trait);
        let ty = readable(bare(&block.self_ty));
        mistakes.push(err!(
            of_trait,
            "impls need no attribute: if the trait `{text}` is `#[koiled]`, the twin of `{ty}` has its twin, and a trait of another crate has none; remove `#[koiled]` here"
        ));
    }
}

/// `const LIMIT: usize` is the same on both sides, `const DEFAULT: Self` is wrapped.
fn twin_const(
    constant: &Constant,
    names: &Names<'_>,
    mistakes: &mut Mistakes,
) -> Option<TwinConst> {
    let helpers = read_helpers(&constant.attrs, mistakes);
    // With `suffix` and `aio`, twins are on the original type, where a constant needs no twin.
    let (None, None, Owner::Type(aio)) =
        (helpers.skip, names.is_beside().then_some(()), &names.owner)
    else {
        return None;
    };
    let (ty, value) = match twin_pointer(&constant.ty, &names.twins) {
        Some(twin) if twin.held == Held::Value => (twin.ty, ConstValue::Twin),
        _ => (names.twins.async_self(&constant.ty), ConstValue::AsIs),
    };
    let lines = doc_lines(&constant.attrs);
    Some(TwinConst {
        docs: names.docs_of(helpers.doc.as_ref(), &lines, &constant.ident),
        attrs: inherited(&constant.attrs),
        vis: constant.vis.clone(),
        name: constant.ident.clone(),
        ty,
        aio: (**aio).clone(),
        value,
    })
}

/// The attribute that renames the twin of a method in a `#[koiled]` block, for error messages.
pub(crate) const RENAME: &str = "#[koil(name = \"..\")]";

/// The tokens in which a type of `twins(..)` may occur.
fn signatures_of(block: &Block) -> TokenStream {
    let mut tokens = TokenStream::new();
    for member in &block.members {
        match member {
            Member::Fn(function) => function.sig.to_tokens(&mut tokens),
            Member::Const(constant) => constant.ty.to_tokens(&mut tokens),
            Member::Type(ty) => tokens.extend(ty.value.clone()),
            Member::Macro(_) => {}
        }
    }
    tokens
}
