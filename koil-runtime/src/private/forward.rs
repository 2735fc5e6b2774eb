//! `forward!`: the items of every twin type, above all those whose calls need a loop.
//!
//! The others are in `koil-inline`, where the reason for these templates is written.

/// The items of the lists, for one type, as in `forward_inline!`.
#[doc(hidden)]
#[macro_export]
macro_rules! __koil_forward {
    // A constructor may spawn tasks.
    (@Clone [$($hidden:meta)?; $(($($late:lifetime)?))?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        #[allow(clippy::expl_impl_clone_on_copy)]
        impl $($params)* ::core::clone::Clone for $twin
        where $($own)* $($sized)* $($(for<$late>)? $aio: ::core::clone::Clone)? {
            #[track_caller]
            fn clone(&self) -> Self {
                Self { __aio: $crate::private::cloned(&self.__aio, ::core::concat!($twin_name, "::clone\n", $aio_name, "::clone")) }
            }
        }
    };
    (@Default [$($hidden:meta)?; $(($($late:lifetime)?))?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::default::Default for $twin
        where $($own)* $($sized)* $($(for<$late>)? $aio: ::core::default::Default)? {
            #[track_caller]
            fn default() -> Self {
                Self { __aio: $crate::private::default(::core::concat!($twin_name, "::default\n", $aio_name, "::default")) }
            }
        }
    };
    (@FromStr [$($hidden:meta)?; $(($($late:lifetime)?))?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::str::FromStr for $twin
        where $($own)* $($sized)* $($(for<$late>)? $aio: ::core::str::FromStr)? {
            type Err = <$aio as ::core::str::FromStr>::Err;

            #[track_caller]
            fn from_str(__text: &str) -> ::core::result::Result<Self, Self::Err> {
                $crate::private::from_str::<$aio, Self>(
                    __text,
                    ::core::concat!($twin_name, "::from_str\n", $aio_name, "::from_str"),
                )
            }
        }
    };
    (@Iterator [$($hidden:meta)?; $(($($late:lifetime)?))?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::iter::Iterator for $twin
        where $($own)* $($(for<$late>)? $aio: $crate::private::Stream + ::core::marker::Unpin)? {
            type Item = <$aio as $crate::private::Stream>::Item;

            #[track_caller]
            fn next(&mut self) -> ::core::option::Option<Self::Item> {
                $crate::private::next(self, ::core::concat!($twin_name, "::next\n", $aio_name, "::next"))
            }

            fn size_hint(&self) -> (usize, ::core::option::Option<usize>) {
                $crate::private::size_hint(self)
            }
        }
    };
    // Readers and writers: of tokio, or of futures.
    (@Read $hidden:tt $of:tt) => { $crate::__koil_forward! { @reads tokio_io $hidden $of } };
    (@FuturesRead $hidden:tt $of:tt) => { $crate::__koil_forward! { @reads futures_io $hidden $of } };
    (@BufRead $hidden:tt $of:tt) => { $crate::__koil_forward! { @buffers tokio_io $hidden $of } };
    (@FuturesBufRead $hidden:tt $of:tt) => { $crate::__koil_forward! { @buffers futures_io $hidden $of } };
    (@Write $hidden:tt $of:tt) => { $crate::__koil_forward! { @writes tokio_io $hidden $of } };
    (@FuturesWrite $hidden:tt $of:tt) => { $crate::__koil_forward! { @writes futures_io $hidden $of } };
    (@Seek $hidden:tt $of:tt) => { $crate::__koil_forward! { @seeks tokio_io $hidden $of } };
    (@FuturesSeek $hidden:tt $of:tt) => { $crate::__koil_forward! { @seeks futures_io $hidden $of } };
    (@reads $io:ident [$($hidden:meta)?; $(($($late:lifetime)?))?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::std::io::Read for $twin
        where $($own)* $($(for<$late>)? $aio: $crate::private::$io::AsyncRead + ::core::marker::Unpin)? {
            #[track_caller]
            fn read(&mut self, __buf: &mut [u8]) -> ::std::io::Result<usize> {
                $crate::private::$io::read(self, ::core::concat!($twin_name, "::read\n", $aio_name, "::read"), __buf)
            }
        }
    };
    (@buffers $io:ident [$($hidden:meta)?; $(($($late:lifetime)?))?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::std::io::BufRead for $twin
        where $($own)* $($(for<$late>)? $aio: $crate::private::$io::AsyncBufRead + ::core::marker::Unpin)? {
            #[track_caller]
            fn fill_buf(&mut self) -> ::std::io::Result<&[u8]> {
                $crate::private::$io::fill_buf(self, ::core::concat!($twin_name, "::fill_buf\n", $aio_name, "::fill_buf"))
            }

            fn consume(&mut self, __amount: usize) {
                $crate::private::$io::consume(self, __amount);
            }
        }
    };
    (@writes $io:ident [$($hidden:meta)?; $(($($late:lifetime)?))?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::std::io::Write for $twin
        where $($own)* $($(for<$late>)? $aio: $crate::private::$io::AsyncWrite + ::core::marker::Unpin)? {
            #[track_caller]
            fn write(&mut self, __buf: &[u8]) -> ::std::io::Result<usize> {
                $crate::private::$io::write(self, ::core::concat!($twin_name, "::write\n", $aio_name, "::write"), __buf)
            }

            #[track_caller]
            fn write_vectored(
                &mut self,
                __bufs: &[::std::io::IoSlice<'_>],
            ) -> ::std::io::Result<usize> {
                $crate::private::$io::write_vectored(
                    self,
                    ::core::concat!($twin_name, "::write\n", $aio_name, "::write"),
                    __bufs,
                )
            }

            #[track_caller]
            fn flush(&mut self) -> ::std::io::Result<()> {
                $crate::private::$io::flush(self, ::core::concat!($twin_name, "::flush\n", $aio_name, "::flush"))
            }
        }
    };
    (@seeks $io:ident [$($hidden:meta)?; $(($($late:lifetime)?))?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::std::io::Seek for $twin
        where $($own)* $($(for<$late>)? $aio: $crate::private::$io::AsyncSeek + ::core::marker::Unpin)? {
            #[track_caller]
            fn seek(&mut self, __position: ::std::io::SeekFrom) -> ::std::io::Result<u64> {
                $crate::private::$io::seek(self, ::core::concat!($twin_name, "::seek\n", $aio_name, "::seek"), __position)
            }
        }
    };
    (@$other:ident $hidden:tt $of:tt) => {
        $crate::private::forward_inline! { @$other $hidden $of }
    };
    ($of:tt $late:lifetime $sure:tt [$($shown:ident)*] [$($hidden:ident)*]) => {
        $($crate::__koil_forward! { @$shown $sure $of })*
        $($crate::__koil_forward! { @$hidden [doc(hidden); ($late)] $of })*
    };
}
