impl Request {
    pub fn body_mut(&mut self) -> &mut Option<Body> {
        ..
    }
    pub fn body(&self) -> &Option<Body> {
        ..
    }
    pub async fn put<T>(&self, of: impl IntoIterator<Item = &Entry>, like: &T) {}
    pub async fn next(&mut self) -> Result<u8, Error> {}
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl BlockingRequest {
    /// Blocking twin of [`Request::body_mut`].
    #[track_caller]
    pub fn body_mut(&mut self) -> ::koil::OptionMut<'_, BlockingBody> {
        ::koil::__private::option_mut::<
            BlockingBody,
        >(<Request>::body_mut(::koil::__private::Twin::aio_mut(self)))
    }
    /// Blocking twin of [`Request::body`].
    #[track_caller]
    pub fn body(&self) -> ::core::option::Option<&BlockingBody> {
        ::koil::__private::option_ref::<
            BlockingBody,
        >(<Request>::body(::koil::__private::Twin::aio(self)))
    }
    /// Blocking twin of [`Request::put`].
    #[track_caller]
    pub fn put<'__l0, T>(&self, of: impl IntoIterator<Item = &'__l0 Entry>, like: &T) {
        ::koil::__private::block_on(
            "BlockingRequest::put\nRequest::put",
            <Request>::put::<T>(::koil::__private::Twin::aio(self), of, like),
        )
    }
    /// Blocking twin of [`Request::next`].
    #[track_caller]
    pub fn next(&mut self) -> Result<u8, Error> {
        ::koil::__private::block_on(
            "BlockingRequest::next\nRequest::next",
            <Request>::next(::koil::__private::Twin::aio_mut(self)),
        )
    }
}
const _: () = {
    #[allow(unused_imports)]
    use ::koil::__private::IteratesNot as _;
    ::core::assert!(
        ! < ::koil::__private::Iterates < BlockingRequest >> ::IS_ITERATOR,
        "`BlockingRequest::next` is not the `next` of the iterator, which the twin is since its original is a stream: a `for` loop would go another way; rename the method, `#[koil(name = \"..\")]`, or write `#[koiled(forward(-Iterator))]` on the type"
    )
};
