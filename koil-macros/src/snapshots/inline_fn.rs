pub async fn frame<R: AsyncRead>(input: R) -> io::Result<Frame> {
    read(input).await
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
/// Blocking twin of [`frame`].
#[track_caller]
pub fn frame_blocking<R: AsyncRead + ::koil::inline::AlwaysReady>(
    input: R,
) -> io::Result<Frame> {
    let __made = frame::<R>(input);
    ::koil::__private::try_inline("frame_blocking\nframe", __made)
}
