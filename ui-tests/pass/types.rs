//! Kinds of types, what their twins forward, and the ways between the two sides.
#![deny(warnings)]

use std::collections::{BTreeSet, HashSet};
use std::error::Error;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::Mutex;

use koil::koiled;

#[koiled]
struct Unit;

#[koiled]
struct Empty {}

#[koiled]
struct EmptyTuple();

#[koiled]
struct Tuple(u32, pub(crate) String);

#[koiled]
#[derive(Debug, PartialEq)]
enum State {
    Off,
    On(u32),
    Fading { from: u32, to: u32 },
}

#[koiled]
enum Never {}

#[koiled]
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Level {
    Low = 1,
    High = 10,
}

#[koiled]
#[repr(C)]
struct Layout {
    a: u8,
    b: u64,
}

#[koiled]
#[repr(align(64))]
struct Aligned(#[allow(dead_code)] u8);

#[koiled]
#[derive(Default)]
struct Recursive {
    next: Option<Box<Recursive>>,
}

#[koiled]
enum List<T> {
    Nil,
    Cons(T, #[allow(dead_code)] Box<List<T>>),
}

#[koiled]
impl Unit {
    async fn touch(&self) -> &'static str {
        "unit"
    }
}

#[koiled]
impl Empty {
    async fn touch(&self) -> u8 {
        0
    }
}

#[koiled]
impl EmptyTuple {
    async fn touch(self) -> u8 {
        1
    }
}

#[koiled]
impl Tuple {
    async fn swap(self) -> (String, u32) {
        (self.1, self.0)
    }
}

#[koiled]
impl State {
    const INITIAL: Self = State::Off;

    async fn fade(&mut self, to: u32) -> &Self {
        let from = match *self {
            State::Off => 0,
            State::On(n) | State::Fading { to: n, .. } => n,
        };
        *self = State::Fading { from, to };
        self
    }

    async fn is_on(&self) -> bool {
        !matches!(self, Self::Off)
    }

    fn on(n: u32) -> Self {
        Self::On(n)
    }
}

#[koiled]
impl Never {
    async fn touch(&self) -> u32 {
        match *self {}
    }

    async fn none() -> Option<Self> {
        None
    }
}

#[koiled]
impl Level {
    async fn number(self) -> u8 {
        self as u8
    }
}

#[koiled]
impl Layout {
    async fn sum(&self) -> u64 {
        u64::from(self.a) + self.b
    }
}

#[koiled]
impl Aligned {
    async fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }
}

#[koiled]
impl Recursive {
    async fn push(self) -> Self {
        Recursive {
            next: Some(Box::new(self)),
        }
    }

    async fn depth(&self) -> usize {
        match &self.next {
            None => 1,
            Some(next) => 1 + Box::pin(next.depth()).await,
        }
    }
}

#[koiled]
impl<T> List<T> {
    async fn nil() -> Self {
        List::Nil
    }

    async fn with(self, first: T) -> Self {
        List::Cons(first, Box::new(self))
    }

    async fn first(&self) -> Option<&T> {
        match self {
            List::Nil => None,
            List::Cons(first, _) => Some(first),
        }
    }
}

/// Derives above and below.
#[derive(Debug, Default)]
#[koiled]
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Derived {
    n: u32,
}

#[koiled]
impl Derived {
    async fn n(&self) -> u32 {
        self.n
    }
}

/// Everything by hand, each with a twist that tells it from what a derive would do.
#[koiled]
struct ByHand {
    n: u32,
}

#[koiled]
impl ByHand {
    async fn n(&self) -> u32 {
        self.n
    }
}

impl Clone for ByHand {
    fn clone(&self) -> ByHand {
        ByHand { n: self.n + 100 }
    }
}

impl Default for ByHand {
    fn default() -> ByHand {
        ByHand { n: 7 }
    }
}

impl fmt::Debug for ByHand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "debug {}", self.n)
    }
}

impl fmt::Display for ByHand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "display {}", self.n)
    }
}

