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
    pub fn copies(&self) -> impl Stream<Item = Result<Self, Error>> + '_ {
        ..
    }
    pub fn siblings(&self) -> BoxStream<'_, Self> {
        ..
    }
    pub fn reader(&self) -> impl AsyncRead + '_ {
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
        let __future = <Shop>::open(url);
        let __late = ::koil::__private::CleanUp::of(&__future).__koil_late();
        let __value = match ::koil::__private::try_wait(
            &__call,
            __future,
            ::core::option::Option::Some(
                ::core::time::Duration::new(1u64, 500000000u32),
            ),
            __late,
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
            ::koil::__private::on(&(::koil::__private::Twin::aio(&self).handle)),
            "BlockingShop::close\nShop::close",
        ) {
            ::core::result::Result::Ok(__ok) => __ok,
            ::core::result::Result::Err(__error) => {
                return ::koil::__private::from_bridge(__error);
            }
        };
        let __entered = __call.enter();
        let __future = <Shop>::close(::koil::__private::Twin::into_aio(self));
        let __late = ::koil::__private::CleanUp::of(&__future).__koil_late();
        match ::koil::__private::try_wait(
            &__call,
            __future,
            ::core::option::Option::Some(
                ::core::time::Duration::new(1u64, 500000000u32),
            ),
            __late,
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
            ::koil::__private::on(&(::koil::__private::Twin::aio(self).handle)),
            "BlockingShop::sweep\nShop::sweep",
        ) {
            ::core::result::Result::Ok(__ok) => __ok,
            ::core::result::Result::Err(__error) => {
                return ::koil::__private::from_bridge(__error);
            }
        };
        let __entered = __call.enter();
        let __future = <Shop>::sweep(::koil::__private::Twin::aio(self));
        let __late = ::koil::__private::CleanUp::of(&__future).__koil_late();
        let __made = __future;
        match ::koil::__private::try_wait_lent(
            &__call,
            __made,
            ::core::option::Option::Some(::core::time::Duration::new(120u64, 0u32)),
            __late,
        ) {
            ::core::result::Result::Ok(__ok) => __ok,
            ::core::result::Result::Err(__error) => {
                return ::koil::__private::from_bridge(__error);
            }
        }
    }
    /// Blocking twin of [`Shop::names`].
    #[track_caller]
    pub fn names(&self) -> ::koil::TimeoutIter<impl Stream<Item = String> + '_> {
        let __call = ::koil::__private::Call::open(
            ::koil::__private::on(&(::koil::__private::Twin::aio(self).handle)),
            "BlockingShop::names\nShop::names",
        );
        let __entered = __call.enter();
        ::koil::__private::timeout_iter(
            ::koil::__private::iter(
                &__call,
                <Shop>::names(::koil::__private::Twin::aio(self)),
            ),
            ::core::option::Option::Some(::core::time::Duration::new(1u64, 500000000u32)),
        )
    }
    /// Blocking twin of [`Shop::copies`].
    #[track_caller]
    pub fn copies(
        &self,
    ) -> ::koil::MapIter<
        impl Stream<Item = Result<Shop, Error>> + '_,
        Result<Self, Error>,
    > {
        let __call = ::koil::__private::Call::open(
            ::koil::__private::on(&(::koil::__private::Twin::aio(self).handle)),
            "BlockingShop::copies\nShop::copies",
        );
        let __entered = __call.enter();
        ::koil::__private::map_items(
            ::koil::__private::fallible_iter(
                ::koil::__private::iter(
                    &__call,
                    <Shop>::copies(::koil::__private::Twin::aio(self)),
                ),
                ::core::option::Option::Some(
                    ::core::time::Duration::new(1u64, 500000000u32),
                ),
                ::koil::__private::from_bridge,
            ),
            |__v| ::koil::__private::map_twin::<
                0,
                _,
                _,
            >(__v, |__v| <Self as ::core::convert::From<_>>::from(__v)),
        )
    }
    /// Blocking twin of [`Shop::siblings`].
    #[track_caller]
    pub fn siblings(&self) -> ::koil::TimeoutIter<BoxStream<'_, Shop>, Self> {
        let __call = ::koil::__private::Call::open(
            ::koil::__private::on(&(::koil::__private::Twin::aio(self).handle)),
            "BlockingShop::siblings\nShop::siblings",
        );
        let __entered = __call.enter();
        ::koil::__private::timeout_map_iter(
            ::koil::__private::map_items(
                ::koil::__private::iter(
                    &__call,
                    <Shop>::siblings(::koil::__private::Twin::aio(self)),
                ),
                |__v| <Self as ::core::convert::From<_>>::from(__v),
            ),
            ::core::option::Option::Some(::core::time::Duration::new(1u64, 500000000u32)),
        )
    }
    /// Blocking twin of [`Shop::reader`].
    #[track_caller]
    pub fn reader(&self) -> ::koil::Io<impl AsyncRead + '_> {
        let __call = ::koil::__private::Call::open(
            ::koil::__private::on(&(::koil::__private::Twin::aio(self).handle)),
            "BlockingShop::reader\nShop::reader",
        );
        let __entered = __call.enter();
        let __io = <Shop>::reader(::koil::__private::Twin::aio(self));
        ::koil::__private::AssertedReader::of(&__io).__koil_is_of_tokio();
        ::koil::__private::io_within(
            ::koil::__private::io(&__call, __io),
            ::core::option::Option::Some(::core::time::Duration::new(1u64, 500000000u32)),
        )
    }
}
