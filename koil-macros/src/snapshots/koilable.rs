impl<D: Driver> AsyncContext for Pool<D>
where
    Self: Sync,
{
    type Error = D::Error;
    async fn aenter(&mut self) -> Result<(), D::Error> {
        ..
    }
    async fn aexit(&mut self, cause: Exit) -> Result<(), D::Error> {
        ..
    }
}
#[doc(hidden)]
impl<D: Driver> ::koil::AsyncContext for BlockingPool<D>
where
    Pool<D>: Sync,
{
    type Error = <<Self as ::koil::__private::Twin>::Aio as ::koil::AsyncContext>::Error;
    const __KOIL_PARTS: usize = <<Self as ::koil::__private::Twin>::Aio as ::koil::AsyncContext>::__KOIL_PARTS;
    fn aenter(
        &mut self,
    ) -> impl ::core::future::Future<
        Output = ::core::result::Result<(), <Self as ::koil::AsyncContext>::Error>,
    > + ::core::marker::Send {
        <<Self as ::koil::__private::Twin>::Aio as ::koil::AsyncContext>::aenter(
            ::koil::__private::Twin::aio_mut(self),
        )
    }
    fn aexit(
        &mut self,
        __cause: ::koil::Exit,
    ) -> impl ::core::future::Future<
        Output = ::core::result::Result<(), <Self as ::koil::AsyncContext>::Error>,
    > + ::core::marker::Send {
        <<Self as ::koil::__private::Twin>::Aio as ::koil::AsyncContext>::aexit(
            ::koil::__private::Twin::aio_mut(self),
            __cause,
        )
    }
    fn __koil_enter(
        &mut self,
        __progress: &mut ::koil::__private::OpenParts,
    ) -> impl ::core::future::Future<
        Output = ::core::result::Result<(), <Self as ::koil::AsyncContext>::Error>,
    > + ::core::marker::Send {
        <<Self as ::koil::__private::Twin>::Aio as ::koil::AsyncContext>::__koil_enter(
            ::koil::__private::Twin::aio_mut(self),
            __progress,
        )
    }
    fn __koil_leave(
        &mut self,
        __progress: &mut ::koil::__private::OpenParts,
        __cause: ::koil::Exit,
    ) -> impl ::core::future::Future<
        Output = ::core::result::Result<(), <Self as ::koil::AsyncContext>::Error>,
    > + ::core::marker::Send {
        <<Self as ::koil::__private::Twin>::Aio as ::koil::AsyncContext>::__koil_leave(
            ::koil::__private::Twin::aio_mut(self),
            __progress,
            __cause,
        )
    }
}
impl<D: Driver> BlockingPool<D>
where
    Pool<D>: Sync,
{
    /** Enters the context and waits for that. Its guard leaves it when it is dropped, and waits
 for that too; `close` says how it went.

 # Errors

 The context's own, if it could not be entered.

 Blocking twin of [`Pool::enter`].*/
    #[allow(dead_code, deprecated, trivial_bounds, unreachable_pub)]
    #[track_caller]
    pub fn enter(self) -> ::core::result::Result<::koil::Entered<Self>, D::Error>
    where
        Self: ::core::marker::Send + 'static,
        D::Error: ::core::marker::Send + 'static,
    {
        let __handle = <::koil::Handle as ::core::clone::Clone>::clone(
            &(::koil::__private::Twin::aio(&self).handle()),
        );
        ::koil::__private::enter::<
            ::koil::__private::AnyThread,
            Self,
        >(
            ::core::option::Option::Some(&__handle),
            &::koil::__private::ContextNames {
                enter: "BlockingPool::enter\nPool::enter",
                exit: "Entered<BlockingPool>::drop\nAsyncEntered<Pool>::close",
            },
            self,
        )
    }
}
impl<D: Driver> Pool<D>
where
    Self: Sync,
{
    /** Enters the context. Its guard leaves it: await its `close`, or drop it.

 # Errors

 The context's own, if it could not be entered.*/
    #[allow(dead_code, deprecated, trivial_bounds, unreachable_pub)]
    #[track_caller]
    pub fn enter(
        self,
    ) -> impl ::core::future::Future<
        Output = ::core::result::Result<::koil::AsyncEntered<Self>, D::Error>,
    > + ::core::marker::Send
    where
        Self: ::core::marker::Send + 'static,
        D::Error: ::core::marker::Send + 'static,
    {
        ::koil::__private::enter_async::<
            ::koil::__private::AnyThread,
            Self,
        >(
            &::koil::__private::ContextNames {
                enter: "BlockingPool::enter\nPool::enter",
                exit: "Entered<BlockingPool>::drop\nAsyncEntered<Pool>::close",
            },
            self,
        )
    }
}
