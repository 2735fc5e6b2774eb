impl<T: Send> Store<T> {
    async fn value(&self) -> Self {
        ..
    }
    async fn own_name<U>(self, other: U) -> Store<U> {
        ..
    }
    async fn listed(&self) -> Option<Bucket> {
        ..
    }
    async fn renamed(&self) -> Result<Row, Error> {
        ..
    }
    fn by_ref(&mut self) -> &mut Self {
        ..
    }
    fn shared() -> Arc<Self> {
        ..
    }
    async fn nested(&self) -> Result<Vec<Bucket>, Error> {
        ..
    }
    async fn pair(&self) -> (u32, Bucket) {
        ..
    }
    fn buckets(&self) -> impl Stream<Item = Result<Bucket, Error>> + '_ {
        ..
    }
    async fn stream(&self) -> Result<BoxStream<'static, u8>, Error> {
        ..
    }
    fn each(&self) -> impl Iterator<Item = Bucket> {
        ..
    }
    async fn raw(&self) -> Self {
        ..
    }
    async fn get(&self) -> Result<AsyncEntered<Bucket>, Error> {
        ..
    }
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl<T: Send> BlockingStore<T> {
    /// Blocking twin of [`Store::value`].
    #[track_caller]
    fn value(&self) -> Self {
        let __value = ::koil::__private::block_on(
            "BlockingStore::value\nStore::value",
            <Store<T>>::value(::koil::__private::Twin::aio(self)),
        );
        <Self as ::core::convert::From<_>>::from(__value)
    }
    /// Blocking twin of [`Store::own_name`].
    #[track_caller]
    fn own_name<U>(self, other: U) -> BlockingStore<U> {
        let __value = ::koil::__private::block_on(
            "BlockingStore::own_name\nStore::own_name",
            <Store<T>>::own_name::<U>(::koil::__private::Twin::into_aio(self), other),
        );
        <BlockingStore<U> as ::core::convert::From<_>>::from(__value)
    }
    /// Blocking twin of [`Store::listed`].
    #[track_caller]
    fn listed(&self) -> Option<BlockingBucket> {
        let __value = ::koil::__private::block_on(
            "BlockingStore::listed\nStore::listed",
            <Store<T>>::listed(::koil::__private::Twin::aio(self)),
        );
        ::koil::__private::map_twin::<
            0,
            _,
            _,
        >(__value, |__v| <BlockingBucket as ::core::convert::From<_>>::from(__v))
    }
    /// Blocking twin of [`Store::renamed`].
    #[track_caller]
    fn renamed(&self) -> Result<RowIter, Error> {
        let __value = ::koil::__private::block_on(
            "BlockingStore::renamed\nStore::renamed",
            <Store<T>>::renamed(::koil::__private::Twin::aio(self)),
        );
        ::koil::__private::map_twin::<
            0,
            _,
            _,
        >(__value, |__v| <RowIter as ::core::convert::From<_>>::from(__v))
    }
    /// Blocking twin of [`Store::by_ref`].
    #[track_caller]
    fn by_ref(&mut self) -> &mut Self {
        ::koil::__private::as_twin_mut::<
            Self,
        >(<Store<T>>::by_ref(::koil::__private::Twin::aio_mut(self)))
    }
    /// Blocking twin of [`Store::shared`].
    #[track_caller]
    fn shared() -> Arc<Self> {
        let __call = ::koil::__private::Call::open(
            ::core::option::Option::None,
            "BlockingStore::shared\nStore::shared",
        );
        let __entered = __call.enter();
        ::koil::__private::arc_into_twin::<Self>(<Store<T>>::shared())
    }
    /// Blocking twin of [`Store::nested`].
    #[track_caller]
    fn nested(&self) -> Result<Vec<BlockingBucket>, Error> {
        let __value = ::koil::__private::block_on(
            "BlockingStore::nested\nStore::nested",
            <Store<T>>::nested(::koil::__private::Twin::aio(self)),
        );
        ::koil::__private::map_twin::<
            0,
            _,
            _,
        >(
            __value,
            |__v| ::koil::__private::map_twin::<
                0,
                _,
                _,
            >(__v, |__v| <BlockingBucket as ::core::convert::From<_>>::from(__v)),
        )
    }
    /// Blocking twin of [`Store::pair`].
    #[track_caller]
    fn pair(&self) -> (u32, BlockingBucket) {
        let __value = ::koil::__private::block_on(
            "BlockingStore::pair\nStore::pair",
            <Store<T>>::pair(::koil::__private::Twin::aio(self)),
        );
        let (__t0, __t1) = __value;
        (__t0, <BlockingBucket as ::core::convert::From<_>>::from(__t1))
    }
    /// Blocking twin of [`Store::buckets`].
    #[track_caller]
    fn buckets(
        &self,
    ) -> ::koil::MapIter<
        impl Stream<Item = Result<Bucket, Error>> + '_,
        Result<BlockingBucket, Error>,
    > {
        let __call = ::koil::__private::Call::open(
            ::core::option::Option::None,
            "BlockingStore::buckets\nStore::buckets",
        );
        let __entered = __call.enter();
        ::koil::__private::map_items(
            ::koil::__private::iter(
                &__call,
                <Store<T>>::buckets(::koil::__private::Twin::aio(self)),
            ),
            |__v| ::koil::__private::map_twin::<
                0,
                _,
                _,
            >(__v, |__v| <BlockingBucket as ::core::convert::From<_>>::from(__v)),
        )
    }
    /// Blocking twin of [`Store::stream`].
    #[track_caller]
    fn stream(&self) -> Result<::koil::Iter<BoxStream<'static, u8>>, Error> {
        let __call = ::koil::__private::Call::begin(
            ::core::option::Option::None,
            "BlockingStore::stream\nStore::stream",
        );
        let __entered = __call.enter();
        let __value = ::koil::__private::wait(
            &__call,
            <Store<T>>::stream(::koil::__private::Twin::aio(self)),
        );
        ::koil::__private::map_twin::<
            0,
            _,
            _,
        >(__value, |__v| ::koil::__private::iter(&__call, __v))
    }
    /// Blocking twin of [`Store::each`].
    #[track_caller]
    fn each(&self) -> impl Iterator<Item = BlockingBucket> {
        ::core::iter::Iterator::map(
            <Store<T>>::each(::koil::__private::Twin::aio(self)),
            |__v| <BlockingBucket as ::core::convert::From<_>>::from(__v),
        )
    }
    /// Blocking twin of [`Store::raw`].
    #[track_caller]
    fn raw(&self) -> Store<T> {
        ::koil::__private::block_on(
            "BlockingStore::raw\nStore::raw",
            <Store<T>>::raw(::koil::__private::Twin::aio(self)),
        )
    }
    /// Blocking twin of [`Store::get`].
    #[track_caller]
    fn get(&self) -> Result<::koil::Entered<BlockingBucket>, Error> {
        let __value = ::koil::__private::block_on(
            "BlockingStore::get\nStore::get",
            <Store<T>>::get(::koil::__private::Twin::aio(self)),
        );
        ::koil::__private::map_twin::<
            0,
            _,
            _,
        >(__value, |__v| ::koil::__private::entered_twin::<BlockingBucket, _, _>(__v))
    }
}
