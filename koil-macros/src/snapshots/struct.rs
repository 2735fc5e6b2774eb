/// A shop.
#[derive(Clone)]
pub struct Shop {
    items: Vec<String>,
}
/// Blocking twin of [`Shop`].
///
/// A shop.
#[allow(dead_code, deprecated, non_camel_case_types)]
#[repr(transparent)]
pub struct BlockingShop {
    __aio: ::koil::__private::Shell<Shop>,
}
unsafe impl ::koil::__private::Twin for BlockingShop {
    type Aio = Shop;
    fn aio(&self) -> &Shop {
        &self.__aio
    }
    fn aio_mut(&mut self) -> &mut Shop {
        &mut self.__aio
    }
}
impl ::koil::__private::HasTwin for Shop {
    type Twin = BlockingShop;
}
impl ::core::convert::From<Shop> for BlockingShop {
    fn from(__original: Shop) -> Self {
        Self {
            __aio: ::koil::__private::Shell::new(__original),
        }
    }
}
impl Shop {
    /// The blocking twin of this value.
    #[allow(dead_code)]
    pub fn blocking(&self) -> &BlockingShop {
        ::koil::__private::as_twin(self)
    }
    /// The blocking twin of this value, to change it.
    #[allow(dead_code)]
    pub fn blocking_mut(&mut self) -> &mut BlockingShop {
        ::koil::__private::as_twin_mut(self)
    }
    /// This value as its blocking twin.
    #[allow(dead_code)]
    pub fn into_blocking(self) -> BlockingShop {
        ::koil::__private::into_twin(self)
    }
}
impl BlockingShop {
    /// The async original of this twin.
    #[allow(dead_code)]
    pub fn aio(&self) -> &Shop {
        ::koil::__private::Twin::aio(self)
    }
    /// The async original of this twin, to change it.
    #[allow(dead_code)]
    pub fn aio_mut(&mut self) -> &mut Shop {
        ::koil::__private::Twin::aio_mut(self)
    }
    /// The async original out of this twin.
    #[allow(dead_code)]
    pub fn into_aio(self) -> Shop {
        ::koil::__private::Twin::into_aio(self)
    }
}
#[allow(clippy::expl_impl_clone_on_copy)]
impl ::core::clone::Clone for BlockingShop
where
    for<'__koil> Shop: ::core::clone::Clone,
{
    #[track_caller]
    fn clone(&self) -> Self {
        let __call = ::koil::__private::Call::open("BlockingShop::clone\nShop::clone");
        let __entered = __call.enter();
        ::koil::__private::into_twin(<Shop as ::core::clone::Clone>::clone(&self.__aio))
    }
}
#[doc(hidden)]
impl ::core::fmt::Debug for BlockingShop
where
    for<'__koil> Shop: ::core::fmt::Debug,
{
    fn fmt(&self, __formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        <Shop as ::core::fmt::Debug>::fmt(&self.__aio, __formatter)
    }
}
#[doc(hidden)]
impl ::core::fmt::Display for BlockingShop
where
    for<'__koil> Shop: ::core::fmt::Display,
{
    fn fmt(&self, __formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        <Shop as ::core::fmt::Display>::fmt(&self.__aio, __formatter)
    }
}
#[doc(hidden)]
impl ::core::default::Default for BlockingShop
where
    for<'__koil> Shop: ::core::default::Default,
{
    #[track_caller]
    fn default() -> Self {
        let __call = ::koil::__private::Call::open(
            "BlockingShop::default\nShop::default",
        );
        let __entered = __call.enter();
        ::koil::__private::into_twin(<Shop as ::core::default::Default>::default())
    }
}
#[doc(hidden)]
impl ::core::cmp::PartialEq for BlockingShop
where
    for<'__koil> Shop: ::core::cmp::PartialEq,
{
    fn eq(&self, __other: &Self) -> bool {
        <Shop as ::core::cmp::PartialEq>::eq(&self.__aio, &__other.__aio)
    }
}
#[doc(hidden)]
impl ::core::cmp::Eq for BlockingShop
where
    for<'__koil> Shop: ::core::cmp::Eq,
{}
#[doc(hidden)]
impl ::core::cmp::PartialOrd for BlockingShop
where
    for<'__koil> Shop: ::core::cmp::PartialOrd,
{
    fn partial_cmp(
        &self,
        __other: &Self,
    ) -> ::core::option::Option<::core::cmp::Ordering> {
        <Shop as ::core::cmp::PartialOrd>::partial_cmp(&self.__aio, &__other.__aio)
    }
}
#[doc(hidden)]
impl ::core::cmp::Ord for BlockingShop
where
    for<'__koil> Shop: ::core::cmp::Ord,
{
    fn cmp(&self, __other: &Self) -> ::core::cmp::Ordering {
        <Shop as ::core::cmp::Ord>::cmp(&self.__aio, &__other.__aio)
    }
}
#[doc(hidden)]
impl ::core::hash::Hash for BlockingShop
where
    for<'__koil> Shop: ::core::hash::Hash,
{
    fn hash<__H: ::core::hash::Hasher>(&self, __state: &mut __H) {
        <Shop as ::core::hash::Hash>::hash(&self.__aio, __state);
    }
}
#[doc(hidden)]
impl ::core::error::Error for BlockingShop
where
    for<'__koil> Shop: ::core::error::Error,
{
    fn source(&self) -> ::core::option::Option<&(dyn ::core::error::Error + 'static)> {
        <Shop as ::core::error::Error>::source(&self.__aio)
    }
}
#[doc(hidden)]
impl ::core::str::FromStr for BlockingShop
where
    for<'__koil> Shop: ::core::str::FromStr,
{
    type Err = <Shop as ::core::str::FromStr>::Err;
    #[track_caller]
    fn from_str(__text: &str) -> ::core::result::Result<Self, Self::Err> {
        let __call = ::koil::__private::Call::open(
            "BlockingShop::from_str\nShop::from_str",
        );
        let __entered = __call.enter();
        ::core::result::Result::map(
            <Shop as ::core::str::FromStr>::from_str(__text),
            ::koil::__private::into_twin,
        )
    }
}
#[doc(hidden)]
impl ::core::iter::Iterator for BlockingShop
where
    for<'__koil> Shop: ::koil::__private::Stream + ::core::marker::Unpin,
{
    type Item = <Shop as ::koil::__private::Stream>::Item;
    #[track_caller]
    fn next(&mut self) -> ::core::option::Option<Self::Item> {
        ::koil::__private::block_on(
            "BlockingShop::next\nShop::next",
            ::koil::__private::next(::koil::__private::Twin::aio_mut(self)),
        )
    }
    fn size_hint(&self) -> (usize, ::core::option::Option<usize>) {
        <Shop as ::koil::__private::Stream>::size_hint(
            ::koil::__private::Twin::aio(self),
        )
    }
}
#[doc(hidden)]
impl ::std::io::Read for BlockingShop
where
    for<'__koil> Shop: ::koil::__private::AsyncRead + ::core::marker::Unpin,
{
    #[track_caller]
    fn read(&mut self, __buf: &mut [u8]) -> ::std::io::Result<usize> {
        ::koil::__private::read(self, "BlockingShop::read\nShop::read", __buf)
    }
}
#[doc(hidden)]
impl ::std::io::BufRead for BlockingShop
where
    for<'__koil> Shop: ::koil::__private::AsyncBufRead + ::core::marker::Unpin,
{
    #[track_caller]
    fn fill_buf(&mut self) -> ::std::io::Result<&[u8]> {
        ::koil::__private::fill_buf(self, "BlockingShop::fill_buf\nShop::fill_buf")
    }
    fn consume(&mut self, __amount: usize) {
        ::koil::__private::consume(self, __amount);
    }
}
#[doc(hidden)]
impl ::std::io::Write for BlockingShop
where
    for<'__koil> Shop: ::koil::__private::AsyncWrite + ::core::marker::Unpin,
{
    #[track_caller]
    fn write(&mut self, __buf: &[u8]) -> ::std::io::Result<usize> {
        ::koil::__private::write(self, "BlockingShop::write\nShop::write", __buf)
    }
    #[track_caller]
    fn write_vectored(
        &mut self,
        __bufs: &[::std::io::IoSlice<'_>],
    ) -> ::std::io::Result<usize> {
        ::koil::__private::write_vectored(
            self,
            "BlockingShop::write\nShop::write",
            __bufs,
        )
    }
    #[track_caller]
    fn flush(&mut self) -> ::std::io::Result<()> {
        ::koil::__private::flush(self, "BlockingShop::flush\nShop::flush")
    }
}
#[doc(hidden)]
impl ::std::io::Seek for BlockingShop
where
    for<'__koil> Shop: ::koil::__private::AsyncSeek + ::core::marker::Unpin,
{
    #[track_caller]
    fn seek(&mut self, __position: ::std::io::SeekFrom) -> ::std::io::Result<u64> {
        ::koil::__private::seek(self, "BlockingShop::seek\nShop::seek", __position)
    }
}
impl ::core::convert::From<BlockingShop> for Shop {
    fn from(__twin: BlockingShop) -> Self {
        ::koil::__private::Twin::into_aio(__twin)
    }
}
#[doc(hidden)]
impl ::core::ops::Deref for BlockingShop {
    type Target = Shop;
    fn deref(&self) -> &Shop {
        &self.__aio
    }
}
#[doc(hidden)]
impl ::core::ops::DerefMut for BlockingShop {
    fn deref_mut(&mut self) -> &mut Shop {
        &mut self.__aio
    }
}
