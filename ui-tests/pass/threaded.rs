//! Blocking code of every legal shape has async twins that run it.
#![deny(warnings)]
// The originals are as odd as they can be on purpose.
#![allow(clippy::all, clippy::pedantic)]

use std::borrow::Cow;
use std::ffi::{CStr, CString, OsStr};
use std::fmt::{Debug, Display};
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use futures::StreamExt;
use futures::executor::block_on;
use koil::{ThreadedCall, ThreadedIter, Yielder, threaded, threaded_iterable};

// Parameters.

#[threaded]
fn nothing() {}

#[threaded]
fn borrowed(text: &str, path: &Path, c: &CStr, os: &OsStr, bytes: &[u8], n: &u32) -> usize {
    text.len() + path.as_os_str().len() + c.count_bytes() + os.len() + bytes.len() + *n as usize
}

#[threaded]
fn by_static(text: &'static str, list: &'static [&'static str]) -> &'static str {
    if list.is_empty() { text } else { list[0] }
}

#[threaded]
fn patterns((a, _): (u8, u8), [b, ..]: [u8; 3], mut c: u8, _: u8, Pair { x, .. }: Pair) -> u8 {
    c += a + b + x;
    c
}

struct Pair {
    x: u8,
    #[allow(dead_code)]
    y: u8,
}

// Names that expansions use, or could.
#[threaded]
fn names(__self: u8, __out: u8, __arg0: u8, (__arg1, _): (u8, u8), names: u8, path: &str) -> u8 {
    __self + __out + __arg0 + __arg1 + names + path.len() as u8
}

#[threaded]
fn r#fn(r#type: &str, r#fn: u8) -> usize {
    r#type.len() + r#fn as usize
}

#[threaded]
fn wide(owned: Cow<'static, str>, call: fn(&str) -> usize, boxed: Box<dyn Fn(&str) -> usize + Send>) -> usize {
    call(&owned) + boxed(&owned)
}

#[threaded]
fn conditional(
    #[cfg(all())] here: &str,
    #[cfg(any())] never: Missing,
    #[allow(unused_variables)] quiet: u8,
) -> usize {
    here.len()
}

macro_rules! list {
    ($ty:ty) => { Vec<$ty> };
}

#[threaded]
fn by_macro(list: list!(u8), lent: &list!(u8)) -> list!(u8) {
    [list, lent.clone()].concat()
}

macro_rules! made {
    ($name:ident, $arg:ident: $ty:ty => $out:ty, $body:expr) => {
        #[threaded]
        fn $name($arg: $ty) -> $out {
            $body
        }
    };
}

made!(doubled, n: u32 => u32, n * 2);
made!(shouted, text: &str => String, text.to_uppercase());

// Generics.

#[threaded]
fn generic<T: Debug, const N: usize>(items: [T; N], like: &T, list: &[T], each: Vec<T>) -> String {
    format!("{items:?} {like:?} {list:?} {each:?}")
}

#[threaded]
fn unsized_path<P: AsRef<Path> + ?Sized>(path: &P) -> usize {
    path.as_ref().as_os_str().len()
}

#[threaded]
fn opaque(
    path: impl AsRef<Path>,
    text: &impl Display,
    maybe: Option<impl Into<String>>,
    all: &[impl Debug],
    call: impl for<'x> Fn(&'x str) -> &'x str,
) -> String {
    let maybe = maybe.map(Into::into).unwrap_or_default();
    format!("{} {text} {maybe} {all:?} {}", path.as_ref().display(), call("called"))
}

#[threaded]
fn only_in_body<T: Default + Display>() -> String {
    T::default().to_string()
}

#[threaded]
fn only_returned<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

#[threaded]
fn with_where<'a, 'b: 'a, T>(x: &'a T, y: &'b str) -> usize
where
    T: ?Sized + AsRef<str>,
    str: AsRef<[u8]>,
{
    x.as_ref().len() + y.len()
}

// Returns.

#[threaded]
fn opaque_return(n: u32) -> impl Display {
    n + 1
}

#[threaded]
fn tuple(n: u32) -> (u32, Option<Vec<u32>>) {
    (n, Some(vec![n]))
}

#[threaded]
fn questions(text: &str) -> Result<u32, std::num::ParseIntError> {
    Ok(text.parse::<u32>()? + 1)
}

// Attributes.

/// Docs.
#[threaded(name = "by_another_name", separate)]
#[must_use]
#[inline]
#[allow(non_snake_case)]
pub(crate) fn Attributes(Loud: u8) -> u8 {
    Loud
}

#[threaded]
#[deprecated = "there is a better one"]
fn old() -> u8 {
    3
}

