//! `TwinTypes`: the types that have twins, as far as one item knows.

use std::mem;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{
    Generics, Path, PathArguments, Type, TypeParamBound, TypePath, ext::IdentExt, parse::Parse,
};

use super::{
    parts::{bare, path_type},
    tokens::{elides_lifetimes, first, replace_self},
};
use crate::{
    args::{TwinEntry, TwinPlace},
    tokens::{at, mentions},
};

pub(crate) struct TwinTypes<'a> {
    pub(crate) koil: &'a Path,
    /// The type of this impl block, or the `Self` of this trait.
    pub(crate) of_self: Option<SelfType>,
    pub(crate) listed: &'a [TwinEntry],
}

pub(crate) struct SelfType {
    /// The path as the header of the impl block writes it.
    pub(crate) path: Path,
    /// The path of the twin, without its arguments.
    pub(crate) twin: Path,
    pub(crate) kind: SelfKind,
}

/// The meaning of `Self`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SelfKind {
    /// A type, which can be named.
    Type,
    /// Any type that implements a trait.
    Trait,
}

impl SelfType {
    /// The type of an impl block, if it has a name. `twin` is the path of the twin, if it is given.
    pub(crate) fn of(ty: &Type, twin: Option<&Path>) -> Option<SelfType> {
        let Type::Path(TypePath {
            qself: None, path, ..
        }) = ty
        else {
            return None;
        };
        let name = &path.segments.last()?.ident;
        Some(SelfType {
            twin: twin.cloned().unwrap_or_else(|| twin_ident(name).into()),
            path: path.clone(),
            kind: SelfKind::Type,
        })
    }

    /// The type of the impl block's header, with the twin's name.
    pub(crate) fn twin_type(&self) -> Type {
        path_type(twin_path(self.path.clone(), &self.twin))
    }

    /// The name of the twin.
    pub(crate) fn twin_name(&self) -> Ident {
        let last = self.twin.segments.last();
        last.map_or_else(|| twin_ident(self.name()), |last| last.ident.clone())
    }

    /// The name of the twin in texts: with its module, if only that tells it from its original.
    pub(crate) fn twin_label(&self) -> String {
        let name = self.twin_name().unraw().to_string();
        let module = self.twin.segments.iter().rev().nth(1);
        match module.filter(|_| self.name().unraw() == name) {
            Some(module) => format!("{}::{name}", module.ident.unraw()),
            None => name,
        }
    }

    /// The type's own name.
    pub(crate) fn name(&self) -> &Ident {
        let last = self.path.segments.last();
        &last.expect("a path has segments").ident
    }
}

