impl<T> Shop<'_, T>
where
    T: Clone,
{
    pub const LIMIT: usize = 3;
    pub fn new() -> Self {
        Shop::default()
    }
    #[doc(hidden)]
    #[doc(alias = "start")]
    pub async fn __koil_open(url: &str) -> Result<Self, Error> {
        Ok(Self::new())
    }
    #[doc(hidden)]
    pub fn __koil_items(&self) -> impl Stream<Item = Item> + '_ {
        stream(self)
    }
    #[doc(hidden)]
    async fn __koil_price(self: Arc<Self>, (name, _): (&str, u8)) -> u32 {
        3
    }
    #[doc(hidden)]
    pub async fn __koil_all<K: Into<T>>(&mut self, key: K) -> u32 {
        let sum = join!(
            self.__koil_price(one), self.__koil_items::< u8 > (), Self::__koil_open(x),
            Shop::__koil_open(y), < Self >::__koil_open(z)
        );
        let (field, other) = (self.price, other.price());
        impl Other {
            fn price(&self) {
                self.price()
            }
        }
        sum
    }
}
#[cfg(feature = "blocking")]
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl<T> Shop<'_, T>
where
    T: Clone,
{
    /// Opens a shop.
    #[doc(alias = "start")]
    #[track_caller]
    pub fn open(url: &str) -> Result<Self, Error> {
        ::koil::__private::block_on(
            "Shop::open\nShopAio::open",
            <Shop<'_, T>>::__koil_open(url),
        )
    }
    /// The items.
    #[track_caller]
    pub fn items(&self) -> ::koil::MapIter<impl Stream<Item = Item> + '_, BlockingItem> {
        let __call = ::koil::__private::Call::open(
            ::core::option::Option::None,
            "Shop::items\nShopAio::items",
        );
        let __entered = __call.enter();
        ::koil::__private::map_items(
            ::koil::__private::iter(&__call, <Shop<'_, T>>::__koil_items(self)),
            |__v| <BlockingItem as ::core::convert::From<_>>::from(__v),
        )
    }
    #[track_caller]
    fn price(self: Arc<Self>, name: (&str, u8)) -> u32 {
        ::koil::__private::block_on(
            "Shop::price\nShopAio::price",
            <Shop<'_, T>>::__koil_price(self, name),
        )
    }
    #[track_caller]
    pub fn all<K: Into<T>>(&mut self, key: K) -> u32 {
        ::koil::__private::block_on(
            "Shop::all\nShopAio::all",
            <Shop<'_, T>>::__koil_all::<K>(self, key),
        )
    }
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl<T> ShopAio<'_, T>
where
    T: Clone,
{
    /** Opens a shop.

 Async twin of [`Shop::open`].*/
    #[doc(alias = "start")]
    pub async fn open(
        url: &str,
    ) -> Result<<Self as ::koil::__private::Twin>::Aio, Error> {
        <Shop<'_, T>>::__koil_open(url).await
    }
    /** The items.

 Async twin of [`Shop::items`].*/
    pub fn items(&self) -> impl Stream<Item = Item> + '_ {
        <Shop<'_, T>>::__koil_items(::koil::__private::Twin::aio(self))
    }
    /// Async twin of [`Shop::price`].
    async fn price(self: Arc<Self>, name: (&str, u8)) -> u32 {
        <Shop<'_, T>>::__koil_price(::koil::__private::arc_into_aio(self), name).await
    }
    /// Async twin of [`Shop::all`].
    pub async fn all<K: Into<T>>(&mut self, key: K) -> u32 {
        <Shop<'_, T>>::__koil_all::<K>(::koil::__private::Twin::aio_mut(self), key).await
    }
}
