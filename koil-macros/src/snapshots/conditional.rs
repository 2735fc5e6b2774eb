impl Shop {
    #[cfg_attr(feature = "blocking", inline)]
    pub fn new() -> Self {
        ..
    }
    pub async fn get(&self, url: &str) -> u8 {
        ..
    }
    pub async fn limit(&self) -> u8 {
        ..
    }
}
#[cfg(feature = "blocking")]
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl BlockingShop {
    /// Blocking twin of [`Shop::get`].
    #[track_caller]
    pub fn fetch(&self, url: &str) -> u8 {
        ::koil::__private::block_on(
            "BlockingShop::fetch\nShop::get",
            <Shop>::get(::koil::__private::Twin::aio(self), url),
        )
    }
}
#[cfg(not(feature = "blocking"))]
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl BlockingShop {
    /// Blocking twin of [`Shop::new`].
    #[track_caller]
    pub fn new() -> Self {
        let __call = ::koil::__private::Call::open(
            ::core::option::Option::None,
            "BlockingShop::new\nShop::new",
        );
        let __entered = __call.enter();
        <Self as ::core::convert::From<_>>::from(<Shop>::new())
    }
    /// Blocking twin of [`Shop::get`].
    #[track_caller]
    pub fn get(&self, url: &str) -> u8 {
        ::koil::__private::block_on(
            "BlockingShop::get\nShop::get",
            <Shop>::get(::koil::__private::Twin::aio(self), url),
        )
    }
}
