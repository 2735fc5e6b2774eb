//! `forward!`: the items of every twin type: the conversions between both sides, and the std traits
//! of its original.
//!
//! A template here is written once for all crates and read by rustc itself; `koil-macros` would
//! produce it token by token for each type, in code without optimisation. The bodies are calls of
//! functions of the runtime, or of std on the field, and own nothing that needs a drop: each body is
//! type-checked and borrow-checked for each type, used or not.

/// The items of the lists, for one type; `koil-macros::expand::types` writes the first argument. Items
/// of the second list are not in the docs.
///
/// `for<$late>` defers a bound: where it is false the impl is absent, instead of an error. So the
/// macro need not know the traits of the original.
#[doc(hidden)]
#[macro_export]
macro_rules! __koil_forward {
    (@HasTwin [$($hidden:meta)?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$late:lifetime $hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)*
        impl $($params)* $crate::private::HasTwin for $aio
        where $($own)* $($sized)* {
            type Twin = $twin;
        }
    };
    (@FromShell [$($hidden:meta)?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$late:lifetime $hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)*
        impl $($params)* ::core::convert::From<$aio> for $twin
        where $($own)* $($sized)* {
            fn from(__original: $aio) -> Self {
                Self { __aio: $crate::private::Shell::new(__original) }
            }
        }
    };
    (@FromBare [$($hidden:meta)?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$late:lifetime $hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)*
        impl $($params)* ::core::convert::From<$aio> for $twin
        where $($own)* $($sized)* {
            fn from(__original: $aio) -> Self {
                Self { __aio: __original }
            }
        }
    };
    (@Accessors [$($hidden:meta)?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$late:lifetime $hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)*
        #[allow(dead_code)]
        impl $($params)* $aio
        where $($own)* {
            /// The blocking twin of this value.
            $($vis)* fn blocking(&self) -> &$twin {
                $crate::private::as_twin(self)
            }

            /// The blocking twin of this value, to change it.
            $($vis)* fn blocking_mut(&mut self) -> &mut $twin {
                $crate::private::as_twin_mut(self)
            }

            /// This value as its blocking twin.
            $($vis)* fn into_blocking(self) -> $twin
            where $($sized)*
            {
                $crate::private::into_twin(self)
            }
        }

        $($attrs)*
        #[allow(dead_code)]
        impl $($params)* $twin
        where $($own)* {
            /// The async original of this twin.
            $($vis)* fn aio(&self) -> &$aio {
                &self.__aio
            }

            /// The async original of this twin, to change it.
            $($vis)* fn aio_mut(&mut self) -> &mut $aio {
                &mut self.__aio
            }

            /// The async original out of this twin.
            $($vis)* fn into_aio(self) -> $aio
            where $($sized)*
            {
                $crate::private::Twin::into_aio(self)
            }
        }
    };
    (@From [$($hidden:meta)?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$late:lifetime $hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)*
        impl $($params)* ::core::convert::From<$twin> for $aio
        where $($own)* $($sized)* {
            fn from(__twin: $twin) -> Self {
                $crate::private::Twin::into_aio(__twin)
            }
        }
    };
    (@Deref [$($hidden:meta)?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$late:lifetime $hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::ops::Deref for $twin
        where $($own)* {
            type Target = $aio;

            fn deref(&self) -> &$aio {
                &self.__aio
            }
        }

        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::ops::DerefMut for $twin
        where $($own)* {
            fn deref_mut(&mut self) -> &mut $aio {
                &mut self.__aio
            }
        }
    };
    // A constructor may spawn tasks.
    (@Clone [$($hidden:meta)?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$late:lifetime $hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        #[allow(clippy::expl_impl_clone_on_copy)]
        impl $($params)* ::core::clone::Clone for $twin
        where $($own)* $($sized)* for<$late> $aio: ::core::clone::Clone {
            #[track_caller]
            fn clone(&self) -> Self {
                Self { __aio: $crate::private::cloned(&self.__aio, ::core::concat!($twin_name, "::clone\n", $aio_name, "::clone")) }
            }
        }
    };
    (@Default [$($hidden:meta)?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$late:lifetime $hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::default::Default for $twin
        where $($own)* $($sized)* for<$late> $aio: ::core::default::Default {
            #[track_caller]
            fn default() -> Self {
                Self { __aio: $crate::private::default(::core::concat!($twin_name, "::default\n", $aio_name, "::default")) }
            }
        }
    };
    (@FromStr [$($hidden:meta)?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$late:lifetime $hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::str::FromStr for $twin
        where $($own)* $($sized)* for<$late> $aio: ::core::str::FromStr {
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
    (@Copy [$($hidden:meta)?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$late:lifetime $hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::marker::Copy for $twin
        where $($own)* $($sized)* for<$late> $aio: ::core::marker::Copy {}
    };
    (@Eq [$($hidden:meta)?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$late:lifetime $hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::cmp::Eq for $twin
        where $($own)* for<$late> $aio: ::core::cmp::Eq {}
    };
    (@Debug [$($hidden:meta)?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$late:lifetime $hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::fmt::Debug for $twin
        where $($own)* for<$late> $aio: ::core::fmt::Debug {
            fn fmt(&self, __formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&self.__aio, __formatter)
            }
        }
    };
    (@Display [$($hidden:meta)?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$late:lifetime $hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::fmt::Display for $twin
        where $($own)* for<$late> $aio: ::core::fmt::Display {
            fn fmt(&self, __formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.__aio, __formatter)
            }
        }
    };
    (@PartialEq [$($hidden:meta)?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$late:lifetime $hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::cmp::PartialEq for $twin
        where $($own)* for<$late> $aio: ::core::cmp::PartialEq {
            fn eq(&self, __other: &Self) -> bool {
                ::core::cmp::PartialEq::eq(&self.__aio, &__other.__aio)
            }
        }
    };
    (@PartialOrd [$($hidden:meta)?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$late:lifetime $hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::cmp::PartialOrd for $twin
        where $($own)* for<$late> $aio: ::core::cmp::PartialOrd {
            fn partial_cmp(&self, __other: &Self) -> ::core::option::Option<::core::cmp::Ordering> {
                ::core::cmp::PartialOrd::partial_cmp(&self.__aio, &__other.__aio)
            }
        }
    };
    (@Ord [$($hidden:meta)?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$late:lifetime $hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::cmp::Ord for $twin
        where $($own)* for<$late> $aio: ::core::cmp::Ord {
            fn cmp(&self, __other: &Self) -> ::core::cmp::Ordering {
                ::core::cmp::Ord::cmp(&self.__aio, &__other.__aio)
            }
        }
    };
    (@Hash [$($hidden:meta)?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$late:lifetime $hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::hash::Hash for $twin
        where $($own)* for<$late> $aio: ::core::hash::Hash {
            fn hash<$hasher: ::core::hash::Hasher>(&self, __state: &mut $hasher) {
                ::core::hash::Hash::hash(&self.__aio, __state);
            }
        }
    };
    (@Error [$($hidden:meta)?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$late:lifetime $hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::error::Error for $twin
        where $($own)* for<$late> $aio: ::core::error::Error {
            fn source(&self) -> ::core::option::Option<&(dyn ::core::error::Error + 'static)> {
                ::core::error::Error::source(&self.__aio)
            }
        }
    };
    (@Iterator [$($hidden:meta)?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$late:lifetime $hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::iter::Iterator for $twin
        where $($own)* for<$late> $aio: $crate::private::Stream + ::core::marker::Unpin {
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
    (@Read [$($hidden:meta)?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$late:lifetime $hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::std::io::Read for $twin
        where $($own)* for<$late> $aio: $crate::private::AsyncRead + ::core::marker::Unpin {
            #[track_caller]
            fn read(&mut self, __buf: &mut [u8]) -> ::std::io::Result<usize> {
                $crate::private::read(self, ::core::concat!($twin_name, "::read\n", $aio_name, "::read"), __buf)
            }
        }
    };
    (@BufRead [$($hidden:meta)?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$late:lifetime $hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::std::io::BufRead for $twin
        where $($own)* for<$late> $aio: $crate::private::AsyncBufRead + ::core::marker::Unpin {
            #[track_caller]
            fn fill_buf(&mut self) -> ::std::io::Result<&[u8]> {
                $crate::private::fill_buf(self, ::core::concat!($twin_name, "::fill_buf\n", $aio_name, "::fill_buf"))
            }

            fn consume(&mut self, __amount: usize) {
                $crate::private::consume(self, __amount);
            }
        }
    };
    (@Write [$($hidden:meta)?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$late:lifetime $hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::std::io::Write for $twin
        where $($own)* for<$late> $aio: $crate::private::AsyncWrite + ::core::marker::Unpin {
            #[track_caller]
            fn write(&mut self, __buf: &[u8]) -> ::std::io::Result<usize> {
                $crate::private::write(self, ::core::concat!($twin_name, "::write\n", $aio_name, "::write"), __buf)
            }

            #[track_caller]
            fn write_vectored(
                &mut self,
                __bufs: &[::std::io::IoSlice<'_>],
            ) -> ::std::io::Result<usize> {
                $crate::private::write_vectored(
                    self,
                    ::core::concat!($twin_name, "::write\n", $aio_name, "::write"),
                    __bufs,
                )
            }

            #[track_caller]
            fn flush(&mut self) -> ::std::io::Result<()> {
                $crate::private::flush(self, ::core::concat!($twin_name, "::flush\n", $aio_name, "::flush"))
            }
        }
    };
    (@Seek [$($hidden:meta)?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$late:lifetime $hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::std::io::Seek for $twin
        where $($own)* for<$late> $aio: $crate::private::AsyncSeek + ::core::marker::Unpin {
            #[track_caller]
            fn seek(&mut self, __position: ::std::io::SeekFrom) -> ::std::io::Result<u64> {
                $crate::private::seek(self, ::core::concat!($twin_name, "::seek\n", $aio_name, "::seek"), __position)
            }
        }
    };
    ($of:tt [$($shown:ident)*] [$($hidden:ident)*]) => {
        $($crate::__koil_forward! { @$shown [] $of })*
        $($crate::__koil_forward! { @$hidden [doc(hidden)] $of })*
    };
}
