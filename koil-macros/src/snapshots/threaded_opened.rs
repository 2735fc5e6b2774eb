fn entries(path: &Path) -> io::Result<fs::ReadDir> {
    ..
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
/// Async twin of [`entries`].
#[track_caller]
fn entries_async(
    path: &Path,
) -> ::koil::ThreadedCall<
    io::Result<::koil::ThreadedIter<<fs::ReadDir as ::core::iter::Iterator>::Item>>,
> {
    let path = ::koil::__private::owned(path);
    ::koil::__private::threaded_open(
        "entries_async\nentries",
        ::koil::__private::Place::Separate,
        ::core::option::Option::None,
        move |__out| ::koil::__private::open(__out, entries(path.lend())),
    )
}
