pub fn lines(path: &Path) -> impl Iterator<Item = String> + '_ {
    ..
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
/// Async twin of [`lines`].
#[track_caller]
pub fn lines_async(path: &Path) -> ::koil::ThreadedIter<String> {
    let path = ::koil::__private::owned(path);
    ::koil::__private::threaded_yield(
        "lines_async\nlines",
        ::koil::__private::Place::Pool,
        ::core::option::Option::Some(64usize),
        move |__out| ::koil::__private::feed(__out, lines(path.lend())),
    )
}
