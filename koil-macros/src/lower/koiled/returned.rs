//! Return types: values, futures and streams, and the types with twins in them.

use quote::{ToTokens, quote, quote_spanned};
use syn::{ReturnType, Token, Type, TypeImplTrait, TypeParamBound, TypePath, spanned::Spanned};

use super::{
    assertions::{check_redundant, check_something_returned, check_wait},
    fallible::Fallible,
    inline_option::no_io,
    mapped::{Mapped, Mapper, tuple, with_arguments},
    streams::with_item,
    unawaited,
};
use crate::{
    args::{Helpers, IoWord},
    error::{Mistakes, Result, err},
    lower::types::{
        IO, IoBound, Named, Shape, TwinPointer, TwinTypes, associated, bare, ends_with, readable,
    },
    model::{Convert, Held, IntoTwin, PollBy, Returned},
    syntax::function::Function,
    tokens::mentions,
};

/// The output of a twin.
pub(crate) struct Output {
    pub(crate) ty: ReturnType,
    /// The thread that polls, if the original returns a future.
    pub(crate) wait: Option<PollBy>,
    /// The conversion of the value, or of the output of the future.
    pub(crate) convert: Returned,
}

pub(crate) fn output(
    function: &Function,
    helpers: &Helpers,
    twins: &TwinTypes<'_>,
    poll: PollBy,
    fallible: Fallible<'_>,
    mistakes: &mut Mistakes,
) -> Option<Output> {
    let declared = match &function.sig.output {
        ReturnType::Default => None,
        ReturnType::Type(_, ty) => Some(&**ty),
    };
    let table = Mapper {
        twins,
        poll,
        fallible,
        io: helpers.io.and_then(|word| word.traits).unwrap_or_default(),
    };
    if declared.is_none()
        && !mistakes.pass(|mistakes| check_something_returned(function, helpers, mistakes))
    {
        return None;
    }
    let unit: Type = Type::Verbatim(quote!(()));
    let ty = declared.unwrap_or(&unit);
    let (mapped, wait) = mistakes.take(match function.sig.asyncness {
        Some(_) => table
            .awaited(ty, helpers)
            .map(|mapped| (mapped, Some(poll))),
        None => table.called(ty, helpers),
    })?;
    Some(Output {
        ty: match declared {
            Some(_) => ReturnType::Type(<Token![->]>::default(), Box::new(closed(mapped.ty))),
            None => ReturnType::Default,
        },
        wait,
        convert: mapped.convert,
    })
}

/// The type without a `+` at its end, which may stand before the `>` of `impl Future<Output = dyn Row +>`
/// and nowhere else.
fn closed(mut ty: Type) -> Type {
    match &mut ty {
        Type::TraitObject(node) => drop(node.bounds.pop_punct()),
        Type::ImplTrait(node) => drop(node.bounds.pop_punct()),
        _ => {}
    }
    ty
}

