impl<I: Send, O, F> IntoFuture for Call<I, O, F>
where
    F: Future<Output = io::Result<O>>,
{
    type Output = io::Result<O>;
    type IntoFuture = F;
    fn into_future(self) -> F {
        ..
    }
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl<I: Send, F> BlockingCall<I, String, F>
where
    F: Future<Output = io::Result<String>>,
{
    /// Blocking twin of awaiting a [`Call`].
    #[allow(unreachable_pub)]
    #[track_caller]
    pub fn wait(self) -> io::Result<String> {
        let __call = ::koil::__private::Call::begin(
            ::core::option::Option::None,
            "BlockingCall::wait\nCall",
        );
        let __entered = __call.enter();
        ::koil::__private::wait(
            &__call,
            <<Self as ::koil::__private::Twin>::Aio as ::core::future::IntoFuture>::into_future(
                ::koil::__private::Twin::into_aio(self),
            ),
        )
    }
}
#[allow(unused_imports)]
const _: () = {
    use BlockingRow as _;
};
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl<I: Send, F> BlockingCall<I, Vec<Row>, F>
where
    F: Future<Output = io::Result<Vec<Row>>>,
{
    /// Blocking twin of awaiting a [`Call`].
    #[allow(unreachable_pub)]
    #[track_caller]
    pub fn wait(self) -> io::Result<Vec<BlockingRow>> {
        let __call = ::koil::__private::Call::begin(
            ::core::option::Option::None,
            "BlockingCall::wait\nCall",
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
