/// A shop.
#[derive(Clone)]
pub struct Shop {
    items: Vec<String>,
}
/** A shop.

 Blocking twin of [`Shop`].*/
#[allow(dead_code, deprecated, non_camel_case_types)]
#[repr(transparent)]
pub struct BlockingShop {
    __aio: ::koil::__private::Shell<Shop>,
}
unsafe impl ::koil::__private::Twin for BlockingShop {
    type Aio = Shop;
}
::koil::__private::forward! {
    { [] [] [Shop] [BlockingShop] [] [] [H "BlockingShop" "Shop" pub] } '__koil[;]
    [HasTwin FromShell Accessors Clone From] [Debug Display Default PartialEq Eq
    PartialOrd Ord Hash Error FromStr Iterator Read BufRead Write Seek Deref]
}
