//! Conversion code: from a value of one side to a value of the other.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{format_ident, quote};

use super::{
    call::optional,
    poll::handed,
    tokens::{Code, local},
};
use crate::{
    model::{
        BlockingIo, Callback, Convert, Each, Held, IntoTwin, IoTraits, ItemFailure, Known, Limit,
        Panics, PollBy, Produced, TypeArgument,
    },
    tokens::at,
};

/// A value that is, or holds, a type with a twin.
pub(super) trait HasTwin {
    fn converted(&self, value: &TokenStream, private: &TokenStream) -> Code;
}

pub(super) fn convert<H: HasTwin>(
    value: &TokenStream,
    how: &Convert<H>,
    private: &TokenStream,
) -> Code {
    match how {
        // A reader of std is made by a statement before the call.
        Convert::AsIs | Convert::Std(..) => Code::value(value.clone()),
        Convert::Held(held) => held.converted(value, private),
        Convert::Container(arguments) => {
            let one_by_one = arguments.iter().fold(value.clone(), |value, argument| {
                container(&value, argument, private)
            });
            Code::value(one_by_one)
        }
        Convert::Tuple(elements) => tuple(value, elements, private),
        Convert::Callback(callback) => self::callback(value, callback, private),
    }
}

impl HasTwin for IntoTwin {
    fn converted(&self, value: &TokenStream, private: &TokenStream) -> Code {
        let value = match self {
            IntoTwin::Twin(Held::Value, twin) => {
                quote!(<#twin as ::core::convert::From<_>>::from(#value))
            }
            IntoTwin::Twin(held, twin) => {
                let into_twin = into_twin(*held);
                quote!(#private::#into_twin::<#twin>(#value))
            }
            IntoTwin::OptionRef(twin) => quote!(#private::option_ref::<#twin>(#value)),
            IntoTwin::OptionMut(twin) => quote!(#private::option_mut::<#twin>(#value)),
            IntoTwin::Cast(twin) => quote!(#private::into_twin::<#twin>(#value)),
            IntoTwin::Guard(written, None) => {
                let entered = at(*written, quote!(#private::entered));
                quote!(#entered(#value))
            }
            IntoTwin::Guard(written, Some(twin)) => {
                let entered = at(*written, quote!(#private::entered_twin::<#twin, _, _>));
                quote!(#entered(#value))
            }
            IntoTwin::Items(inner) => items(value, &closure(inner, private)),
            IntoTwin::Iter(poll, each, failure) => {
                return iter(value, (*poll, *failure), each, private);
            }
            IntoTwin::Io(io) => return self::io(value, io, private),
        };
        Code::value(value)
    }
}

impl HasTwin for Held {
    fn converted(&self, value: &TokenStream, private: &TokenStream) -> Code {
        let into_original = into_original(*self);
        Code::value(quote!(#private::#into_original(#value)))
    }
}

/// `iter(&__call, value)`
fn iter(
    value: &TokenStream,
    (poll, failure): (PollBy, ItemFailure),
    each: &Each,
    private: &TokenStream,
) -> Code {
    let verb = if poll.is_inline() {
        "inline_iter"
    } else {
        "iter"
    };
    let Code { steps, value } = opened(value, poll, verb, private);
    let mapped = |value: TokenStream| match each {
        Each::AsIs => value,
        Each::Mapped(inner) => {
            let each = closure(inner, private);
            quote!(#private::map_items(#value, #each))
        }
        Each::Opaque(inner) => items(&value, &closure(inner, private)),
    };
    let value = match failure {
        ItemFailure::IsItem { panics, .. } | ItemFailure::AroundItem { panics, .. }
            if panics == Panics::Caught =>
        {
            quote!(#private::iter_caught(#value))
        }
        _ => value,
    };
    match failure {
        ItemFailure::Panic => Code {
            steps,
            value: mapped(value),
        },
        ItemFailure::IsItem {
            at: item, limit, ..
        } => {
            let limit = optional(limit);
            // rustc points at the type of the items if that type cannot hold the failure.
            let failed = at(item, quote!(#private::from_bridge));
            let fallible = quote!(#private::fallible_iter(#value, #limit, #failed));
            Code {
                steps,
                value: mapped(fallible),
            }
        }
        ItemFailure::AroundItem { limit, .. } => {
            let value = in_results(value, each, limit, private);
            let value = match poll.known {
                Known::Asserted(word) => at(word, value),
                Known::ByType => value,
            };
            Code { steps, value }
        }
    }
}

/// An iterator whose items are results, since they cannot hold a failure themselves.
fn in_results(value: TokenStream, each: &Each, limit: Limit, private: &TokenStream) -> TokenStream {
    let limit = optional(limit);
    match each {
        Each::AsIs => quote!(#private::timeout_iter(#value, #limit)),
        Each::Mapped(inner) => {
            let each = closure(inner, private);
            quote!(#private::timeout_map_iter(#private::map_items(#value, #each), #limit))
        }
        Each::Opaque(inner) => {
            let (item, each) = (local("__item"), closure(inner, private));
            let each = quote!(|#item| ::core::result::Result::map(#item, #each));
            items(&quote!(#private::timeout_iter(#value, #limit)), &each)
        }
    }
}

/// `io(&__call, value)`, after a check that the value is a reader or writer.
fn io(value: &TokenStream, io: &BlockingIo, private: &TokenStream) -> Code {
    let (verb, is_of) = match io.traits {
        IoTraits::Tokio => ("io", quote!(__koil_is_of_tokio)),
        IoTraits::Futures => ("io_futures", quote!(__koil_is_of_futures)),
    };
    let made = local("__io");
    let of = quote!(#private::AssertedReader::of(&#made));
    let checked = at(io.at, quote!(#of.#is_of();));
    let Code {
        steps,
        value: opened,
    } = opened(&quote!(#made), io.poll, verb, private);
    let steps = quote!(let #made = #value; #checked #steps);
    let value = opened;
    let value = match io.limit {
        Limit::Never => value,
        limit => {
            let limit = optional(limit);
            quote!(#private::io_within(#value, #limit))
        }
    };
    let value = match io.panics {
        Panics::Unwind => value,
        Panics::Caught => quote!(#private::io_caught(#value)),
    };
    Code { steps, value }
}

/// The call of a function that does not wait itself (`iter` or `io`).
fn opened(value: &TokenStream, poll: PollBy, verb: &str, private: &TokenStream) -> Code {
    let call = local("__call");
    let call = (&quote!(&#call), &TokenStream::new());
    handed(value, call, poll, verb, private)
}

fn items(value: &TokenStream, each: &TokenStream) -> TokenStream {
    quote!(::core::iter::Iterator::map(#value, #each))
}

/// Maps one type argument of a container. The span is that of the container, so that rustc points
/// there if the container cannot be mapped.
fn container<H: HasTwin>(
    value: &TokenStream,
    argument: &TypeArgument<H>,
    private: &TokenStream,
) -> TokenStream {
    let index = Literal::usize_unsuffixed(argument.index);
    let each = closure(&argument.convert, private);
    let value = at(argument.span, value.clone());
    at(
        argument.span,
        quote!(#private::map_twin::<#index, _, _>(#value, #each)),
    )
}

fn tuple<H: HasTwin>(value: &TokenStream, elements: &[Convert<H>], private: &TokenStream) -> Code {
    let names: Vec<_> = (0..elements.len())
        .map(|index| format_ident!("__t{index}", span = Span::mixed_site()))
        .collect();
    let values = names
        .iter()
        .zip(elements)
        .map(|(name, element)| convert(&quote!(#name), element, private).expression());
    Code {
        steps: quote!(let (#(#names,)*) = #value;),
        value: quote!((#(#values,)*)),
    }
}

/// A closure for the original, which calls the closure of the blocking user:
/// `async move |a| { let __callback = callback(); f(as_twin_mut(a)) }`
fn callback(value: &TokenStream, callback: &Callback, private: &TokenStream) -> Code {
    let (f, running) = (local("__f"), local("__callback"));
    let names: Vec<_> = (0..callback.arguments.len())
        .map(|index| format_ident!("__a{index}", span = Span::mixed_site()))
        .collect();
    let arguments = names
        .iter()
        .zip(&callback.arguments)
        .map(|(name, argument)| convert(&quote!(#name), argument, private).expression());
    let called = quote!(#f(#(#arguments),*));
    let answer = convert(&called, &callback.answer, private).expression();
    let body = quote!({
        let #running = #private::callback();
        #answer
    });
    let body = match callback.produced {
        Produced::Value | Produced::ByAsyncClosure => body,
        Produced::ReadyFuture => quote!(::core::future::ready(#body)),
        Produced::BoxedFuture => quote!(::std::boxed::Box::pin(::core::future::ready(#body))),
    };
    let is_async = (callback.produced == Produced::ByAsyncClosure).then(|| quote!(async));
    let mutable = callback.is_mut.then(|| quote!(mut));
    Code {
        steps: quote!(let #mutable #f = #value;),
        value: quote!(#is_async move |#(#names),*| #body),
    }
}

fn closure<H: HasTwin>(inner: &Convert<H>, private: &TokenStream) -> TokenStream {
    let value = local("__v");
    let converted = convert(&quote!(#value), inner, private).expression();
    quote!(|#value| #converted)
}

fn into_twin(held: Held) -> TokenStream {
    match held {
        Held::Value => quote!(into_twin),
        Held::Ref => quote!(as_twin),
        Held::RefMut => quote!(as_twin_mut),
        Held::Arc => quote!(arc_into_twin),
        Held::Rc => quote!(rc_into_twin),
        Held::Box => quote!(box_into_twin),
        Held::PinRef => quote!(pin_ref_into_twin),
        Held::PinRefMut => quote!(pin_mut_into_twin),
        Held::PinBox => quote!(pin_box_into_twin),
        Held::Slice => quote!(slice_as_twins),
        Held::SliceMut => quote!(slice_as_twins_mut),
    }
}

fn into_original(held: Held) -> TokenStream {
    match held {
        Held::Value => quote!(Twin::into_aio),
        Held::Ref => quote!(Twin::aio),
        Held::RefMut => quote!(Twin::aio_mut),
        Held::Arc => quote!(arc_into_aio),
        Held::Rc => quote!(rc_into_aio),
        Held::Box => quote!(box_into_aio),
        Held::PinRef => quote!(pin_ref_into_aio),
        Held::PinRefMut => quote!(pin_mut_into_aio),
        Held::PinBox => quote!(pin_box_into_aio),
        Held::Slice => quote!(slice_as_aio),
        Held::SliceMut => quote!(slice_as_aio_mut),
    }
}
