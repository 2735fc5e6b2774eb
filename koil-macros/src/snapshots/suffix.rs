impl<T> Shop<T> {
    const LIMIT: usize = 3;
    pub fn new() -> Self {
        ..
    }
    /// Opens a shop, see [`Self::close`].
    pub async fn open(url: &str) -> Result<Self, Error> {
        ..
    }
    pub async fn close(self: Arc<Self>) {}
    pub fn names(&self) -> impl Stream<Item = String> + '_ {
        ..
    }
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl<T> Shop<T> {
    /** Opens a shop, see [`Self::close_blocking`].

 Blocking twin of [`Shop::open`].*/
    #[track_caller]
    pub fn open_blocking(url: &str) -> Result<Self, Error> {
        ::koil::__private::block_on(
            "Shop::open_blocking\nShop::open",
            <Shop<T>>::open(url),
        )
    }
    /// Blocking twin of [`Shop::close`].
    #[track_caller]
    pub fn close_blocking(self: Arc<Self>) {
        ::koil::__private::block_on(
            "Shop::close_blocking\nShop::close",
            <Shop<T>>::close(self),
        )
    }
    /// Blocking twin of [`Shop::names`].
    #[track_caller]
    pub fn names_blocking(&self) -> ::koil::Iter<impl Stream<Item = String> + '_> {
        let __call = ::koil::__private::Call::open(
            ::core::option::Option::None,
            "Shop::names_blocking\nShop::names",
        );
        let __entered = __call.enter();
        ::koil::__private::iter(&__call, <Shop<T>>::names(self))
    }
}