impl PartialEq for ByHand {
    fn eq(&self, other: &ByHand) -> bool {
        self.n % 10 == other.n % 10
    }
}

impl Error for ByHand {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&fmt::Error)
    }
}

impl FromStr for ByHand {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<ByHand, Self::Err> {
        text.parse().map(|n| ByHand { n })
    }
}

/// Forwarded only where the parameters allow it.
#[koiled]
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Generic<T> {
    value: T,
}

#[koiled]
impl<T> Generic<T> {
    async fn new(value: T) -> Self {
        Generic { value }
    }
}

struct Nothing;

/// None at all, so that nothing can be forwarded.
#[koiled]
struct Bare(Mutex<Nothing>);

#[koiled]
impl Bare {
    async fn touch(&self) -> bool {
        self.0.lock().is_ok()
    }
}

#[koiled(forward(Clone, Debug))]
#[derive(Clone, Debug, PartialEq)]
struct Chosen(u32);

/// The twin's own, where the original's would mislead.
#[koiled(forward(-Display, -PartialEq, -Eq, -PartialOrd, -Ord, -Clone))]
#[derive(Clone, PartialEq)]
struct Unchosen(u32);

impl fmt::Display for Unchosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("original")
    }
}

impl fmt::Display for BlockingUnchosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("twin")
    }
}

impl PartialEq<u32> for BlockingUnchosen {
    fn eq(&self, other: &u32) -> bool {
        self.aio().0 == *other
    }
}

/// The user has methods of the same names.
#[koiled(accessors = "none")]
struct Taken(u32);

impl Taken {
    fn blocking(&self) -> u32 {
        self.0
    }

    fn into_blocking(self) -> u32 {
        self.0
    }
}

#[koiled]
impl Taken {
    async fn get(&self) -> u32 {
        self.0 + 1
    }
}

impl BlockingTaken {
    fn aio(&self) -> u32 {
        self.get()
    }
}

#[koiled(accessors = "pub")]
pub(crate) struct Open(u32);

#[koiled(name = "SyncDevice")]
struct Device {
    id: u32,
}

#[koiled(name = "SyncDevice")]
impl Device {
    fn new(id: u32) -> Self {
        Device { id }
    }

    async fn same(&self, other: &Device) -> bool {
        self.id == other.id
    }
}

#[koiled]
struct Phantom<'a, T, U: 'a = ()> {
    value: u32,
    _kind: PhantomData<(T, &'a U)>,
}

#[koiled]
impl<T> Phantom<'_, T> {
    async fn value(&self) -> u32 {
        self.value
    }
}

/// A stream or iterator by itself.
#[koiled]
struct Down(u32);

impl Iterator for Down {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        self.0 = self.0.checked_sub(1)?;
        Some(self.0)
    }
}

#[koiled]
impl Down {
    async fn left(&self) -> u32 {
        self.0
    }
}

fn forwards() {
    let derived = BlockingDerived::default();
    let more = Derived { n: 1 }.into_blocking();
    assert_eq!(derived, derived.clone());
    assert_eq!(derived.n(), 0);
    assert!(derived < more && derived.cmp(&more).is_lt());
    assert_eq!(format!("{more:?}"), format!("{:?}", more.aio()));
    assert_eq!(HashSet::from([derived.clone(), derived.clone()]).len(), 1);
    assert_eq!(BTreeSet::from([more, derived]).first().unwrap().n(), 0);

    let by_hand: BlockingByHand = "3".parse().unwrap();
    assert!("x".parse::<BlockingByHand>().is_err());
    assert_eq!(by_hand.clone().n(), 103);
    assert!(by_hand == by_hand.clone());
    assert_eq!(BlockingByHand::default().n(), 7);
    assert_eq!(format!("{by_hand:?} {by_hand:>5}"), "debug 3 display 3");
    assert!(by_hand.source().is_some());
    let boxed: Box<dyn Error> = Box::new(by_hand);
    assert_eq!(boxed.to_string(), "display 3");

    let generic = BlockingGeneric::new(vec![1.5]);
    assert!(generic == generic.clone());
    assert!(generic.partial_cmp(&generic).is_some());
    assert_eq!(BlockingGeneric::new(Nothing).value.size(), 0);
    assert_eq!(BlockingGeneric::<String>::default().value, "");

    let chosen = Chosen(1).into_blocking();
    assert_eq!(format!("{:?}", chosen.clone()), "Chosen(1)");
    let unchosen = Unchosen(1).into_blocking();
    assert_eq!(format!("{unchosen} {}", unchosen.aio()), "twin original");
    assert!(unchosen == 1);
    assert!(unchosen.clone() == Unchosen(1));
}