impl Mapper<'_> {
    /// Maps the return type of an `async fn`.
    fn awaited(&self, ty: &Type, helpers: &Helpers) -> Result<Mapped<IntoTwin>> {
        if let Some(at) = helpers.wait {
            return Err(err!(
                at,
                "an `async fn` is waited for anyway; remove `wait`"
            ));
        }
        let shape = Shape::of(ty, self.twins);
        if shape.output()?.is_some() {
            return Err(err!(
                ty,
                "this is a future of a future; await the inner one, or remove one of the two"
            ));
        }
        self.value(ty, shape, helpers)
    }

    /// Maps the return type of a plain `fn`.
    fn called(&self, ty: &Type, helpers: &Helpers) -> Result<(Mapped<IntoTwin>, Option<PollBy>)> {
        let shape = Shape::of(ty, self.twins);
        if let Some(word) = helpers.wait {
            check_wait(ty, &shape, word)?;
            let ty = self.twins.async_self(ty);
            // If the type is not a future, rustc points at the word.
            let output = quote_spanned!(word=> <#ty as ::core::future::Future>::Output);
            let mapped = Mapped {
                ty: Type::Verbatim(output),
                convert: Convert::AsIs,
            };
            return Ok((mapped, Some(self.poll.asserted(word))));
        }
        if let Some(output) = shape.output()? {
            let mapped = self.value(output, Shape::of(output, self.twins), helpers)?;
            return Ok((mapped, Some(self.poll)));
        }
        if helpers.raw.is_none()
            && let Some((_, inner)) = shape.result_value()
            && Shape::without_twins(inner).output()?.is_some()
        {
            return Err(err!(
                inner,
                "a future in a `Result` or `Option` is not waited for; write an `async fn`, or `#[koil(raw)]` to return it as it is"
            ));
        }
        Ok((self.value(ty, shape, helpers)?, None))
    }

    fn value(&self, ty: &Type, shape: Shape<'_>, helpers: &Helpers) -> Result<Mapped<IntoTwin>> {
        if helpers.raw.is_some() {
            return self.raw(ty);
        }
        check_redundant(&shape, helpers)?;
        if let Some(word) = helpers.iter {
            Ok(self.declared(ty, &shape, |mapper, stream| {
                mapper.iterated_by(stream, word)
            }))
        } else if let Some(word) = helpers.io.filter(|word| !is_shown(*word, ty)) {
            if self.poll.is_inline() {
                return no_io(word.at);
            }
            Ok(self.declared(ty, &shape, |mapper, io| {
                mapper.blocking_io(io, word.at, mapper.io)
            }))
        } else {
            self.shaped(ty, shape)
        }
    }

    /// Is this the `Self` of a trait? It is known to be a twin, and nothing more.
    fn is_any_twin(&self, ty: &Type) -> bool {
        self.twins.of_trait() && matches!(ty, Type::Path(path) if path.path.is_ident("Self"))
    }

    /// `#[koil(raw)]`: the async type, which must not contain the `Self` of a trait, since a trait
    /// cannot name its original.
    fn raw(&self, ty: &Type) -> Result<Mapped<IntoTwin>> {
        match self.twins.nameless_in(ty) {
            Some(word) => Err(err!(
                word,
                "`raw` would return the original of `Self`, which the twin of a trait cannot name; use `#[koil(skip)]` instead"
            )),
            None => Ok(self.unmapped(ty)),
        }
    }

    pub(crate) fn map(&self, ty: &Type) -> Result<Mapped<IntoTwin>> {
        self.shaped(ty, Shape::of(ty, self.twins))
    }

    /// Maps a type by its shape, recursively. All other types stay as they are.
    fn shaped(&self, ty: &Type, shape: Shape<'_>) -> Result<Mapped<IntoTwin>> {
        match shape {
            Shape::Twin(twin) => Ok(self.twin(*twin)),
            Shape::Stream(item) => {
                let item = item.ty()?;
                self.stream(ty, item, self.map(item)?)
            }
            Shape::Io(_) if self.poll.is_inline() => no_io(ty.span()),
            Shape::Io(IoBound {
                other: Some(other), ..
            }) => Err(err!(
                other,
                "a reader or writer with traits of two crates has no twin; return one with those of tokio or of futures"
            )),
            Shape::Io(io) => Ok(self.blocking_io(ty, io.at, io.traits.unwrap_or(self.io))),
            Shape::Iterator => self.iterator(ty),
            Shape::Named(named) => match named.guarded() {
                Some(context) => Ok(self.guard(named.path, context)),
                None => self.container(ty, &named),
            },
            Shape::Tuple(of) => tuple(of, &|element| self.map(element)),
            Shape::Future(_) | Shape::Other => self.unmappable(ty),
        }
    }

    fn twin(&self, pointer: TwinPointer) -> Mapped<IntoTwin> {
        let TwinPointer { held, ty, twin } = pointer;
        let is_any_twin = held == Held::Value && self.is_any_twin(&twin);
        let twin = Box::new(twin);
        Mapped {
            ty,
            convert: Convert::Held(if is_any_twin {
                IntoTwin::Cast(twin)
            } else {
                IntoTwin::Twin(held, twin)
            }),
        }
    }

    /// A guard that async code can await; blocking code gets one that waits.
    fn guard(&self, written: &TypePath, context: &Type) -> Mapped<IntoTwin> {
        let twin = self.twins.twin_of(context);
        let ty = twin.clone();
        let ty = ty.unwrap_or_else(|| self.twins.async_self_type(context));
        let koil = self.twins.koil;
        let guard = IntoTwin::Guard(written.span(), twin.map(Box::new));
        Mapped {
            ty: Type::Verbatim(quote!(#koil::Entered<#ty>)),
            convert: Convert::Held(guard),
        }
    }

    fn container(&self, ty: &Type, named: &Named<'_>) -> Result<Mapped<IntoTwin>> {
        let mut found = Vec::new();
        for &(index, argument) in &named.arguments {
            let shape = Shape::of(argument, self.twins);
            if let Some(mistake) = unawaited::holder(named, argument, &shape) {
                return Err(mistake);
            }
            let mapped = self.shaped(argument, shape)?;
            if !mapped.convert.is_as_is() {
                found.push((index, mapped));
            }
        }
        Ok(if found.is_empty() {
            self.unmapped(ty)
        } else {
            with_arguments(named.path, found, self.twins)
        })
    }

    /// An `impl Iterator` over types with twins gets another item type.
    fn iterator(&self, ty: &Type) -> Result<Mapped<IntoTwin>> {
        if let Type::ImplTrait(node) = bare(ty)
            && let Some(item) = item_of(node)
        {
            let item = self.map(item)?;
            if !item.convert.is_as_is() && !item.convert.waits_later() {
                let ty = Type::ImplTrait(with_item(node, "Iterator", None, &item.ty));
                return Ok(Mapped {
                    ty,
                    convert: Convert::Held(IntoTwin::Items(Box::new(item.convert))),
                });
            }
        }
        self.unmappable(ty)
    }

    /// Keeps the type as it is, but rejects one that mentions a type with a twin, which could not become its
    /// twin.
    fn unmappable(&self, ty: &Type) -> Result<Mapped<IntoTwin>> {
        if let Some(mistake) = unawaited::into_future(ty) {
            return Err(mistake);
        }
        if let Some(optional) = self.optional(ty) {
            return Ok(optional);
        }
        match self.twins.first_in(ty) {
            None => Ok(self.unmapped(ty)),
            Some(found) => Err(err!(
                found,
                "`{}` cannot be mapped; {}use `#[koil({})]`",
                readable(ty),
                if is_list(ty) { "return `Vec` or " } else { "" },
                // The twin of a trait cannot name the original of `Self`.
                if self.twins.of_trait() { "skip" } else { "raw" },
            )),
        }
    }

    fn unmapped(&self, ty: &Type) -> Mapped<IntoTwin> {
        Mapped {
            ty: self.twins.async_self_type(ty),
            convert: Convert::AsIs,
        }
    }
}

/// Is this `[T]` or `[T; 2]`, also behind a reference?
fn is_list(ty: &Type) -> bool {
    match bare(ty) {
        Type::Reference(reference) => is_list(&reference.elem),
        other => matches!(other, Type::Slice(_) | Type::Array(_)),
    }
}

/// The `T` of an `impl Iterator<Item = T>`.
fn item_of(node: &TypeImplTrait) -> Option<&Type> {
    node.bounds.iter().find_map(|bound| match bound {
        TypeParamBound::Trait(bound) if ends_with(&bound.path, &["Iterator"]) => {
            associated(bound, "Item")
        }
        _ => None,
    })
}

/// Does `io` only name the crate of readers and writers that the type shows?
fn is_shown(word: IoWord, ty: &Type) -> bool {
    let ty = ty.to_token_stream();
    word.traits.is_some() && IO.iter().any(|name| mentions(&ty, name))
}
