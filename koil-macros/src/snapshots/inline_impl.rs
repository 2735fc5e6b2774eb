impl<T: AsyncRead> Conn<T> {
    pub fn new(io: T) -> Self {
        ..
    }
    pub async fn open(io: T) -> io::Result<Self> {
        ..
    }
    pub async fn get(&mut self, key: &str) -> Option<Vec<u8>> {
        ..
    }
    pub fn keys(&self) -> impl Stream<Item = String> + '_ {
        ..
    }
    pub async fn scan(&self) -> io::Result<impl Stream<Item = u8>> {
        ..
    }
    pub fn forks(&self) -> BoxStream<'static, Self> {
        ..
    }
    pub fn ping(&self) -> Pong {
        ..
    }
    pub fn pings(&self) -> Pongs {
        ..
    }
    pub fn len(&self) -> usize {
        ..
    }
    pub fn into_io(self) -> T {
        ..
    }
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl<T: AsyncRead> BlockingConn<T> {
    /// Blocking twin of [`Conn::new`].
    #[track_caller]
    pub fn new(io: T) -> Self
    where
        T: ::koil::inline::AlwaysReady,
    {
        <Self as ::core::convert::From<_>>::from(<Conn<T>>::new(io))
    }
    /// Blocking twin of [`Conn::open`].
    #[track_caller]
    pub fn open(io: T) -> io::Result<Self>
    where
        T: ::koil::inline::AlwaysReady,
    {
        let __value = ::koil::__private::inline(
            "BlockingConn::open\nConn::open",
            <Conn<T>>::open(io),
        );
        ::koil::__private::map_twin::<
            0,
            _,
            _,
        >(__value, |__v| <Self as ::core::convert::From<_>>::from(__v))
    }
    /// Blocking twin of [`Conn::get`].
    #[track_caller]
    pub fn get(&mut self, key: &str) -> Option<Vec<u8>>
    where
        T: ::koil::inline::AlwaysReady,
    {
        ::koil::__private::inline(
            "BlockingConn::get\nConn::get",
            <Conn<T>>::get(::koil::__private::Twin::aio_mut(self), key),
        )
    }
    /// Blocking twin of [`Conn::keys`].
    #[track_caller]
    pub fn keys(&self) -> ::koil::inline::Iter<impl Stream<Item = String> + '_>
    where
        T: ::koil::inline::AlwaysReady,
    {
        let __call = ::koil::__private::CallSite::of("BlockingConn::keys\nConn::keys");
        ::koil::__private::inline_iter(
            &__call,
            <Conn<T>>::keys(::koil::__private::Twin::aio(self)),
        )
    }
    /// Blocking twin of [`Conn::scan`].
    #[track_caller]
    pub fn scan(&self) -> io::Result<::koil::inline::Iter<impl Stream<Item = u8>>>
    where
        T: ::koil::inline::AlwaysReady,
    {
        let __call = ::koil::__private::CallSite::of("BlockingConn::scan\nConn::scan");
        let __value = ::koil::__private::inline_at(
            &__call,
            <Conn<T>>::scan(::koil::__private::Twin::aio(self)),
        );
        ::koil::__private::map_twin::<
            0,
            _,
            _,
        >(__value, |__v| ::koil::__private::inline_iter(&__call, __v))
    }
    /// Blocking twin of [`Conn::forks`].
    #[track_caller]
    pub fn forks(&self) -> impl ::core::iter::Iterator<Item = Self>
    where
        T: ::koil::inline::AlwaysReady,
    {
        let __call = ::koil::__private::CallSite::of("BlockingConn::forks\nConn::forks");
        ::core::iter::Iterator::map(
            ::koil::__private::inline_iter(
                &__call,
                <Conn<T>>::forks(::koil::__private::Twin::aio(self)),
            ),
            |__v| <Self as ::core::convert::From<_>>::from(__v),
        )
    }
    /// Blocking twin of [`Conn::ping`].
    #[track_caller]
    pub fn ping(&self) -> <Pong as ::core::future::Future>::Output
    where
        T: ::koil::inline::AlwaysReady,
    {
        let __made = <Conn<T>>::ping(::koil::__private::Twin::aio(self));
        ::koil::__private::inline("BlockingConn::ping\nConn::ping", __made)
    }
    /// Blocking twin of [`Conn::pings`].
    #[track_caller]
    pub fn pings(&self) -> ::koil::inline::Iter<Pongs>
    where
        T: ::koil::inline::AlwaysReady,
    {
        let __call = ::koil::__private::CallSite::of("BlockingConn::pings\nConn::pings");
        let __made = <Conn<T>>::pings(::koil::__private::Twin::aio(self));
        ::koil::__private::inline_iter(&__call, __made)
    }
    /// Blocking twin of [`Conn::len`].
    #[track_caller]
    pub fn size(&self) -> usize
    where
        T: ::koil::inline::AlwaysReady,
    {
        <Conn<T>>::len(::koil::__private::Twin::aio(self))
    }
    /// Blocking twin of [`Conn::into_io`].
    #[track_caller]
    pub fn into_io(self) -> T
    where
        T: ::koil::inline::AlwaysReady,
    {
        <Conn<T>>::into_io(::koil::__private::Twin::into_aio(self))
    }
}