#[cfg(any())]
#[threaded]
fn absent(_: Missing) {}

#[threaded]
extern "C" fn exported(n: u32) -> u32 {
    n
}

/// # Safety
///
/// `n` is small.
#[threaded]
unsafe fn dangerous(n: u8) -> u8 {
    n
}

// Methods.

static SAVED: AtomicUsize = AtomicUsize::new(0);

#[derive(Clone, Default)]
struct Store {
    rows: Arc<Mutex<Vec<String>>>,
}

impl Store {
    #[threaded]
    fn by_value(self, row: &str) -> Self {
        self.rows.lock().unwrap().push(row.to_owned());
        self
    }

    #[threaded]
    fn by_arc(self: Arc<Self>, row: &str) -> usize {
        let mut rows = self.rows.lock().unwrap();
        rows.push(row.to_owned());
        rows.len()
    }

    #[threaded]
    fn by_box(mut self: Box<Self>, other: Self) -> usize {
        self.rows = other.rows;
        self.rows.lock().unwrap().len()
    }

    #[threaded]
    fn by_pin(self: Pin<Arc<Self>>) -> usize {
        self.rows.lock().unwrap().len()
    }

    #[threaded(clone)]
    fn by_handle(&self, row: &str) -> usize {
        let mut rows = self.rows.lock().unwrap();
        rows.push(row.to_owned());
        rows.len()
    }

    #[threaded(clone)]
    fn by_typed(self: &Self) -> usize {
        self.rows.lock().unwrap().len()
    }

    #[threaded]
    fn forever(&'static self) -> usize {
        self.rows.lock().unwrap().len()
    }

    #[threaded]
    fn open(row: &str) -> io::Result<Self> {
        Ok(Store::default().by_value(row))
    }

    #[threaded_iterable(clone)]
    fn each(&self) -> impl Iterator<Item = String> + '_ {
        (0..).map_while(|at| self.rows.lock().unwrap().get(at).cloned())
    }

    #[threaded_iterable]
    fn tell(self: Arc<Self>, out: &mut Yielder<String>) {
        for row in &*self.rows.lock().unwrap() {
            if out.push(row.clone()).is_err() {
                return;
            }
        }
    }
}

trait Provided: Send + Sized + 'static {
    fn number(&self) -> u32;

    #[threaded]
    fn doubled(self) -> u32 {
        self.number() * 2
    }
}

impl Provided for u32 {
    fn number(&self) -> u32 {
        *self
    }
}

// Whole blocks.

#[derive(Clone)]
struct Table<K> {
    keys: Arc<Mutex<Vec<K>>>,
}

#[threaded(clone)]
impl<K> Table<K>
where
    K: Clone + Ord + Send + 'static,
{
    const LIMIT: usize = 3;

    fn new(keys: &[K]) -> Self {
        Table {
            keys: Arc::new(Mutex::new(keys.to_vec())),
        }
    }

    /// The place of a key, see [`Self::all`].
    fn find(&self, key: &K) -> Option<usize> {
        self.keys.lock().unwrap().iter().position(|own| own == key)
    }

    fn all(&self) -> impl Iterator<Item = K> + '_ {
        (0..Self::LIMIT).map_while(|at| self.keys.lock().unwrap().get(at).cloned())
    }

    #[threaded(separate, name = "insert_soon")]
    fn insert(&self, key: K) -> usize {
        let mut keys = self.keys.lock().unwrap();
        keys.push(key);
        keys.len()
    }

    #[threaded_iterable(capacity = 1)]
    fn sorted(self, out: &mut Yielder<K>) -> Result<(), String> {
        let mut keys = self.keys.lock().unwrap().clone();
        keys.sort();
        for key in keys {
            if out.push(key).is_err() {
                return Ok(());
            }
        }
        Err("the end".to_owned())
    }

    #[koil(skip)]
    fn clear(&mut self) {
        self.keys.lock().unwrap().clear();
    }
}

struct Lines(Vec<String>);

#[threaded]
impl Lines {
    fn join(self: Arc<Self>, with: &str) -> String {
        self.0.join(with)
    }

    #[cfg(any())]
    fn absent(self, _: Missing) {}
}

// Items.

#[threaded_iterable(capacity = 64)]
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(' ').map(str::to_owned).collect::<Vec<_>>().into_iter()
}

#[threaded_iterable]
fn borrowing<'a>(text: &'a str, skip: usize) -> impl DoubleEndedIterator<Item = usize> + 'a {
    text.split(' ').map(str::len).skip(skip).collect::<Vec<_>>().into_iter()
}

#[threaded_iterable]
fn boxed(text: &str) -> Box<dyn Iterator<Item = char> + '_> {
    Box::new(text.chars())
}

