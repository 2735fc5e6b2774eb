fn copy<'a, P: AsRef<Path> + ?Sized, T>(
    from: &'a P,
    to: impl AsRef<Path>,
    like: &impl Display,
    items: &[T],
    each: Vec<impl Fn(&T) -> u8>,
    title: &'static str,
)
where
    T: Debug,
{
    ..
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
#[allow(single_use_lifetimes, clippy::needless_lifetimes)]
/// Async twin of [`copy`].
#[cfg(feature = "async")]
#[track_caller]
fn copy_async<'a, P: AsRef<Path> + ?Sized, T>(
    from: &'a P,
    to: impl AsRef<Path> + ::core::marker::Send + 'static,
    like: &(impl Display + ::std::borrow::ToOwned<
        Owned: ::core::marker::Send + 'static,
    > + 'static),
    items: &[T],
    each: Vec<impl Fn(&T) -> u8 + ::core::marker::Send + 'static>,
    title: &'static str,
) -> crate::sdk::koil::ThreadedCall<()>
where
    T: Debug,
    P: ::core::marker::Send + 'static,
    T: ::core::marker::Send + 'static,
    P: ::std::borrow::ToOwned<Owned: ::core::marker::Send + 'static>,
    [T]: ::std::borrow::ToOwned<Owned: ::core::marker::Send + 'static>,
{
    let from = crate::sdk::koil::__private::owned(from);
    let to = crate::sdk::koil::__private::Sent {
        value: to,
    }
        .value;
    let like = crate::sdk::koil::__private::owned(like);
    let items = crate::sdk::koil::__private::owned(items);
    let each = crate::sdk::koil::__private::Sent {
        value: each,
    }
        .value;
    let title = crate::sdk::koil::__private::Sent {
        value: title,
    }
        .value;
    crate::sdk::koil::__private::threaded(
        "copy_async\ncopy",
        crate::sdk::koil::__private::Place::Separate,
        move || copy::<P, T>(from.lend(), to, like.lend(), items.lend(), each, title),
    )
}
