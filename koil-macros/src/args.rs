//! Arguments of the attributes: options of `#[koiled(..)]`, helpers of `#[koil(..)]`.

mod aio;
mod fallible;
mod forward;
mod helpers;
mod inline;
mod koilable;
mod koiled;
mod list;
mod table;
mod threaded;
mod timeout;
mod values;

pub(crate) use self::{
    fallible::{FallibleOption, no_panics_inline},
    forward::{ForwardList, ListedTrait, ListedWith},
    helpers::{ArgumentHelper, Binding, Helpers, IoWord, argument, helpers},
    inline::Inline,
    koilable::{Koilable, is_context, koilable},
    koiled::{Accessors, Docs, Koiled, TwinEntry, TwinPlace, koiled},
    threaded::{Pinned, Threaded, threaded},
    timeout::{Timeout, WrittenLimit},
};
