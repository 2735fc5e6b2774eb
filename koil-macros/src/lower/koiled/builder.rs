//! `impl IntoFuture for Request`: a builder that is awaited; its twin has a method `wait`.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{
    GenericParam, Generics, Ident, Path, Type,
    parse::{Parse, Parser},
};

use super::{call_options::CallOptions, function::Original};
use crate::{
    args::{self, Binding},
    error::{Error, Mistakes, Result, err},
    lower::{
        signature::{path_text, read_helpers},
        types::{ends_with, is_path_separator, replaced},
    },
    model::{Callee, DocLine, TwinFn},
    syntax::{
        block::{AssociatedType, Block, Member},
        function::Function,
    },
};

/// The path of the block's trait, if it is `IntoFuture`.
pub(crate) fn of_builder(block: &Block) -> Option<&Path> {
    let path = block.of_trait.as_ref();
    path.filter(|path| ends_with(path, &["IntoFuture"]))
}

/// The twin `fn wait(self) -> Output`, made as if awaiting were an async method.
pub(crate) fn wait(
    block: &Block,
    of_trait: &Path,
    options: &CallOptions<'_>,
    mistakes: &mut Mistakes,
) -> Option<TwinFn> {
    if options.names.aio().is_some() {
        mistakes.push(err!(
            of_trait,
            "`aio` moves async methods to another name, and `into_future` belongs to its trait; write a method instead, or remove `aio` if the type is `#[koiled]` without it"
        ));
        return None;
    }
    if options.names.is_beside() {
        mistakes.push(err!(
            of_trait,
            "the twin of `impl IntoFuture` is a method `wait` of the twin type; remove `suffix` here, and put `#[koiled]` on the type"
        ));
        return None;
    }
    let written = into_future(block);
    let mut helpers = read_helpers(written.map_or(&[], |function| &function.attrs), mistakes);
    // `instances` has put the types in place of the parameters.
    helpers.bind.clear();
    if let Some(at) = helpers.skip {
        mistakes.push(err!(
            at,
            "with `skip` this impl has no twin; remove `#[koiled]` instead"
        ));
        return None;
    }
    let original = written.map_or_else(
        || Ident::new("into_future", Span::call_site()),
        |function| function.sig.ident.clone(),
    );
    let Some(output) = output(block) else {
        mistakes.push(err!(
            of_trait,
            "koil cannot see the output of this future; write `type Output = ..;` in the impl"
        ));
        return None;
    };
    let awaited = parsed(quote!(pub async fn #original(self) -> #output {}));
    let mut awaited: Function = mistakes.take(awaited)?;
    awaited.attrs = written.map_or_else(Vec::new, |function| function.attrs.clone());
    let name = helpers.name.clone();
    let name = name.unwrap_or_else(|| Ident::new("wait", original.span()));
    let awaited = Original {
        fallible: options.fallible,
        // It is not really an `async fn`: `into_future` may need the context of its loop.
        is_lazy: false,
        ..Original::of(&awaited, &helpers, name, options)
    };
    let twin = awaited.twin(options, mistakes)?;
    mistakes.take(with_trait(twin, original, options))
}

/// One block for each output that `#[koil(bind(O = Row | Page))]` on `into_future` names, with that
/// type in place of the parameter.
pub(crate) fn instances(block: &Block, mistakes: &mut Mistakes) -> Result<Option<Vec<Block>>> {
    let Some(into_future) = of_builder(block).and_then(|_| into_future(block)) else {
        return Ok(None);
    };
    let (helpers, _) = args::helpers(&into_future.attrs);
    let mut instances = Vec::new();
    for Binding { param, types } in &helpers.bind {
        if !block
            .generics
            .type_params()
            .any(|known| known.ident == *param)
        {
            mistakes.push(err!(
                param,
                "`{param}` is not a type parameter of this impl; bind one of its type parameters, or remove `bind`"
            ));
            continue;
        }
        if !instances.is_empty() {
            mistakes.push(err!(
                param,
                "`into_future` binds one parameter; keep one, and name all its types, `bind({param} = Row | Page)`"
            ));
            continue;
        }
        for ty in types {
            instances.push(instance(block, param, ty)?);
        }
    }
    Ok((!helpers.bind.is_empty()).then_some(instances))
}

/// The block with a type in place of one of its parameters.
fn instance(block: &Block, param: &Ident, ty: &Type) -> Result<Block> {
    let put = |tokens: TokenStream| {
        replaced(tokens, &|word, next| {
            let in_path = is_path_separator(next);
            (word == param).then(|| if in_path { quote!(<#ty>) } else { quote!(#ty) })
        })
    };
    let others = block.generics.params.iter().filter(|known| match known {
        GenericParam::Type(known) => known.ident != *param,
        GenericParam::Lifetime(_) | GenericParam::Const(_) => true,
    });
    let params = others.map(|param| put(param.to_token_stream()));
    let mut generics: Generics = parsed(quote!(<#(#params),*>))?;
    if let Some(clause) = &block.generics.where_clause {
        generics.where_clause = Some(parsed(put(clause.to_token_stream()))?);
    }
    let members = block.members.iter().filter_map(|member| match member {
        Member::Type(ty) => Some(Member::Type(Box::new(AssociatedType {
            value: put(ty.value.clone()),
            ..(**ty).clone()
        }))),
        Member::Fn(function) => Some(Member::Fn(function.clone())),
        Member::Const(_) | Member::Macro(_) => None,
    });
    Ok(Block {
        attrs: block.attrs.clone(),
        defaultness: block.defaultness,
        negative: block.negative,
        generics,
        of_trait: block.of_trait.clone(),
        self_ty: parsed(put(block.self_ty.to_token_stream()))?,
        members: members.collect(),
    })
}

fn into_future(block: &Block) -> Option<&Function> {
    block.members.iter().find_map(|member| match member {
        Member::Fn(function) if function.sig.ident == "into_future" => Some(&**function),
        _ => None,
    })
}

/// The twin of the method, as the twin of awaiting.
fn with_trait(mut twin: TwinFn, original: Ident, options: &CallOptions<'_>) -> Result<TwinFn> {
    let into_future: Path = parsed(quote!(::core::future::IntoFuture))?;
    twin.signature.callee = Callee::Trait(into_future, original);
    // The method is as public as the type, and the type's visibility is not known here.
    let quiet = syn::Attribute::parse_outer.parse2(quote!(#[allow(unreachable_pub)]))?;
    twin.signature.attrs.extend(quiet);
    if let Some(path) = options.names.owner_path() {
        let ty = path_text(path);
        if let Some(last @ DocLine::Text(_)) = twin.signature.docs.last_mut() {
            *last = DocLine::Text(format!(" Blocking twin of awaiting a [`{ty}`]."));
        }
        twin.signature.labels.original = ty;
    }
    Ok(twin)
}

/// The tokens of `type Output = ..;`
fn output(block: &Block) -> Option<&TokenStream> {
    block.members.iter().find_map(|member| match member {
        Member::Type(ty) if ty.ident == "Output" => Some(&ty.value),
        _ => None,
    })
}

fn parsed<T: Parse>(tokens: TokenStream) -> Result<T> {
    syn::parse2(tokens).map_err(Error::from)
}
