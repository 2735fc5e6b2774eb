//! Impl blocks: the members that the twin of a block has.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Generics, Path, Type};

use super::{
    builder::{of_builder, wait},
    docs::docs,
    failure::Failing,
    function::method,
    handles::{Handles, Own, Whose, all_used, bare, twin_ident},
    held::held_twin,
    site::{Face, Site, another, path_text},
};
use crate::{
    args::{self, Koiled},
    error::{Error, Result, checked, err},
    model::{ConstValue, Held, TwinConst, TwinFn, TwinImpl},
    syntax::{
        attrs::{conditional_helper, conditions, doc_lines, inherited, is_named},
        block::{Block, Constant, Invocation, Member},
    },
};

/// A mistake in one member does not affect the others: the mistakes are returned beside the twins
/// of the correct members.
pub(crate) fn block(block: &Block, koiled: &Koiled, koil: &Path) -> Result<(TwinImpl, Result<()>)> {
    let self_ty = bare(&block.self_ty).clone();
    let (face, own, twin) = if let Some(suffix) = &koiled.suffix {
        check_header(block)?;
        (Face::Suffix(suffix.clone()), None, self_ty.clone())
    } else {
        let own = checked(check_header(block), own(&self_ty, &block.generics, koiled))?;
        let twin = own.twin_type();
        (Face::Type, Some(own), twin)
    };
    let site = Site {
        handles: Handles {
            koil,
            own,
            listed: &koiled.twins,
        },
        face,
        self_ty: Some(self_ty),
        docs: koiled.docs,
        failing: Failing::of(koiled),
        lend: koiled.lend,
        handle: koiled.handle.as_ref(),
    };
    if let Some(of_trait) = of_builder(block) {
        return builder(block, of_trait, &site, twin).map(|twin| (twin, Ok(())));
    }
    let mut errors = Error::accumulator();
    let mut consts = Vec::new();
    let mut methods = Vec::new();
    for member in &block.members {
        errors.handle(check_attrs(member.attrs(), "impl"));
        match member {
            Member::Fn(function) => {
                methods.extend(errors.handle(method(function, &site)).flatten());
            }
            Member::Const(constant) => {
                consts.extend(errors.handle(twin_const(constant, &site)).flatten());
            }
            Member::Macro(invocation) => drop(errors.handle(accepted(invocation))),
            Member::Type(_) => {}
        }
    }
    errors.handle(all_used(&koiled.twins, || signatures(block)));
    let mistakes = errors.finish();
    // Nothing is expanded then: rustc would report two twins of one name a second time.
    if let Err(twice) = distinct(&methods, RENAME) {
        return checked(mistakes, Err(twice));
    }
    let twin = TwinImpl {
        attrs: inherited(&block.attrs),
        generics: site.handles.async_self_generics(&block.generics),
        twin,
        consts,
        methods,
    };
    Ok((twin, mistakes))
}

/// The twin of an `impl IntoFuture`, which has one method.
fn builder(block: &Block, of_trait: &Path, site: &Site<'_>, twin: Type) -> Result<TwinImpl> {
    let method = wait(block, of_trait, site);
    let method = checked(all_used(site.handles.listed, || signatures(block)), method)?;
    Ok(TwinImpl {
        attrs: inherited(&block.attrs),
        generics: site.handles.async_self_generics(&block.generics),
        twin,
        consts: Vec::new(),
        methods: vec![method],
    })
}

/// The type of the impl block, and the name of its twin.
fn own(self_ty: &Type, generics: &Generics, koiled: &Koiled) -> Result<Own> {
    let is_param = |path: &Path| generics.type_params().any(|own| path.is_ident(&own.ident));
    if let Type::Path(named) = self_ty
        && named.qself.is_none()
        && !is_param(&named.path)
        && let Some(last) = named.path.segments.last()
    {
        another(koiled.name.as_ref(), &last.ident)?;
        let twin = koiled
            .name
            .clone()
            .unwrap_or_else(|| twin_ident(&last.ident));
        return Ok(Own {
            path: named.path.clone(),
            twin,
            whose: Whose::Type,
        });
    }
    let text = super::readable(self_ty);
    Err(err!(
        self_ty,
        "twins need a named type, and `{text}` has none; use `#[koiled(suffix = \"_blocking\")]`"
    ))
}

