impl Shop {
    pub async fn open(url: &str) -> Result<Self, Error> {
        ..
    }
    pub async fn close(self) -> Result<(), Error> {
        ..
    }
    pub async fn sweep(&self) -> Result<(), Error> {
        ..
    }
    pub fn names(&self) -> impl Stream<Item = String> + '_ {
        ..
    }
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl BlockingShop {
    /// Blocking twin of [`Shop::open`].
    #[track_caller]
    pub fn open(url: &str) -> Result<Self, Error> {
        let __call = match ::koil::__private::Call::try_begin(
            ::core::option::Option::None,
            "BlockingShop::open\nShop::open",
        ) {
            ::core::result::Result::Ok(__ok) => __ok,
            ::core::result::Result::Err(__error) => {
                return ::koil::__private::from_bridge(__error);
            }
        };
        let __entered = __call.enter();
        let __value = match ::koil::__private::try_wait(
            &__call,
            <Shop>::open(url),
            ::core::option::Option::Some(::core::time::Duration::new(1u64, 500000000u32)),
        ) {
            ::core::result::Result::Ok(__ok) => __ok,
            ::core::result::Result::Err(__error) => {
                return ::koil::__private::from_bridge(__error);
            }
        };
        ::koil::__private::map_twin::<
            0,
            _,
            _,
        >(__value, |__v| <Self as ::core::convert::From<_>>::from(__v))
    }
    /// Blocking twin of [`Shop::close`].
    #[track_caller]
    pub fn close(self) -> Result<(), Error> {
        let __call = match ::koil::__private::Call::try_begin(
            ::koil::__private::on(&(self.aio().handle)),
            "BlockingShop::close\nShop::close",
        ) {
            ::core::result::Result::Ok(__ok) => __ok,
            ::core::result::Result::Err(__error) => {
                return ::koil::__private::from_bridge(__error);
            }
        };
        let __entered = __call.enter();
        match ::koil::__private::try_wait(
            &__call,
            <Shop>::close(::koil::__private::Twin::into_aio(self)),
            ::core::option::Option::Some(::core::time::Duration::new(1u64, 500000000u32)),
        ) {
            ::core::result::Result::Ok(__ok) => __ok,
            ::core::result::Result::Err(__error) => {
                return ::koil::__private::from_bridge(__error);
            }
        }
    }
    /// Blocking twin of [`Shop::sweep`].
    #[track_caller]
    pub fn sweep(&self) -> Result<(), Error> {
        let __call = match ::koil::__private::Call::try_begin(
            ::koil::__private::on(&(self.aio().handle)),
            "BlockingShop::sweep\nShop::sweep",
        ) {
            ::core::result::Result::Ok(__ok) => __ok,
            ::core::result::Result::Err(__error) => {
                return ::koil::__private::from_bridge(__error);
            }
        };
        let __entered = __call.enter();
        let __made = <Shop>::sweep(::koil::__private::Twin::aio(self));
        match ::koil::__private::try_wait_lent(
            &__call,
            __made,
            ::core::option::Option::Some(::core::time::Duration::new(120u64, 0u32)),
        ) {
            ::core::result::Result::Ok(__ok) => __ok,
            ::core::result::Result::Err(__error) => {
                return ::koil::__private::from_bridge(__error);
            }
        }
    }
    /// Blocking twin of [`Shop::names`].
    #[track_caller]
    pub fn names(&self) -> ::koil::Iter<impl Stream<Item = String> + '_> {
        let __call = ::koil::__private::Call::open(
            ::koil::__private::on(&(self.aio().handle)),
            "BlockingShop::names\nShop::names",
        );
        let __entered = __call.enter();
        ::koil::__private::iter(
            &__call,
            <Shop>::names(::koil::__private::Twin::aio(self)),
        )
    }
}
