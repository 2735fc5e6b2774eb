impl Store {
    async fn put(&self, mut body: impl AsyncRead + Unpin + '_) -> usize {
        ..
    }
    async fn copy<R: AsyncRead + ?Sized, W>(
        from: &mut R,
        into: Pin<&mut W>,
        limit: u64,
    ) -> Result<u64, Error>
    where
        R: Unpin,
        W: AsyncWriteExt + AsyncSeek,
    {
        ..
    }
    async fn by_object(&self, from: &mut (dyn AsyncBufRead + Unpin + '_)) {
        ..
    }
    fn lines<'r>(&self, from: impl AsyncBufRead + 'r) -> impl Stream<Item = u8> + 'r {
        ..
    }
    async fn at_once(&self, from: impl AsyncRead) {}
    async fn tried(&self, from: &mut impl AsyncRead) -> Result<(), Error> {}
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl BlockingStore {
    /// Blocking twin of [`Store::put`].
    #[track_caller]
    fn put<'__l0>(&self, body: impl ::std::io::Read + '__l0) -> usize {
        let __call = ::koil::__private::Call::begin(
            ::core::option::Option::None,
            "BlockingStore::put\nStore::put",
        );
        let __entered = __call.enter();
        let body = ::koil::__private::std_argument(&__call, body);
        ::koil::__private::wait(
            &__call,
            <Store>::put(::koil::__private::Twin::aio(self), body),
        )
    }
    /// Blocking twin of [`Store::copy`].
    #[track_caller]
    fn copy<R: ::std::io::Read + ?Sized, W>(
        from: &mut R,
        into: &mut W,
        limit: u64,
    ) -> Result<u64, Error>
    where
        R:,
        W: ::std::io::Write + ::std::io::Seek,
    {
        let __call = ::koil::__private::Call::begin(
            ::core::option::Option::None,
            "BlockingStore::copy\nStore::copy",
        );
        let __entered = __call.enter();
        let from = &mut ::koil::__private::std_argument(&__call, from);
        let into = &mut ::koil::__private::std_argument(&__call, into);
        let into = ::core::pin::Pin::new(into);
        ::koil::__private::wait(&__call, <Store>::copy::<_, _>(from, into, limit))
    }
    /// Blocking twin of [`Store::by_object`].
    #[track_caller]
    fn by_object(&self, from: &mut (dyn ::std::io::BufRead + '_)) {
        let __call = ::koil::__private::Call::begin(
            ::core::option::Option::None,
            "BlockingStore::by_object\nStore::by_object",
        );
        let __entered = __call.enter();
        let from = &mut ::koil::__private::std_argument(&__call, from);
        ::koil::__private::wait(
            &__call,
            <Store>::by_object(::koil::__private::Twin::aio(self), from),
        )
    }
    /// Blocking twin of [`Store::lines`].
    #[track_caller]
    fn lines<'r>(
        &self,
        from: impl ::std::io::BufRead + 'r,
    ) -> ::koil::Iter<impl Stream<Item = u8> + 'r> {
        let __call = ::koil::__private::Call::open(
            ::core::option::Option::None,
            "BlockingStore::lines\nStore::lines",
        );
        let __entered = __call.enter();
        let from = ::koil::__private::std_argument(&__call, from);
        ::koil::__private::iter(
            &__call,
            <Store>::lines(::koil::__private::Twin::aio(self), from),
        )
    }
    /// Blocking twin of [`Store::at_once`].
    #[track_caller]
    fn at_once(&self, from: impl ::std::io::Read) {
        let from = ::koil::__private::StdIo::new(from);
        ::koil::__private::inline(
            "BlockingStore::at_once\nStore::at_once",
            <Store>::at_once(::koil::__private::Twin::aio(self), from),
        )
    }
    /// Blocking twin of [`Store::tried`].
    #[track_caller]
    fn tried(&self, from: &mut (impl ::std::io::Read)) -> Result<(), Error> {
        let __call = match ::koil::__private::Call::try_begin(
            ::core::option::Option::None,
            "BlockingStore::tried\nStore::tried",
        ) {
            ::core::result::Result::Ok(__ok) => __ok,
            ::core::result::Result::Err(__error) => {
                return ::koil::__private::from_bridge(__error);
            }
        };
        let __entered = __call.enter();
        let from = &mut ::koil::__private::std_argument(&__call, from);
        let __future = <Store>::tried(::koil::__private::Twin::aio(self), from);
        let __late = ::koil::__private::CleanUp::of(&__future).__koil_late();
        match ::koil::__private::try_wait(
            &__call,
            __future,
            ::core::option::Option::None,
            __late,
        ) {
            ::core::result::Result::Ok(__ok) => __ok,
            ::core::result::Result::Err(__error) => {
                return ::koil::__private::from_bridge(__error);
            }
        }
    }
}
