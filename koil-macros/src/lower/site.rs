//! `Site`: the place of a function (free, impl block or trait), and the names that follow from it.

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
    /// The failure options of the whole block.
    pub(crate) failing: Failing<'a>,
    /// The span of `lend`, if the loop's thread polls for the whole block.
    pub(crate) lend: Option<Span>,
    pub(crate) handle: Option<&'a Expr>,
}

/// The difference between a twin and its original, for the user.
pub(crate) enum Face {
    /// Another type: the name of the method stays.
    Type,
    /// Another trait: the name of the method stays.
    Trait,
    /// A suffix: the twin stands beside its original.
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

    /// The path by which rustdoc finds the original.
    pub(crate) fn link(&self, original: &Ident) -> String {
        let original = original.unraw();
        match self.type_path() {
            Some(path) => format!("{}::{original}", path_text(path)),
            None => original.to_string(),
        }
    }

    /// The type that `Self` means in the original's docs, if `Self` means the twin in the twin's
    /// docs.
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

/// Rejects a name for the twin that is the name of its original.
pub(super) fn another(name: Option<&Ident>, original: &Ident) -> Result<()> {
    match name.filter(|name| name.unraw() == original.unraw()) {
        None => Ok(()),
        Some(name) => Err(err!(
            name,
            "`{name}` is the name of the original; give the twin another"
        )),
    }
}

/// The text of a path, without its arguments.
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
