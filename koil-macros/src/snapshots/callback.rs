impl Store {
    async fn transaction<T>(&self, work: impl AsyncFnOnce(&mut Tx) -> T) -> T {
        ..
    }
    async fn each<F, Fut>(&self, visit: F) -> usize
    where
        F: FnMut(Tx, u32) -> Fut + Send,
        Fut: Future<Output = bool> + Send,
    {
        ..
    }
    async fn boxed<T>(
        &self,
        work: impl for<'t> FnOnce(&'t Self) -> BoxFuture<'t, Option<T>>,
    ) {
        ..
    }
    async fn merged(&self, part: impl AsyncFn() -> Option<Tx>) {
        ..
    }
    async fn find(&self, is_meant: impl Fn(&Tx) -> bool) {}
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl BlockingStore {
    /// Blocking twin of [`Store::transaction`].
    #[track_caller]
    fn transaction<T>(&self, work: impl FnOnce(&mut BlockingTx) -> T) -> T {
        ::koil::__private::block_on(
            "BlockingStore::transaction\nStore::transaction",
            <Store>::transaction::<
                T,
            >(
                ::koil::__private::Twin::aio(self),
                {
                    let __f = work;
                    async move |__a0| {
                        let __callback = ::koil::__private::callback();
                        __f(::koil::__private::as_twin_mut::<BlockingTx>(__a0))
                    }
                },
            ),
        )
    }
    /// Blocking twin of [`Store::each`].
    #[track_caller]
    fn each<F>(&self, visit: F) -> usize
    where
        F: FnMut(BlockingTx, u32) -> bool + Send,
    {
        ::koil::__private::block_on(
            "BlockingStore::each\nStore::each",
            <Store>::each::<
                _,
                _,
            >(
                ::koil::__private::Twin::aio(self),
                {
                    let mut __f = visit;
                    move |__a0, __a1| ::core::future::ready({
                        let __callback = ::koil::__private::callback();
                        __f(<BlockingTx as ::core::convert::From<_>>::from(__a0), __a1)
                    })
                },
            ),
        )
    }
    /// Blocking twin of [`Store::boxed`].
    #[track_caller]
    fn boxed<T>(&self, work: impl for<'t> FnOnce(&'t Self) -> Option<T>)
    where
        Option<T>: 'static + ::core::marker::Send,
    {
        ::koil::__private::block_on(
            "BlockingStore::boxed\nStore::boxed",
            <Store>::boxed::<
                T,
            >(
                ::koil::__private::Twin::aio(self),
                {
                    let __f = work;
                    move |__a0| ::std::boxed::Box::pin(
                        ::core::future::ready({
                            let __callback = ::koil::__private::callback();
                            __f(::koil::__private::as_twin::<Self>(__a0))
                        }),
                    )
                },
            ),
        )
    }
    /// Blocking twin of [`Store::merged`].
    #[track_caller]
    fn merged(&self, part: impl Fn() -> Option<BlockingTx>) {
        ::koil::__private::block_on(
            "BlockingStore::merged\nStore::merged",
            <Store>::merged(
                ::koil::__private::Twin::aio(self),
                {
                    let __f = part;
                    async move || {
                        let __callback = ::koil::__private::callback();
                        ::koil::__private::map_twin::<
                            0,
                            _,
                            _,
                        >(__f(), |__v| ::koil::__private::Twin::into_aio(__v))
                    }
                },
            ),
        )
    }
    /// Blocking twin of [`Store::find`].
    #[track_caller]
    fn find(&self, is_meant: impl Fn(&BlockingTx) -> bool) {
        ::koil::__private::block_on(
            "BlockingStore::find\nStore::find",
            <Store>::find(
                ::koil::__private::Twin::aio(self),
                {
                    let __f = is_meant;
                    move |__a0| {
                        let __callback = ::koil::__private::callback();
                        __f(::koil::__private::as_twin::<BlockingTx>(__a0))
                    }
                },
            ),
        )
    }
}
