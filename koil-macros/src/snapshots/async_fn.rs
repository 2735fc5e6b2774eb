/// The page behind a link.
///
/// ```
/// let page = fetch("/").await;
/// ```
pub async fn fetch(url: &str) -> Result<String, Error> {
    get(url).await
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
/// Blocking twin of [`fetch`].
///
/// The page behind a link.
#[track_caller]
pub fn fetch_blocking(url: &str) -> Result<String, Error> {
    let __call = &::koil::__private::Names {
        twin: "fetch_blocking",
        original: "fetch",
    };
    let __future = fetch(url);
    ::koil::__private::Probe::of(&__future).__koil_block_on(__call, __future)
}
