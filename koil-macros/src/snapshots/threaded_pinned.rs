impl<K: Key> Store<K>
where
    K: Send,
{
    /// Opens a store.
    pub fn open(path: &Path) -> io::Result<Self> {
        ..
    }
    fn new(key: K) -> Self {
        ..
    }
    pub fn version() -> u8 {
        ..
    }
    /// The value of a key.
    #[must_use]
    pub fn get(&mut self, key: &K) -> Option<Vec<u8>> {
        ..
    }
    fn keys(&self) -> impl Iterator<Item = K> + '_ {
        ..
    }
    fn from(&self, key: K) -> io::Result<impl Iterator<Item = K> + '_> {
        ..
    }
    fn scan(&mut self, out: &mut Yielder<K>) -> io::Result<()> {
        ..
    }
    fn close(self) -> io::Result<()> {
        ..
    }
}
/// Async twin of [`Store`]: a `Store` on a thread of its own.
#[cfg(feature = "async")]
#[allow(dead_code, deprecated, private_interfaces, unreachable_pub)]
pub struct AsyncStore<K: Key>(
    ::koil::__private::Pinned<Store<K>>,
)
where
    K: Send;
#[cfg(feature = "async")]
#[allow(deprecated, private_interfaces)]
impl<K: Key> ::core::clone::Clone for AsyncStore<K>
where
    K: Send,
{
    fn clone(&self) -> Self {
        AsyncStore(::core::clone::Clone::clone(&self.0))
    }
}
#[cfg(feature = "async")]
#[allow(deprecated, private_interfaces)]
impl<K: Key> ::core::fmt::Debug for AsyncStore<K>
where
    K: Send,
{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Formatter::write_str(f, "AsyncStore")
    }
}
#[cfg(feature = "async")]
#[allow(deprecated, private_interfaces)]
impl<K: Key> ::core::convert::AsRef<::koil::__private::Pinned<Store<K>>>
for AsyncStore<K>
where
    K: Send,
{
    fn as_ref(&self) -> &::koil::__private::Pinned<Store<K>> {
        &self.0
    }
}
#[cfg(feature = "async")]
#[allow(deprecated, private_interfaces)]
impl<K: Key> ::core::convert::From<::koil::__private::Pinned<Store<K>>> for AsyncStore<K>
where
    K: Send,
{
    fn from(pinned: ::koil::__private::Pinned<Store<K>>) -> Self {
        AsyncStore(pinned)
    }
}
#[cfg(feature = "async")]
#[allow(deprecated, private_interfaces)]
impl<K: Key> ::core::convert::From<AsyncStore<K>> for ::koil::__private::Pinned<Store<K>>
where
    K: Send,
{
    fn from(twin: AsyncStore<K>) -> Self {
        twin.0
    }
}
#[cfg(feature = "async")]
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl<K: Key> AsyncStore<K>
where
    K: Send,
{
    /** Opens a store.

 Async twin of [`Store::open`].*/
    #[track_caller]
    pub fn open(path: &Path) -> ::koil::ThreadedCall<io::Result<Self>> {
        let path = ::koil::__private::owned(path);
        ::koil::__private::pinned_made(
            "AsyncStore::open\nStore::open",
            move || <Store<K>>::open(path.lend()),
        )
    }
    /// Async twin of [`Store::new`].
    #[track_caller]
    fn new(key: K) -> ::koil::ThreadedCall<Self> {
        let key = ::koil::__private::Sent {
            value: key,
        }
            .value;
        ::koil::__private::pinned_new(
            "AsyncStore::new\nStore::new",
            move || <Store<K>>::new(key),
        )
    }
    /// Async twin of [`Store::version`].
    #[track_caller]
    pub fn version() -> ::koil::ThreadedCall<u8> {
        ::koil::__private::threaded(
            "AsyncStore::version\nStore::version",
            ::koil::__private::Place::Pool,
            move || <Store<K>>::version(),
        )
    }
    /** The value of a key.

 Async twin of [`Store::get`].*/
    #[must_use]
    #[track_caller]
    pub fn get(&self, key: &K) -> ::koil::ThreadedCall<Option<Vec<u8>>> {
        let key = ::koil::__private::owned(key);
        ::koil::__private::pinned_with(
            "AsyncStore::get\nStore::get",
            <Self as ::core::convert::AsRef<
                ::koil::__private::Pinned<Store<K>>,
            >>::as_ref(self),
            move |__self| <Store<K>>::get(__self, key.lend()),
        )
    }
    /// Async twin of [`Store::keys`].
    #[track_caller]
    fn keys(&self) -> ::koil::ThreadedIter<K> {
        ::koil::__private::pinned_yield(
            "AsyncStore::keys\nStore::keys",
            <Self as ::core::convert::AsRef<
                ::koil::__private::Pinned<Store<K>>,
            >>::as_ref(self),
            ::core::option::Option::None,
            move |__self, __out| ::koil::__private::feed(__out, <Store<K>>::keys(__self)),
        )
    }
    /// Async twin of [`Store::from`].
    #[track_caller]
    fn from(&self, key: K) -> ::koil::ThreadedCall<io::Result<::koil::ThreadedIter<K>>> {
        let key = ::koil::__private::Sent {
            value: key,
        }
            .value;
        ::koil::__private::pinned_open(
            "AsyncStore::from\nStore::from",
            <Self as ::core::convert::AsRef<
                ::koil::__private::Pinned<Store<K>>,
            >>::as_ref(self),
            ::core::option::Option::None,
            move |__self, __out| ::koil::__private::open(
                __out,
                <Store<K>>::from(__self, key),
            ),
        )
    }
    /// Async twin of [`Store::scan`].
    #[track_caller]
    fn scan(&self) -> ::koil::ThreadedIter<io::Result<K>> {
        ::koil::__private::pinned_yield(
            "AsyncStore::scan\nStore::scan",
            <Self as ::core::convert::AsRef<
                ::koil::__private::Pinned<Store<K>>,
            >>::as_ref(self),
            ::core::option::Option::Some(8usize),
            move |__self, __out| <Store<K>>::scan(__self, __out),
        )
    }
    /// Async twin of [`Store::close`].
    #[track_caller]
    fn close(self) -> ::koil::ThreadedCall<io::Result<()>> {
        ::koil::__private::pinned_take(
            "AsyncStore::close\nStore::close",
            <::koil::__private::Pinned<
                Store<K>,
            > as ::core::convert::From<Self>>::from(self),
            move |__self| <Store<K>>::close(__self),
        )
    }
}
