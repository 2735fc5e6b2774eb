/// A shop.
#[derive(Clone)]
pub struct Shop {
    items: Vec<String>,
}
/// Blocking twin of [`Shop`].
///
/// A shop.
#[allow(dead_code, deprecated)]
#[repr(transparent)]
pub struct BlockingShop(::koil::__private::Shell<Shop>);
unsafe impl ::koil::__private::Twin for BlockingShop {
    type Aio = Shop;
    fn aio(&self) -> &Shop {
        &self.0
    }
    fn aio_mut(&mut self) -> &mut Shop {
        &mut self.0
    }
}
impl ::koil::__private::HasTwin for Shop {
    type Twin = BlockingShop;
}
impl ::core::convert::From<Shop> for BlockingShop {
    fn from(original: Shop) -> Self {
        Self(::koil::__private::Shell::new(original))
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
impl ::core::clone::Clone for BlockingShop
where
    for<'__koil> Shop: ::core::clone::Clone,
{
    fn clone(&self) -> Self {
        ::koil::__private::into_twin(<Shop as ::core::clone::Clone>::clone(&self.0))
    }
}
#[doc(hidden)]
impl ::core::fmt::Debug for BlockingShop
where
    for<'__koil> Shop: ::core::fmt::Debug,
{
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        <Shop as ::core::fmt::Debug>::fmt(&self.0, formatter)
    }
}
#[doc(hidden)]
impl ::core::fmt::Display for BlockingShop
where
    for<'__koil> Shop: ::core::fmt::Display,
{
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        <Shop as ::core::fmt::Display>::fmt(&self.0, formatter)
    }
}
#[doc(hidden)]
impl ::core::default::Default for BlockingShop
where
    for<'__koil> Shop: ::core::default::Default,
{
    fn default() -> Self {
        ::koil::__private::into_twin(<Shop as ::core::default::Default>::default())
    }
}
#[doc(hidden)]
impl ::core::cmp::PartialEq for BlockingShop
where
    for<'__koil> Shop: ::core::cmp::PartialEq,
{
    fn eq(&self, other: &Self) -> bool {
        <Shop as ::core::cmp::PartialEq>::eq(&self.0, &other.0)
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
        other: &Self,
    ) -> ::core::option::Option<::core::cmp::Ordering> {
        <Shop as ::core::cmp::PartialOrd>::partial_cmp(&self.0, &other.0)
    }
}
#[doc(hidden)]
impl ::core::cmp::Ord for BlockingShop
where
    for<'__koil> Shop: ::core::cmp::Ord,
{
    fn cmp(&self, other: &Self) -> ::core::cmp::Ordering {
        <Shop as ::core::cmp::Ord>::cmp(&self.0, &other.0)
    }
}
#[doc(hidden)]
impl ::core::hash::Hash for BlockingShop
where
    for<'__koil> Shop: ::core::hash::Hash,
{
    fn hash<__H: ::core::hash::Hasher>(&self, state: &mut __H) {
        <Shop as ::core::hash::Hash>::hash(&self.0, state);
    }
}
#[doc(hidden)]
impl ::core::error::Error for BlockingShop
where
    for<'__koil> Shop: ::core::error::Error,
{
    fn source(&self) -> ::core::option::Option<&(dyn ::core::error::Error + 'static)> {
        <Shop as ::core::error::Error>::source(&self.0)
    }
}
#[doc(hidden)]
impl ::core::str::FromStr for BlockingShop
where
    for<'__koil> Shop: ::core::str::FromStr,
{
    type Err = <Shop as ::core::str::FromStr>::Err;
    fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
        ::core::result::Result::map(
            <Shop as ::core::str::FromStr>::from_str(text),
            ::koil::__private::into_twin,
        )
    }
}
impl ::core::convert::From<BlockingShop> for Shop {
    fn from(twin: BlockingShop) -> Self {
        ::koil::__private::Twin::into_aio(twin)
    }
}
#[doc(hidden)]
impl ::core::ops::Deref for BlockingShop {
    type Target = Shop;
    fn deref(&self) -> &Shop {
        &self.0
    }
}
#[doc(hidden)]
impl ::core::ops::DerefMut for BlockingShop {
    fn deref_mut(&mut self) -> &mut Shop {
        &mut self.0
    }
}