fn check_header(block: &Block) -> Result<()> {
    let mut errors = Error::accumulator();
    if let Some(at) = &block.defaultness {
        errors.push(err!(
            at,
            "specialised impls have no twin; remove `#[koiled]` here"
        ));
    }
    if let Some(at) = &block.negative {
        errors.push(err!(
            at,
            "a negative impl has no methods to twin; remove `#[koiled]` here"
        ));
    } else if let Some(of_trait) = &block.of_trait
        && of_builder(block).is_none()
    {
        let text = path_text(of_trait);
        let ty = super::readable(bare(&block.self_ty));
        errors.push(err!(
            of_trait,
            "the twin of `{text}` already covers `{ty}`; remove `#[koiled]` here"
        ));
    }
    errors.finish()
}

/// Rejects attributes that are in the wrong place on a member.
pub(super) fn check_attrs(attrs: &[Attribute], place: &str) -> Result<()> {
    let mut errors = Error::accumulator();
    if let Some(attr) = conditional_helper(attrs) {
        errors.push(err!(
            attr.path(),
            "koil sees this block before its `cfg_attr`s; write `#[koil(skip)]` on two `cfg`-ed methods instead"
        ));
    }
    if let Some(attr) = attrs.iter().find(|attr| is_named(attr, "koiled")) {
        errors.push(err!(
            attr.path(),
            "`#[koiled]` is already on the {place}; remove it here"
        ));
    }
    errors.finish()
}

/// `const LIMIT: usize` is the same on both sides, `const DEFAULT: Self` is wrapped.
fn twin_const(constant: &Constant, site: &Site<'_>) -> Result<Option<TwinConst>> {
    let (helpers, mistakes) = args::helpers(&constant.attrs);
    mistakes?;
    // With `suffix`, twins are on the original type, where a constant needs no twin.
    let (None, Face::Type) = (helpers.skip, &site.face) else {
        return Ok(None);
    };
    let (link, own) = (site.link(&constant.ident), site.own_text());
    let (ty, value) = match held_twin(&constant.ty, &site.handles) {
        Some(twin) if twin.held == Held::Value => (twin.ty, ConstValue::Twin),
        _ => (site.handles.async_self(&constant.ty), ConstValue::AsIs),
    };
    Ok(site.self_ty.clone().map(|aio| TwinConst {
        docs: docs(
            &doc_lines(&constant.attrs),
            &link,
            own.as_deref(),
            site.docs,
        ),
        attrs: inherited(&constant.attrs),
        vis: constant.vis.clone(),
        name: constant.ident.clone(),
        ty,
        aio,
        value,
    }))
}

/// Rejects a macro invocation without `skip`: the user has to know that its members get no twins.
pub(super) fn accepted(invocation: &Invocation) -> Result<()> {
    let (helpers, mistakes) = args::helpers(&invocation.attrs);
    if helpers.skip.is_some() {
        return mistakes;
    }
    let name = path_text(&invocation.path);
    Err(err!(
        invocation.path,
        "koil cannot look inside `{name}!{{..}}`; methods made by it get no twin: add `#[koil(skip)]` to accept"
    ))
}

/// The attribute that renames the twin of a method in a `#[koiled]` block, for error messages.
pub(super) const RENAME: &str = "#[koil(name = \"..\")]";

/// Rejects twin names that are given twice.
pub(super) fn distinct<'a>(
    methods: impl IntoIterator<Item = &'a TwinFn>,
    rename: &str,
) -> Result<()> {
    // Methods under `cfg` do not count: of two with one name, only one may exist.
    let certain = methods
        .into_iter()
        .filter(|method| !has_condition(&method.attrs));
    let mut taken = HashSet::new();
    let mut errors = Error::accumulator();
    for TwinFn { name, .. } in certain {
        if !taken.insert(name.to_string()) {
            errors.push(err!(
                name,
                "two methods want the twin name `{name}`; rename one with `{rename}`"
            ));
        }
    }
    errors.finish()
}

fn has_condition(attrs: &[Attribute]) -> bool {
    !conditions(attrs).is_empty()
}

fn signatures(block: &Block) -> TokenStream {
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
