//! The blocking twin of a trait, and the one impl that covers every twin type.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    Attribute, Path, Type, TypeParamBound, TypePath, WhereClause, WherePredicate, ext::IdentExt,
    parse::Parse, punctuated::Punctuated,
};

use super::{
    applied,
    block::{RENAME, accepted, check_attrs, distinct},
    docs::docs,
    failure::Failing,
    function::{method, no_conditional_generics},
    handles::{Handles, Own, Whose, all_used, twin_ident},
    held::held_twin,
    needs::{Need, Needs, of_self},
    scope::{Scope, is_self},
    site::{Face, Site, another},
    tokens::replace_self,
};
use crate::{
    args::{self, Docs, Koiled},
    error::{Error, Result, checked, err},
    model::{
        ConstValue, Declared, Held, Safety, TwinAssoc, TwinTrait, TwinTraitConst, TwinTraitFn,
    },
    syntax::{
        attrs::{companions, conditions, doc_lines, inherited, lints},
        block::{AssociatedType, Constant, Member},
        function::Function,
        traits::TraitItem,
    },
};

pub(crate) fn trait_item(item: &TraitItem, koiled: &Koiled, koil: &Path) -> Result<TwinTrait> {
    let original = applied(&item.ident, &item.generics);
    let name = koiled.name.clone();
    let name = name.unwrap_or_else(|| twin_ident(&item.ident));
    let site = Site {
        handles: Handles {
            koil,
            own: Some(Own {
                path: original.clone(),
                twin: name.clone(),
                whose: Whose::Trait,
            }),
            listed: &koiled.twins,
        },
        face: Face::Trait,
        self_ty: Some(Type::Path(TypePath {
            attrs: Vec::new(),
            qself: None,
            path: original.clone(),
        })),
        docs: koiled.docs,
        failing: Failing::of(koiled),
        lend: koiled.lend,
        handle: None,
    };
    let scope = Scope::of(item, &site);
    let mut errors = Error::accumulator();
    errors.handle(another(koiled.name.as_ref(), &item.ident));
    errors.handle(no_conditional_generics(&item.generics));
    errors.handle(not_rewritten(item));
    let mut needs = Needs::of_default_bodies(item);
    let (mut types, mut consts, mut methods) = (Vec::new(), Vec::new(), Vec::new());
    for member in &item.members {
        errors.handle(check_attrs(member.attrs(), "trait"));
        match member {
            Member::Type(ty) => types.extend(errors.handle(scope.assoc(ty)).flatten()),
            Member::Const(constant) => {
                consts.extend(errors.handle(scope.constant(constant)).flatten());
            }
            Member::Fn(function) => {
                methods.extend(errors.handle(scope.method(function, &mut needs)).flatten());
            }
            Member::Macro(invocation) => drop(errors.handle(accepted(invocation))),
        }
    }
    let forwards = methods.iter().map(|method| &method.forward);
    errors.handle(distinct(forwards, RENAME));
    errors.handle(all_used(&koiled.twins, || mentioned(item)));
    let supertraits = scope.carried(&item.supertraits);
    let (twin_where, blanket_where, twin_bounds) = errors
        .handle(scope.where_clause(item, &original))
        .unwrap_or_default();
    let needs_sized = consts
        .iter()
        .any(|constant| constant.value == ConstValue::Twin);
    if needs_sized || supertraits.iter().any(is_sized) {
        needs.add(Need::Sized);
    }
    errors.finish_with(TwinTrait {
        declared: Declared {
            docs: trait_docs(item, koiled.docs),
            advice: advice(item),
            attrs: inherited(&item.attrs),
            companions: [companions(&item.attrs), lints(&item.attrs)].concat(),
            vis: item.vis.clone(),
            name,
            generics: syn::Generics {
                where_clause: twin_where,
                ..item.generics.clone()
            },
            original,
            types,
            consts,
        },
        safety: match item.unsafety {
            Some(_) => Safety::Unsafe,
            None => Safety::Safe,
        },
        size: needs.size(),
        aio_bounds: needs.bounds(),
        twin_bounds: scope.known(supertraits.iter().cloned().chain(twin_bounds)),
        blanket_where,
        supertraits,
        methods,
    })
}

