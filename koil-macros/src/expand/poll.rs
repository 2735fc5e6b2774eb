//! The call that hands a future, stream or reader to the runtime, to be polled by the caller or the
//! loop.

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::{Code, local};
use crate::{
    model::{Known, PollBy, Poller},
    tokens::at,
};

/// `wait(&__call, future)`. If rustc shall point at a word of the user, the value is stored in a
/// variable first.
pub(super) fn handed(
    made: &TokenStream,
    (call, more): (&TokenStream, &TokenStream),
    poll: PollBy,
    verb: &str,
    private: &TokenStream,
) -> Code {
    let (verb, word) = match poll.poller {
        Poller::Caller | Poller::Inline => (verb.to_owned(), None),
        Poller::Loop(word) => (format!("{verb}_lent"), Some(word)),
    };
    let value = local("__made");
    let (word, value_there, function) = match (poll.known, word) {
        (Known::ByType, None) => {
            let verb = local(&verb);
            return Code::value(quote!(#private::#verb(#call, #made #more)));
        }
        (Known::ByType, Some(word)) => {
            let verb = local(&verb);
            (word, at(word, quote!(#value)), quote!(#private::#verb))
        }
        (Known::Asserted(said), _) if poll.is_inline() => {
            let verb = local(verb.as_str());
            (said, at(said, quote!(#value)), quote!(#private::#verb))
        }
        (Known::Asserted(said), word) => {
            let (word, verb) = (word.unwrap_or(said), local(&format!("__koil_{verb}")));
            let of = quote!(#private::Asserted::of(&#value).#verb);
            (word, at(word, quote!(#value)), of)
        }
    };
    Code {
        steps: quote!(let #value = #made;),
        value: at(word, quote!(#function(#call, #value_there #more))),
    }
}
