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
            #begin
            let #future = #private::next(#private::Twin::aio_mut(self));
            #private::Probe::of(&#future).__koil_wait(&#call, #future)
        }

        fn size_hint(&self) -> (usize, ::core::option::Option<usize>) {
            <#aio as #private::Stream>::size_hint(#private::Twin::aio(self))
        }
    }
}

pub(super) fn read(pieces: &Pieces<'_>) -> TokenStream {
    let Lent { lent, io } = lend(pieces, "read");
    quote! {
        #[track_caller]
        fn read(&mut self, __buf: &mut [u8]) -> ::std::io::Result<usize> {
            #lent
            ::std::io::Read::read(&mut #io, __buf)
        }
    }
}

pub(super) fn buf_read(pieces: &Pieces<'_>) -> TokenStream {
    let Pieces { private, aio, .. } = pieces;
    let (Lent { lent, io }, filled) = (lend(pieces, "fill_buf"), local("__filled"));
    quote! {
        #[track_caller]
        fn fill_buf(&mut self) -> ::std::io::Result<&[u8]> {
            let #filled = {
                #lent
                ::std::io::BufRead::fill_buf(&mut #io)?.len()
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
    let Lent { lent, io } = lend(pieces, "write");
    let flushed = lend(pieces, "flush").io;
    quote! {
        #[track_caller]
        fn write(&mut self, __buf: &[u8]) -> ::std::io::Result<usize> {
            #lent
            ::std::io::Write::write(&mut #io, __buf)
        }

        #[track_caller]
        fn write_vectored(
            &mut self,
            __bufs: &[::std::io::IoSlice<'_>],
        ) -> ::std::io::Result<usize> {
            #lent
            ::std::io::Write::write_vectored(&mut #io, __bufs)
        }

        #[track_caller]
        fn flush(&mut self) -> ::std::io::Result<()> {
            #lent
            ::std::io::Write::flush(&mut #flushed)
        }
    }
}

pub(super) fn seek(pieces: &Pieces<'_>) -> TokenStream {
    let Lent { lent, io } = lend(pieces, "seek");
    quote! {
        #[track_caller]
        fn seek(&mut self, __position: ::std::io::SeekFrom) -> ::std::io::Result<u64> {
            #lent
            ::std::io::Seek::seek(&mut #io, __position)
        }
    }
}

/// The original, borrowed for one operation: a statement, then its blocking side.
struct Lent {
    lent: TokenStream,
    io: TokenStream,
}

fn lend(pieces: &Pieces<'_>, operation: &str) -> Lent {
    let private = pieces.private;
    let (io, names) = (local("__io"), names(pieces, operation));
    Lent {
        lent: quote!(let #io = #private::Twin::aio_mut(self);),
        io: quote!(#private::Probe::of(&#io).__koil_lent(#names, #io)),
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

/// Of an operation on both sides, for error texts.
fn names(pieces: &Pieces<'_>, operation: &str) -> TokenStream {
    let private = pieces.private;
    let twin = format!("{}::{operation}", pieces.twin_name);
    let original = format!("{}::{operation}", pieces.aio_name);
    quote!(&#private::Names { twin: #twin, original: #original })
}
