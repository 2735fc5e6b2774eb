//! `TraitMembers`: the names that the members of one trait may use, on both sides.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Path, PathArguments, Type, TypeParamBound, WhereClause, WherePredicate, punctuated::Punctuated,
};

use super::{attributes::read_helpers, docs::doc_lines, names::Names};
use crate::{
    error::{Mistakes, Result, err},
    lower::types::{bare, ends_with, is_path_separator, twin_pointer},
    model::{ConstValue, Held, TwinAssoc, TwinTraitConst},
    syntax::{
        attrs::{conditions, inherited},
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

    pub(crate) fn assoc(&self, ty: &AssociatedType, mistakes: &mut Mistakes) -> Option<TwinAssoc> {
        let helpers = read_helpers(&ty.attrs, mistakes);
        if helpers.skip.is_some() {
            return None;
        }
        let (bounds, params) = (&ty.bounds, &ty.generics.params);
        self.check_nameable(bounds, mistakes);
        mistakes.take(self.free_of_self(bounds));
        mistakes.take(self.free_of_self(params));
        Some(TwinAssoc {
            docs: self
                .names
                .docs_of(helpers.doc.as_ref(), &doc_lines(&ty.attrs), &ty.ident),
            attrs: inherited(&ty.attrs),
            conditions: conditions(&ty.attrs),
            name: ty.ident.clone(),
            supertrait: None,
            generics: ty.generics.clone(),
            bounds: bounds.iter().cloned().collect(),
        })
    }

    pub(crate) fn constant(
        &self,
        constant: &Constant,
        mistakes: &mut Mistakes,
    ) -> Option<TwinTraitConst> {
        let helpers = read_helpers(&constant.attrs, mistakes);
        if helpers.skip.is_some() {
            return None;
        }
        self.check_nameable(&constant.ty, mistakes);
        let value = match twin_pointer(&constant.ty, &self.names.twins) {
            Some(twin) if twin.held == Held::Value && is_self(&constant.ty) => ConstValue::Twin,
            _ => ConstValue::AsIs,
        };
        if value == ConstValue::AsIs {
            mistakes.take(self.free_of_self(&constant.ty));
        }
        Some(TwinTraitConst {
            docs: self.names.docs_of(
                helpers.doc.as_ref(),
                &doc_lines(&constant.attrs),
                &constant.ident,
            ),
            attrs: inherited(&constant.attrs),
            conditions: conditions(&constant.attrs),
            name: constant.ident.clone(),
            ty: constant.ty.clone(),
            value,
        })
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
    pub(crate) fn check_nameable(&self, tokens: &impl ToTokens, mistakes: &mut Mistakes) {
        let tokens: Vec<TokenTree> = tokens.to_token_stream().into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            match (token, &tokens[index + 1..]) {
                (TokenTree::Group(group), _) => self.check_nameable(&group.stream(), mistakes),
                (
                    TokenTree::Ident(word),
                    [separator, TokenTree::Punct(_), TokenTree::Ident(name), ..],
                ) if word == "Self"
                    && is_path_separator(Some(separator))
                    && !self.declares(name) =>
                {
                    mistakes.push(err!(
                        name,
                        "`Self::{name}` is not declared in this trait; use one that this trait declares, or add `#[koil(skip)]`"
                    ));
                }
                (TokenTree::Ident(word), [TokenTree::Ident(next), ..])
                    if word == "Self" && next == "as" =>
                {
                    mistakes.push(err!(
                        word,
                        "`<Self as ..>` is a type of the original; write `Self::..` with a type of this trait, or add `#[koil(skip)]`"
                    ));
                }
                _ => {}
            }
        }
    }

    /// The types of the trait's one supertrait that these signatures name as `Self::Output`. The twin
    /// has not that supertrait, so it declares them itself.
    pub(crate) fn inherit(
        &mut self,
        item: &TraitItem,
        signatures: impl FnOnce() -> TokenStream,
    ) -> Vec<TwinAssoc> {
        // Traits of std that declare no types.
        const WITHOUT_TYPES: [&str; 15] = [
            "Send",
            "Sync",
            "Sized",
            "Unpin",
            "Clone",
            "Copy",
            "Debug",
            "Display",
            "Default",
            "PartialEq",
            "Eq",
            "PartialOrd",
            "Ord",
            "Hash",
            "Any",
        ];
        let mut supertraits = item.supertraits.iter().filter_map(|bound| match bound {
            TypeParamBound::Trait(bound) if !ends_with(&bound.path, &WITHOUT_TYPES) => {
                Some(&bound.path)
            }
            _ => None,
        });
        let (Some(supertrait), None) = (supertraits.next(), supertraits.next()) else {
            return Vec::new();
        };
        if !is_plain(supertrait) {
            return Vec::new();
        }
        let mut names = Vec::new();
        self.undeclared(signatures(), &mut names);
        let types = names.into_iter().map(|name| {
            self.declared.push(name.to_string());
            TwinAssoc {
                docs: Vec::new(),
                attrs: Vec::new(),
                conditions: Vec::new(),
                name,
                supertrait: Some(supertrait.clone()),
                generics: syn::Generics::default(),
                bounds: Vec::new(),
            }
        });
        types.collect()
    }

    /// Adds each `Output` of `Self::Output` that this trait does not declare. A name in capitals is that
    /// of a constant.
    fn undeclared(&self, tokens: TokenStream, names: &mut Vec<Ident>) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            match (token, &tokens[index + 1..]) {
                (TokenTree::Group(group), _) => self.undeclared(group.stream(), names),
                (
                    TokenTree::Ident(word),
                    [separator, TokenTree::Punct(_), TokenTree::Ident(name), ..],
                ) if word == "Self"
                    && is_path_separator(Some(separator))
                    && name.to_string().contains(char::is_lowercase)
                    && !names.contains(name)
                    && !self.declares(name) =>
                {
                    names.push(name.clone());
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

/// False for `FnOnce(T)` and its like, which rustc takes in a bound alone.
fn is_plain(path: &Path) -> bool {
    let arguments = path.segments.iter().map(|segment| &segment.arguments);
    !arguments
        .into_iter()
        .any(|arguments| matches!(arguments, PathArguments::Parenthesized(_)))
}
