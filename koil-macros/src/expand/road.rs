//! How a future, a stream or a reader is handed to the runtime, by who may poll it.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{at, local};
use crate::model::{Known, Road};

/// What the runtime is asked to do, by its names for it.
pub(super) struct Verb {
    pub(super) probe: &'static str,
    pub(super) local: &'static str,
    pub(super) send: &'static str,
}

/// `Probe::of(&__future).__koil_wait(&__call, __future)`
pub(super) fn handed(
    value: &Ident,
    (call, more): (&TokenStream, &TokenStream),
    road: Road,
    verb: &Verb,
    private: &TokenStream,
) -> TokenStream {
    let (probe, local_verb) = (local(verb.probe), local(verb.local));
    match road {
        Road::Probe(Known::Seen) => {
            quote!(#private::Probe::of(&#value).#probe(#call, #value #more))
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
    }
}
