fn crawl(
    base: String,
    #[cfg(unix)]
    depth: u8,
    out: &mut Yielder<Page>,
) -> io::Result<()> {
    ..
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
/// Async twin of [`crawl`].
#[track_caller]
fn crawl_async(
    base: String,
    #[cfg(unix)]
    depth: u8,
) -> ::koil::ThreadedIter<io::Result<Page>> {
    let base = ::koil::__private::Sent {
        value: base,
    }
        .value;
    #[cfg(unix)]
    let depth = ::koil::__private::Sent {
        value: depth,
    }
        .value;
    ::koil::__private::threaded_yield(
        "crawl_async\ncrawl",
        ::koil::__private::Place::Pool,
        ::core::option::Option::None,
        move |__out| crawl(base, #[cfg(unix)] depth, __out),
    )
}
