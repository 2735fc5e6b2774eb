//! `TraitMembers`: the names that the members of one trait may use, on both sides.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Attribute;
use syn::{Type, TypeParamBound, WhereClause, WherePredicate, punctuated::Punctuated};

use crate::{
    args,
    error::{Accumulator, Error, Result, err},
    lower::{
        signature::{docs::docs, names::Names},
        types::{parts::bare, pointers::twin_pointer, tokens::is_path_separator},
    },
    model::{ConstValue, Held, TwinAssoc, TwinTraitConst},
    syntax::{
        attrs::{conditions, doc_lines, inherited},
        block::{AssociatedType, Constant, Member},
        traits::TraitItem,
    },
};

/// The names that the members of one trait may use.
pub(crate) struct TraitMembers<'a> {
    pub(crate) names: &'a Names<'a>,
    declared: Vec<String>,
    /// A supertrait in `twins(..)` may declare more names, in its twin too.
    pub(crate) inherits: bool,
}

impl<'a> TraitMembers<'a> {
    pub(crate) fn of(item: &TraitItem, names: &'a Names<'a>) -> TraitMembers<'a> {
        let declared = item.members.iter().filter_map(|member| match member {
            Member::Type(ty) => Some(ty.ident.to_string()),
            Member::Const(constant) => Some(constant.ident.to_string()),
            Member::Fn(_) | Member::Macro(_) => None,
        });
        let inherits = item
            .supertraits
            .iter()
            .any(|bound| names.twins.twin_of_bound(bound).is_some());
        TraitMembers {
            names,
            declared: declared.collect(),
            inherits,
        }
    }

    pub(crate) fn assoc(&self, ty: &AssociatedType) -> Result<Option<TwinAssoc>> {
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

    pub(crate) fn constant(&self, constant: &Constant) -> Result<Option<TwinTraitConst>> {
        let (helpers, mistakes) = args::helpers(&constant.attrs);
        if helpers.skip.is_some() {
            return mistakes.map(|()| None);
        }
        let mut errors = Error::accumulator();
        errors.handle(mistakes);
        errors.handle(self.nameable(&constant.ty));
        let value = match twin_pointer(&constant.ty, &self.names.twins) {
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

    fn docs(&self, attrs: &[Attribute], name: &syn::Ident) -> Vec<String> {
        let own = self.names.own_text();
        let link = self.names.link(name);
        docs(&doc_lines(attrs), &link, own.as_deref(), self.names.docs)
    }

    /// Rejects a bare `Self`, which means the twin in the twin trait and the original in the
    /// original.
    pub(crate) fn free_of_self(&self, tokens: &impl ToTokens) -> Result<()> {
        match self.names.twins.nameless_in(tokens) {
            Some(word) => Err(err!(
                word,
                "`Self` cannot be mapped here; add `#[koil(skip)]`"
            )),
            None => Ok(()),
        }
    }

    /// Rejects `Self::Item` of another trait, which the twin trait cannot name.
    pub(crate) fn nameable(&self, tokens: &impl ToTokens) -> Result<()> {
        let mut errors = Error::accumulator();
        self.find_unnameable(tokens.to_token_stream(), &mut errors);
        errors.finish()
    }

    fn find_unnameable(&self, tokens: TokenStream, errors: &mut Accumulator) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            match (token, &tokens[index + 1..]) {
                (TokenTree::Group(group), _) => self.find_unnameable(group.stream(), errors),
                (
                    TokenTree::Ident(word),
                    [separator, TokenTree::Punct(_), TokenTree::Ident(name), ..],
                ) if word == "Self"
                    && is_path_separator(Some(separator))
                    && !self.declares(name) =>
                {
                    errors.push(err!(
                        name,
                        "`Self::{name}` is not declared in this trait; declare it here, or add `#[koil(skip)]`"
                    ));
                }
                (TokenTree::Ident(word), [TokenTree::Ident(next), ..])
                    if word == "Self" && next == "as" =>
                {
                    errors.push(err!(
                        word,
                        "`<Self as ..>` is of the original; write `Self::..` of this trait, or add `#[koil(skip)]`"
                    ));
                }
                _ => {}
            }
        }
    }

    fn declares(&self, name: &Ident) -> bool {
        self.inherits || self.declared.iter().any(|declared| name == declared)
    }
}

pub(crate) fn is_self(ty: &Type) -> bool {
    matches!(bare(ty), Type::Path(path) if path.path.is_ident("Self"))
}

pub(crate) fn predicates(clause: Option<&WhereClause>) -> impl Iterator<Item = &WherePredicate> {
    clause.into_iter().flat_map(|clause| &clause.predicates)
}

/// The bounds of `Self: ..`
pub(crate) fn bounds_on_self(
    predicate: &WherePredicate,
) -> Option<&Punctuated<TypeParamBound, syn::Token![+]>> {
    match predicate {
        WherePredicate::Type(of_type) if is_self(&of_type.bounded_ty) => Some(&of_type.bounds),
        _ => None,
    }
}
