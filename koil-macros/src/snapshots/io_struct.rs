#[cfg(unix)]
pub struct Body<'a>(&'a [u8]);
/// Blocking twin of [`Body`].
#[cfg(unix)]
#[allow(dead_code, deprecated, non_camel_case_types)]
#[repr(transparent)]
pub struct BlockingBody<'a> {
    __aio: Body<'a>,
}
#[cfg(unix)]
unsafe impl<'a> ::koil::__private::Twin for BlockingBody<'a> {
    type Aio = Body<'a>;
}
#[cfg(unix)]
::koil::__private::forward! {
    { [#[cfg(unix)]] [< 'a >] [Body < 'a >] [BlockingBody < 'a >] [] [] [H "BlockingBody"
    "Body" pub] } '__koil[; ()] [HasTwin FromBare Accessors From] [Deref]
}
#[cfg(unix)]
#[cfg(not(doc))]
::koil::__private::forward! {
    { [#[cfg(unix)]] [< 'a >] [Body < 'a >] [BlockingBody < 'a >] [] [] [H "BlockingBody"
    "Body" pub] } '__koil[; ('__koil)] [Debug FuturesRead FuturesWrite] []
}
#[cfg(unix)]
#[cfg(doc)]
::koil::__private::forward! {
    { [#[cfg(unix)]] [< 'a >] [Body < 'a >] [BlockingBody < 'a >] [] [] [H "BlockingBody"
    "Body" pub] } '__koil[; ()] [Debug FuturesRead FuturesWrite] []
}
#[cfg(unix)]
const _: fn() = ::koil::__private::forwards::FuturesRead::<Body<'static>>;
#[cfg(unix)]
const _: fn() = ::koil::__private::forwards::FuturesWrite::<Body<'static>>;
#[cfg(unix)]
const _: fn() = ::koil::__private::forwards::Debug::<Body<'static>>;
