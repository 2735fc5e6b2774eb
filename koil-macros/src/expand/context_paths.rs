//! `ContextPaths`: the tokens that differ between a context that may move to other threads and one
//! that stays on its thread.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

use crate::model::{Stays, TwinContext};

pub(super) struct ContextPaths {
    /// `::koil::AsyncContext`
    pub(super) context: TokenStream,
    /// `+ Send`
    pub(super) send: TokenStream,
}

impl ContextPaths {
    pub(super) fn of(twin: &TwinContext, koil: &Path) -> ContextPaths {
        match twin.stays {
            Stays::Anywhere => ContextPaths {
                context: quote!(#koil::AsyncContext),
                send: quote!(+ ::core::marker::Send),
            },
            Stays::OnItsThread => ContextPaths {
                context: quote!(#koil::LocalAsyncContext),
                send: TokenStream::new(),
            },
        }
    }
}
