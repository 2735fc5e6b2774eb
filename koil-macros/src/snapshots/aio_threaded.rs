/// A checksum.
pub fn checksum(path: &Path) -> u64 {
    3
}
#[cfg(feature = "async")]
/// The async side of [`checksum()`]: `checksum::aio`.
#[allow(
    dead_code,
    missing_copy_implementations,
    missing_debug_implementations,
    non_camel_case_types
)]
pub enum checksum {}
#[cfg(feature = "async")]
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl checksum {
    /** A checksum.

 Async twin of [`checksum()`].*/
    #[cfg(feature = "async")]
    #[track_caller]
    pub fn aio(path: &Path) -> ::koil::ThreadedCall<u64> {
        let path = ::koil::__private::owned(path);
        ::koil::__private::threaded(
            "checksum::aio\nchecksum",
            ::koil::__private::Place::Pool,
            move || checksum(path.lend()),
        )
    }
}

impl Store {
    /// Loads a value.
    pub fn load(&self, key: &str) -> u32 {
        3
    }
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl Store {
    #[doc(hidden)]
    #[track_caller]
    pub fn __koil_load(&self, key: &str) -> ::koil::ThreadedCall<u32> {
        let __self = ::koil::__private::owned(self);
        let key = ::koil::__private::owned(key);
        ::koil::__private::threaded(
            "StoreAio::load\nStore::load",
            ::koil::__private::Place::Pool,
            move || <Self>::load(__self.lend(), key.lend()),
        )
    }
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl StoreAio {
    /** Loads a value.

 Async twin of [`Store::load`].*/
    pub fn load(&self, key: &str) -> ::koil::ThreadedCall<u32> {
        <Store>::__koil_load(::koil::__private::Twin::aio(self), key)
    }
}
