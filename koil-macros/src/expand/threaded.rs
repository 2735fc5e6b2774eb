//! Async twins of blocking functions: the arguments move to another thread, which calls the
//! original.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::Path;

use super::{
    call::given,
    declared::{declaration, forwarded, implemented_for, method},
    docs::documented,
    function::{allow_lints, call, with_body},
    tokens::{fresh, local},
};
use crate::{
    model::{
        Carry, Job, LoopChoice, Made, ObjectUse, Place, PlainCalls, Safety, ThreadedFn,
        ThreadedTrait,
    },
    tokens::at,
};

// Input:   pub fn checksum(path: &Path, seed: u64) -> io::Result<u64>;
// Output:  #[track_caller]
//          pub fn checksum_async(path: &Path, seed: u64) -> ::koil::ThreadedCall<io::Result<u64>> {
//              let path = ::koil::__private::owned(path);
//              let seed = ::koil::__private::Sent { value: seed }.value;
//              ::koil::__private::threaded(&NAMES, ::koil::__private::Place::Pool, move || {
//                  checksum(path.lend(), seed)
//              })
//          }
pub(super) fn function(twin: &ThreadedFn, private: &TokenStream) -> TokenStream {
    let attrs = documented(&twin.signature.docs, &twin.signature.attrs);
    with_attrs(&attrs, twin, private)
}

