/// A back end.
pub trait Storage<K: Send + 'static>: Debug {
    type Value: Clone + Send + 'static;
    const LIMIT: usize = 3;
    /// Opens it.
    fn open(path: &Path) -> Self
    where
        Self: Sized;
    #[must_use]
    fn get(&self, key: &str) -> io::Result<Self::Value>;
    fn set<V: Into<Self::Value>>(&self, key: K, value: V) {
        ..
    }
    fn keys(&self) -> io::Result<impl Iterator<Item = K> + '_>;
    fn close(self: Arc<Self>);
}
/** A back end.

 Async twin of [`Storage`].

 A `koil::Threaded` of each [`Storage`] has it; other types may implement it by hand.*/
#[allow(
    dead_code,
    deprecated,
    non_camel_case_types,
    non_snake_case,
    clippy::double_must_use,
    clippy::missing_safety_doc
)]
#[diagnostic::on_unimplemented(
    note = "wrap a `Storage` in `koil::Threaded`, which has it"
)]
pub trait AsyncStorage<K: Send + 'static> {
    /// Async twin of [`Storage::Value`].
    type Value: Clone + Send + 'static;
    /// Async twin of [`Storage::LIMIT`].
    const LIMIT: usize;
    /// Async twin of [`Storage::get`].
    #[must_use]
    #[track_caller]
    fn get(&self, key: &str) -> ::koil::ThreadedCall<io::Result<Self::Value>>;
    /// Async twin of [`Storage::set`].
    #[track_caller]
    fn set<V: Into<Self::Value>>(&self, key: K, value: V) -> ::koil::ThreadedCall<()>
    where
        V: ::core::marker::Send + 'static;
    /// Async twin of [`Storage::keys`].
    #[track_caller]
    fn keys(&self) -> ::koil::ThreadedCall<io::Result<::koil::ThreadedIter<K>>>;
    /// Async twin of [`Storage::close`].
    #[track_caller]
    fn close(&self) -> ::koil::ThreadedCall<()>;
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl<K: Send + 'static, __Shared> AsyncStorage<K> for ::koil::Threaded<__Shared>
where
    __Shared: ?::core::marker::Sized + Storage<K> + ::core::marker::Send
        + ::core::marker::Sync + 'static,
{
    type Value = <<Self as ::koil::__private::Shares>::Shared as Storage<K>>::Value;
    const LIMIT: usize = <<Self as ::koil::__private::Shares>::Shared as Storage<
        K,
    >>::LIMIT;
    #[track_caller]
    fn get(&self, key: &str) -> ::koil::ThreadedCall<io::Result<Self::Value>> {
        let __self = ::koil::__private::shared(self);
        let key = ::koil::__private::owned(key);
        ::koil::__private::threaded(
            "AsyncStorage::get\nStorage::get",
            ::koil::__private::Place::Pool,
            move || <<Self as ::koil::__private::Shares>::Shared as Storage<
                K,
            >>::get(&*__self, key.lend()),
        )
    }
    #[track_caller]
    fn set<V: Into<Self::Value>>(&self, key: K, value: V) -> ::koil::ThreadedCall<()>
    where
        V: ::core::marker::Send + 'static,
    {
        let __self = ::koil::__private::shared(self);
        let key = ::koil::__private::Sent {
            value: key,
        }
            .value;
        let value = ::koil::__private::Sent {
            value: value,
        }
            .value;
        ::koil::__private::threaded(
            "AsyncStorage::set\nStorage::set",
            ::koil::__private::Place::Separate,
            move || <<Self as ::koil::__private::Shares>::Shared as Storage<
                K,
            >>::set::<V>(&*__self, key, value),
        )
    }
    #[track_caller]
    fn keys(&self) -> ::koil::ThreadedCall<io::Result<::koil::ThreadedIter<K>>> {
        let __self = ::koil::__private::shared(self);
        ::koil::__private::threaded_open(
            "AsyncStorage::keys\nStorage::keys",
            ::koil::__private::Place::Pool,
            ::core::option::Option::Some(8usize),
            move |__out| ::koil::__private::open(
                __out,
                <<Self as ::koil::__private::Shares>::Shared as Storage<
                    K,
                >>::keys(&*__self),
            ),
        )
    }
    #[track_caller]
    fn close(&self) -> ::koil::ThreadedCall<()> {
        let __self = ::koil::__private::shared(self);
        ::koil::__private::threaded(
            "AsyncStorage::close\nStorage::close",
            ::koil::__private::Place::Pool,
            move || <<Self as ::koil::__private::Shares>::Shared as Storage<
                K,
            >>::close(__self),
        )
    }
}
