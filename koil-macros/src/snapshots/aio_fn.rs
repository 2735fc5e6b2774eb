#[cfg(unix)]
/// The async side of [`fetch()`]: `fetch::aio`.
#[allow(
    dead_code,
    missing_copy_implementations,
    missing_debug_implementations,
    non_camel_case_types
)]
pub(crate) enum fetch {}
#[cfg(unix)]
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl fetch {
    /** The page behind a link.

 Async twin of [`fetch()`].*/
    #[cfg(unix)]
    #[instrument]
    pub(crate) async fn aio<T>(
        url: &str,
        check: impl AsyncFn(&T) -> bool,
    ) -> Result<T, Error> {
        get(url).await
    }
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
/** The page behind a link.

 ```
 let page = fetch("/");
 ```*/
#[cfg(unix)]
#[cfg(feature = "blocking")]
#[track_caller]
pub(crate) fn fetch<T>(url: &str, check: impl Fn(&T) -> bool) -> Result<T, Error> {
    let __call = ::koil::__private::Call::begin(
        ::core::option::Option::None,
        "fetch\nfetch::aio",
    );
    let __entered = __call.enter();
    ::koil::__private::wait(
        &__call,
        <fetch>::aio::<
            T,
        >(
            url,
            {
                let __f = check;
                async move |__a0| {
                    let __callback = ::koil::__private::callback();
                    __f(__a0)
                }
            },
        ),
    )
}
