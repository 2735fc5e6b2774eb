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
        let __call = "BlockingShop::fine\nShop::fine";
        ::koil::__private::Probe::of(<Shop>::fine(::koil::__private::Twin::aio(self)))
            .__koil_block_on(__call)
    }
}
::core::compile_error! {
    "`[Self; 2]` cannot be mapped; return `Vec` or use `#[koil(raw)]`"
}
