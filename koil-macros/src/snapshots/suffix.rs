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
        let __call = &::koil::__private::Names {
            twin: "Shop::open_blocking",
            original: "Shop::open",
        };
        let __future = <Shop<T>>::open(url);
        ::koil::__private::Probe::of(&__future).__koil_block_on(__call, __future)
    }
    /// Blocking twin of [`Shop::close`].
    #[track_caller]
    pub fn close_blocking(self: Arc<Self>) {
        let __call = &::koil::__private::Names {
            twin: "Shop::close_blocking",
            original: "Shop::close",
        };
        let __future = <Shop<T>>::close(self);
        ::koil::__private::Probe::of(&__future).__koil_block_on(__call, __future)
    }
    /// Blocking twin of [`Shop::names`].
    #[track_caller]
    pub fn names_blocking(&self) -> ::koil::Iter<impl Stream<Item = String> + '_> {
        let __call = ::koil::__private::Call::open(
            &::koil::__private::Names {
                twin: "Shop::names_blocking",
                original: "Shop::names",
            },
        );
        let __entered = __call.enter();
        let __stream = <Shop<T>>::names(self);
        ::koil::__private::Probe::of(&__stream).__koil_iter(&__call, __stream)
    }
}
