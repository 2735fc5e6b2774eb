//! Std's iterators, readers and writers that a twin is when its original is their async like.

use proc_macro2::TokenStream;
use quote::quote;

use super::{local, types::Pieces};
use crate::model::Forwarded;

/// What the original has to be; of the other traits, the same as the twin.
pub(super) fn asked(what: Forwarded, private: &TokenStream) -> Option<TokenStream> {
    let asked = match what {
        Forwarded::Iterator => quote!(Stream),
        Forwarded::Read => quote!(AsyncRead),
        Forwarded::BufRead => quote!(AsyncBufRead),
        Forwarded::Write => quote!(AsyncWrite),
        Forwarded::Seek => quote!(AsyncSeek),
        _ => return None,
    };
    Some(quote!(#private::#asked + ::core::marker::Unpin))
}

pub(super) fn iterator(pieces: &Pieces<'_>) -> TokenStream {
    let Pieces { private, aio, .. } = pieces;
    let (call, future) = (local("__call"), local("__future"));
    let begin = enter(pieces, &quote!(begin), "next");
    quote! {
        type Item = <#aio as #private::Stream>::Item;

        #[track_caller]
        fn next(&mut self) -> ::core::option::Option<Self::Item> {
            use #private::{ProbeLocal as _, ProbeSend as _};
            #begin
            let #future = #private::next(#private::Twin::aio_mut(self));
            (&#private::Probe::of(&#future)).__koil_wait(&#call, #future)
        }

        fn size_hint(&self) -> (usize, ::core::option::Option<usize>) {
            <#aio as #private::Stream>::size_hint(#private::Twin::aio(self))
        }
    }
}

pub(super) fn read(pieces: &Pieces<'_>) -> TokenStream {
    let (io, name) = (io(pieces, "read"), local("__io"));
    quote! {
        #[track_caller]
        fn read(&mut self, __buf: &mut [u8]) -> ::std::io::Result<usize> {
            #io
            ::std::io::Read::read(&mut #name, __buf)
        }
    }
}

pub(super) fn buf_read(pieces: &Pieces<'_>) -> TokenStream {
    let Pieces { private, aio, .. } = pieces;
    let (io, name, filled) = (io(pieces, "fill_buf"), local("__io"), local("__filled"));
    quote! {
        #[track_caller]
        fn fill_buf(&mut self) -> ::std::io::Result<&[u8]> {
            let #filled = {
                #io
                ::std::io::BufRead::fill_buf(&mut #name)?.len()
            };
            #private::filled(#private::Twin::aio_mut(self), #filled)
        }

        fn consume(&mut self, __amount: usize) {
            <#aio as #private::AsyncBufRead>::consume(
                ::core::pin::Pin::new(#private::Twin::aio_mut(self)),
                __amount,
            );
        }
    }
}

pub(super) fn write(pieces: &Pieces<'_>) -> TokenStream {
    let (written, flushed, name) = (io(pieces, "write"), io(pieces, "flush"), local("__io"));
    quote! {
        #[track_caller]
        fn write(&mut self, __buf: &[u8]) -> ::std::io::Result<usize> {
            #written
            ::std::io::Write::write(&mut #name, __buf)
        }

        #[track_caller]
        fn write_vectored(
            &mut self,
            __bufs: &[::std::io::IoSlice<'_>],
        ) -> ::std::io::Result<usize> {
            #written
            ::std::io::Write::write_vectored(&mut #name, __bufs)
        }

        #[track_caller]
        fn flush(&mut self) -> ::std::io::Result<()> {
            #flushed
            ::std::io::Write::flush(&mut #name)
        }
    }
}

pub(super) fn seek(pieces: &Pieces<'_>) -> TokenStream {
    let (io, name) = (io(pieces, "seek"), local("__io"));
    quote! {
        #[track_caller]
        fn seek(&mut self, __position: ::std::io::SeekFrom) -> ::std::io::Result<u64> {
            #io
            ::std::io::Seek::seek(&mut #name, __position)
        }
    }
}

/// `let mut __io = ..`: the original, borrowed for one operation.
fn io(pieces: &Pieces<'_>, operation: &str) -> TokenStream {
    let private = pieces.private;
    let (call, io) = (local("__call"), local("__io"));
    let open = enter(pieces, &quote!(open), operation);
    quote! {
        use #private::{ProbeLocalIo as _, ProbeSendIo as _};
        #open
        let #io = #private::Twin::aio_mut(self);
        let mut #io = (&#private::Probe::of(&#io)).__koil_io(&#call, #io);
    }
}

/// The loop is found and its context entered.
pub(super) fn enter(pieces: &Pieces<'_>, start: &TokenStream, operation: &str) -> TokenStream {
    let private = pieces.private;
    let (call, entered) = (local("__call"), local("__entered"));
    let twin = format!("{}::{operation}", pieces.twin_name);
    let original = format!("{}::{operation}", pieces.aio_name);
    quote! {
        let #call = #private::Call::#start(
            &#private::Names { twin: #twin, original: #original },
        );
        let #entered = #call.enter();
    }
}
