impl LocalAsyncContext for Window {
    type Error = Self::Broken;
    async fn aenter(&mut self) -> Result<(), Self::Error> {
        ..
    }
    async fn aexit(&mut self, cause: Exit) -> Result<(), Self::Error> {
        ..
    }
}
#[cfg(feature = "blocking")]
impl Window {
    /** Enters the context and waits for that. Its guard leaves it when it is dropped, and waits
 for that too; `close` says how it went.

 # Errors

 The context's own, if it could not be entered.

 Blocking twin of [`Window::enter`].*/
    #[allow(dead_code, deprecated, trivial_bounds, unreachable_pub)]
    #[track_caller]
    pub fn enter_blocking(
        self,
    ) -> ::core::result::Result<
        ::koil::Entered<Self>,
        <Self as ::koil::LocalAsyncContext>::Error,
    > {
        ::koil::__private::enter::<
            ::koil::__private::SameThread,
            Self,
        >(
            ::core::option::Option::None,
            &::koil::__private::ContextNames {
                enter: "Window::enter_blocking\nWindow::enter",
                exit: "Entered<Window>::drop\nLocalAsyncEntered<Window>::close",
            },
            self,
        )
    }
}
#[cfg(feature = "blocking")]
impl Window {
    /** Enters the context. Its guard leaves it: await its `close`, or drop it.

 # Errors

 The context's own, if it could not be entered.*/
    #[allow(dead_code, deprecated, trivial_bounds, unreachable_pub)]
    #[track_caller]
    pub fn enter(
        self,
    ) -> impl ::core::future::Future<
        Output = ::core::result::Result<
            ::koil::LocalAsyncEntered<Self>,
            <Self as ::koil::LocalAsyncContext>::Error,
        >,
    > {
        ::koil::__private::enter_async::<
            ::koil::__private::SameThread,
            Self,
        >(
            &::koil::__private::ContextNames {
                enter: "Window::enter_blocking\nWindow::enter",
                exit: "Entered<Window>::drop\nLocalAsyncEntered<Window>::close",
            },
            self,
        )
    }
}
