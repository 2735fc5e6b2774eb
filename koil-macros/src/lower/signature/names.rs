//! `Names`: where the original of a twin stands, and the names that follow from it.

use std::collections::HashSet;

use proc_macro2::Ident;
use quote::format_ident;
use syn::{Expr, Path, Type, ext::IdentExt, parse_quote};

use super::docs::{Direction, docs};
use crate::{
    args::{Docs, TwinEntry},
    error::{Mistakes, Result, err},
    lower::types::{SelfKind, SelfType, TwinTypes, path_type},
    model::{Callee, DocLine, Labels, TwinSignature},
    syntax::attrs::conditions,
};

pub(crate) struct Names<'a> {
    pub(crate) twins: TwinTypes<'a>,
    pub(crate) owner: Owner,
    pub(crate) naming: Naming,
    pub(crate) docs: Docs,
    pub(crate) direction: Direction,
}

/// The place and the name of a twin.
#[derive(Clone)]
pub(crate) enum Naming {
    /// It has the name of its original, in another type or trait.
    Elsewhere,
    /// It is beside its original, and has this suffix.
    Suffix(String),
    /// The blocking side has the plain name, and the async side is in the type of this path: the view
    /// of a type, or the type that has the name of a function.
    Aio(Path),
}

/// The item that an original is a member of.
#[derive(Clone)]
pub(crate) enum Owner {
    /// None: it is a free function.
    Free,
    /// An impl block of this type, as written.
    Type(Box<Type>),
    Trait {
        original: Path,
        twin: Ident,
    },
}

