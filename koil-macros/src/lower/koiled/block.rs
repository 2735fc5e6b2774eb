//! Impl blocks: the members that the twin of a block has.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Generics, Path, Type};

use crate::{
    args::{self, Koiled},
    error::{Error, Result, checked, err},
    lower::{
        koiled::{
            builder::{of_builder, wait},
            call_options::CallOptions,
            fallible::Fallible,
            function::method,
        },
        signature::{
            attributes::{check_attrs, check_macro},
            docs::docs,
            names::{Names, Naming, check_distinct, check_other_name, path_text},
        },
        types::{
            parts::bare,
            pointers::twin_pointer,
            tokens::readable,
            twin_types::{SelfKind, SelfType, TwinTypes, check_all_used, twin_ident},
        },
    },
    model::{ConstValue, Held, TwinConst, TwinImpl},
    syntax::{
        attrs::{doc_lines, inherited},
        block::{Block, Constant, Member},
    },
};

/// A mistake in one member does not affect the others: the mistakes are returned beside the twins
/// of the correct members.
pub(crate) fn block(block: &Block, koiled: &Koiled, koil: &Path) -> Result<(TwinImpl, Result<()>)> {
    let self_ty = bare(&block.self_ty).clone();
    let (face, own, twin) = if let Some(suffix) = &koiled.suffix {
        check_header(block)?;
        (Naming::Suffix(suffix.clone()), None, self_ty.clone())
    } else {
        let own = checked(check_header(block), own(&self_ty, &block.generics, koiled))?;
        let twin = own.twin_type();
        (Naming::Type, Some(own), twin)
    };
    let options = CallOptions {
        names: Names {
            twins: TwinTypes {
                koil,
                own,
                listed: &koiled.twins,
            },
            face,
            self_ty: Some(self_ty),
            docs: koiled.docs,
        },
        fallible: Fallible::of(koiled),
        lend: koiled.lend,
        handle: koiled.handle.as_ref(),
    };
    let names = &options.names;
    if let Some(of_trait) = of_builder(block) {
        return builder(block, of_trait, &options, twin).map(|twin| (twin, Ok(())));
    }
    let mut errors = Error::accumulator();
    let mut consts = Vec::new();
    let mut methods = Vec::new();
    for member in &block.members {
        errors.handle(check_attrs(member.attrs(), "impl"));
        match member {
            Member::Fn(function) => {
                methods.extend(errors.handle(method(function, &options)).flatten());
            }
            Member::Const(constant) => {
                consts.extend(errors.handle(twin_const(constant, names)).flatten());
            }
            Member::Macro(invocation) => drop(errors.handle(check_macro(invocation))),
            Member::Type(_) => {}
        }
    }
    errors.handle(check_all_used(&koiled.twins, || signatures(block)));
    let mistakes = errors.finish();
    // Nothing is expanded then: rustc would report two twins of one name a second time.
    if let Err(twice) = check_distinct(&methods, RENAME) {
        return checked(mistakes, Err(twice));
    }
    let twin = TwinImpl {
        attrs: inherited(&block.attrs),
        generics: names.twins.async_self_generics(&block.generics),
        twin,
        consts,
        methods,
    };
    Ok((twin, mistakes))
}

/// The twin of an `impl IntoFuture`, which has one method.
fn builder(
    block: &Block,
    of_trait: &Path,
    options: &CallOptions<'_>,
    twin: Type,
) -> Result<TwinImpl> {
    let method = wait(block, of_trait, options);
    let method = checked(
        check_all_used(options.names.twins.listed, || signatures(block)),
        method,
    )?;
    Ok(TwinImpl {
        attrs: inherited(&block.attrs),
        generics: options.names.twins.async_self_generics(&block.generics),
        twin,
        consts: Vec::new(),
        methods: vec![method],
    })
}

/// The type of the impl block, and the name of its twin.
fn own(self_ty: &Type, generics: &Generics, koiled: &Koiled) -> Result<SelfType> {
    let is_param = |path: &Path| generics.type_params().any(|own| path.is_ident(&own.ident));
    if let Type::Path(named) = self_ty
        && named.qself.is_none()
        && !is_param(&named.path)
        && let Some(last) = named.path.segments.last()
    {
        check_other_name(koiled.name.as_ref(), &last.ident)?;
        let twin = koiled
            .name
            .clone()
            .unwrap_or_else(|| twin_ident(&last.ident));
        return Ok(SelfType {
            path: named.path.clone(),
            twin,
            kind: SelfKind::Type,
        });
    }
    let text = readable(self_ty);
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
        let ty = readable(bare(&block.self_ty));
        errors.push(err!(
            of_trait,
            "the twin of `{text}` already covers `{ty}`; remove `#[koiled]` here"
        ));
    }
    errors.finish()
}

/// `const LIMIT: usize` is the same on both sides, `const DEFAULT: Self` is wrapped.
fn twin_const(constant: &Constant, names: &Names<'_>) -> Result<Option<TwinConst>> {
    let (helpers, mistakes) = args::helpers(&constant.attrs);
    mistakes?;
    // With `suffix`, twins are on the original type, where a constant needs no twin.
    let (None, Naming::Type) = (helpers.skip, &names.face) else {
        return Ok(None);
    };
    let (link, own) = (names.link(&constant.ident), names.own_text());
    let (ty, value) = match twin_pointer(&constant.ty, &names.twins) {
        Some(twin) if twin.held == Held::Value => (twin.ty, ConstValue::Twin),
        _ => (names.twins.async_self(&constant.ty), ConstValue::AsIs),
    };
    Ok(names.self_ty.clone().map(|aio| TwinConst {
        docs: docs(
            &doc_lines(&constant.attrs),
            &link,
            own.as_deref(),
            names.docs,
        ),
        attrs: inherited(&constant.attrs),
        vis: constant.vis.clone(),
        name: constant.ident.clone(),
        ty,
        aio,
        value,
    }))
}

/// The attribute that renames the twin of a method in a `#[koiled]` block, for error messages.
pub(crate) const RENAME: &str = "#[koil(name = \"..\")]";

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
