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
    let names = names(pieces, "next");
    quote! {
        type Item = <#aio as #private::Stream>::Item;

        #[track_caller]
        fn next(&mut self) -> ::core::option::Option<Self::Item> {
            #private::block_on(#names, #private::next(#private::Twin::aio_mut(self)))
        }

        fn size_hint(&self) -> (usize, ::core::option::Option<usize>) {
            <#aio as #private::Stream>::size_hint(#private::Twin::aio(self))
        }
    }
}

pub(super) fn read(pieces: &Pieces<'_>) -> TokenStream {
    let (private, read) = (pieces.private, names(pieces, "read"));
    quote! {
        #[track_caller]
        fn read(&mut self, __buf: &mut [u8]) -> ::std::io::Result<usize> {
            #private::read(self, #read, __buf)
        }
    }
}

pub(super) fn buf_read(pieces: &Pieces<'_>) -> TokenStream {
    let (private, fill_buf) = (pieces.private, names(pieces, "fill_buf"));
    quote! {
        #[track_caller]
        fn fill_buf(&mut self) -> ::std::io::Result<&[u8]> {
            #private::fill_buf(self, #fill_buf)
        }

        fn consume(&mut self, __amount: usize) {
            #private::consume(self, __amount);
        }
    }
}

pub(super) fn write(pieces: &Pieces<'_>) -> TokenStream {
    let private = pieces.private;
    let (write, flush) = (names(pieces, "write"), names(pieces, "flush"));
    quote! {
        #[track_caller]
        fn write(&mut self, __buf: &[u8]) -> ::std::io::Result<usize> {
            #private::write(self, #write, __buf)
        }

        #[track_caller]
        fn write_vectored(
            &mut self,
            __bufs: &[::std::io::IoSlice<'_>],
        ) -> ::std::io::Result<usize> {
            #private::write_vectored(self, #write, __bufs)
        }

        #[track_caller]
        fn flush(&mut self) -> ::std::io::Result<()> {
            #private::flush(self, #flush)
        }
    }
}

pub(super) fn seek(pieces: &Pieces<'_>) -> TokenStream {
    let (private, seek) = (pieces.private, names(pieces, "seek"));
    quote! {
        #[track_caller]
        fn seek(&mut self, __position: ::std::io::SeekFrom) -> ::std::io::Result<u64> {
            #private::seek(self, #seek, __position)
        }
    }
}

/// The loop is found and its context entered.
pub(super) fn enter(pieces: &Pieces<'_>, start: &TokenStream, operation: &str) -> TokenStream {
    let private = pieces.private;
    let (call, entered) = (local("__call"), local("__entered"));
    let names = names(pieces, operation);
    quote! {
        let #call = #private::Call::#start(#names);
        let #entered = #call.enter();
    }
}

/// Of an operation on both sides, for error texts: a line each.
fn names(pieces: &Pieces<'_>, operation: &str) -> String {
    let Pieces {
        twin_name,
        aio_name,
        ..
    } = pieces;
    format!("{twin_name}::{operation}\n{aio_name}::{operation}")
}