#[threaded_iterable]
fn named(n: u32) -> std::ops::Range<u32> {
    0..n
}

#[threaded_iterable]
fn named_borrowing(text: &str) -> std::str::Chars<'_> {
    text.chars()
}

// Neither the iterator nor what is in it may go to another thread.
#[threaded_iterable]
fn local(n: u32) -> impl Iterator<Item = u32> {
    let shared = std::rc::Rc::new(n);
    (0..2).map(move |more| *shared + more)
}

#[threaded_iterable]
fn opened(text: &str) -> Result<impl Iterator<Item = char> + '_, String> {
    if text.is_empty() { Err("empty".to_owned()) } else { Ok(text.chars()) }
}

type Answer<T> = Result<T, String>;

#[threaded_iterable(separate)]
fn maybe(n: Option<u32>) -> Option<std::ops::Range<u32>> {
    n.map(|n| 0..n)
}

#[threaded_iterable]
fn generic_items<T: Clone, I>(items: I) -> I::IntoIter
where
    I: IntoIterator<Item = T>,
    T: PartialEq,
{
    items.into_iter()
}

#[threaded_iterable]
fn counting(upto: u32, out: &mut Yielder<u32>) {
    for n in 0..upto {
        if out.push(n).is_err() {
            SAVED.fetch_add(1, Ordering::Relaxed);
            return;
        }
    }
}

#[threaded_iterable]
fn failing(text: &str, out: &mut koil::Yielder<String>) -> io::Result<()> {
    for word in text.split(' ') {
        out.push(word.to_owned())?;
    }
    Err(io::Error::other("the end"))
}

#[threaded_iterable]
fn answering<T>(items: Vec<T>, _out: &mut Yielder<T>) -> Answer<()> {
    drop(items);
    Err("at once".to_owned())
}

pub(crate) fn main() {
    block_on(parameters());
    block_on(generics());
    block_on(methods());
    block_on(blocks());
    block_on(items());
    block_on(objects());
    nested();
}

async fn parameters() {
    nothing_async().await;
    let c = CString::new("ab").unwrap();
    let call = borrowed_async("a", Path::new("bc"), &c, OsStr::new("d"), &[1, 2], &3);
    let call: ThreadedCall<usize> = call;
    // The lent value is not needed any more.
    drop(c);
    assert_eq!(call.await, 1 + 2 + 2 + 1 + 2 + 3);
    assert_eq!(by_static_async("a", &["b"]).await, "b");
    assert_eq!(patterns_async((1, 0), [2, 0, 0], 3, 0, Pair { x: 4, y: 0 }).await, 10);
    assert_eq!(names_async(1, 2, 3, (4, 0), 5, "six").await, 18);
    assert_eq!(fn_async("type", 1).await, 5);
    assert_eq!(wide_async("ab".into(), str::len, Box::new(str::len)).await, 4);
    assert_eq!(conditional_async("abc", 1).await, 3);
    assert_eq!(by_macro_async(vec![1], &vec![2]).await, [1, 2]);
    assert_eq!(doubled_async(4).await, 8);
    assert_eq!(shouted_async("a").await, "A");
    assert_eq!(by_another_name(7).await, 7);
    #[allow(deprecated)]
    let old = old_async().await;
    assert_eq!(old, 3);
    assert_eq!(exported_async(1).await, 1);
    // SAFETY: it is small.
    assert_eq!(unsafe { dangerous_async(1) }.await, 1);
    assert_eq!(questions_async("1").await.unwrap(), 2);
    assert!(questions_async("one").await.is_err());
    assert_eq!(tuple_async(1).await, (1, Some(vec![1])));
    assert_eq!(opaque_return_async(1).await.to_string(), "2");
    // The originals are unchanged.
    nothing();
    assert_eq!(doubled(3) + Attributes(1) as u32, 7);
}

async fn generics() {
    assert_eq!(generic_async([1, 2], &3, &[4], vec![5]).await, "[1, 2] 3 [4] [5]");
    assert_eq!(unsized_path_async("abc").await, 3);
    assert_eq!(unsized_path_async(&"abc".to_owned()).await, 3);
    let text = opaque_async("a", &1, Some("b"), &[2], |text| text).await;
    assert_eq!(text, "a 1 b [2] called");
    assert_eq!(only_in_body_async::<u8>().await, "0");
    assert_eq!(only_returned_async::<u8>("7").await, Some(7));
    assert_eq!(with_where_async("ab", "c").await, 3);
    assert_eq!(with_where_async(&"ab".to_owned(), "c").await, 3);
}

