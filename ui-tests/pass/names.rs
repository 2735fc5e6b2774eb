//! Names of the prelude, of std and of koil, used for items of the user.
#![deny(warnings)]
#![allow(non_camel_case_types, non_upper_case_globals)]

use ::koil::koiled;

#[allow(dead_code)]
mod prelude_is_not_what_it_was {
    use ::koil::koiled;

    pub(crate) struct Result;
    pub(crate) struct Option;
    pub(crate) struct Box;
    pub(crate) struct String;
    pub(crate) struct Vec;
    pub(crate) struct Some;
    pub(crate) struct None;
    pub(crate) struct Ok;
    pub(crate) struct Err;
    pub(crate) trait Clone {}
    pub(crate) trait Default {}
    pub(crate) trait Iterator {}
    pub(crate) trait Future {}
    pub(crate) trait Drop {}
    pub(crate) trait From {}
    pub(crate) trait Into {}
    pub(crate) trait Send {}
    pub(crate) trait Sized {}
    pub(crate) trait PartialEq {}
    pub(crate) trait Fn {}
    pub(crate) struct Self_;

    #[koiled]
    pub(crate) struct Client {
        pub(crate) n: u32,
    }

    #[koiled]
    impl Client {
        pub(crate) async fn open(n: u32) -> ::core::result::Result<Self, u8> {
            ::core::result::Result::Ok(Client { n })
        }

        pub(crate) async fn shapes(&self) -> (Result, Option, Box, String, Vec) {
            (Result, Option, Box, String, Vec)
        }

        pub(crate) async fn variants(&self) -> (Some, None, Ok, Err) {
            (Some, None, Ok, Err)
        }

        pub(crate) async fn boxed(self) -> ::std::boxed::Box<Self> {
            ::std::boxed::Box::new(self)
        }

        pub(crate) fn stream() -> impl ::futures::Stream<Item = Self> {
            ::futures::stream::iter([Client { n: 1 }, Client { n: 2 }])
        }

        pub(crate) fn future() -> impl ::core::future::Future<Output = ::core::option::Option<Self>>
        {
            async { ::core::option::Option::Some(Client { n: 3 }) }
        }
    }

    #[koiled]
    pub(crate) async fn fetch() -> Result {
        Result
    }
}

mod crates_are_not_what_they_were {
    #[allow(dead_code)]
    mod std {}
    #[allow(dead_code)]
    mod core {}
    #[allow(dead_code)]
    mod alloc {}
    #[allow(dead_code)]
    mod koil {
        pub(super) mod __private {}
        pub(super) struct Iter;
    }
    #[allow(dead_code)]
    mod futures {}
    #[allow(dead_code)]
    mod tokio {}

    use ::futures::Stream;
    use ::koil::koiled;

    #[koiled]
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Client;

    #[koiled]
    impl Client {
        pub(crate) async fn get(&self) -> Option<Self> {
            Some(Client)
        }

        pub(crate) fn stream(&self) -> impl Stream<Item = Self> + use<> {
            ::futures::stream::iter([Client])
        }
    }

    #[koiled]
    pub(crate) fn items() -> impl Stream<Item = u8> {
        ::futures::stream::iter([1, 2])
    }
}

#[allow(dead_code)]
mod what_koil_calls_its_own {
    use ::koil::koiled;

    pub(crate) struct Call;
    pub(crate) struct Names;
    pub(crate) struct Said;
    pub(crate) struct Shell;
    pub(crate) struct Iter;
    pub(crate) trait Twin {}
    pub(crate) trait HasTwin {}
    pub(crate) trait MapTwin {}
    pub(crate) trait Stream {}
    #[allow(dead_code)]
    pub(crate) fn map_twin() {}
    #[allow(dead_code)]
    pub(crate) fn into_twin() {}
    #[allow(dead_code)]
    pub(crate) fn wait() {}
    #[allow(dead_code)]
    pub(crate) fn block_on() {}

    #[koiled]
    pub(crate) struct Koil<SaidIter> {
        pub(crate) value: SaidIter,
    }

    #[koiled]
    impl<SaidIter> Koil<SaidIter> {
        pub(crate) async fn new(value: SaidIter) -> Result<Self, Call> {
            Ok(Koil { value })
        }

        pub(crate) async fn wait(&self) -> (Call, Names, Said, Shell, Iter) {
            (Call, Names, Said, Shell, Iter)
        }

        pub(crate) async fn iter(&self) -> u32 {
            1
        }

        pub(crate) async fn map_twin(&self) -> Option<&Self> {
            Some(self)
        }

        pub(crate) async fn of(&self) -> u32 {
            2
        }

        pub(crate) async fn begin() -> u32 {
            3
        }

        pub(crate) async fn from(value: SaidIter) -> Self {
            Koil { value }
        }

        pub(crate) async fn deref(&self) -> &SaidIter {
            &self.value
        }
    }

    impl<T> Twin for Koil<T> {}
    impl<T> HasTwin for Koil<T> {}
    impl<T> MapTwin for Koil<T> {}
    impl<T> Stream for Koil<T> {}
}

mod methods_of_everything {
    use ::koil::koiled;