impl Scope<'_> {
    fn method(&self, function: &Function, needs: &mut Needs) -> Result<Option<TwinTraitFn>> {
        let (helpers, _) = args::helpers(&function.attrs);
        let twin = method(function, self.site);
        if helpers.skip.is_some() {
            return twin.map(|_| None);
        }
        let nameable = self.nameable(&function.sig);
        let bounds = self.method_bounds(function, needs);
        let twin = checked(nameable, checked(bounds, twin))?;
        Ok(twin.map(|mut forward| {
            if of_self(&forward) {
                needs.add(Need::Sized);
            }
            let declared = std::mem::take(&mut forward.attrs);
            forward.attrs = conditions(&declared);
            forward.attrs.extend(lints(&declared));
            TwinTraitFn {
                docs: std::mem::take(&mut forward.docs),
                attrs: declared,
                forward,
            }
        }))
    }

    /// Markers such as `where Self: Sized` have to hold for the async side too. Other bounds on
    /// `Self` are rejected, since they cannot be asked of a twin.
    fn method_bounds(&self, function: &Function, needs: &mut Needs) -> Result<()> {
        let mut errors = Error::accumulator();
        let generics = &function.sig.generics;
        errors.handle(self.free_of_self(&generics.params));
        for predicate in predicates(generics.where_clause.as_ref()) {
            let Some(bounds) = bounds_on_self(predicate) else {
                errors.handle(self.free_of_self(predicate));
                continue;
            };
            for bound in bounds.iter().filter(|bound| !needs.take(bound)) {
                let text = super::readable_tokens(bound);
                errors.push(err!(
                    bound,
                    "a twin cannot know that its original is `{text}`; add `#[koil(skip)]`"
                ));
            }
        }
        errors.finish()
    }

    pub(super) fn assoc(&self, ty: &AssociatedType) -> Result<Option<TwinAssoc>> {
        let (helpers, mistakes) = args::helpers(&ty.attrs);
        if helpers.skip.is_some() {
            return mistakes.map(|()| None);
        }
        let mut errors = Error::accumulator();
        errors.handle(mistakes);
        let (bounds, params) = (&ty.bounds, &ty.generics.params);
        errors.handle(self.nameable(bounds));
        errors.handle(self.free_of_self(bounds));
        errors.handle(self.free_of_self(params));
        errors.finish_with(Some(TwinAssoc {
            docs: self.docs(&ty.attrs, &ty.ident),
            attrs: inherited(&ty.attrs),
            conditions: conditions(&ty.attrs),
            name: ty.ident.clone(),
            generics: ty.generics.clone(),
            bounds: bounds.iter().cloned().collect(),
        }))
    }

    pub(super) fn constant(&self, constant: &Constant) -> Result<Option<TwinTraitConst>> {
        let (helpers, mistakes) = args::helpers(&constant.attrs);
        if helpers.skip.is_some() {
            return mistakes.map(|()| None);
        }
        let mut errors = Error::accumulator();
        errors.handle(mistakes);
        errors.handle(self.nameable(&constant.ty));
        let value = match held_twin(&constant.ty, &self.site.handles) {
            Some(twin) if twin.held == Held::Value && is_self(&constant.ty) => ConstValue::Twin,
            _ => ConstValue::AsIs,
        };
        if value == ConstValue::AsIs {
            errors.handle(self.free_of_self(&constant.ty));
        }
        errors.finish_with(Some(TwinTraitConst {
            docs: self.docs(&constant.attrs, &constant.ident),
            attrs: inherited(&constant.attrs),
            conditions: conditions(&constant.attrs),
            name: constant.ident.clone(),
            ty: constant.ty.clone(),
            value,
        }))
    }

    /// The predicates of the twin trait, those of the blanket impl, and bounds on `Self`.
    fn where_clause(&self, item: &TraitItem, original: &Path) -> Result<WhereClauses> {
        let mut errors = Error::accumulator();
        let mut twin = Punctuated::new();
        let (mut blanket, mut on_twin) = (Vec::new(), Vec::new());
        errors.handle(self.free_of_self(&item.generics.params));
        for predicate in predicates(item.generics.where_clause.as_ref()) {
            if let Some(bounds) = bounds_on_self(predicate) {
                let carried = self.carried(bounds);
                if let (WherePredicate::Type(of_type), false) = (predicate, carried.is_empty()) {
                    let mut of_type = of_type.clone();
                    of_type.bounds = carried.iter().cloned().collect();
                    twin.push(WherePredicate::Type(of_type));
                }
                on_twin.extend(carried);
                continue;
            }
            errors.handle(self.nameable(predicate));
            errors.handle(self.free_of_self(predicate));
            twin.push(predicate.clone());
            blanket.push(self.of_original(predicate, original));
        }
        let clause = item.generics.where_clause.as_ref();
        let clause = clause
            .filter(|_| !twin.is_empty())
            .map(|clause| WhereClause {
                where_token: clause.where_token,
                predicates: twin,
            });
        errors.finish_with((clause, blanket, on_twin))
    }

    /// Replaces `Self::Item` by the item that the original declares.
    fn of_original<T: Parse + ToTokens + Clone>(&self, node: &T, original: &Path) -> T {
        let koil = self.site.handles.koil;
        let aio = quote!(<Self as #koil::__private::Twin>::Aio as #original);
        let replaced = replace_self(node.to_token_stream(), &aio);
        syn::parse2(replaced).unwrap_or_else(|_| node.clone())
    }

    fn docs(&self, attrs: &[Attribute], name: &syn::Ident) -> Vec<String> {
        let own = self.site.own_text();
        let link = self.site.link(name);
        docs(&doc_lines(attrs), &link, own.as_deref(), self.site.docs)
    }
}

