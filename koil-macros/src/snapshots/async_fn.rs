/// The page behind a link.
///
/// ```
/// let page = fetch("/").await;
/// ```
pub async fn fetch(url: &str) -> Result<String, Error> {
    get(url).await
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
/** The page behind a link.

 Blocking twin of [`fetch`].*/
#[track_caller]
pub fn fetch_blocking(url: &str) -> Result<String, Error> {
    ::koil::__private::block_on("fetch_blocking\nfetch", fetch(url))
}
