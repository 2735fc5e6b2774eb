pub fn lines(path: &Path) -> impl Stream<Item = String> + '_ {
    read(path)
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
/// Blocking twin of [`lines`].
#[track_caller]
pub fn lines_blocking(path: &Path) -> ::koil::Iter<impl Stream<Item = String> + '_> {
    let __call = ::koil::__private::Call::open(
        ::core::option::Option::None,
        "lines_blocking\nlines",
    );
    let __entered = __call.enter();
    ::koil::__private::iter(&__call, lines(path))
}