impl<'a> Names<'a> {
    /// The names in a twin trait, in which `Self` is any type that implements it.
    pub(crate) fn of_trait(
        original: Path,
        twin: Ident,
        listed: &'a [TwinEntry],
        docs: Docs,
        direction: Direction,
        koil: &'a Path,
    ) -> Names<'a> {
        let of_self = SelfType {
            path: original.clone(),
            twin: twin.clone().into(),
            kind: SelfKind::Trait,
        };
        Names {
            twins: TwinTypes::new(koil, Some(of_self), listed),
            owner: Owner::Trait { original, twin },
            naming: Naming::Elsewhere,
            docs,
            direction,
        }
    }

    pub(crate) fn twin_name(&self, original: &Ident) -> Ident {
        match (&self.naming, self.direction) {
            (Naming::Suffix(suffix), _) => {
                format_ident!("{}{suffix}", original.unraw(), span = original.span())
            }
            (Naming::Aio(_), Direction::ToAsync) => self.aio_name(original),
            (Naming::Elsewhere | Naming::Aio(_), _) => original.clone(),
        }
    }

    /// Is a twin a member of the type of its original, or a function beside it?
    pub(crate) fn is_beside(&self) -> bool {
        !matches!(self.naming, Naming::Elsewhere)
    }

    /// The path of the type that has the async side, if the plain names block.
    pub(crate) fn aio(&self) -> Option<&Path> {
        match &self.naming {
            Naming::Aio(path) => Some(path),
            _ => None,
        }
    }

    /// The name of the async function if the plain name blocks. On a type it is hidden, and the view
    /// has the plain name.
    pub(crate) fn aio_name(&self, original: &Ident) -> Ident {
        match self.owner {
            Owner::Free => Ident::new("aio", original.span()),
            _ => format_ident!("__koil_{}", original.unraw(), span = original.span()),
        }
    }

    pub(crate) fn callee(&self, original: &Ident) -> Callee {
        match &self.owner {
            Owner::Free => match self.aio() {
                None => Callee::Free(original.clone()),
                Some(path) => {
                    let ty = path_type(path.clone());
                    Callee::Inherent(Box::new(ty), self.aio_name(original))
                }
            },
            Owner::Type(ty) if self.aio().is_some() => {
                Callee::Inherent(ty.clone(), self.aio_name(original))
            }
            Owner::Type(ty) => Callee::Inherent(ty.clone(), original.clone()),
            Owner::Trait { original: path, .. } => Callee::Trait(path.clone(), original.clone()),
        }
    }

    /// The docs of a twin: its own, or those of its original.
    pub(crate) fn docs_of(
        &self,
        own: Option<&Expr>,
        lines: &[DocLine],
        original: &Ident,
    ) -> Vec<DocLine> {
        if let Some(own) = own {
            let own = DocLine::Made(Box::new(parse_quote!(#[doc = #own])));
            if self.aio().is_some() || self.docs == Docs::None {
                return vec![own];
            }
            let link = self.link(original);
            return docs(self.direction, &[own], &link, None, Docs::All);
        }
        if self.aio().is_some() && self.direction == Direction::ToBlocking {
            // The plain name is the one that they were written for.
            return lines.to_vec();
        }
        if self.aio().is_some() {
            return self.aio_docs(lines, original);
        }
        let of_self = match self.direction {
            Direction::ToBlocking => self.twins.of_self.as_ref(),
            Direction::ToAsync => None,
        };
        let of_self = of_self.map(|of_self| path_text(&of_self.path));
        let link = self.link(original);
        docs(self.direction, lines, &link, of_self.as_deref(), self.docs)
    }

    /// The path by which rustdoc finds the original.
    pub(crate) fn link(&self, original: &Ident) -> String {
        let original = original.unraw();
        match self.owner_path() {
            Some(path) => format!("{}::{original}", path_text(path)),
            None => original.to_string(),
        }
    }

    /// The docs of the async side, if the plain names block.
    pub(crate) fn aio_docs(&self, lines: &[DocLine], original: &Ident) -> Vec<DocLine> {
        let link = match self.owner {
            // The type that has the async side has the same name.
            Owner::Free => format!("{}()", original.unraw()),
            _ => self.link(original),
        };
        docs(Direction::ToAsync, lines, &link, None, self.docs)
    }

    pub(crate) fn labels(&self, original: &Ident, twin: &Ident) -> Labels {
        let last = self.owner_path().and_then(|path| path.segments.last());
        let original_owner = last.map(|last| last.ident.unraw().to_string());
        if let Some(path) = self.aio() {
            let aio = path
                .segments
                .last()
                .map(|last| last.ident.unraw().to_string());
            let name = match self.owner {
                Owner::Free => self.aio_name(original),
                _ => original.clone(),
            };
            let (plain, aio) = (label(original_owner, original), label(aio, &name));
            let (twin, original) = match self.direction {
                Direction::ToBlocking => (plain, aio),
                Direction::ToAsync => (aio, plain),
            };
            return Labels { twin, original };
        }
        let twin_owner = match (&self.owner, &self.twins.of_self) {
            (Owner::Trait { twin, .. }, _) => Some(twin.unraw().to_string()),
            (_, Some(of_self)) => Some(of_self.twin_label()),
            (_, None) => original_owner.clone(),
        };
        Labels {
            twin: label(twin_owner, twin),
            original: label(original_owner, original),
        }
    }

    pub(crate) fn owner_path(&self) -> Option<&Path> {
        match &self.owner {
            Owner::Free => None,
            Owner::Type(ty) => match &**ty {
                Type::Path(named) => Some(&named.path),
                _ => None,
            },
            Owner::Trait { original, .. } => Some(original),
        }
    }
}

/// Rejects a name for the twin that is the name of its original.
pub(crate) fn check_other_name(name: Option<&Ident>, original: &Ident) -> Result<()> {
    match name.filter(|name| name.unraw() == original.unraw()) {
        None => Ok(()),
        Some(name) => Err(err!(
            name,
            "`{name}` is the name of the original; give the twin another name"
        )),
    }
}

/// Rejects twin names that are given twice. `rename` is the attribute that renames a twin.
pub(crate) fn check_distinct<'a, P: 'a>(
    twins: impl IntoIterator<Item = &'a TwinSignature<P>>,
    rename: &str,
    mistakes: &mut Mistakes,
) {
    let mut taken = HashSet::new();
    for TwinSignature { name, attrs, .. } in twins {
        // Methods under `cfg` do not count: of two with one name, only one may exist.
        if conditions(attrs).is_empty() && !taken.insert(name.to_string()) {
            mistakes.push(err!(
                name,
                "two methods would have a twin named `{name}`; rename one with `{rename}`"
            ));
        }
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

fn label(owner: Option<String>, name: &Ident) -> String {
    let name = name.unraw();
    match owner {
        Some(owner) => format!("{owner}::{name}"),
        None => name.to_string(),
    }
}
