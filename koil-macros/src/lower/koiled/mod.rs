//! `#[koiled]`: blocking twins of async functions, types, impl blocks and traits.

mod aio;
mod arguments;
mod assertions;
mod bind;
mod block;
mod builder;
mod call_options;
mod callbacks;
mod doc_links;
mod fallible;
mod forwards_with;
mod function;
mod function_checks;
mod helped;
mod inline_option;
mod listed;
mod mapped;
mod returned;
mod shown;
mod std_arguments;
mod streams;
mod trait_bounds;
mod traits;
mod unawaited;
mod wrapper;

pub(super) use self::{block::blocks, function::free_fn, traits::trait_item, wrapper::type_item};
