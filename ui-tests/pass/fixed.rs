//! Code that once did not compile, or did something else.
#![deny(warnings)]

/// Types with parameters that may have no size.
mod unsized_tails {
    use std::fmt::Display;

    use koil::koiled;

    /// May hold what has no size.
    #[koiled]
    struct Tail<T: ?Sized> {
        head: u8,
        tail: T,
    }

    #[koiled]
    impl<T: ?Sized + AsRef<[u8]>> Tail<T> {
        async fn len(&self) -> usize {
            usize::from(self.head) + self.tail.as_ref().len()
        }
    }

    #[koiled]
    struct TailInWhere<T>(T)
    where
        T: ?Sized;

    #[koiled]
    impl<T> TailInWhere<T>
    where
        T: ?Sized + Display,
    {
        async fn show(&self) -> String {
            self.0.to_string()
        }
    }

    pub(crate) fn main() {
        let unsized_tail: Box<Tail<[u8]>> = Box::new(Tail {
            head: 1,
            tail: [1, 2, 3],
        });
        assert_eq!(unsized_tail.blocking().len(), 4);
        assert_eq!(
            Tail {
                head: 0,
                tail: "ab"
            }
            .into_blocking()
            .len(),
            2
        );
        let shown: &TailInWhere<dyn Display> = &TailInWhere(5);
        assert_eq!(shown.blocking().show(), "5");
    }
}

/// `Self` in a `where` clause means the async type, also beside a bound on `Self`.
mod where_self {
    use koil::koiled;

    #[koiled]
    #[derive(Clone, PartialEq)]
    struct Counter {
        n: u32,
    }

    #[koiled]
    impl Counter {
        async fn where_self<T>(&self, value: T) -> Option<u32>
        where
            T: PartialEq<Self>,
            Self: Clone,
        {
            (value == *self).then_some(self.n)
        }

        /// Only the original satisfies this bound.
        async fn only_the_original(&self) -> u32
        where
            Self: Original,
        {
            self.n
        }
    }

    trait Original {}

    impl Original for Counter {}

    pub(crate) fn main() {
        let a = Counter { n: 2 }.into_blocking();
        assert_eq!(a.where_self(Counter { n: 2 }), Some(2));
        assert_eq!(a.only_the_original(), 2);
    }
}

/// The supertraits of a forwarded trait are forwarded with it: no `Eq` without `PartialEq`.
mod forward_closed {
    use std::fmt;

    use koil::koiled;

    #[koiled(forward(-PartialEq, -Debug))]
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
    struct Without(u32);

    #[koiled(forward(Ord))]
    #[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
    struct Ordered(u32);

    #[koiled(forward(Error, Copy))]
    #[derive(Debug, Clone, Copy)]
    struct Failed<'a>(&'a str);

    impl fmt::Display for Failed<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl std::error::Error for Failed<'_> {}

    pub(crate) fn main() {
        let _ = Without(1).into_blocking();
        assert!(Ordered(1).into_blocking() < Ordered(2).into_blocking());
        let failed = Failed("no").into_blocking();
        let boxed: Box<dyn std::error::Error + '_> = Box::new(failed);
        assert_eq!(boxed.to_string(), "no");
    }
}

/// The fields of a tuple struct are reached through its twin, also in its own module.
mod tuple_fields {
    use koil::koiled;

    #[koiled]
    struct Pair(u32, u32);

    #[koiled]
    struct Borrowed<'a>(&'a str);

    pub(crate) fn main() {
        let mut twin = Pair(1, 2).into_blocking();
        twin.0 += twin.1;
        assert_eq!(twin.0, 3);
        assert_eq!(Borrowed("abc").into_blocking().0.len(), 3);
    }
}

/// Forwarded traits that need tokio's context, as the constructors they call do.
mod defaults {
    use std::str::FromStr;

    use koil::koiled;
    use tokio::task::JoinHandle;

    #[koiled]
    struct Pump {
        task: JoinHandle<u32>,
    }

    #[koiled]
    impl Pump {
        fn new(n: u32) -> Self {
            Pump {
                task: tokio::spawn(async move { n }),
            }
        }

        async fn join(self) -> u32 {
            self.task.await.unwrap()
        }
    }

    impl Default for Pump {
        fn default() -> Pump {
            Pump::new(1)
        }
    }

    impl FromStr for Pump {
        type Err = std::num::ParseIntError;

        fn from_str(text: &str) -> Result<Pump, Self::Err> {
            text.parse().map(Pump::new)
        }
    }

