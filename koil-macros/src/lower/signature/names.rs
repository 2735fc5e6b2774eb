//! `Names`: the place of a function (free, impl block or trait), and the names that follow from it.

use std::collections::HashSet;

use proc_macro2::Ident;
use quote::format_ident;
use syn::{Attribute, Path, Type, ext::IdentExt};

use crate::{
    args::Docs,
    error::{Error, Result, err},
    lower::types::twin_types::TwinTypes,
    model::{Callee, Labels, TwinFn},
    syntax::attrs::conditions,
};

pub(crate) struct Names<'a> {
    pub(crate) twins: TwinTypes<'a>,
    pub(crate) face: Naming,
    /// The type of the impl block as written; a free function has none.
    pub(crate) self_ty: Option<Type>,
    pub(crate) docs: Docs,
}

/// The difference between a twin and its original, for the user.
pub(crate) enum Naming {
    /// Another type: the name of the method stays.
    Type,
    /// Another trait: the name of the method stays.
    Trait,
    /// A suffix: the twin stands beside its original.
    Suffix(String),
}

impl Names<'_> {
    pub(crate) fn twin_name(&self, original: &Ident) -> Ident {
        match &self.face {
            Naming::Type | Naming::Trait => original.clone(),
            Naming::Suffix(suffix) => {
                format_ident!("{}{suffix}", original.unraw(), span = original.span())
            }
        }
    }

    pub(crate) fn callee(&self, original: &Ident) -> Callee {
        match &self.self_ty {
            Some(Type::Path(of)) if matches!(self.face, Naming::Trait) => {
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
        self.twins.own.as_ref().map(|own| path_text(&own.path))
    }

    pub(crate) fn labels(&self, original: &Ident, twin: &Ident) -> Labels {
        let original_type = self.type_path().and_then(|path| path.segments.last());
        let original_type = original_type.map(|last| last.ident.unraw());
        let twin_type = match &self.twins.own {
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
pub(crate) fn check_other_name(name: Option<&Ident>, original: &Ident) -> Result<()> {
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

/// Rejects twin names that are given twice.
pub(crate) fn check_distinct<'a>(
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

pub(crate) fn has_condition(attrs: &[Attribute]) -> bool {
    !conditions(attrs).is_empty()
}
