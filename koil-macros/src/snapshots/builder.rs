impl<'a, T: Send> IntoFuture for Request<'a, T> {
    type Output = Result<Vec<Row>, Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;
    fn into_future(self) -> Self::IntoFuture {
        ..
    }
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl<'a, T: Send> BlockingRequest<'a, T> {
    /// Blocking twin of awaiting a [`Request`].
    #[allow(unreachable_pub)]
    #[track_caller]
    pub fn wait(self) -> Result<Vec<BlockingRow>, Error> {
        let __call = ::koil::__private::Call::begin(
            ::core::option::Option::None,
            "BlockingRequest::wait\nRequest",
        );
        let __entered = __call.enter();
        let __value = ::koil::__private::wait(
            &__call,
            <<Self as ::koil::__private::Twin>::Aio as ::core::future::IntoFuture>::into_future(
                ::koil::__private::Twin::into_aio(self),
            ),
        );
        ::koil::__private::map_twin::<
            0,
            _,
            _,
        >(
            __value,
            |__v| ::koil::__private::map_twin::<
                0,
                _,
                _,
            >(__v, |__v| <BlockingRow as ::core::convert::From<_>>::from(__v)),
        )
    }
}
