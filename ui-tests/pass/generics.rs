//! Generics: bounds, defaults, consts, unsized, inferred from the return type alone, callbacks.
#![deny(warnings)]

use std::collections::HashMap;
use std::fmt::{Debug, Display};
use std::future::Future;
use std::hash::Hash;
use std::marker::PhantomData;

use koil::koiled;

#[koiled]
async fn plain<T>(value: T) -> T {
    value
}

#[koiled]
async fn bounded<T: Display + Send + 'static>(value: T) -> String {
    value.to_string()
}

#[koiled]
async fn in_where<K, V>(map: HashMap<K, V>, key: &K) -> Option<V>
where
    K: Eq + Hash,
    V: Clone,
{
    map.get(key).cloned()
}

#[koiled]
async fn unsized_argument<T: ?Sized + AsRef<str>>(value: &T) -> usize {
    value.as_ref().len()
}

#[koiled]
async fn unsized_in_where<T>(value: &T) -> usize
where
    T: ?Sized + AsRef<[u8]>,
{
    value.as_ref().len()
}

/// Only a turbofish can say what `T` is.
#[koiled]
async fn body_only<T>() -> usize {
    size_of::<T>()
}

#[koiled]
async fn return_only<T: Default>() -> T {
    T::default()
}

#[koiled]
async fn const_body_only<const N: usize>() -> usize {
    N
}

#[koiled]
async fn const_and_type<T: Copy + Default, const N: usize>(first: T) -> [T; N] {
    let mut all = [T::default(); N];
    if let Some(place) = all.first_mut() {
        *place = first;
    }
    all
}

#[koiled]
async fn of_const_char<const C: char, const B: bool, const I: i8>() -> String {
    format!("{C}{B}{I}")
}

#[koiled]
async fn lifetimes_types_consts<'a, 'b: 'a, T: 'a, const N: usize>(
    a: &'a [T; N],
    _b: &'b str,
) -> &'a [T] {
    a
}

#[koiled]
async fn argument(text: impl Into<String>) -> String {
    text.into()
}

#[koiled]
async fn arguments(
    a: impl AsRef<str>,
    b: &impl Display,
    c: &mut impl Iterator<Item = u32>,
) -> String {
    format!("{}{b}{}", a.as_ref(), c.sum::<u32>())
}

/// Explicit arguments are allowed beside `impl Trait`.
#[koiled]
async fn argument_and_parameter<T: From<u8>>(value: impl Into<u8>) -> T {
    T::from(value.into())
}

#[koiled]
async fn returned() -> impl Fn(u32) -> u32 {
    |x| x + 1
}

#[koiled]
async fn returned_iterator(count: u32) -> impl Iterator<Item = u32> + Clone + Debug {
    0..count
}

#[koiled]
async fn both(items: impl IntoIterator<Item = impl Display>) -> impl Display {
    items
        .into_iter()
        .map(|item| item.to_string())
        .collect::<String>()
}

#[koiled]
async fn nested_opaque(n: u32) -> Result<Vec<impl Display>, impl Debug> {
    if n == 0 { Err("none") } else { Ok(vec![n; 2]) }
}

#[koiled]
async fn associated<I>(items: I) -> Vec<<I::Item as ToOwned>::Owned>
where
    I: IntoIterator,
    I::Item: ToOwned,
{
    items
        .into_iter()
        .map(|item| item.to_owned())
        .collect::<Vec<_>>()
}

#[koiled]
async fn callback<F: Fn(u32) -> u32>(f: F) -> u32 {
    f(1)
}

#[koiled]
async fn async_once<F: AsyncFnOnce(String) -> usize>(f: F) -> usize {
    f(String::from("abc")).await
}

#[koiled]
async fn async_mut(mut f: impl AsyncFnMut(u32)) {
    f(1).await;
    f(2).await;
}

#[koiled]
async fn async_borrowing(f: impl AsyncFn(&str) -> usize) -> usize {
    f("ab").await + f("c").await
}

#[koiled]
async fn async_by_reference(f: &mut impl AsyncFnMut(&mut u32)) -> u32 {
    let mut n = 0;
    f(&mut n).await;
    n
}

#[koiled]
async fn returning_future<F, Fut>(f: F) -> Fut::Output
where
    F: FnOnce(u32) -> Fut,
    Fut: Future,
{
    f(3).await
}

#[koiled]
async fn fallible_callback<T, E>(f: impl AsyncFnOnce() -> Result<T, E>) -> Result<T, E> {
    let value = f().await?;
    Ok(value)
}

#[koiled]
#[derive(Clone, Debug, Default, PartialEq)]
struct Client<T = u32, const N: usize = 3>
where
    T: Clone,
{
    items: Vec<T>,
}

#[koiled]
impl<T, const N: usize> Client<T, N>
where
    T: Clone,
{
    const SIZE: usize = N;

    fn with(item: T) -> Self {
        Client {
            items: vec![item; N],
        }
    }

    async fn open(item: T) -> Self {
        Self::with(item)
    }

    async fn first(&self) -> Option<&T> {
        self.items.first()
    }

    async fn pairs<U: Clone>(&self, with: U) -> Vec<(T, U)> {
        self.items
            .iter()
            .map(|item| (item.clone(), with.clone()))
            .collect()
    }

    async fn sized<const M: usize>(&self) -> Client<T, M> {
        Client {
            items: self.items.iter().take(M).cloned().collect(),
        }
    }

    async fn mapped<U: Clone, F>(self, f: F) -> Client<U, N>
    where
        F: FnMut(T) -> U,
    {
        Client {
            items: self.items.into_iter().map(f).collect(),
        }
    }

    async fn where_self(&self) -> Self
    where
        Self: Clone + PartialEq,
        T: PartialEq,
    {
        self.clone()
    }

    async fn array(&self) -> [T; N]
    where
        T: Default + Copy,
    {
        let mut all = [T::default(); N];
        all.copy_from_slice(&self.items);
        all
    }
}

