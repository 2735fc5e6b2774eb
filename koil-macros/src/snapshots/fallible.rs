impl Shop {
    async fn plain(&self) -> Result<u8, Error> {
        ..
    }
    async fn open() -> Result<Self, Error> {
        ..
    }
}
impl BlockingShop {
    /// Blocking twin of [`Shop::plain`].
    #[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
    #[track_caller]
    fn plain(&self) -> Result<u8, Error> {
        use ::koil::__private::{ProbeLocal as _, ProbeSend as _};
        let __call = match ::koil::__private::Call::try_begin(
            &::koil::__private::Names {
                twin: "BlockingShop::plain",
                original: "Shop::plain",
            },
        ) {
            ::core::result::Result::Ok(__call) => __call,
            ::core::result::Result::Err(__error) => {
                return ::koil::__private::FromBridge::from_bridge(__error);
            }
        };
        let __entered = __call.enter();
        let __future = <Shop>::plain(::koil::__private::Twin::aio(self));
        match (&::koil::__private::Probe::of(&__future))
            .__koil_try_wait(&__call, __future)
        {
            ::core::result::Result::Ok(__value) => __value,
            ::core::result::Result::Err(__error) => {
                ::koil::__private::FromBridge::from_bridge(__error)
            }
        }
    }
    /// Blocking twin of [`Shop::open`].
    #[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
    #[track_caller]
    fn open() -> Result<Self, Error> {
        use ::koil::__private::{ProbeLocal as _, ProbeSend as _};
        let __call = match ::koil::__private::Call::try_begin(
            &::koil::__private::Names {
                twin: "BlockingShop::open",
                original: "Shop::open",
            },
        ) {
            ::core::result::Result::Ok(__call) => __call,
            ::core::result::Result::Err(__error) => {
                return ::koil::__private::FromBridge::from_bridge(__error);
            }
        };
        let __entered = __call.enter();
        let __future = <Shop>::open();
        match (&::koil::__private::Probe::of(&__future))
            .__koil_try_wait(&__call, __future)
        {
            ::core::result::Result::Ok(__value) => {
                ::koil::__private::map_twin::<
                    0,
                    _,
                    _,
                >(__value, |__v| <Self as ::core::convert::From<_>>::from(__v))
            }
            ::core::result::Result::Err(__error) => {
                ::koil::__private::FromBridge::from_bridge(__error)
            }
        }
    }
}
