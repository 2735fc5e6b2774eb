impl Shop {
    pub const LIMIT: usize = 3;
    pub const EMPTY: Self = Shop::empty();
    /// Opens a shop, see [`Self::close`].
    pub async fn open(url: &str) -> Result<Self, Error> {
        ..
    }
    const fn empty() -> Self {
        Shop { items: vec![] }
    }
    pub fn with(mut self, name: impl Into<String>) -> Self {
        ..
    }
    #[must_use]
    pub async fn add<T: Display>(&mut self, (key, _): (u32, u8), mut item: T) -> usize
    where
        T: PartialEq<Self>,
        Self: Clone,
    {
        ..
    }
    pub fn names(&self) -> impl Stream<Item = String> + '_ {
        ..
    }
    pub async fn merge(&mut self, other: Self, like: &Shop) {
        ..
    }
    pub async unsafe fn close(self: Arc<Self>) {
        ..
    }
    pub fn len(&self) -> usize {
        self.items.len()
    }
    pub async fn internal(&self) {}
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl BlockingShop {
    /// Blocking twin of [`Shop::LIMIT`].
    #[allow(dead_code, deprecated, non_upper_case_globals)]
    pub const LIMIT: usize = <Shop>::LIMIT;
    /// Blocking twin of [`Shop::EMPTY`].
    #[allow(dead_code, deprecated, non_upper_case_globals)]
    pub const EMPTY: Self = ::koil::__private::into_twin(<Shop>::EMPTY);
    /** Opens a shop, see [`Self::close`].

 Blocking twin of [`Shop::open`].*/
    #[track_caller]
    pub fn open(url: &str) -> Result<Self, Error> {
        let __value = ::koil::__private::block_on(
            "BlockingShop::open\nShop::open",
            <Shop>::open(url),
        );
        ::koil::__private::map_twin::<
            0,
            _,
            _,
        >(__value, |__v| <Self as ::core::convert::From<_>>::from(__v))
    }
    /// Blocking twin of [`Shop::empty`].
    #[track_caller]
    fn empty() -> Self {
        let __call = ::koil::__private::Call::open(
            ::core::option::Option::None,
            "BlockingShop::empty\nShop::empty",
        );
        let __entered = __call.enter();
        <Self as ::core::convert::From<_>>::from(<Shop>::empty())
    }
    /// Blocking twin of [`Shop::with`].
    #[track_caller]
    pub fn with(self, name: impl Into<String>) -> Self {
        let __call = ::koil::__private::Call::open(
            ::core::option::Option::None,
            "BlockingShop::with\nShop::with",
        );
        let __entered = __call.enter();
        <Self as ::core::convert::From<
            _,
        >>::from(<Shop>::with(::koil::__private::Twin::into_aio(self), name))
    }
    /// Blocking twin of [`Shop::add`].
    #[must_use]
    #[track_caller]
    pub fn add<T: Display>(&mut self, key: (u32, u8), item: T) -> usize
    where
        T: PartialEq<Shop>,
        Shop: Clone,
    {
        ::koil::__private::block_on(
            "BlockingShop::add\nShop::add",
            <Shop>::add::<T>(::koil::__private::Twin::aio_mut(self), key, item),
        )
    }
    /// Blocking twin of [`Shop::names`].
    #[track_caller]
    pub fn names(&self) -> ::koil::Iter<impl Stream<Item = String> + '_> {
        let __call = ::koil::__private::Call::open(
            ::core::option::Option::None,
            "BlockingShop::names\nShop::names",
        );
        let __entered = __call.enter();
        ::koil::__private::iter(
            &__call,
            <Shop>::names(::koil::__private::Twin::aio(self)),
        )
    }
    /// Blocking twin of [`Shop::merge`].
    #[track_caller]
    pub fn merge(&mut self, other: Self, like: &BlockingShop) {
        ::koil::__private::block_on(
            "BlockingShop::merge\nShop::merge",
            <Shop>::merge(
                ::koil::__private::Twin::aio_mut(self),
                ::koil::__private::Twin::into_aio(other),
                ::koil::__private::Twin::aio(like),
            ),
        )
    }
    /// Blocking twin of [`Shop::close`].
    #[track_caller]
    pub unsafe fn close(self: Arc<Self>) {
        ::koil::__private::block_on(
            "BlockingShop::close\nShop::close",
            unsafe { <Shop>::close(::koil::__private::arc_into_aio(self)) },
        )
    }
    /// From the original, by `Deref`: [`Shop::len`].
    #[cfg(doc)]
    pub fn len(&self) -> usize {
        loop {}
    }
}