#[koiled]
impl Client {
    async fn sum(&self) -> u32 {
        self.items.iter().sum()
    }
}

#[koiled]
impl Client<String> {
    async fn joined(&self) -> String {
        self.items.concat()
    }
}

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

#[koiled]
struct Phantom<'a, T: 'a + ?Sized, const FLAG: bool> {
    _kind: PhantomData<fn() -> &'a T>,
}

#[koiled]
impl<'a, T: 'a + ?Sized, const FLAG: bool> Phantom<'a, T, FLAG> {
    async fn new() -> Self {
        Phantom { _kind: PhantomData }
    }

    async fn flag(&self) -> bool {
        FLAG
    }
}

#[koiled]
impl Phantom<'_, str, true> {
    async fn only_this_one(&self) -> &'static str {
        "this"
    }
}

/// A parameter with a bound on its own associated type.
#[koiled]
struct Over<I: Iterator<Item: Display>> {
    items: I,
}

#[koiled]
impl<I: Iterator<Item: Display>> Over<I> {
    async fn next(&mut self) -> Option<I::Item> {
        self.items.next()
    }

    async fn shown(&mut self) -> Option<String> {
        self.items.next().map(|item| item.to_string())
    }
}

pub(crate) fn main() {
    assert_eq!(plain_blocking(1), 1);
    assert_eq!(bounded_blocking(1), "1");
    assert_eq!(in_where_blocking(HashMap::from([(1, 2)]), &1), Some(2));
    assert_eq!(unsized_argument_blocking("abc"), 3);
    assert_eq!(unsized_in_where_blocking("abc"), 3);
    assert_eq!(body_only_blocking::<u64>(), 8);
    assert_eq!(return_only_blocking::<u64>(), 0);
    let inferred: String = return_only_blocking();
    assert_eq!(inferred, "");
    assert_eq!(const_body_only_blocking::<7>(), 7);
    assert_eq!(const_and_type_blocking::<u8, 3>(1), [1, 0, 0]);
    assert_eq!(of_const_char_blocking::<'x', true, -1>(), "xtrue-1");
    assert_eq!(lifetimes_types_consts_blocking(&[1, 2], ""), [1, 2]);
    assert_eq!(argument_blocking("a"), "a");
    assert_eq!(arguments_blocking("a", &1, &mut (0..3)), "a13");
    assert_eq!(argument_and_parameter_blocking::<u64>(3), 3);
    assert_eq!(returned_blocking()(1), 2);
    assert_eq!(returned_iterator_blocking(3).clone().sum::<u32>(), 3);
    assert_eq!(both_blocking([1, 2]).to_string(), "12");
    assert_eq!(nested_opaque_blocking(1).map_err(|_| ()).unwrap().len(), 2);
    assert_eq!(associated_blocking([1, 2]), [1, 2]);
    let base = 4;
    assert_eq!(callback_blocking(|x| x + base), 5);
    assert_eq!(async_once_blocking(async |text: String| text.len()), 3);
    let mut seen = Vec::new();
    async_mut_blocking(async |x| {
        tokio::task::yield_now().await;
        seen.push(x);
    });
    assert_eq!(seen, [1, 2]);
    assert_eq!(async_borrowing_blocking(async |text: &str| text.len()), 3);
    let mut count = 0;
    let bumped = async_by_reference_blocking(&mut async |n: &mut u32| {
        count += 1;
        *n = 9;
    });
    assert_eq!((bumped, count), (9, 1));
    assert_eq!(returning_future_blocking(|x| async move { x + base }), 7);
    assert_eq!(
        fallible_callback_blocking(async || Err::<(), _>("no")),
        Err("no")
    );

    let client = BlockingClient::<u32>::with(2);
    assert_eq!(client.sum(), 6);
    assert_eq!(client.first(), Some(&2));
    assert_eq!(BlockingClient::<u8, 2>::open(1).array(), [1, 1]);
    assert_eq!(BlockingClient::<u8, 2>::SIZE, 2);
    assert_eq!(client.pairs('a').len(), 3);
    assert_eq!(client.sized::<1>().pairs(()).len(), 1);
    assert!(client.where_self() == client);
    let texts: BlockingClient<String> = client.mapped(|n| n.to_string());
    assert_eq!(texts.joined(), "222");

    assert_eq!(
        Tail {
            head: 0,
            tail: "ab"
        }
        .into_blocking()
        .len(),
        2
    );
    assert_eq!(TailInWhere(5).into_blocking().show(), "5");
    let phantom = BlockingPhantom::<str, true>::new();
    assert!(phantom.flag());
    assert_eq!(phantom.only_this_one(), "this");
    assert!(!BlockingPhantom::<[u8], false>::new().flag());

    let mut over = Over { items: 1..3 }.into_blocking();
    // `Iterator` of the original is not in the way: the twin's own method wins.
    assert_eq!(over.next(), Some(1));
    assert_eq!(over.shown(), Some(String::from("2")));
}
