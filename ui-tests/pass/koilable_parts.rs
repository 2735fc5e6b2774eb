//! Compositions in odd places.
#![deny(warnings)]

use std::cell::RefCell;
use std::convert::Infallible;
use std::fmt;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use koil::{AsyncContext, Exit, LocalAsyncContext, koilable, koiled, unkoil};

/// The events, in order.
type Log = Arc<Mutex<Vec<String>>>;

fn take(log: &Log) -> Vec<String> {
    std::mem::take(&mut log.lock().unwrap())
}

#[derive(Clone)]
pub(crate) struct Part(&'static str, Log);

impl AsyncContext for Part {
    type Error = Infallible;

    async fn aenter(&mut self) -> Result<(), Infallible> {
        self.1.lock().unwrap().push(format!("+{}", self.0));
        Ok(())
    }

    async fn aexit(&mut self, _: Exit) -> Result<(), Infallible> {
        self.1.lock().unwrap().push(format!("-{}", self.0));
        Ok(())
    }
}

// With a twin, whichever attribute comes first; with serde's helpers it would be the same.
#[koiled]
#[koilable]
#[derive(Clone)]
pub(crate) struct Below {
    #[koil(context)]
    one: Part,
    pub(crate) name: String,
    #[koil(context)]
    two: Part,
}

#[koilable]
#[koiled]
#[derive(Clone)]
struct Above {
    #[koil(context)]
    one: Part,
    #[koil(context)]
    #[cfg(any())]
    never: Nowhere,
    #[koil(context)]
    #[cfg(not(any()))]
    always: Part,
}

#[koiled]
impl Below {
    async fn names(&self) -> (&str, &str) {
        (self.one.0, self.two.0)
    }
}

// Without a twin; a tuple; generics; a composition in a composition.
#[koilable(suffix = "_blocking")]
struct Both<A, B = Part>(#[koil(context)] A, String, #[koil(context)] B)
where
    A: AsyncContext<Error: Send + 'static> + Send,
    B: AsyncContext<Error = A::Error> + Send;

#[koilable(suffix = "_blocking", error = Failure)]
struct Nested<const N: usize> {
    #[koil(context)]
    both: Both<Part>,
    #[koil(context)]
    last: Part,
}

#[derive(Debug)]
struct Failure;

impl From<Infallible> for Failure {
    fn from(never: Infallible) -> Failure {
        match never {}
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("failure")
    }
}

impl std::error::Error for Failure {}

#[koilable(
    suffix = "_blocking",
    error = "Box<dyn std::error::Error + Send + Sync>"
)]
struct Boxed {
    #[koil(context)]
    nested: Nested<1>,
}

// A composition that stays on its thread, with parts that need not.
struct Note(Rc<RefCell<Vec<u8>>>);

impl LocalAsyncContext for Note {
    type Error = Infallible;

    async fn aenter(&mut self) -> Result<(), Infallible> {
        self.0.borrow_mut().push(1);
        Ok(())
    }

    async fn aexit(&mut self, _: Exit) -> Result<(), Infallible> {
        self.0.borrow_mut().push(2);
        Ok(())
    }
}

#[koilable(local, suffix = "_blocking")]
struct Local<'a> {
    #[koil(context)]
    note: Note,
    #[koil(context)]
    part: Part,
    name: &'a str,
}

pub(crate) fn main() {
    let log = Log::default();
    let part = |name| Part(name, log.clone());

    let below = Below {
        one: part("one"),
        name: "below".to_owned(),
        two: part("two"),
    };
    let entered = BlockingBelow::from(below.clone()).enter().unwrap();
    assert_eq!(entered.names(), ("one", "two"));
    assert_eq!(entered.name, "below");
    assert_eq!(take(&log), ["+one", "+two"]);
    assert!(entered.close().is_ok());
    assert_eq!(take(&log), ["-two", "-one"]);
    unkoil(async {
        let entered = below.enter().await.unwrap();
        assert_eq!(take(&log), ["+one", "+two"]);
        assert!(entered.close().await.is_ok());
        assert_eq!(take(&log), ["-two", "-one"]);
    });

    let above = Above {
        one: part("one"),
        always: part("always"),
    };
    drop(BlockingAbove::from(above).enter().unwrap());
    assert_eq!(take(&log), ["+one", "+always", "-always", "-one"]);

    let both = || Both(part("a"), String::new(), part("b"));
    drop(both().enter_blocking().unwrap());
    assert_eq!(take(&log), ["+a", "+b", "-b", "-a"]);
    assert!(both().1.is_empty());

    let nested = || Nested::<1> {
        both: both(),
        last: part("last"),
    };
    drop(nested().enter_blocking().unwrap());
    assert_eq!(take(&log), ["+a", "+b", "+last", "-last", "-b", "-a"]);
    drop(Boxed { nested: nested() }.enter_blocking().unwrap());
    assert_eq!(take(&log), ["+a", "+b", "+last", "-last", "-b", "-a"]);

    // By hand, as any other context.
    unkoil(async {
        let mut both = both();
        AsyncContext::aenter(&mut both).await.unwrap();
        AsyncContext::aexit(&mut both, Exit::Closed).await.unwrap();
    });
    assert_eq!(take(&log), ["+a", "+b", "-b", "-a"]);

    let notes = Rc::new(RefCell::default());
    let local = Local {
        note: Note(notes.clone()),
        part: part("part"),
        name: "local",
    };
    let local = local.enter_blocking().unwrap();
    assert_eq!(local.name, "local");
    drop(local);
    assert_eq!(*notes.borrow(), [1, 2]);
    assert_eq!(take(&log), ["+part", "-part"]);
}
