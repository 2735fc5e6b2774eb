impl Pool {
    pub async fn get(&self) -> Result<AsyncEntered<Conn>, Error> {
        ..
    }
    pub async fn lease(&self) -> Option<koil::AsyncGuard<Lease<Self>, AnyThread>> {
        ..
    }
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl BlockingPool {
    /// Blocking twin of [`Pool::get`].
    #[track_caller]
    pub fn get(&self) -> Result<::koil::Entered<BlockingConn>, Error> {
        let __value = ::koil::__private::block_on(
            "BlockingPool::get\nPool::get",
            <Pool>::get(::koil::__private::Twin::aio(self)),
        );
        ::koil::__private::map_twin::<
            0,
            _,
            _,
        >(__value, |__v| ::koil::__private::entered_twin::<BlockingConn, _, _>(__v))
    }
    /// Blocking twin of [`Pool::lease`].
    #[track_caller]
    pub fn lease(&self) -> Option<::koil::Entered<Lease<Pool>>> {
        let __value = ::koil::__private::block_on(
            "BlockingPool::lease\nPool::lease",
            <Pool>::lease(::koil::__private::Twin::aio(self)),
        );
        ::koil::__private::map_twin::<
            0,
            _,
            _,
        >(__value, |__v| ::koil::__private::entered(__v))
    }
}
