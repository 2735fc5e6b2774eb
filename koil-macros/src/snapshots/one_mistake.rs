impl Shop {
    async fn open(&self) -> [Self; 2] {
        ..
    }
    async fn fine(&self) {}
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl BlockingShop {
    /// Blocking twin of [`Shop::fine`].
    #[track_caller]
    fn fine(&self) {
        ::koil::__private::block_on(
            "BlockingShop::fine\nShop::fine",
            <Shop>::fine(::koil::__private::Twin::aio(self)),
        )
    }
}
::core::compile_error! {
    "`[Self; 2]` cannot be mapped; return `Vec` or use `#[koil(raw)]`"
}
