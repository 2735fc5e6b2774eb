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
    /// Blocking twin of [`Shop::open`].
    ///
    /// Opens a shop, see [`Self::close`].
    #[track_caller]
    pub fn open_blocking(url: &str) -> Result<Self, Error> {
        let __call = "Shop::open_blocking\nShop::open";
        ::koil::__private::Probe::of(<Shop<T>>::open(url)).__koil_block_on(__call)
    }
    /// Blocking twin of [`Shop::close`].
    #[track_caller]
    pub fn close_blocking(self: Arc<Self>) {
        let __call = "Shop::close_blocking\nShop::close";
        ::koil::__private::Probe::of(<Shop<T>>::close(self)).__koil_block_on(__call)
    }
    /// Blocking twin of [`Shop::names`].
    #[track_caller]
    pub fn names_blocking(&self) -> ::koil::Iter<impl Stream<Item = String> + '_> {
        let __call = ::koil::__private::Call::open("Shop::names_blocking\nShop::names");
        let __entered = __call.enter();
        ::koil::__private::Probe::of(<Shop<T>>::names(self)).__koil_iter(&__call)
    }
}
