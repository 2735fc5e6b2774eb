#[koiled]
#[derive(Deserialize)]
pub struct Service<T = u8> {
    pool: Pool<T>,
    #[serde(default)]
    url: String,
    #[cfg(unix)]
    cache: Cache,
}
impl<T> ::koil::AsyncContext for Service<T> {
    type Error = <Pool<T> as ::koil::AsyncContext>::Error;
    const __KOIL_PARTS: usize = {
        let mut __parts = 0;
        {
            __parts += 1;
        }
        #[cfg(unix)]
        {
            __parts += 1;
        }
        __parts
    };
    async fn aenter(
        &mut self,
    ) -> ::core::result::Result<(), <Self as ::koil::AsyncContext>::Error> {
        let mut __progress = ::koil::__private::OpenParts::whole(0);
        match <Self as ::koil::AsyncContext>::__koil_enter(self, &mut __progress).await {
            ::core::result::Result::Ok(()) => ::core::result::Result::Ok(()),
            ::core::result::Result::Err(__error) => {
                ::koil::__private::undone::<
                    ::koil::__private::AnyThread,
                    Self,
                >(
                    <Self as ::koil::AsyncContext>::__koil_leave(
                            self,
                            &mut __progress,
                            ::koil::Exit::Dropped,
                        )
                        .await,
                );
                ::core::result::Result::Err(__error)
            }
        }
    }
    async fn aexit(
        &mut self,
        __cause: ::koil::Exit,
    ) -> ::core::result::Result<(), <Self as ::koil::AsyncContext>::Error> {
        let mut __progress = ::koil::__private::OpenParts::whole(
            <Self as ::koil::AsyncContext>::__KOIL_PARTS,
        );
        <Self as ::koil::AsyncContext>::__koil_leave(self, &mut __progress, __cause)
            .await
    }
    async fn __koil_enter(
        &mut self,
        __progress: &mut ::koil::__private::OpenParts,
    ) -> ::core::result::Result<(), <Self as ::koil::AsyncContext>::Error> {
        {
            if let ::core::result::Result::Err(__failed) = ::koil::__private::enter_part::<
                ::koil::__private::AnyThread,
                _,
            >(__progress, &mut self.pool)
                .await
            {
                return ::core::result::Result::Err(
                    ::core::convert::From::from(__failed),
                );
            }
        }
        #[cfg(unix)]
        {
            if let ::core::result::Result::Err(__failed) = ::koil::__private::enter_part::<
                ::koil::__private::AnyThread,
                _,
            >(__progress, &mut self.cache)
                .await
            {
                return ::core::result::Result::Err(
                    ::core::convert::From::from(__failed),
                );
            }
        }
        ::core::result::Result::Ok(())
    }
    async fn __koil_leave(
        &mut self,
        __progress: &mut ::koil::__private::OpenParts,
        __cause: ::koil::Exit,
    ) -> ::core::result::Result<(), <Self as ::koil::AsyncContext>::Error> {
        let mut __exits = ::koil::__private::Exits::<
            ::koil::__private::AnyThread,
            <Self as ::koil::AsyncContext>::Error,
        >::new(__cause);
        let mut __part = <Self as ::koil::AsyncContext>::__KOIL_PARTS;
        #[cfg(unix)]
        {
            __part -= 1;
            __exits
                .leave(__part, __progress, &mut self.cache, ::core::convert::From::from)
                .await;
        }
        {
            __part -= 1;
            __exits
                .leave(__part, __progress, &mut self.pool, ::core::convert::From::from)
                .await;
        }
        __exits.finish::<Self>()
    }
}
#[doc(hidden)]
impl<T> ::koil::AsyncContext for BlockingService<T> {
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
impl<T> BlockingService<T> {
    /** Enters the context and waits for that. Its guard leaves it when it is dropped, and waits
 for that too; `close` says how it went.

 # Errors

 The context's own, if it could not be entered.

 Blocking twin of [`Service::enter`].*/
    #[allow(dead_code, deprecated, trivial_bounds, unreachable_pub)]
    #[track_caller]
    pub fn enter(
        self,
    ) -> ::core::result::Result<
        ::koil::Entered<Self>,
        <Pool<T> as ::koil::AsyncContext>::Error,
    >
    where
        Self: ::core::marker::Send + 'static,
        <Pool<T> as ::koil::AsyncContext>::Error: ::core::marker::Send + 'static,
    {
        ::koil::__private::enter::<
            ::koil::__private::AnyThread,
            Self,
        >(
            ::core::option::Option::None,
            &::koil::__private::ContextNames {
                enter: "BlockingService::enter\nService::enter",
                exit: "Entered<BlockingService>::drop\nAsyncEntered<Service>::close",
            },
            self,
        )
    }
}
impl<T> Service<T> {
    /** Enters the context. Its guard leaves it: await its `close`, or drop it.

 # Errors

 The context's own, if it could not be entered.*/
    #[allow(dead_code, deprecated, trivial_bounds, unreachable_pub)]
    #[track_caller]
    pub fn enter(
        self,
    ) -> impl ::core::future::Future<
        Output = ::core::result::Result<
            ::koil::AsyncEntered<Self>,
            <Pool<T> as ::koil::AsyncContext>::Error,
        >,
    > + ::core::marker::Send
    where
        Self: ::core::marker::Send + 'static,
        <Pool<T> as ::koil::AsyncContext>::Error: ::core::marker::Send + 'static,
    {
        ::koil::__private::enter_async::<
            ::koil::__private::AnyThread,
            Self,
        >(
            &::koil::__private::ContextNames {
                enter: "BlockingService::enter\nService::enter",
                exit: "Entered<BlockingService>::drop\nAsyncEntered<Service>::close",
            },
            self,
        )
    }
}
