#[cfg(unix)]
impl Shop {
    /// Loads.
    #[doc = include_str!("load.md")]
    /// A table:
    #[cfg_attr(feature = "extra", doc = "more", inline)]
    pub async fn load(
        &self,
        (left, right): (u8, u8),
        _: u8,
        Point { x, y: Y(ref z) }: Point,
    ) {}
    /// ```
    #[doc = concat!("left", "out")]
    /// ```
    pub async fn get(&self) {}
}
#[cfg(unix)]
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl BlockingShop {
    /** Blocking twin of [`Shop::load`].

 Loads.*/
    #[doc = include_str!("load.md")]
    /// A table:
    #[cfg_attr(feature = "extra", doc = "more")]
    #[track_caller]
    pub fn load(&self, left_right: (u8, u8), arg2: u8, x_z: Point) {
        let __call = ::koil::__private::Call::begin(
            ::core::option::Option::None,
            "BlockingShop::load\nShop::load",
        );
        let __entered = __call.enter();
        ::koil::__private::wait(
            &__call,
            <Shop>::load(::koil::__private::Twin::aio(self), left_right, arg2, x_z),
        )
    }
    /// Blocking twin of [`Shop::get`].
    #[track_caller]
    pub fn get(&self) {
        ::koil::__private::block_on(
            "BlockingShop::get\nShop::get",
            <Shop>::get(::koil::__private::Twin::aio(self)),
        )
    }
}
#[cfg(unix)]
#[allow(unused_imports)]
const _: () = {
    use BlockingRow as _;
    use hand::Writer as _;
};
