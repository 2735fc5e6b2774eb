//! `forward!`: the items of every twin type that need no runtime: the conversions between both sides,
//! and the std traits of its original.
//!
//! A template here is written once for all crates and read by rustc itself; `koil-macros` would
//! produce it token by token for each type, in code without optimisation. The bodies are calls of
//! functions of this crate, or of std on the field, and own nothing that needs a drop: each body is
//! type-checked and borrow-checked for each type, used or not.

/// The items of the lists, for one type; `koil-macros::expand::types` writes the first argument. Items
/// of the second list are not in the docs.
///
/// The third argument says how an impl depends on its original: `[;]`, without a bound, where the
/// original surely has the trait; `[; ()]`, with a bound, where that depends on its parameters; and
/// `[; ('late)]` with a bound that `for<'late>` defers: where it is false the impl is absent, instead of
/// an error. So the macro need not know the traits of the original.
#[doc(hidden)]
#[macro_export]
macro_rules! __koil_forward_inline {
    (@HasTwin [$($hidden:meta)?; $(($($late:lifetime)?))?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)*
        impl $($params)* $crate::private::HasTwin for $aio
        where $($own)* $($sized)* {
            type Twin = $twin;
        }
    };
    (@FromShell [$($hidden:meta)?; $(($($late:lifetime)?))?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)*
        impl $($params)* ::core::convert::From<$aio> for $twin
        where $($own)* $($sized)* {
            fn from(__original: $aio) -> Self {
                Self { __aio: $crate::private::Shell::new(__original) }
            }
        }
    };
    (@FromBare [$($hidden:meta)?; $(($($late:lifetime)?))?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)*
        impl $($params)* ::core::convert::From<$aio> for $twin
        where $($own)* $($sized)* {
            fn from(__original: $aio) -> Self {
                Self { __aio: __original }
            }
        }
    };
    // A page lists the accessors at its end, as methods of `Twin` and `HasTwin`.
    (@Accessors [$($hidden:meta)?; $(($($late:lifetime)?))?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)*
        #[cfg_attr(doc, doc(hidden))]
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
        #[cfg_attr(doc, doc(hidden))]
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
    (@Views [$($hidden:meta)?; $(($($late:lifetime)?))?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)*
        #[allow(dead_code)]
        impl $($params)* $aio
        where $($own)* {
            /// The async side of this value.
            $($vis)* fn aio(&self) -> &$twin {
                $crate::private::as_twin(self)
            }

            /// The async side of this value, to change it.
            $($vis)* fn aio_mut(&mut self) -> &mut $twin {
                $crate::private::as_twin_mut(self)
            }

            /// This value as its async side.
            $($vis)* fn into_aio(self) -> $twin
            where $($sized)*
            {
                $crate::private::into_twin(self)
            }
        }

        $($attrs)*
        #[allow(dead_code)]
        impl $($params)* $twin
        where $($own)* {
            /// The blocking side of this value.
            $($vis)* fn blocking(&self) -> &$aio {
                &self.__aio
            }

            /// The blocking side of this value, to change it.
            $($vis)* fn blocking_mut(&mut self) -> &mut $aio {
                &mut self.__aio
            }

            /// This value as its blocking side.
            $($vis)* fn into_blocking(self) -> $aio
            where $($sized)*
            {
                $crate::private::Twin::into_aio(self)
            }
        }
    };
    (@From [$($hidden:meta)?; $(($($late:lifetime)?))?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)*
        impl $($params)* ::core::convert::From<$twin> for $aio
        where $($own)* $($sized)* {
            fn from(__twin: $twin) -> Self {
                $crate::private::Twin::into_aio(__twin)
            }
        }
    };
    (@Deref [$($hidden:meta)?; $(($($late:lifetime)?))?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
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
    (@Copy [$($hidden:meta)?; $(($($late:lifetime)?))?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::marker::Copy for $twin
        where $($own)* $($sized)* $($(for<$late>)? $aio: ::core::marker::Copy)? {}
    };
    (@Eq [$($hidden:meta)?; $(($($late:lifetime)?))?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::cmp::Eq for $twin
        where $($own)* $($(for<$late>)? $aio: ::core::cmp::Eq)? {}
    };
    (@Debug [$($hidden:meta)?; $(($($late:lifetime)?))?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::fmt::Debug for $twin
        where $($own)* $($(for<$late>)? $aio: ::core::fmt::Debug)? {
            fn fmt(&self, __formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&self.__aio, __formatter)
            }
        }
    };
    (@Display [$($hidden:meta)?; $(($($late:lifetime)?))?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::fmt::Display for $twin
        where $($own)* $($(for<$late>)? $aio: ::core::fmt::Display)? {
            fn fmt(&self, __formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.__aio, __formatter)
            }
        }
    };
    (@PartialEq [$($hidden:meta)?; $(($($late:lifetime)?))?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::cmp::PartialEq for $twin
        where $($own)* $($(for<$late>)? $aio: ::core::cmp::PartialEq)? {
            fn eq(&self, __other: &Self) -> bool {
                ::core::cmp::PartialEq::eq(&self.__aio, &__other.__aio)
            }
        }
    };
    (@PartialOrd [$($hidden:meta)?; $(($($late:lifetime)?))?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::cmp::PartialOrd for $twin
        where $($own)* $($(for<$late>)? $aio: ::core::cmp::PartialOrd)? {
            fn partial_cmp(&self, __other: &Self) -> ::core::option::Option<::core::cmp::Ordering> {
                ::core::cmp::PartialOrd::partial_cmp(&self.__aio, &__other.__aio)
            }
        }
    };
    (@Ord [$($hidden:meta)?; $(($($late:lifetime)?))?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::cmp::Ord for $twin
        where $($own)* $($(for<$late>)? $aio: ::core::cmp::Ord)? {
            fn cmp(&self, __other: &Self) -> ::core::cmp::Ordering {
                ::core::cmp::Ord::cmp(&self.__aio, &__other.__aio)
            }
        }
    };
    (@Hash [$($hidden:meta)?; $(($($late:lifetime)?))?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::hash::Hash for $twin
        where $($own)* $($(for<$late>)? $aio: ::core::hash::Hash)? {
            fn hash<$hasher: ::core::hash::Hasher>(&self, __state: &mut $hasher) {
                ::core::hash::Hash::hash(&self.__aio, __state);
            }
        }
    };
    (@Error [$($hidden:meta)?; $(($($late:lifetime)?))?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        impl $($params)* ::core::error::Error for $twin
        where $($own)* $($(for<$late>)? $aio: ::core::error::Error)? {
            fn source(&self) -> ::core::option::Option<&(dyn ::core::error::Error + 'static)> {
                ::core::error::Error::source(&self.__aio)
            }
        }
    };
    (@Clone [$($hidden:meta)?; $(($($late:lifetime)?))?] {
        [$($attrs:tt)*] [$($params:tt)*] [$aio:ty] [$twin:ty] [$($own:tt)*] [$($sized:tt)*]
        [$hasher:ident $twin_name:literal $aio_name:literal $($vis:tt)*]
    }) => {
        $($attrs)* $(#[$hidden])?
        #[allow(clippy::expl_impl_clone_on_copy)]
        impl $($params)* ::core::clone::Clone for $twin
        where $($own)* $($sized)* $($(for<$late>)? $aio: ::core::clone::Clone)? {
            fn clone(&self) -> Self {
                ::core::convert::From::from(<$aio as ::core::clone::Clone>::clone(&self.__aio))
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
            fn default() -> Self {
                ::core::convert::From::from(<$aio as ::core::default::Default>::default())
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

            fn from_str(__text: &str) -> ::core::result::Result<Self, Self::Err> {
                <$aio as ::core::str::FromStr>::from_str(__text).map(::core::convert::From::from)
            }
        }
    };
    ($of:tt $late:lifetime $sure:tt [$($shown:ident)*] [$($hidden:ident)*]) => {
        $($crate::__koil_forward_inline! { @$shown $sure $of })*
        $($crate::__koil_forward_inline! { @$hidden [doc(hidden); ($late)] $of })*
    };
}