fn with_attrs(attrs: &TokenStream, twin: &ThreadedFn, private: &TokenStream) -> TokenStream {
    let signature = &twin.signature;
    let receiver = signature.receiver.as_ref().and_then(|receiver| {
        let carried = carried(&receiver.declared.self_token, receiver.pass, private)?;
        let name = local("__self");
        Some(quote!(let #name = #carried;))
    });
    let params = signature.params.iter().map(|param| {
        let (conditions, name) = (&param.conditions, &param.name);
        let carried = carried(name, param.pass, private);
        quote!(#(#conditions)* let #name = #carried;)
    });
    let (found, entered) = loop_entered(&twin.on, private);
    let job = job(twin, private);
    let body = quote!(#found #receiver #(#params)* #entered #job);
    let function = with_body(attrs, signature, &body);
    // A lifetime of a borrowed argument may have no other use here.
    let lifetimes = signature.generics.lifetimes().next();
    let allow_lints =
        lifetimes.map(|_| quote!(#[allow(single_use_lifetimes, clippy::needless_lifetimes)]));
    quote!(#allow_lints #function)
}

// Input:   pub trait Storage { type Key: Clone + Send + 'static; fn get(&self, key: &Self::Key) -> u8; }
// Output:  pub trait AsyncStorage {
//              type Key: Clone + Send + 'static;
//              #[track_caller]
//              fn get(&self, key: &Self::Key) -> ::koil::ThreadedCall<u8>;
//          }
//          impl<__Shared> AsyncStorage for ::koil::Threaded<__Shared>
//          where
//              __Shared: ?Sized + Storage + Send + Sync + 'static,
//          {
//              type Key = <<Self as ::koil::__private::Shares>::Shared as Storage>::Key;
//              fn get(&self, key: &Self::Key) -> ::koil::ThreadedCall<u8> { .. }
//          }
pub(super) fn trait_item(twin: &ThreadedTrait, koil: &Path, private: &TokenStream) -> TokenStream {
    let declared = twin
        .methods
        .iter()
        .map(|declared| method(&declared.run.signature));
    let declaration = declaration(&twin.declared, Safety::Safe, &[], declared);
    let (name, generics) = (&twin.declared.name, &twin.declared.generics);
    let (companions, original) = (&twin.declared.companions, &twin.declared.original);
    let of_original = quote!(<<Self as #private::Shares>::Shared as #original>);
    let forwarded = forwarded(&twin.declared, &of_original, private);
    let methods = twin.methods.iter().map(|method| {
        let attrs = &method.impl_attrs;
        with_attrs(&quote!(#(#attrs)*), &method.run, private)
    });
    let (_, arguments, where_clause) = generics.split_for_impl();
    let shared = Ident::new(&fresh("__Shared", generics), Span::call_site());
    let with_shared = implemented_for(generics, &shared);
    let (params, _, _) = with_shared.split_for_impl();
    let predicates = where_clause.iter().flat_map(|clause| &clause.predicates);
    let allow_lints = allow_lints();
    quote! {
        #declaration

        #(#companions)*
        #allow_lints
        impl #params #name #arguments for #koil::Threaded<#shared>
        where
            #shared: ?::core::marker::Sized + #original + ::core::marker::Send
                + ::core::marker::Sync + 'static,
            #(#predicates,)*
        {
            #forwarded
            #(#methods)*
        }
    }
}

/// The span is that of the parameter's type, so that rustc points there if the value cannot move to
/// another thread. `None` for a pinned object, which is there already.
fn carried(name: &impl ToTokens, carry: Carry, private: &TokenStream) -> Option<TokenStream> {
    let value = |span| at(span, name.to_token_stream());
    let (span, carried) = match carry {
        Carry::Used | Carry::Taken => return None,
        Carry::Sent(span) => {
            let value = value(span);
            (span, quote!(#private::Sent { value: #value }.value))
        }
        Carry::Lent(span) => {
            let value = value(span);
            (span, quote!(#private::owned(#value)))
        }
        Carry::Shared(span) | Carry::SharedArc(span) => {
            let value = value(span);
            (span, quote!(#private::shared(#value)))
        }
    };
    Some(at(span, carried))
}

/// The argument of the original, in the job.
fn argument(value: &TokenStream, carry: Carry) -> TokenStream {
    match carry {
        Carry::Sent(_) | Carry::SharedArc(_) | Carry::Used | Carry::Taken => value.clone(),
        Carry::Lent(_) => quote!(#value.lend()),
        Carry::Shared(_) => quote!(&*#value),
    }
}

/// Finds the loop of the user's choice, while `self` and the arguments are there, and then enters
/// it.
fn loop_entered(on: &LoopChoice, private: &TokenStream) -> (TokenStream, TokenStream) {
    let LoopChoice::Handle(handle) = on else {
        return (TokenStream::new(), TokenStream::new());
    };
    let (name, entered, given) = (local("__handle"), local("__entered"), given(handle));
    (
        quote!(let #name = #private::home(#given);),
        quote!(let #entered = #name.enter();),
    )
}

fn job(twin: &ThreadedFn, private: &TokenStream) -> TokenStream {
    let call = started(twin, private);
    match twin.plain_calls {
        PlainCalls::WaitOn => call,
        PlainCalls::Unwind => quote!(#call.unwinding()),
    }
}

fn started(twin: &ThreadedFn, private: &TokenStream) -> TokenStream {
    let names = twin.signature.labels.lines();
    let runner = runner(twin, private);
    let (before, object) = (&runner.before, &runner.object);
    let out = local("__out");
    // rustc points at this span if a value cannot leave its thread.
    let shown = |tokens| at(twin.returned, tokens);
    let last = matches!(twin.job, Job::Yields(_)).then_some(&out);
    let receiver = twin.signature.receiver.as_ref().map(|receiver| {
        let name = local("__self");
        argument(&quote!(#name), receiver.pass)
    });
    let argument = |name, carry: &Carry| argument(&name, *carry);
    let call = call(&twin.signature, receiver, &argument, last, private);
    let (verb, ahead, made) = match twin.job {
        Job::Value => {
            let (call, verb) = (shown(call), runner.verb);
            return shown(quote!(#private::#verb(#names, #before move |#object| #call)));
        }
        Job::Items(ahead) => {
            let feed = shown(quote!(#private::feed(#out, #call)));
            (runner.yields, ahead, feed)
        }
        Job::Opened(ahead) => {
            let open = shown(quote!(#private::open(#out, #call)));
            (runner.opens, ahead, open)
        }
        Job::Yields(ahead) => (runner.yields, ahead, call),
    };
    let ahead = match ahead {
        None => quote!(::core::option::Option::None),
        Some(ahead) => quote!(::core::option::Option::Some(#ahead)),
    };
    let comma = object.as_ref().map(|_| quote!(,));
    shown(quote!(#private::#verb(#names, #before #ahead, move |#object #comma #out| #made)))
}

/// The functions of the runtime that run a job, and what they are given.
struct Runner {
    verb: TokenStream,
    yields: TokenStream,
    opens: TokenStream,
    /// The arguments before the job.
    before: TokenStream,
    /// The object, as a parameter of the job.
    object: Option<Ident>,
}

fn runner(twin: &ThreadedFn, private: &TokenStream) -> Runner {
    let of_workers = |verb, before| Runner {
        verb,
        yields: quote!(threaded_yield),
        opens: quote!(threaded_open),
        before,
        object: None,
    };
    match &twin.place {
        Place::Pool => of_workers(quote!(threaded), quote!(#private::Place::Pool,)),
        Place::Separate => of_workers(quote!(threaded), quote!(#private::Place::Separate,)),
        Place::Object(_, ObjectUse::Made(Made::Always)) => {
            of_workers(quote!(pinned_new), TokenStream::new())
        }
        Place::Object(_, ObjectUse::Made(Made::Inside)) => {
            of_workers(quote!(pinned_made), TokenStream::new())
        }
        Place::Object(ty, at @ (ObjectUse::Lent | ObjectUse::Taken)) => {
            let handle = quote!(#private::Pinned<#ty>);
            let (verb, before) = match at {
                ObjectUse::Taken => (
                    quote!(pinned_take),
                    quote!(<#handle as ::core::convert::From<Self>>::from(self),),
                ),
                _ => (
                    quote!(pinned_with),
                    quote!(<Self as ::core::convert::AsRef<#handle>>::as_ref(self),),
                ),
            };
            Runner {
                verb,
                yields: quote!(pinned_yield),
                opens: quote!(pinned_open),
                before,
                object: Some(local("__self")),
            }
        }
    }
}
