//! How a future, a stream or a reader is handed to the runtime, by who may poll it.

use proc_macro2::TokenStream;
use quote::quote;

use super::{at, convert::Code, local};
use crate::model::{Known, Road};

/// What the runtime is asked to do, by its names for it.
pub(super) struct Verb {
    pub(super) probe: &'static str,
    pub(super) local: &'static str,
    pub(super) send: &'static str,
}

/// `Probe::of(future).__koil_wait(&__call)`, where the value has no name; the others give it one.
pub(super) fn handed(
    made: &TokenStream,
    (call, more): (&TokenStream, &TokenStream),
    road: Road,
    verb: &Verb,
    private: &TokenStream,
) -> Code {
    let value = local("__made");
    let (probe, local_verb) = (local(verb.probe), local(verb.local));
    let handed = match road {
        Road::Probe(Known::Seen) => {
            let value = quote!(#private::Probe::of(#made).#probe(#call #more));
            return Code::value(value);
        }
        Road::Probe(Known::Said(word)) => at(
            word,
            quote!(#private::Said::of(&#value).#probe(#call, #value #more)),
        ),
        Road::Local(Known::Seen) => quote!(#private::#local_verb(#call, #value #more)),
        Road::Local(Known::Said(word)) => at(
            word,
            quote!(#private::SaidLocal::of(&#value).#probe(#call, #value #more)),
        ),
        Road::Send(word) => {
            let (verb, value) = (local(verb.send), at(word, quote!(#value)));
            at(word, quote!(#private::#verb(#call, #value #more)))
        }
    };
    Code {
        steps: quote!(let #value = #made;),
        value: handed,
    }
}
