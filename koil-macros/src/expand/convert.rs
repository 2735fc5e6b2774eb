//! Conversion code: from a value of the original to a value of the twin.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};

use crate::{
    expand::{at, failure, local, poll::handed},
    model::{Argument, Convert, Each, Held, PollBy, Wait},
};

/// Generated code: statements, then the expression of the value.
pub(super) struct Code {
    pub(super) steps: TokenStream,
    pub(super) value: TokenStream,
}

pub(super) fn convert(value: &TokenStream, how: &Convert, private: &TokenStream) -> Code {
    match how {
        Convert::AsIs => Code::value(value.clone()),
        Convert::Wait(how, inner) => wait(value, how, inner, private),
        Convert::Iter(poll, each) => iter(value, *poll, each, private),
        Convert::Io(poll) => io(value, *poll, private),
        Convert::Items(inner) => Code::value(items(value, &closure(inner, private))),
        Convert::Twin(held, twin) => Code::value(match held {
            Held::Value => quote!(<#twin as ::core::convert::From<_>>::from(#value)),
            held => {
                let into_twin = into_twin(*held);
                quote!(#private::#into_twin::<#twin>(#value))
            }
        }),
        Convert::Cast(twin) => Code::value(quote!(#private::into_twin::<#twin>(#value))),
        Convert::Aio(held) => Code::value(into_aio(value, *held, private)),
        Convert::Container(arguments) => {
            let one_by_one = arguments.iter().fold(value.clone(), |value, argument| {
                container(&value, argument, private)
            });
            Code::value(one_by_one)
        }
        Convert::Tuple(elements) => tuple(value, elements, private),
    }
}

impl Code {
    pub(super) fn value(value: TokenStream) -> Code {
        Code {
            steps: TokenStream::new(),
            value,
        }
    }
}

/// `wait(&__call, value)`, and the conversion of its output.
fn wait(value: &TokenStream, how: &Wait, inner: &Convert, private: &TokenStream) -> Code {
    let waited = failure::wait(value, how, private);
    if inner.is_as_is() {
        return waited;
    }
    let output = local("__value");
    let Code { steps, value } = convert(&quote!(#output), inner, private);
    let (made, wait) = (waited.steps, waited.value);
    Code {
        steps: quote!(#made let #output = #wait; #steps),
        value,
    }
}

/// `iter(&__call, value)`
fn iter(value: &TokenStream, poll: PollBy, each: &Each, private: &TokenStream) -> Code {
    let Code { steps, value } = opened(value, poll, "iter", private);
    let value = match each {
        Each::AsIs => value,
        Each::Mapped(inner) => {
            let each = closure(inner, private);
            quote!(#private::map_items(#value, #each))
        }
        Each::Opaque(inner) => items(&value, &closure(inner, private)),
    };
    Code { steps, value }
}

/// `io(&__call, value)`
fn io(value: &TokenStream, poll: PollBy, private: &TokenStream) -> Code {
    opened(value, poll, "io", private)
}

/// The call of a function that does not wait itself (`iter` or `io`).
fn opened(value: &TokenStream, poll: PollBy, verb: &str, private: &TokenStream) -> Code {
    let call = local("__call");
    handed(
        value,
        (&quote!(&#call), &TokenStream::new()),
        poll,
        verb,
        private,
    )
}

fn items(value: &TokenStream, each: &TokenStream) -> TokenStream {
    quote!(::core::iter::Iterator::map(#value, #each))
}

/// Maps one type argument of a container. The span is that of the container, so that rustc points
/// there if the container cannot be mapped.
fn container(value: &TokenStream, argument: &Argument, private: &TokenStream) -> TokenStream {
    let index = proc_macro2::Literal::usize_unsuffixed(argument.index);
    let each = closure(&argument.convert, private);
    let value = at(argument.span, value.clone());
    at(
        argument.span,
        quote!(#private::map_twin::<#index, _, _>(#value, #each)),
    )
}

fn tuple(value: &TokenStream, elements: &[Convert], private: &TokenStream) -> Code {
    let names: Vec<_> = (0..elements.len())
        .map(|index| format_ident!("__t{index}", span = Span::mixed_site()))
        .collect();
    let values = names.iter().zip(elements).map(|(name, element)| {
        let Code { steps, value } = convert(&quote!(#name), element, private);
        if steps.is_empty() {
            value
        } else {
            quote!({ #steps #value })
        }
    });
    Code {
        steps: quote!(let (#(#names,)*) = #value;),
        value: quote!((#(#values,)*)),
    }
}

fn closure(inner: &Convert, private: &TokenStream) -> TokenStream {
    let value = local("__v");
    let Code {
        steps,
        value: converted,
    } = convert(&quote!(#value), inner, private);
    if steps.is_empty() {
        quote!(|#value| #converted)
    } else {
        quote!(|#value| { #steps #converted })
    }
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

/// The expression that converts a twin back to its original.
pub(super) fn into_aio(value: &TokenStream, held: Held, private: &TokenStream) -> TokenStream {
    let into_aio = match held {
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
    };
    quote!(#private::#into_aio(#value))
}
