pub unsafe fn load(&self, key: &str) -> Option<Self> {
    ..
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
/** What the caller promises has to hold until the job is over, on whichever thread it runs.

 Async twin of [`Self::load`].*/
#[track_caller]
pub unsafe fn fetch(&self, key: &str) -> ::koil::ThreadedCall<Option<Self>> {
    let __self = ::koil::__private::owned(self);
    let key = ::koil::__private::owned(key);
    ::koil::__private::threaded(
        "fetch\nload",
        ::koil::__private::Place::Pool,
        move || unsafe { <Self>::load(__self.lend(), key.lend()) },
    )
}
