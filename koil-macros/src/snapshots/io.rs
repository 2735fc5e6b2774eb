pub async fn open(path: &Path) -> io::Result<impl AsyncRead + AsyncSeek> {
    ..
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
/// Blocking twin of [`open`].
#[track_caller]
pub fn open_blocking(path: &Path) -> io::Result<::koil::Io<impl AsyncRead + AsyncSeek>> {
    let __call = ::koil::__private::Call::begin(
        ::core::option::Option::None,
        "open_blocking\nopen",
    );
    let __entered = __call.enter();
    let __value = ::koil::__private::wait(&__call, open(path));
    ::koil::__private::map_twin::<
        0,
        _,
        _,
    >(
        __value,
        |__v| {
            let __io = __v;
            ::koil::__private::AssertedReader::of(&__io).__koil_is_of_tokio();
            ::koil::__private::io(&__call, __io)
        },
    )
}
