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
        let __call = &::koil::__private::Names {
            twin: "BlockingShop::fine",
            original: "Shop::fine",
        };
        let __future = <Shop>::fine(::koil::__private::Twin::aio(self));
        ::koil::__private::Probe::of(&__future).__koil_block_on(__call, __future)
    }
}
::core::compile_error! {
    "`[Self; 2]` cannot be mapped; return `Vec` or use `#[koil(raw)]`"
}