async fn methods() {
    let store = Store::open_async("a").await.unwrap();
    let store = store.by_value_async("b").await;
    let shared = Arc::new(store.clone());
    assert_eq!(shared.clone().by_arc_async("c").await, 3);
    assert_eq!(Box::new(store.clone()).by_box_async(store.clone()).await, 3);
    assert_eq!(Pin::new(shared.clone()).by_pin_async().await, 3);
    assert_eq!(store.by_handle_async("d").await, 4);
    assert_eq!(store.by_typed_async().await, 4);
    assert_eq!(Box::leak(Box::new(store.clone())).forever_async().await, 4);
    assert_eq!(store.each_async().collect::<Vec<_>>().await, ["a", "b", "c", "d"]);
    assert_eq!(shared.tell_async().collect::<Vec<_>>().await.len(), 4);
    assert_eq!(21_u32.doubled_async().await, 42);
}

async fn blocks() {
    let table = Table::new_async(&[3, 1]).await;
    assert_eq!(table.find_async(&1).await, Some(1));
    assert_eq!(table.insert_soon(2).await, 3);
    assert_eq!(table.all_async().collect::<Vec<_>>().await, [3, 1, 2]);
    let sorted = table.clone().sorted_async().collect::<Vec<_>>().await;
    assert_eq!(sorted, [Ok(1), Ok(2), Ok(3), Err("the end".to_owned())]);
    let mut table = table;
    table.clear();
    assert_eq!(table.find(&1), None);
    let lines = Arc::new(Lines(vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(lines.join_async("-").await, "a-b");
}

async fn items() {
    let stream: ThreadedIter<String> = words_async("a b c");
    assert_eq!(stream.collect::<Vec<_>>().await, ["a", "b", "c"]);
    assert_eq!(borrowing_async("a bc", 1).collect::<Vec<_>>().await, [2]);
    assert_eq!(boxed_async("ab").collect::<String>().await, "ab");
    assert_eq!(named_async(3).collect::<Vec<_>>().await, [0, 1, 2]);
    assert_eq!(named_borrowing_async("ab").collect::<String>().await, "ab");
    assert_eq!(local_async(3).collect::<Vec<_>>().await, [3, 4]);
    let opened = opened_async("ab").await.unwrap();
    assert_eq!(opened.collect::<String>().await, "ab");
    assert_eq!(opened_async("").await.unwrap_err(), "empty");
    assert_eq!(maybe_async(Some(2)).await.unwrap().collect::<Vec<_>>().await, [0, 1]);
    assert!(maybe_async(None).await.is_none());
    assert_eq!(generic_items_async(vec![1, 2]).collect::<Vec<_>>().await, [1, 2]);
    let mut counted = counting_async(u32::MAX);
    assert_eq!(counted.next().await, Some(0));
    counted.close().await;
    assert_eq!(SAVED.load(Ordering::Relaxed), 1);
    let failed = failing_async("a b").collect::<Vec<_>>().await;
    assert_eq!(failed.len(), 3);
    assert_eq!(failed[2].as_ref().unwrap_err().to_string(), "the end");
    let answered: Vec<Answer<u8>> = answering_async(vec![1]).collect().await;
    assert_eq!(answered, [Err("at once".to_owned())]);
}

// The types that the messages about borrowed objects name.
#[threaded]
fn reporting(mut report: Box<dyn FnMut(u64) + Send>) -> Box<dyn FnMut(u64) + Send> {
    report(1);
    report
}

#[threaded]
fn asking(boxed: Box<dyn Fn(u64) -> u64 + Send>, shared: Arc<dyn Fn(u64) -> u64 + Send + Sync>) -> u64 {
    boxed(1) + shared(2)
}

#[threaded(unwinding, handle = on.clone())]
fn placed(on: &koil::Handle, where_: &str) -> bool {
    koil::Handle::current() == *on && where_ == "here"
}

#[threaded_iterable(unwinding, capacity = 1)]
fn released() -> Option<impl Iterator<Item = u8>> {
    Some(0..2)
}

async fn objects() {
    assert!(placed_async(&koil::global(), "here").await);
    assert_eq!(released_async().await.unwrap().count().await, 2);
    let (send, seen) = std::sync::mpsc::channel();
    let mut report = reporting_async(Box::new(move |n| send.send(n).unwrap())).await;
    report(2);
    assert_eq!(seen.try_iter().collect::<Vec<_>>(), [1, 2]);
    assert_eq!(asking_async(Box::new(|n| n), Arc::new(|n| n * 2)).await, 5);
}

fn nested() {
    #[threaded]
    fn inner(n: u8) -> u8 {
        n
    }
    assert_eq!(koil::unkoil(inner_async(1)), 1);
}
