//! Return types: values, futures and streams, and the types with twins in them.

use quote::{quote, quote_spanned};
use syn::{GenericArgument, ReturnType, Token, Type, TypeImplTrait, TypePath};

use crate::{
    args::Helpers,
    error::{Mistakes, Result, err},
    lower::{
        koiled::{
            assertions::{check_redundant, check_something_returned, named},
            mapped::{Mapped, with_arguments},
        },
        types::{
            async_traits::{future_output, is_io, iterator_item, stream_item, with_item},
            parts::{bare, result_value, type_arguments},
            pointers::twin_pointer,
            tokens::readable,
            twin_types::TwinTypes,
        },
    },
    model::{Convert, Held, IntoTwin, PollBy, Returned},
    syntax::function::Function,
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
    mistakes: &mut Mistakes,
) -> Option<Output> {
    let declared = match &function.sig.output {
        ReturnType::Default => None,
        ReturnType::Type(_, ty) => Some(&**ty),
    };
    let table = Table { twins, poll };
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
            Some(_) => ReturnType::Type(<Token![->]>::default(), Box::new(mapped.ty)),
            None => ReturnType::Default,
        },
        wait,
        convert: mapped.convert,
    })
}

pub(crate) struct Table<'a> {
    pub(crate) twins: &'a TwinTypes<'a>,
    pub(crate) poll: PollBy,
}

impl Table<'_> {
    /// Maps the return type of an `async fn`.
    fn awaited(&self, ty: &Type, helpers: &Helpers) -> Result<Mapped<IntoTwin>> {
        if let Some(at) = helpers.wait {
            return Err(err!(
                at,
                "an `async fn` is waited for anyway; remove `wait`"
            ));
        }
        if future_output(ty)?.is_some() {
            return Err(err!(
                ty,
                "a future of a future; await the outer one or return `impl Future` once"
            ));
        }
        self.value(ty, helpers)
    }

    /// Maps the return type of a plain `fn`.
    fn called(&self, ty: &Type, helpers: &Helpers) -> Result<(Mapped<IntoTwin>, Option<PollBy>)> {
        if let Some(word) = helpers.wait {
            named(ty, word)?;
            let ty = self.twins.async_self(ty);
            // If the type is not a future, rustc points at the word.
            let output = quote_spanned!(word=> <#ty as ::core::future::Future>::Output);
            let output = Type::Verbatim(output);
            let mapped = Mapped {
                ty: output,
                convert: Convert::AsIs,
            };
            return Ok((mapped, Some(self.poll.asserted(word))));
        }
        if let Some(output) = future_output(ty)? {
            return Ok((self.value(&output, helpers)?, Some(self.poll)));
        }
        if helpers.raw.is_none()
            && let Some((_, inner)) = result_value(ty)
            && future_output(inner)?.is_some()
        {
            return Err(err!(
                inner,
                "a future in a `Result` or `Option` is not waited for; write an `async fn`, or `#[koil(raw)]` to return it as it is"
            ));
        }
        Ok((self.value(ty, helpers)?, None))
    }

    fn value(&self, ty: &Type, helpers: &Helpers) -> Result<Mapped<IntoTwin>> {
        if helpers.raw.is_some() {
            return self.raw(ty);
        }
        check_redundant(ty, helpers)?;
        if let Some(word) = helpers.iter {
            Ok(self.declared(ty, |table, stream| table.iterated_by(stream, word)))
        } else if helpers.io.is_some() {
            Ok(self.declared(ty, Table::blocking_io))
        } else {
            self.map(ty)
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
                "`raw` leaves the original of `Self`, which the twin of a trait cannot name; use `#[koil(skip)]`"
            )),
            None => Ok(self.unmapped(ty)),
        }
    }

    /// Maps a type by the first rule that matches, recursively. All other types stay as they are.
    pub(crate) fn map(&self, ty: &Type) -> Result<Mapped<IntoTwin>> {
        if let Some(held) = twin_pointer(ty, self.twins) {
            let twin = Box::new(held.twin);
            let convert = if self.is_any_twin(&twin) && held.held == Held::Value {
                Convert::Held(IntoTwin::Cast(twin))
            } else {
                Convert::Held(IntoTwin::Twin(held.held, twin))
            };
            return Ok(Mapped {
                ty: held.ty,
                convert,
            });
        }
        if let Some(item) = stream_item(ty)? {
            return self.stream(ty, &item);
        }
        if is_io(ty) {
            return Ok(self.blocking_io(ty));
        }
        match bare(ty) {
            Type::Path(path) => self.container(path),
            Type::Tuple(tuple) => self.tuple(tuple),
            Type::ImplTrait(node) => self.opaque(node),
            _ => self.unmappable(ty),
        }
    }

    fn container(&self, path: &TypePath) -> Result<Mapped<IntoTwin>> {
        let mut found = Vec::new();
        for (index, argument) in type_arguments(&path.path).into_iter().enumerate() {
            let GenericArgument::Type(ty) = argument else {
                continue;
            };
            let mapped = self.map(ty)?;
            if !mapped.convert.is_as_is() {
                found.push((index, mapped));
            }
        }
        Ok(if found.is_empty() {
            self.unmapped(&Type::Path(path.clone()))
        } else {
            with_arguments(path, found, self.twins)
        })
    }

    fn tuple(&self, tuple: &syn::TypeTuple) -> Result<Mapped<IntoTwin>> {
        let mut mapped_tuple = tuple.clone();
        let mut converts = Vec::new();
        for element in &mut mapped_tuple.elems {
            let mapped = self.map(element)?;
            *element = mapped.ty;
            converts.push(mapped.convert);
        }
        Ok(Mapped {
            ty: Type::Tuple(mapped_tuple),
            convert: Convert::tuple(converts),
        })
    }

    /// Maps an `impl Trait` that is not async: an iterator over types with twins gets another item type.
    fn opaque(&self, node: &TypeImplTrait) -> Result<Mapped<IntoTwin>> {
        if let Some(item) = iterator_item(node) {
            let item = self.map(item)?;
            if !item.convert.is_as_is() && !item.convert.waits_later() {
                let ty = Type::ImplTrait(with_item(node, "Iterator", None, &item.ty));
                return Ok(Mapped {
                    ty,
                    convert: Convert::Held(IntoTwin::Items(Box::new(item.convert))),
                });
            }
        }
        self.unmappable(&Type::ImplTrait(node.clone()))
    }

    /// Keeps the type as it is, but rejects a type with a handle in it, which could not become its
    /// twin.
    fn unmappable(&self, ty: &Type) -> Result<Mapped<IntoTwin>> {
        match self.twins.first_in(ty) {
            None => Ok(self.unmapped(ty)),
            Some(handle) => Err(err!(
                handle,
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
