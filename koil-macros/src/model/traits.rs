//! The twin of a trait, as plain data: its declaration, and its impl.

use proc_macro2::Ident;
use syn::{Attribute, Generics, Path, Type, TypeParamBound, Visibility, WherePredicate};

use super::docs::DocLine;
use super::{block::ConstValue, call::TwinFn, signature::Safety, types::Size};

/// The declaration of a generated trait, in either direction. It is without methods, since these
/// differ between the directions.
pub(crate) struct Declared {
    pub(crate) docs: Vec<DocLine>,
    /// The note of rustc's error for a type that does not have the twin trait.
    pub(crate) advice: String,
    pub(crate) attrs: Vec<Attribute>,
    /// The attributes of the impl.
    pub(crate) companions: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    pub(crate) generics: Generics,
    /// The original trait, with its own parameters as arguments.
    pub(crate) original: Path,
    pub(crate) types: Vec<TwinAssoc>,
    pub(crate) consts: Vec<TwinTraitConst>,
}

impl Declared {
    /// Puts the trait and its impl under these conditions.
    pub(crate) fn gate(&mut self, conditions: &[Attribute]) {
        self.attrs.extend_from_slice(conditions);
        self.companions.extend_from_slice(conditions);
    }
}

/// A trait, and its impl for every twin whose original has the original trait.
pub(crate) struct TwinTrait {
    pub(crate) declared: Declared,
    pub(crate) safety: Safety,
    /// Twins that the trait may use and does not: they must exist.
    pub(crate) unused: Vec<Path>,
    pub(crate) supertraits: Vec<TypeParamBound>,
    /// Must the impl know the size of a type?
    pub(crate) size: Size,
    /// Further bounds of the impl: on the original, and on the twin.
    pub(crate) aio_bounds: Vec<TypeParamBound>,
    pub(crate) twin_bounds: Vec<TypeParamBound>,
    pub(crate) blanket_where: Vec<WherePredicate>,
    pub(crate) methods: Vec<TwinTraitFn>,
}

/// An associated type.
pub(crate) struct TwinAssoc {
    pub(crate) docs: Vec<DocLine>,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) conditions: Vec<Attribute>,
    pub(crate) name: Ident,
    /// The supertrait of the original that declares it, if it is not the original itself.
    pub(crate) supertrait: Option<Path>,
    pub(crate) generics: Generics,
    pub(crate) bounds: Vec<TypeParamBound>,
}

pub(crate) struct TwinTraitConst {
    pub(crate) docs: Vec<DocLine>,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) conditions: Vec<Attribute>,
    pub(crate) name: Ident,
    pub(crate) ty: Type,
    pub(crate) value: ConstValue,
}

/// A method, declared in the twin trait and forwarded in the impl.
pub(crate) struct TwinTraitFn {
    pub(crate) forward: TwinFn,
    /// The attributes of the method in the impl.
    pub(crate) impl_attrs: Vec<Attribute>,
}
