pub trait Codec<T>
where
    T: AsyncRead,
{
    async fn frame(&mut self, io: &mut T) -> Option<u8>;
    fn all(&self) -> impl Stream<Item = u8>;
}
/** Blocking twin of [`Codec`].

 The blocking twin of each [`Codec`] has it; other types may implement it by hand.*/
#[allow(
    dead_code,
    deprecated,
    non_camel_case_types,
    non_snake_case,
    clippy::double_must_use,
    clippy::missing_safety_doc
)]
#[diagnostic::on_unimplemented(
    note = "the blocking twin of each `Codec` has it; wrap a value without one in `koil::Blocking`"
)]
pub trait BlockingCodec<T>
where
    T: AsyncRead,
    T: ::koil::inline::AlwaysReady,
{
    /// Blocking twin of [`Codec::frame`].
    #[track_caller]
    fn frame(&mut self, io: &mut T) -> Option<u8>;
    /// Blocking twin of [`Codec::all`].
    #[track_caller]
    fn all(&self) -> ::koil::inline::Iter<impl Stream<Item = u8>>;
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl<T, __Twin> BlockingCodec<T> for __Twin
where
    __Twin: ?::core::marker::Sized + ::koil::__private::Twin,
    <__Twin as ::koil::__private::Twin>::Aio: Codec<T>,
    T: AsyncRead,
    T: ::koil::inline::AlwaysReady,
{
    #[track_caller]
    fn frame(&mut self, io: &mut T) -> Option<u8> {
        ::koil::__private::inline(
            "BlockingCodec::frame\nCodec::frame",
            <<Self as ::koil::__private::Twin>::Aio as Codec<
                T,
            >>::frame(::koil::__private::Twin::aio_mut(self), io),
        )
    }
    #[track_caller]
    fn all(&self) -> ::koil::inline::Iter<impl Stream<Item = u8>> {
        let __call = ::koil::__private::CallSite::of("BlockingCodec::all\nCodec::all");
        ::koil::__private::inline_iter(
            &__call,
            <<Self as ::koil::__private::Twin>::Aio as Codec<
                T,
            >>::all(::koil::__private::Twin::aio(self)),
        )
    }
}
