impl Shop {
    pub async fn load(&self) -> Result<(), Error> {
        ..
    }
    pub async fn parse<P: AsyncBufRead>(&self, part: P) -> Result<(), Error> {
        ..
    }
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl BlockingShop {
    /// Blocking twin of [`Shop::load`].
    #[track_caller]
    pub fn load(&self) -> Result<(), Error> {
        let __call = match ::koil::__private::Call::try_begin(
            ::koil::__private::on(&(handle())),
            "BlockingShop::load\nShop::load",
        ) {
            ::core::result::Result::Ok(__ok) => __ok,
            ::core::result::Result::Err(__error) => {
                return ::koil::__private::from_bridge(__error);
            }
        };
        let __entered = __call.enter();
        let __future = <Shop>::load(::koil::__private::Twin::aio(self));
        let __late = ::koil::__private::CleanUp::of(&__future).__koil_late();
        match ::koil::__private::try_wait(
            &__call,
            __future,
            ::core::option::Option::Some(::core::time::Duration::new(1u64, 0u32)),
            __late,
        ) {
            ::core::result::Result::Ok(__ok) => __ok,
            ::core::result::Result::Err(__error) => {
                return ::koil::__private::from_bridge(__error);
            }
        }
    }
    /// Blocking twin of [`Shop::parse`].
    #[track_caller]
    pub fn parse<P: AsyncBufRead + ::koil::inline::AlwaysReady>(
        &self,
        part: P,
    ) -> Result<(), Error> {
        let __made = <Shop>::parse::<P>(::koil::__private::Twin::aio(self), part);
        ::koil::__private::try_inline("BlockingShop::parse\nShop::parse", __made)
    }
}
