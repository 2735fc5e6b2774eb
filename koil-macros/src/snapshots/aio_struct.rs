/// A shop.
#[derive(Clone)]
pub struct Shop<T> {
    items: Vec<T>,
}
/** The async side of [`Shop`].

 Its methods are async and have the names of the blocking ones.*/
#[allow(dead_code, deprecated, non_camel_case_types)]
#[repr(transparent)]
pub struct ShopAio<T> {
    __aio: Shop<T>,
}
unsafe impl<T> ::koil::__private::Twin for ShopAio<T> {
    type Aio = Shop<T>;
}
unsafe impl<T> ::koil::__private::Twin for Shop<T> {
    type Aio = Self;
}
::koil::__private::forward_inline! {
    { [] [< T >] [Shop < T >] [ShopAio < T >] [] [] [H "ShopAio" "Shop" pub] } '__koil[;
    ()] [FromBare Views Clone From] [Deref]
}
