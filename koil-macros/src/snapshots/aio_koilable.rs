impl AsyncContext for Pool {
    type Error = Error;
    async fn aenter(&mut self) -> Result<(), Error> {
        Ok(())
    }
    async fn aexit(&mut self, cause: Exit) -> Result<(), Error> {
        Ok(())
    }
}
impl Pool {
    /** Enters the context and waits for that. Its guard leaves it when it is dropped, and waits
 for that too; `close` says how it went.

 # Errors

 The context's own, if it could not be entered.

 Blocking twin of [`PoolAio::enter`].*/
    #[allow(dead_code, deprecated, trivial_bounds, unreachable_pub)]
    #[track_caller]
    pub fn enter(self) -> ::core::result::Result<::koil::Entered<Self>, Error>
    where
        Self: ::core::marker::Send + 'static,
        Error: ::core::marker::Send + 'static,
    {
        ::koil::__private::enter::<
            ::koil::__private::AnyThread,
            Self,
        >(
            ::core::option::Option::None,
            &::koil::__private::ContextNames {
                enter: "Pool::enter\nPoolAio::enter",
                exit: "Entered<Pool>::drop\nAsyncEntered<Pool>::close",
            },
            self,
        )
    }
}
impl PoolAio {
    /** Enters the context. Its guard leaves it: await its `close`, or drop it.

 # Errors

 The context's own, if it could not be entered.*/
    #[allow(dead_code, deprecated, trivial_bounds, unreachable_pub)]
    #[track_caller]
    pub fn enter(
        self,
    ) -> impl ::core::future::Future<
        Output = ::core::result::Result<
            ::koil::AsyncEntered<<Self as ::koil::__private::Twin>::Aio>,
            Error,
        >,
    > + ::core::marker::Send
    where
        <Self as ::koil::__private::Twin>::Aio: ::core::marker::Send + 'static,
        Error: ::core::marker::Send + 'static,
    {
        ::koil::__private::enter_async::<
            ::koil::__private::AnyThread,
            <Self as ::koil::__private::Twin>::Aio,
        >(
            &::koil::__private::ContextNames {
                enter: "Pool::enter\nPoolAio::enter",
                exit: "Entered<Pool>::drop\nAsyncEntered<Pool>::close",
            },
            ::koil::__private::Twin::into_aio(self),
        )
    }
}
