/// A back end.
#[async_trait]
pub trait Store<K, const N: usize = 1>: Base + Send + Clone
where
    K: Debug,
    Self::Error: From<K>,
{
    type Error: Debug;
    type Rows<'a, T>: Iterator<Item = T> where Self: 'a;
    const LIMIT: usize = 3;
    const NONE: Self;
    /// Opens it.
    async fn open(key: &K) -> Result<Self, Self::Error>;
    #[must_use]
    async fn bucket(&self, (a, _): (u8, u8)) -> Option<Bucket> {
        ..
    }
    fn watch(&self) -> impl Stream<Item = u8> + '_;
    fn copies(&self) -> impl Stream<Item = Self> + '_;
    async fn merge(&mut self, other: Self, like: &Self)
    where
        Self: Unpin;
    #[cfg(unix)]
    fn len(&self) -> usize;
    fn others(&self, all: &[Self]);
}
/** A back end.

 Blocking twin of [`Store`].

 The blocking twin of each [`Store`] has it; other types may implement it by hand.*/
#[allow(
    dead_code,
    deprecated,
    non_camel_case_types,
    non_snake_case,
    clippy::double_must_use,
    clippy::missing_safety_doc
)]
#[diagnostic::on_unimplemented(
    note = "the blocking twin of each `Store` has it; wrap a value without one in `koil::Blocking`"
)]
pub trait BlockingStore<K, const N: usize = 1>: BlockingBase + Send
where
    K: Debug,
    Self::Error: From<K>,
{
    /// Blocking twin of [`Store::Error`].
    type Error: Debug;
    /// Blocking twin of [`Store::Rows`].
    type Rows<'a, T>: Iterator<Item = T> where Self: 'a;
    /// Blocking twin of [`Store::LIMIT`].
    const LIMIT: usize;
    /// Blocking twin of [`Store::NONE`].
    const NONE: Self;
    /** Opens it.

 Blocking twin of [`Store::open`].*/
    #[track_caller]
    fn open(key: &K) -> Result<Self, Self::Error>;
    /// Blocking twin of [`Store::bucket`].
    #[must_use]
    #[track_caller]
    fn bucket(&self, a: (u8, u8)) -> Option<BlockingBucket>;
    /// Blocking twin of [`Store::watch`].
    #[track_caller]
    fn watch(&self) -> ::koil::Iter<impl Stream<Item = u8> + '_>;
    /// Blocking twin of [`Store::copies`].
    #[track_caller]
    fn copies(&self) -> impl ::core::iter::Iterator<Item = Self> + '_;
    /// Blocking twin of [`Store::merge`].
    #[track_caller]
    fn merge(&mut self, other: Self, like: &Self)
    where
        Self: Unpin;
    /// Blocking twin of [`Store::len`].
    #[cfg(unix)]
    #[track_caller]
    fn len(&self) -> usize;
}
#[allow(dead_code, deprecated, non_snake_case, clippy::double_must_use)]
impl<K, const N: usize, __Twin> BlockingStore<K, N> for __Twin
where
    __Twin: ::core::marker::Sized + ::koil::__private::Twin + Send,
    <__Twin as ::koil::__private::Twin>::Aio: Store<K, N> + ::core::marker::Sync
        + ::core::marker::Unpin + ::core::marker::Sized,
    K: Debug,
    <<Self as ::koil::__private::Twin>::Aio as Store<K, N>>::Error: From<K>,
{
    type Error = <<Self as ::koil::__private::Twin>::Aio as Store<K, N>>::Error;
    type Rows<'a, T> = <<Self as ::koil::__private::Twin>::Aio as Store<
        K,
        N,
    >>::Rows<'a, T>
    where
        Self: 'a;
    const LIMIT: usize = <<Self as ::koil::__private::Twin>::Aio as Store<K, N>>::LIMIT;
    const NONE: Self = ::koil::__private::into_twin::<
        Self,
    >(<<Self as ::koil::__private::Twin>::Aio as Store<K, N>>::NONE);
    #[track_caller]
    fn open(key: &K) -> Result<Self, Self::Error> {
        let __call = ::koil::__private::Call::begin(
            ::core::option::Option::None,
            "BlockingStore::open\nStore::open",
        );
        let __entered = __call.enter();
        let __value = ::koil::__private::wait(
            &__call,
            <<Self as ::koil::__private::Twin>::Aio as Store<K, N>>::open(key),
        );
        ::koil::__private::map_twin::<
            0,
            _,
            _,
        >(__value, |__v| ::koil::__private::into_twin::<Self>(__v))
    }
    #[track_caller]
    fn bucket(&self, a: (u8, u8)) -> Option<BlockingBucket> {
        let __call = ::koil::__private::Call::begin(
            ::core::option::Option::None,
            "BlockingStore::bucket\nStore::bucket",
        );
        let __entered = __call.enter();
        let __value = ::koil::__private::wait(
            &__call,
            <<Self as ::koil::__private::Twin>::Aio as Store<
                K,
                N,
            >>::bucket(::koil::__private::Twin::aio(self), a),
        );
        ::koil::__private::map_twin::<
            0,
            _,
            _,
        >(__value, |__v| <BlockingBucket as ::core::convert::From<_>>::from(__v))
    }
    #[track_caller]
    fn watch(&self) -> ::koil::Iter<impl Stream<Item = u8> + '_> {
        let __call = ::koil::__private::Call::open(
            ::core::option::Option::None,
            "BlockingStore::watch\nStore::watch",
        );
        let __entered = __call.enter();
        ::koil::__private::iter(
            &__call,
            <<Self as ::koil::__private::Twin>::Aio as Store<
                K,
                N,
            >>::watch(::koil::__private::Twin::aio(self)),
        )
    }
    #[track_caller]
    fn copies(&self) -> impl ::core::iter::Iterator<Item = Self> + '_ {
        let __call = ::koil::__private::Call::open(
            ::core::option::Option::None,
            "BlockingStore::copies\nStore::copies",
        );
        let __entered = __call.enter();
        ::core::iter::Iterator::map(
            ::koil::__private::iter(
                &__call,
                <<Self as ::koil::__private::Twin>::Aio as Store<
                    K,
                    N,
                >>::copies(::koil::__private::Twin::aio(self)),
            ),
            |__v| ::koil::__private::into_twin::<Self>(__v),
        )
    }
    #[track_caller]
    fn merge(&mut self, other: Self, like: &Self)
    where
        Self: Unpin,
    {
        let __call = ::koil::__private::Call::begin(
            ::core::option::Option::None,
            "BlockingStore::merge\nStore::merge",
        );
        let __entered = __call.enter();
        ::koil::__private::wait(
            &__call,
            <<Self as ::koil::__private::Twin>::Aio as Store<
                K,
                N,
            >>::merge(
                ::koil::__private::Twin::aio_mut(self),
                ::koil::__private::Twin::into_aio(other),
                ::koil::__private::Twin::aio(like),
            ),
        )
    }
    #[cfg(unix)]
    #[track_caller]
    fn len(&self) -> usize {
        <<Self as ::koil::__private::Twin>::Aio as Store<
            K,
            N,
        >>::len(::koil::__private::Twin::aio(self))
    }
}
