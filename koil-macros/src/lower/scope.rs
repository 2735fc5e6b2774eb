//! `Scope`: the names that the members of one trait may use, on both sides.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Type, TypeParamBound};

use super::{handles::bare, needs::Needs, site::Site, tokens::is_path_separator};
use crate::{
    error::{Accumulator, Error, Result, err},
    syntax::{block::Member, traits::TraitItem},
};

/// The names that the members of one trait may use.
pub(super) struct Scope<'a> {
    pub(super) site: &'a Site<'a>,
    declared: Vec<String>,
    /// A supertrait in `twins(..)` may declare more names, in its twin too.
    inherits: bool,
}

impl<'a> Scope<'a> {
    pub(super) fn of(item: &TraitItem, site: &'a Site<'a>) -> Scope<'a> {
        let declared = item.members.iter().filter_map(|member| match member {
            Member::Type(ty) => Some(ty.ident.to_string()),
            Member::Const(constant) => Some(constant.ident.to_string()),
            Member::Fn(_) | Member::Macro(_) => None,
        });
        let inherits = item
            .supertraits
            .iter()
            .any(|bound| site.handles.twin_of_bound(bound).is_some());
        Scope {
            site,
            declared: declared.collect(),
            inherits,
        }
    }

    /// The bounds that a twin has if its original has them. A lifetime or a marker means the same
    /// for both, and a supertrait in `twins(..)` has a twin. Any other bound may be one that no
    /// twin can have.
    pub(super) fn carried<'b>(
        &self,
        bounds: impl IntoIterator<Item = &'b TypeParamBound>,
    ) -> Vec<TypeParamBound> {
        let carried = bounds.into_iter().filter_map(|bound| {
            if Needs::is_marker(bound) {
                return Some(bound.clone());
            }
            self.site.handles.twin_of_bound(bound)
        });
        carried.collect()
    }

    /// The bounds that the blanket impl puts on the twin. If associated types come from the twin of
    /// a supertrait, rustc has to resolve them through the blanket impl of that twin, so only
    /// markers remain.
    pub(super) fn known(
        &self,
        bounds: impl Iterator<Item = TypeParamBound>,
    ) -> Vec<TypeParamBound> {
        bounds
            .filter(|bound| Needs::is_marker(bound) || !self.inherits)
            .collect()
    }

    /// Rejects a bare `Self`, which means the twin in the twin trait and the original in the
    /// original.
    pub(super) fn free_of_self(&self, tokens: &impl ToTokens) -> Result<()> {
        match self.site.handles.nameless_in(tokens) {
            Some(word) => Err(err!(
                word,
                "`Self` cannot be mapped here; add `#[koil(skip)]`"
            )),
            None => Ok(()),
        }
    }

    /// Rejects `Self::Item` of another trait, which the twin trait cannot name.
    pub(super) fn nameable(&self, tokens: &impl ToTokens) -> Result<()> {
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

pub(super) fn is_self(ty: &Type) -> bool {
    matches!(bare(ty), Type::Path(path) if path.path.is_ident("Self"))
}