    /// A trait of the user's for all types, with names that forwarding might call by a dot.
    pub(crate) trait Everything {
        fn into_aio(&self) -> u32 {
            0
        }
        fn aio_mut(&self) -> u32 {
            0
        }
        fn enter(&self) -> u32 {
            0
        }
        fn clone(&self) -> u32 {
            0
        }
        fn map(&self) -> u32 {
            0
        }
        fn into(&self) -> u32 {
            0
        }
        fn fmt(&self) -> u32 {
            0
        }
        fn eq(&self) -> u32 {
            0
        }
    }

    impl<T: ?Sized> Everything for T {}

    #[koiled]
    #[derive(Debug, PartialEq)]
    pub(crate) struct Client;

    #[koiled]
    impl Client {
        pub(crate) async fn get(self) -> Result<Self, u32> {
            if Everything::clone(&self) == 1 {
                Err(1)
            } else {
                Ok(self)
            }
        }
    }

    pub(crate) fn used() -> u32 {
        let this = Client;
        [
            Everything::into_aio(&this),
            Everything::aio_mut(&this),
            Everything::enter(&this),
            Everything::map(&this),
            Everything::into(&this),
            Everything::fmt(&this),
            Everything::eq(&this),
        ]
        .iter()
        .sum()
    }
}

/// A trait method of the same name is not called instead of the inherent one.
trait Rival {
    #[allow(dead_code)]
    async fn get(&self) -> u32;
}

#[koiled]
struct Client;

impl Rival for Client {
    async fn get(&self) -> u32 {
        100
    }
}

#[koiled]
impl Client {
    async fn get(&self) -> u32 {
        1
    }
}

/// Types and functions whose names are keywords.
#[koiled]
struct r#struct {
    r#in: u32,
}

#[koiled]
impl r#struct {
    async fn r#fn(&self) -> u32 {
        self.r#in
    }

    async fn r#self_named() -> r#struct {
        r#struct { r#in: 2 }
    }

    fn r#dyn<r#T>(value: r#T) -> (Self, r#T) {
        (r#struct { r#in: 3 }, value)
    }

    const r#match: u32 = 4;
}

/// Not keywords everywhere.
#[koiled]
async fn union(auto: u32, default: u32, raw: u32, safe: u32) -> u32 {
    auto + default + raw + safe
}

#[koiled]
async fn macro_rules() -> u32 {
    1
}

#[koiled]
struct auto {
    union: u32,
}

#[koiled]
impl auto {
    async fn default(&self) -> u32 {
        self.union
    }

    async fn union(&self) -> u32 {
        self.union
    }

    fn auto() -> Self {
        auto { union: 5 }
    }
}

/// A function and a type of one name, and an async method named as its type.
#[koiled]
#[allow(non_snake_case)]
async fn Twice() -> u32 {
    2
}

mod of_one_name {
    use ::koil::koiled;

    #[koiled]
    pub(crate) struct Twice {
        pub(crate) n: u32,
    }

    #[koiled]
    impl Twice {
        #[allow(non_snake_case)]
        pub(crate) async fn Twice(n: u32) -> Self {
            Twice { n }
        }
    }
}

/// Letters beyond ASCII.
#[koiled]
async fn größe(länge: u32) -> u32 {
    länge
}

pub(crate) fn main() {
    use crates_are_not_what_they_were as crates;
    use prelude_is_not_what_it_was as prelude;
    use what_koil_calls_its_own as own;

    let client = prelude::BlockingClient::open(1).unwrap_or_else(|_| unreachable!());
    client.shapes();
    client.variants();
    assert_eq!(client.boxed().n, 1);
    assert_eq!(
        prelude::BlockingClient::stream()
            .map(|client| client.n)
            .sum::<u32>(),
        3
    );
    assert_eq!(prelude::BlockingClient::future().unwrap().n, 3);
    let prelude::Result = prelude::fetch_blocking();
    let _ = prelude::Self_;

    let client = crates::Client.into_blocking();
    assert_eq!(client.get(), Some(client.clone()));
    assert_eq!(client.stream().count(), 1);
    assert_eq!(crates::items_blocking().count(), 2);

    let koil = own::BlockingKoil::new(5).unwrap_or_else(|_| unreachable!());
    koil.wait();
    assert_eq!(
        koil.iter() + koil.of() + own::BlockingKoil::<()>::begin(),
        6
    );
    assert_eq!(koil.map_twin().unwrap().value, 5);
    assert_eq!(*koil.deref(), 5);
    assert_eq!(own::BlockingKoil::from(7).value, 7);

    assert!(
        methods_of_everything::BlockingClient::from(methods_of_everything::Client)
            .get()
            .is_ok()
    );
    assert_eq!(methods_of_everything::used(), 0);

    assert_eq!(Client.into_blocking().get(), 1);
    assert_eq!(r#struct { r#in: 1 }.into_blocking().r#fn(), 1);
    assert_eq!(Blockingstruct::self_named().r#in, 2);
    assert_eq!(Blockingstruct::r#dyn('x').1, 'x');
    assert_eq!(Blockingstruct::r#match, 4);
    assert_eq!(union_blocking(1, 2, 3, 4), 10);
    assert_eq!(macro_rules_blocking(), 1);
    let auto = Blockingauto::auto();
    assert_eq!(auto.default() + auto.union(), 10);
    assert_eq!(Twice_blocking(), 2);
    assert_eq!(of_one_name::BlockingTwice::Twice(3).n, 3);
    assert_eq!(größe_blocking(4), 4);
}
