impl Store {
    fn open(&self) -> impl futures::io::AsyncBufRead + '_ {
        ..
    }
    fn boxed(&self) -> Pin<Box<dyn AsyncWrite>> {
        ..
    }
    fn named(&self) -> Body {
        ..
    }
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl BlockingStore {
    /// Blocking twin of [`Store::open`].
    #[track_caller]
    fn open(
        &self,
    ) -> ::koil::Io<::koil::FuturesIo<impl futures::io::AsyncBufRead + '_>> {
        let __call = ::koil::__private::Call::open(
            ::core::option::Option::None,
            "BlockingStore::open\nStore::open",
        );
        let __entered = __call.enter();
        let __io = <Store>::open(::koil::__private::Twin::aio(self));
        ::koil::__private::AssertedReader::of(&__io).__koil_is_of_futures();
        ::koil::__private::io_futures(&__call, __io)
    }
    /// Blocking twin of [`Store::boxed`].
    #[track_caller]
    fn boxed(&self) -> ::koil::Io<::koil::FuturesIo<Pin<Box<dyn AsyncWrite>>>> {
        let __call = ::koil::__private::Call::open(
            ::core::option::Option::None,
            "BlockingStore::boxed\nStore::boxed",
        );
        let __entered = __call.enter();
        let __io = <Store>::boxed(::koil::__private::Twin::aio(self));
        ::koil::__private::AssertedReader::of(&__io).__koil_is_of_futures();
        ::koil::__private::io_futures(&__call, __io)
    }
    /// Blocking twin of [`Store::named`].
    #[track_caller]
    fn named(&self) -> ::koil::Io<::koil::FuturesIo<Body>> {
        let __call = ::koil::__private::Call::open(
            ::core::option::Option::None,
            "BlockingStore::named\nStore::named",
        );
        let __entered = __call.enter();
        let __io = <Store>::named(::koil::__private::Twin::aio(self));
        ::koil::__private::AssertedReader::of(&__io).__koil_is_of_futures();
        let __made = __io;
        ::koil::__private::io_futures_lent(&__call, __made)
    }
}
