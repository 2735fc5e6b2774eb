#[cfg(unix)]
impl Shop {
    /// Loads.
    ///
    #[doc = include_str!("load.md")]
    #[cfg_attr(x, doc = "y", inline)]
    pub async fn load(&self, (left, right): (u8, u8), _: u8, Y { x, y: Y(ref z) }: Y) {}
}
#[cfg(unix)]
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl BlockingShop {
    /// Loads.
    ///
    #[doc = include_str!("load.md")]
    #[cfg_attr(x, doc = "y")]
    ///
    /// Blocking twin of [`Shop::load`].
    #[track_caller]
    pub fn load(&self, left_right: (u8, u8), arg2: u8, x_z: Y) {
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
}
#[cfg(unix)]
#[allow(unused_imports)]
const _: () = {
    use BlockingRow as _;
    use hand::Writer as _;
};