type WhereClauses = (
    Option<WhereClause>,
    Vec<WherePredicate>,
    Vec<TypeParamBound>,
);

/// The docs of a twin, with a line about the types that implement it.
fn trait_docs(item: &TraitItem, level: Docs) -> Vec<String> {
    let name = item.ident.unraw().to_string();
    let mut lines = docs(&doc_lines(&item.attrs), &name, Some(&name), level);
    if level != Docs::None {
        lines.push(String::new());
        lines.push(format!(
            " The blocking twin of each [`{name}`] has it; other types may implement it by hand."
        ));
    }
    lines
}

/// The note in rustc's error. Most often, the user passed the original.
fn advice(item: &TraitItem) -> String {
    let name = item.ident.unraw();
    format!(
        "the blocking twin of each `{name}` has it; wrap a value without one in `koil::Blocking`"
    )
}

/// Rejects a trait that `#[async_trait]` has rewritten already.
fn not_rewritten(item: &TraitItem) -> Result<()> {
    let methods = item.members.iter().filter_map(|member| match member {
        Member::Fn(function) => Some(function),
        _ => None,
    });
    let rewritten = methods
        .flat_map(|function| function.sig.generics.lifetimes())
        .find(|param| param.lifetime.ident == "async_trait");
    match rewritten {
        None => Ok(()),
        Some(param) => Err(err!(
            param.lifetime,
            "`#[async_trait]` has rewritten these signatures already; put `#[koiled]` above it"
        )),
    }
}

pub(super) fn predicates(clause: Option<&WhereClause>) -> impl Iterator<Item = &WherePredicate> {
    clause.into_iter().flat_map(|clause| &clause.predicates)
}

/// The bounds of `Self: ..`
pub(super) fn bounds_on_self(
    predicate: &WherePredicate,
) -> Option<&Punctuated<TypeParamBound, syn::Token![+]>> {
    match predicate {
        WherePredicate::Type(of_type) if is_self(&of_type.bounded_ty) => Some(&of_type.bounds),
        _ => None,
    }
}

fn is_sized(bound: &TypeParamBound) -> bool {
    matches!(bound, TypeParamBound::Trait(bound)
        if bound.maybe.is_none() && bound.path.segments.last().is_some_and(|last| last.ident == "Sized"))
}

/// The tokens in which a type of `twins(..)` may occur.
fn mentioned(item: &TraitItem) -> TokenStream {
    let mut tokens = item.supertraits.to_token_stream();
    item.generics.where_clause.to_tokens(&mut tokens);
    for member in &item.members {
        match member {
            Member::Fn(function) => function.sig.to_tokens(&mut tokens),
            Member::Const(constant) => constant.ty.to_tokens(&mut tokens),
            Member::Type(ty) => ty.bounds.to_tokens(&mut tokens),
            Member::Macro(_) => {}
        }
    }
    tokens
}
