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
}
::koil::__private::forward! {
    { [] [< 'a, T : ? Sized >] [Cart < 'a, T >] [BlockingCart < 'a, T >] [T : Display,]
    [] [H "BlockingCart" "Cart" pub (crate)] } '__koil[; ()] [HasTwin FromBare Accessors
    Clone Debug From] [Deref]
}
