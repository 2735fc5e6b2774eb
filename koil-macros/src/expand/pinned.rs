//! The async type of an object on a thread of its own.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

use super::{block::threaded_block, docs::documented};
use crate::model::{PinnedImpl, PinnedType};

// Input:   #[threaded(pinned)] impl Db { pub fn get(&mut self, key: &str) -> u8 { .. } }
// Output:  pub struct AsyncDb(::koil::Pinned<Db>);
//          impl AsyncDb {
//              pub fn get(&self, key: &str) -> ::koil::ThreadedCall<u8> {
//                  let key = ::koil::__private::owned(key);
//                  ::koil::__private::pinned_with(NAMES, self.as_ref(), move |__self| <Db>::get(__self, key.lend()))
//              }
//          }
pub(super) fn pinned_block(twin: &PinnedImpl, private: &TokenStream) -> TokenStream {
    let block = threaded_block(&twin.block, private);
    let declared = twin
        .declared
        .iter()
        .map(|ty| pinned_type(ty, twin, private));
    quote!(#(#declared)* #block)
}

/// The handle type, with the conversions between it and its `koil::Pinned`.
fn pinned_type(ty: &PinnedType, twin: &PinnedImpl, private: &TokenStream) -> TokenStream {
    let (object, generics) = (&twin.object, &twin.block.generics);
    let (vis, name, conditions) = (&ty.vis, &ty.name, &twin.conditions);
    let docs = documented(&ty.docs, conditions);
    let (params, arguments, where_clause) = generics.split_for_impl();
    let handle = quote!(#private::Pinned<#object>);
    let allow = quote!(#(#conditions)* #[allow(deprecated, private_interfaces)]);
    let text = name.unraw().to_string();
    quote! {
        #docs
        #[allow(dead_code, deprecated, private_interfaces, unreachable_pub)]
        #vis struct #name #generics (#handle) #where_clause;

        #allow
        impl #params ::core::clone::Clone for #name #arguments #where_clause {
            fn clone(&self) -> Self {
                #name(::core::clone::Clone::clone(&self.0))
            }
        }
        #allow
        impl #params ::core::fmt::Debug for #name #arguments #where_clause {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Formatter::write_str(f, #text)
            }
        }
        #allow
        impl #params ::core::convert::AsRef<#handle> for #name #arguments #where_clause {
            fn as_ref(&self) -> &#handle {
                &self.0
            }
        }
        #allow
        impl #params ::core::convert::From<#handle> for #name #arguments #where_clause {
            fn from(pinned: #handle) -> Self {
                #name(pinned)
            }
        }
        #allow
        impl #params ::core::convert::From<#name #arguments> for #handle #where_clause {
            fn from(twin: #name #arguments) -> Self {
                twin.0
            }
        }
    }
}