impl<'a> TwinTypes<'a> {
    pub(crate) fn new(
        koil: &'a Path,
        of_self: Option<SelfType>,
        listed: &'a [TwinEntry],
    ) -> TwinTypes<'a> {
        TwinTypes {
            koil,
            of_self,
            listed,
        }
    }

    /// The twin of a type, with the arguments of that type.
    pub(crate) fn twin_of(&self, ty: &Type) -> Option<Type> {
        let Type::Path(written) = bare(ty) else {
            return None;
        };
        if written.qself.is_some() {
            return None;
        }
        if written.path.is_ident("Self") {
            // Inside the twin's block `Self` is the twin.
            return self.of_self.as_ref().map(|_| ty.clone());
        }
        // Few types have twins, and parsing one again is expensive, so this check comes first.
        let is_own = self.is_own(&written.path);
        let name = &written.path.segments.last()?.ident;
        let listed = self.listed.iter().find(|listed| listed.aio == *name);
        if !is_own && listed.is_none() {
            return None;
        }
        let Type::Path(mut twin) = self.async_self(bare(ty)) else {
            return None;
        };
        if is_own {
            twin.path = twin_path(twin.path, &self.of_self.as_ref()?.twin);
            return Some(Type::Path(twin));
        }
        match &listed?.twin {
            TwinPlace::Beside => {
                let last = twin.path.segments.last_mut()?;
                last.ident = twin_ident(&last.ident);
            }
            TwinPlace::BesideAt(_) | TwinPlace::At(_) => {
                let path = listed?.path()?;
                let arguments = mem::take(&mut twin.path.segments.last_mut()?.arguments);
                twin.path = path;
                let last = twin.path.segments.last_mut()?;
                if last.arguments.is_none() {
                    last.arguments = arguments;
                }
            }
            TwinPlace::ByType(_) => {
                let koil = self.koil;
                // rustc points at the type if it has no twin.
                let (opened, closed) = (quote!(#koil::TwinOf<), quote!(>));
                let (opened, closed) = (at(name.span(), opened), at(name.span(), closed));
                return syn::parse2(quote!(#opened #twin #closed)).ok();
            }
        }
        Some(Type::Path(twin))
    }

    /// The first name in these tokens that means a type with a twin.
    ///
    /// `Self::Item` and `<Self as Trait>` are other types; `Item = ..` names an item of a trait.
    pub(crate) fn first_in(&self, tokens: &impl ToTokens) -> Option<Ident> {
        first(tokens, &|ident, in_path| {
            self.is_own_name(ident, in_path) || self.is_listed(ident)
        })
    }

    /// The first `Self` of a trait: it is any implementor, and so has no other name.
    pub(crate) fn nameless_in(&self, tokens: &impl ToTokens) -> Option<Ident> {
        if !self.of_trait() {
            return None;
        }
        first(tokens, &|ident, _| ident == "Self")
    }

    /// Replaces each remaining `Self` by the async type: in the twin's block `Self` would be the
    /// twin.
    pub(crate) fn async_self<T: Parse + ToTokens + Clone>(&self, node: &T) -> T {
        let Some(of_self) = self.named_self() else {
            return node.clone();
        };
        let tokens = node.to_token_stream();
        if !mentions(&tokens, "Self") {
            return node.clone();
        }
        let replaced = replace_self(tokens, &self.aio_of(of_self));
        // Tokens that parse with `Self` also parse with another type in its place.
        syn::parse2(replaced).unwrap_or_else(|_| node.clone())
    }

    /// The same for a type. Most types visibly do not mention `Self`, which is cheaper to see than
    /// to find in tokens.
    pub(crate) fn async_self_type(&self, ty: &Type) -> Type {
        if is_without_self(ty) {
            return ty.clone();
        }
        self.async_self(ty)
    }

    pub(crate) fn async_self_generics(&self, generics: &Generics) -> Generics {
        if generics.params.is_empty() && generics.where_clause.is_none() {
            return generics.clone();
        }
        Generics {
            where_clause: generics
                .where_clause
                .as_ref()
                .map(|clause| self.async_self(clause)),
            ..self.async_self(generics)
        }
    }

    /// A name of the async type that is valid in the twin's block.
    fn aio_of(&self, of_self: &SelfType) -> TokenStream {
        let path = of_self.path.to_token_stream();
        // In a signature, an elided lifetime would not be the lifetime of the block.
        if elides_lifetimes(path.clone()) {
            let koil = self.koil;
            quote!(<Self as #koil::__private::Twin>::Aio)
        } else {
            path
        }
    }

    /// The twin of a bound such as `Bucket`; the rest of the bound stays as written.
    pub(crate) fn twin_of_bound(&self, bound: &TypeParamBound) -> Option<TypeParamBound> {
        let TypeParamBound::Trait(bound) = bound else {
            return None;
        };
        // `HasTwin` is for types.
        let last = bound.path.segments.last()?;
        let by_type = |entry: &TwinEntry| {
            entry.aio == last.ident && matches!(entry.twin, TwinPlace::ByType(_))
        };
        if self.listed.iter().any(by_type) {
            return None;
        }
        let named = path_type(bound.path.clone());
        let Type::Path(twin) = self.twin_of(&named)? else {
            return None;
        };
        let mut bound = bound.clone();
        bound.path = twin.path;
        Some(TypeParamBound::Trait(bound))
    }

    /// Is `Self` any implementor of a trait?
    pub(crate) fn of_trait(&self) -> bool {
        self.of_self
            .as_ref()
            .is_some_and(|of_self| of_self.kind == SelfKind::Trait)
    }

    /// The type that `Self` stands for.
    fn named_self(&self) -> Option<&SelfType> {
        self.of_self
            .as_ref()
            .filter(|of_self| of_self.kind == SelfKind::Type)
    }

    fn is_own_name(&self, ident: &Ident, in_path: bool) -> bool {
        let of_self = self.of_self.as_ref();
        let named = self
            .named_self()
            .is_some_and(|of_self| of_self.name() == ident);
        of_self.is_some() && ident == "Self" || named && !in_path
    }

    fn is_listed(&self, ident: &Ident) -> bool {
        self.listed.iter().any(|listed| listed.aio == *ident)
    }

    fn is_own(&self, path: &Path) -> bool {
        let Some(of_self) = self.named_self() else {
            return false;
        };
        let names = |path: &Path| -> Vec<Ident> {
            path.segments
                .iter()
                .map(|segment| segment.ident.clone())
                .collect()
        };
        let (written, of_self) = (names(path), names(&of_self.path));
        let local = written.first().is_some_and(|first| {
            written.len() == 1 || first == "crate" || first == "self" || first == "super"
        });
        written == of_self || local && written.last() == of_self.last()
    }
}

impl TwinEntry {
    /// The path of the twin, if it is given.
    pub(crate) fn path(&self) -> Option<Path> {
        match &self.twin {
            TwinPlace::Beside | TwinPlace::ByType(_) => None,
            TwinPlace::BesideAt(aio) => {
                let mut twin = aio.clone();
                let last = twin.segments.last_mut()?;
                last.ident = twin_ident(&last.ident);
                Some(twin)
            }
            TwinPlace::At(twin) => Some(twin.clone()),
        }
    }
}

/// The path of the twin, with the arguments of the original. A twin with a single name is beside
/// its original.
fn twin_path(mut original: Path, twin: &Path) -> Path {
    let Some(last) = original.segments.last_mut() else {
        return twin.clone();
    };
    if let Some(name) = twin.get_ident() {
        last.ident = name.clone();
        return original;
    }
    let arguments = mem::take(&mut last.arguments);
    let mut path = twin.clone();
    if let Some(last) = path.segments.last_mut() {
        last.arguments = arguments;
    }
    path
}

/// `Client` gets `BlockingClient`, with the span of the original.
pub(crate) fn twin_ident(aio: &Ident) -> Ident {
    format_ident!("Blocking{}", aio.unraw(), span = aio.span())
}

/// Is it visible in the syntax tree that the type does not mention `Self`?
fn is_without_self(ty: &Type) -> bool {
    match bare(ty) {
        Type::Path(path) if path.qself.is_none() => path.path.segments.iter().all(|segment| {
            let without = match &segment.arguments {
                PathArguments::None => true,
                PathArguments::AngleBracketed(list) => {
                    list.args.iter().all(|argument| match argument {
                        syn::GenericArgument::Type(ty) => is_without_self(ty),
                        syn::GenericArgument::Lifetime(_) => true,
                        _ => false,
                    })
                }
                PathArguments::Parenthesized(_) => false,
            };
            without && segment.ident != "Self"
        }),
        Type::Reference(reference) => is_without_self(&reference.elem),
        Type::Slice(slice) => is_without_self(&slice.elem),
        Type::Tuple(tuple) => tuple.elems.iter().all(is_without_self),
        _ => false,
    }
}