impl Nothing {
    fn size(&self) -> usize {
        size_of_val(self)
    }
}

fn bridges() {
    let mut tuple = Tuple(1, "a".into());
    tuple.blocking_mut().1.push('b');
    let mut twin = BlockingTuple::from(tuple);
    twin.aio_mut().0 = 5;
    twin.aio_mut().0 += 1;
    let back: Tuple = twin.into();
    assert_eq!(back.into_blocking().swap(), ("ab".into(), 6));

    fn takes_original(tuple: &Tuple) -> u32 {
        tuple.0
    }
    fn takes_any<W: koil::Twin<Aio = Tuple>>(twin: &W) -> u32 {
        twin.aio().0
    }
    fn makes<T: koil::HasTwin>(value: T) -> T::Twin
    where
        T::Twin: From<T>,
    {
        value.into()
    }
    let twin = makes(Tuple(3, String::new()));
    assert_eq!(takes_original(&twin) + takes_any(&twin), 6);

    assert_eq!(Taken(1).blocking() + Taken(1).into_blocking(), 2);
    assert_eq!(BlockingTaken::from(Taken(1)).aio(), 2);
    assert_eq!(Open(4).into_blocking().into_aio().0, 4);
    let device = SyncDevice::new(1);
    assert!(device.same(&SyncDevice::new(1)));
    assert_eq!(device.id, 1);
    assert_eq!(size_of::<BlockingLayout>(), size_of::<Layout>());
    assert_eq!(
        size_of::<Option<BlockingRecursive>>(),
        size_of::<Option<Recursive>>()
    );
}

pub(crate) fn main() {
    forwards();
    bridges();
    assert_eq!(BlockingUnit::from(Unit).touch(), "unit");
    assert_eq!(Empty {}.into_blocking().touch(), 0);
    assert_eq!(EmptyTuple().into_blocking().touch(), 1);
    let mut state = BlockingState::INITIAL;
    assert!(!state.is_on());
    assert_eq!(state.fade(3).aio(), &State::Fading { from: 0, to: 3 });
    assert!(matches!(*state, State::Fading { .. }));
    assert_eq!(BlockingState::on(3), BlockingState::from(State::On(3)));
    assert!(BlockingNever::none().is_none());
    assert_eq!(
        Level::High.into_blocking().number() - Level::Low.into_blocking().number(),
        9
    );
    assert!(Level::High.into_blocking() > Level::Low.into_blocking());
    assert_eq!(Layout { a: 1, b: 2 }.into_blocking().sum(), 3);
    assert_eq!(Aligned(0).into_blocking().address() % 64, 0);
    assert_eq!(BlockingRecursive::default().push().push().depth(), 3);
    assert_eq!(BlockingList::nil().with(1).with(2).first(), Some(&2));
    assert!(Bare(Mutex::new(Nothing)).into_blocking().touch());
    let phantom = Phantom::<Nothing> {
        value: 3,
        _kind: PhantomData,
    };
    assert_eq!(phantom.into_blocking().value(), 3);
    let mut down = Down(3).into_blocking();
    assert_eq!(down.next(), Some(2));
    assert_eq!(down.left(), 2);
    assert_eq!(down.by_ref().sum::<u32>(), 1);
}
