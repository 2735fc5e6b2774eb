//! `Site`: where functions stand, and what that makes of their twins.

use proc_macro2::{Ident, Span};
use quote::format_ident;
use syn::{Expr, Path, Type, ext::IdentExt};

use super::{failure::Failing, handles::Handles};
use crate::{
    args::Docs,
    error::{Result, err},
    model::{Callee, Labels},
};

pub(crate) struct Site<'a> {
    pub(crate) handles: Handles<'a>,
    pub(crate) face: Face,
    /// The type of the impl block as written; a free function has none.
    pub(crate) self_ty: Option<Type>,
    pub(crate) docs: Docs,
    /// What the whole block says of failures.
    pub(crate) failing: Failing<'a>,
    /// The word by which the loop's thread polls for all of the block.
    pub(crate) lend: Option<Span>,
    pub(crate) handle: Option<&'a Expr>,
}

/// How a user tells the twin from its original.
pub(crate) enum Face {
    /// By its type: the method's name stays.
    Type,
    /// By its trait.
    Trait,
    /// By a suffix: the twin stands beside its original.
    Suffix(String),
}

impl Site<'_> {
    pub(crate) fn twin_name(&self, original: &Ident) -> Ident {
        match &self.face {
            Face::Type | Face::Trait => original.clone(),
            Face::Suffix(suffix) => {
                format_ident!("{}{suffix}", original.unraw(), span = original.span())
            }
        }
    }

    pub(crate) fn callee(&self, original: &Ident) -> Callee {
        match &self.self_ty {
            Some(Type::Path(of)) if matches!(self.face, Face::Trait) => {
                Callee::Trait(of.path.clone(), original.clone())
            }
            Some(ty) => Callee::Inherent(Box::new(ty.clone()), original.clone()),
            None => Callee::Free(original.clone()),
        }
    }

    /// What rustdoc finds the original by.
    pub(crate) fn link(&self, original: &Ident) -> String {
        let original = original.unraw();
        match self.type_path() {
            Some(path) => format!("{}::{original}", path_text(path)),
            None => original.to_string(),
        }
    }

    /// What `Self` meant in the docs of the original, where it means the twin in those of the twin.
    pub(crate) fn own_text(&self) -> Option<String> {
        self.handles.own.as_ref().map(|own| path_text(&own.path))
    }

    pub(crate) fn labels(&self, original: &Ident, twin: &Ident) -> Labels {
        let original_type = self.type_path().and_then(|path| path.segments.last());
        let original_type = original_type.map(|last| last.ident.unraw());
        let twin_type = match &self.handles.own {
            Some(own) => Some(own.twin.unraw()),
            None => original_type.clone(),
        };
        Labels {
            twin: label(twin_type, twin),
            original: label(original_type, original),
        }
    }

    fn type_path(&self) -> Option<&Path> {
        match &self.self_ty {
            Some(Type::Path(named)) => Some(&named.path),
            _ => None,
        }
    }
}

/// Has the twin been given the name of its original, beside which it stands?
pub(super) fn another(name: Option<&Ident>, original: &Ident) -> Result<()> {
    match name.filter(|name| name.unraw() == original.unraw()) {
        None => Ok(()),
        Some(name) => Err(err!(
            name,
            "`{name}` is the name of the original; give the twin another"
        )),
    }
}

/// A path without its arguments.
pub(crate) fn path_text(path: &Path) -> String {
    let names = path
        .segments
        .iter()
        .map(|segment| segment.ident.unraw().to_string());
    names.collect::<Vec<_>>().join("::")
}

fn label(ty: Option<Ident>, name: &Ident) -> String {
    let name = name.unraw();
    match ty {
        Some(ty) => format!("{ty}::{name}"),
        None => name.to_string(),
    }
}
