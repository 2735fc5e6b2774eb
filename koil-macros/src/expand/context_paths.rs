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
    /// `::koil::__private::AnyThread`
    pub(super) kind: TokenStream,
}

impl ContextPaths {
    pub(super) fn of(twin: &TwinContext, koil: &Path, private: &TokenStream) -> ContextPaths {
        match twin.stays {
            Stays::Anywhere => ContextPaths {
                context: quote!(#koil::AsyncContext),
                send: quote!(+ ::core::marker::Send),
                kind: quote!(#private::AnyThread),
            },
            Stays::OnItsThread => ContextPaths {
                context: quote!(#koil::LocalAsyncContext),
                send: TokenStream::new(),
                kind: quote!(#private::SameThread),
            },
        }
    }
}
