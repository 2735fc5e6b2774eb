pub(crate) struct Cart<'a, T: ?Sized = str>
where
    T: Display,
{
    shop: &'a Shop,
    note: Box<T>,
}
/// Blocking twin of [`Cart`].
#[allow(dead_code, deprecated)]
#[repr(transparent)]
pub(crate) struct BlockingCart<'a, T: ?Sized = str>(
    Cart<'a, T>,
)
where
    T: Display;
unsafe impl<'a, T: ?Sized> ::koil::__private::Twin for BlockingCart<'a, T>
where
    T: Display,
{
    type Aio = Cart<'a, T>;
    fn aio(&self) -> &Cart<'a, T> {
        &self.0
    }
    fn aio_mut(&mut self) -> &mut Cart<'a, T> {
        &mut self.0
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
    fn from(original: Cart<'a, T>) -> Self {
        Self(original)
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
impl<'a, T: ?Sized> ::core::clone::Clone for BlockingCart<'a, T>
where
    T: Display,
    for<'__koil> Cart<'a, T>: ::core::clone::Clone,
{
    fn clone(&self) -> Self {
        ::koil::__private::into_twin(
            <Cart<'a, T> as ::core::clone::Clone>::clone(&self.0),
        )
    }
}
impl<'a, T: ?Sized> ::core::fmt::Debug for BlockingCart<'a, T>
where
    T: Display,
    for<'__koil> Cart<'a, T>: ::core::fmt::Debug,
{
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        <Cart<'a, T> as ::core::fmt::Debug>::fmt(&self.0, formatter)
    }
}
impl<'a, T: ?Sized> ::core::convert::From<BlockingCart<'a, T>> for Cart<'a, T>
where
    T: Display,
{
    fn from(twin: BlockingCart<'a, T>) -> Self {
        ::koil::__private::Twin::into_aio(twin)
    }
}
#[doc(hidden)]
impl<'a, T: ?Sized> ::core::ops::Deref for BlockingCart<'a, T>
where
    T: Display,
{
    type Target = Cart<'a, T>;
    fn deref(&self) -> &Cart<'a, T> {
        &self.0
    }
}
#[doc(hidden)]
impl<'a, T: ?Sized> ::core::ops::DerefMut for BlockingCart<'a, T>
where
    T: Display,
{
    fn deref_mut(&mut self) -> &mut Cart<'a, T> {
        &mut self.0
    }
}
