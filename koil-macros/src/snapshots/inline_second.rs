pub struct Conn<'a> {
    io: &'a [u8],
}
/// Blocking twin of [`Conn`].
#[allow(dead_code, deprecated, non_camel_case_types)]
#[repr(transparent)]
pub struct InlineConn<'a> {
    __aio: Conn<'a>,
}
unsafe impl<'a> ::koil::__private::Twin for InlineConn<'a> {
    type Aio = Conn<'a>;
}
::koil::__private::forward_inline! {
    { [] [< 'a >] [Conn < 'a >] [InlineConn < 'a >] [] [] [H "InlineConn" "Conn"] }
    '__koil[; ()] [FromBare From] [Clone Copy Debug Display Default PartialEq Eq
    PartialOrd Ord Hash Error FromStr Deref]
}
