pub(crate) struct Cart<'a, T: ?Sized = str>
where
    T: Display,
{
    shop: &'a Shop,
    note: Box<T>,
}
/// Blocking twin of [`Cart`].
#[allow(dead_code, deprecated, non_camel_case_types)]
#[repr(transparent)]
pub(crate) struct BlockingCart<'a, T: ?Sized = str>
where
    T: Display,
{
    __aio: Cart<'a, T>,
}
unsafe impl<'a, T: ?Sized> ::koil::__private::Twin for BlockingCart<'a, T>
where
    T: Display,
{
    type Aio = Cart<'a, T>;
    fn aio(&self) -> &Cart<'a, T> {
        &self.__aio
    }
    fn aio_mut(&mut self) -> &mut Cart<'a, T> {
        &mut self.__aio
    }
}
impl<'a, T: ?Sized> ::koil::__private::HasTwin for Cart<'a, T>
where
    T: Display,
{
    type Twin = BlockingCart<'a, T>;
}
impl<'a, T: ?Sized> ::core::convert::From<Cart<'a, T>> for BlockingCart<'a, T>
where
    T: Display,
{
    fn from(__original: Cart<'a, T>) -> Self {
        Self { __aio: __original }
    }
}
impl<'a, T: ?Sized> Cart<'a, T>
where
    T: Display,
{
    /// The blocking twin of this value.
    #[allow(dead_code)]
    pub(crate) fn blocking(&self) -> &BlockingCart<'a, T> {
        ::koil::__private::as_twin(self)
    }
    /// The blocking twin of this value, to change it.
    #[allow(dead_code)]
    pub(crate) fn blocking_mut(&mut self) -> &mut BlockingCart<'a, T> {
        ::koil::__private::as_twin_mut(self)
    }
    /// This value as its blocking twin.
    #[allow(dead_code)]
    pub(crate) fn into_blocking(self) -> BlockingCart<'a, T> {
        ::koil::__private::into_twin(self)
    }
}
impl<'a, T: ?Sized> BlockingCart<'a, T>
where
    T: Display,
{
    /// The async original of this twin.
    #[allow(dead_code)]
    pub(crate) fn aio(&self) -> &Cart<'a, T> {
        ::koil::__private::Twin::aio(self)
    }
    /// The async original of this twin, to change it.
    #[allow(dead_code)]
    pub(crate) fn aio_mut(&mut self) -> &mut Cart<'a, T> {
        ::koil::__private::Twin::aio_mut(self)
    }
    /// The async original out of this twin.
    #[allow(dead_code)]
    pub(crate) fn into_aio(self) -> Cart<'a, T> {
        ::koil::__private::Twin::into_aio(self)
    }
}
#[allow(clippy::expl_impl_clone_on_copy)]
impl<'a, T: ?Sized> ::core::clone::Clone for BlockingCart<'a, T>
where
    T: Display,
    for<'__koil> Cart<'a, T>: ::core::clone::Clone,
{
    #[track_caller]
    fn clone(&self) -> Self {
        let __call = ::koil::__private::Call::open("BlockingCart::clone\nCart::clone");
        let __entered = __call.enter();
        ::koil::__private::into_twin(
            <Cart<'a, T> as ::core::clone::Clone>::clone(&self.__aio),
        )
    }
}
impl<'a, T: ?Sized> ::core::fmt::Debug for BlockingCart<'a, T>
where
    T: Display,
    for<'__koil> Cart<'a, T>: ::core::fmt::Debug,
{
    fn fmt(&self, __formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        <Cart<'a, T> as ::core::fmt::Debug>::fmt(&self.__aio, __formatter)
    }
}
impl<'a, T: ?Sized> ::core::convert::From<BlockingCart<'a, T>> for Cart<'a, T>
where
    T: Display,
{
    fn from(__twin: BlockingCart<'a, T>) -> Self {
        ::koil::__private::Twin::into_aio(__twin)
    }
}
#[doc(hidden)]
impl<'a, T: ?Sized> ::core::ops::Deref for BlockingCart<'a, T>
where
    T: Display,
{
    type Target = Cart<'a, T>;
    fn deref(&self) -> &Cart<'a, T> {
        &self.__aio
    }
}
#[doc(hidden)]
impl<'a, T: ?Sized> ::core::ops::DerefMut for BlockingCart<'a, T>
where
    T: Display,
{
    fn deref_mut(&mut self) -> &mut Cart<'a, T> {
        &mut self.__aio
    }
}