    impl Clone for Pump {
        fn clone(&self) -> Pump {
            Pump::new(3)
        }
    }

    pub(crate) fn main() {
        let pump = BlockingPump::new(0);
        assert_eq!(pump.clone().join(), 3);
        assert_eq!(pump.join(), 0);
        assert_eq!(BlockingPump::default().join(), 1);
        assert_eq!("2".parse::<BlockingPump>().unwrap().join(), 2);
    }
}

/// Helpers by their full path count.
mod helpers_by_path {
    struct NoDefault;

    #[koil::koiled]
    struct Client;

    #[koil::koiled]
    impl Client {
        #[koil::koil(name = "other")]
        async fn get(&self) -> u32 {
            1
        }

        #[::koil::koil(skip)]
        async fn skipped(self: &std::sync::Arc<Self>) -> NoDefault {
            NoDefault
        }
    }

    #[koil::koiled]
    #[koil::koil(wait)]
    fn waits() -> std::future::Ready<u32> {
        std::future::ready(1)
    }

    pub(crate) fn main() {
        assert_eq!(Client.into_blocking().other(), 1);
        assert_eq!(waits_blocking(), 1);
        let _ = koil::unkoil(std::sync::Arc::new(Client).skipped());
    }
}

/// Names that expansions use for themselves, in the user's hands.
#[allow(non_upper_case_globals, non_camel_case_types)]
mod hygiene {
    use koil::koiled;

    // A static or a unit struct cannot be shadowed by a variable.
    static original: u32 = 1;
    static twin: u32 = 2;
    static formatter: u32 = 3;
    const other: u32 = 4;
    const state: u32 = 5;
    struct text;
    static error: u32 = 6;
    static value: u32 = 7;

    #[koiled]
    #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    struct Client {
        n: u32,
    }

    #[koiled]
    impl Client {
        async fn all(&self) -> (u32, Self) {
            let _ = text;
            let statics = [original, twin, formatter, other, state, error, value];
            (statics.iter().sum(), self.clone())
        }

        async fn pattern(&self, (a, _): (u32, u32)) -> Result<Option<&Self>, u32> {
            if a == 0 { Err(a) } else { Ok(Some(self)) }
        }
    }

    // Parameters of types.
    #[koiled]
    #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    struct Parameters<'__koil, __H, W, T, U, S> {
        all: Option<&'__koil (__H, W, T, U, S)>,
    }

    #[koiled]
    impl<'__koil, __H, W, T, U, S> Parameters<'__koil, __H, W, T, U, S> {
        async fn get<'koil, F, __T>(self, with: &'koil F, _: __T) -> Result<(Self, &'koil F), ()> {
            Ok((self, with))
        }
    }

    // Methods for everything, named as what twins call.
    mod calling {
        use std::future::{Ready, ready};

        use futures::{Stream, stream};
        use koil::koiled;

        pub(crate) trait Everything {
            fn wait(&self, a: u32, b: u32) -> u32;
            fn iter(&self, a: u32, b: u32) -> u32;
        }

        impl<T> Everything for T {
            fn wait(&self, a: u32, b: u32) -> u32 {
                a + b
            }

            fn iter(&self, a: u32, b: u32) -> u32 {
                a * b
            }
        }

        #[koiled]
        pub(crate) async fn future() -> u32 {
            1.wait(2, 3)
        }

        #[koiled]
        pub(crate) fn stream() -> impl Stream<Item = u32> {
            stream::iter([1.iter(2, 3)])
        }

        #[koiled]
        #[koil(wait)]
        pub(crate) fn named() -> Ready<u32> {
            ready(1.wait(3, 4))
        }
    }

    pub(crate) fn main() {
        let client = BlockingClient::default();
        assert_eq!(client.all().0, 28);
        assert!(client.pattern((1, 2)).is_ok());
        let all = (1, 2, 3, 4, 5);
        let parameters = Parameters { all: Some(&all) }.into_blocking();
        assert!(parameters.get(&1, 2).is_ok());
        assert_eq!(calling::future_blocking(), 5);
        assert_eq!(calling::stream_blocking().next(), Some(6));
        assert_eq!(calling::named_blocking(), 7);
    }
}

pub(crate) fn main() {
    unsized_tails::main();
    where_self::main();
    forward_closed::main();
    tuple_fields::main();
    defaults::main();
    helpers_by_path::main();
    hygiene::main();
}
