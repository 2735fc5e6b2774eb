/// The checksum of a file.
pub fn checksum<H: Hasher>(
    path: &Path,
    mut hasher: H,
    (a, _): (u8, u8),
) -> io::Result<u64> {
    ..
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
/** The checksum of a file.

 Async twin of [`checksum`].*/
#[track_caller]
pub fn checksum_async<H: Hasher>(
    path: &Path,
    hasher: H,
    a: (u8, u8),
) -> ::koil::ThreadedCall<io::Result<u64>>
where
    H: ::core::marker::Send + 'static,
{
    let path = ::koil::__private::owned(path);
    let hasher = ::koil::__private::Sent {
        value: hasher,
    }
        .value;
    let a = ::koil::__private::Sent {
        value: a,
    }
        .value;
    ::koil::__private::threaded(
        "checksum_async\nchecksum",
        ::koil::__private::Place::Pool,
        move || checksum::<H>(path.lend(), hasher, a),
    )
}
