#[cfg(unix)]
impl<K: Key> Store<K>
where
    K: Send,
{
    const LIMIT: usize = 3;
    /// Opens a store, see [`Self::get`].
    pub fn open(path: &Path) -> io::Result<Self> {
        ..
    }
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<Vec<u8>> {
        ..
    }
    fn close(self: Arc<Self>) {}
    pub fn keys(&self) -> impl Iterator<Item = K> + '_ {
        ..
    }
    fn compact(self) -> Self {
        ..
    }
    fn scan(self, out: &mut Yielder<K>) {}
    fn len(&self) -> usize {
        ..
    }
}
#[cfg(unix)]
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl<K: Key> Store<K>
where
    K: Send,
{
    /** Opens a store, see [`Self::get`].

 Async twin of [`Store::open`].*/
    #[track_caller]
    pub fn open_async(path: &Path) -> ::koil::ThreadedCall<io::Result<Self>> {
        let path = ::koil::__private::owned(path);
        ::koil::__private::threaded(
            "Store::open_async\nStore::open",
            ::koil::__private::Place::Pool,
            move || <Self>::open(path.lend()),
        )
    }
    /** The value of a key.

 Async twin of [`Store::get`].*/
    #[must_use]
    #[track_caller]
    pub fn get_async(&self, key: &K) -> ::koil::ThreadedCall<Option<Vec<u8>>> {
        let __self = ::koil::__private::owned(self);
        let key = ::koil::__private::owned(key);
        ::koil::__private::threaded(
            "Store::get_async\nStore::get",
            ::koil::__private::Place::Pool,
            move || <Self>::get(__self.lend(), key.lend()),
        )
    }
    /// Async twin of [`Store::close`].
    #[track_caller]
    fn close_async(self: Arc<Self>) -> ::koil::ThreadedCall<()> {
        let __self = ::koil::__private::Sent {
            value: self,
        }
            .value;
        ::koil::__private::threaded(
            "Store::close_async\nStore::close",
            ::koil::__private::Place::Pool,
            move || <Self>::close(__self),
        )
    }
    /// Async twin of [`Store::keys`].
    #[track_caller]
    pub fn keys_async(&self) -> ::koil::ThreadedIter<K> {
        let __self = ::koil::__private::owned(self);
        ::koil::__private::threaded_yield(
            "Store::keys_async\nStore::keys",
            ::koil::__private::Place::Pool,
            ::core::option::Option::None,
            move |__out| ::koil::__private::feed(__out, <Self>::keys(__self.lend())),
        )
    }
    /// Async twin of [`Store::compact`].
    #[track_caller]
    fn compact_soon(self) -> ::koil::ThreadedCall<Self> {
        let __handle = ::koil::__private::home(&(self.pool()));
        let __self = ::koil::__private::Sent {
            value: self,
        }
            .value;
        let __entered = __handle.enter();
        ::koil::__private::threaded(
                "Store::compact_soon\nStore::compact",
                ::koil::__private::Place::Separate,
                move || <Self>::compact(__self),
            )
            .unwinding()
    }
    /// Async twin of [`Store::scan`].
    #[track_caller]
    fn scan_async(self) -> ::koil::ThreadedIter<K> {
        let __self = ::koil::__private::Sent {
            value: self,
        }
            .value;
        ::koil::__private::threaded_yield(
            "Store::scan_async\nStore::scan",
            ::koil::__private::Place::Pool,
            ::core::option::Option::Some(8usize),
            move |__out| <Self>::scan(__self, __out),
        )
    }
}
