#[derive(Debug, Clone)]
pub struct Conn<T: AsyncRead> {
    io: T,
}
/// Blocking twin of [`Conn`].
#[allow(dead_code, deprecated, non_camel_case_types)]
#[repr(transparent)]
pub struct BlockingConn<T: AsyncRead> {
    __aio: Conn<T>,
}
unsafe impl<T: AsyncRead> ::koil::__private::Twin for BlockingConn<T> {
    type Aio = Conn<T>;
}
::koil::__private::forward_inline! {
    { [] [< T : AsyncRead >] [Conn < T >] [BlockingConn < T >] [] [] [H "BlockingConn"
    "Conn" pub] } '__koil[; ()] [HasTwin FromBare Accessors Clone Debug From] [Copy
    Display Default PartialEq Eq PartialOrd Ord Hash Error FromStr Deref]
}
