//! Futures that twins wait for: futures of every spelling, futures that are not `Send`, recursion.
#![deny(warnings)]

use std::cell::{Cell, RefCell};
use std::error::Error;
use std::fmt::Display;
use std::future::{self, Future, IntoFuture};
use std::panic;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, LocalBoxFuture};
use koil::koiled;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, yield_now};

type Boxed<'a, T> = BoxFuture<'a, T>;

#[koiled]
fn returned(n: u32) -> impl Future<Output = u32> {
    async move { n }
}

#[koiled]
fn with_bounds(text: &str) -> impl Future<Output = usize> + Send + '_ {
    async move { text.len() }
}

#[koiled]
fn bounds_first(n: u32) -> impl Send + Unpin + Future<Output = u32> + 'static {
    future::ready(n)
}

#[koiled]
fn by_path(n: u32) -> impl ::core::future::Future<Output = u32> {
    async move { n }
}

#[koiled]
fn boxed(text: &str) -> BoxFuture<'_, usize> {
    async move { text.len() }.boxed()
}

#[koiled]
fn boxed_by_path(n: u32) -> futures::future::BoxFuture<'static, u32> {
    async move { n }.boxed()
}

#[koiled]
fn local_boxed(n: Rc<u32>) -> LocalBoxFuture<'static, u32> {
    async move {
        yield_now().await;
        *n
    }
    .boxed_local()
}

#[koiled]
fn pinned(text: &str) -> Pin<Box<dyn Future<Output = usize> + Send + '_>> {
    Box::pin(async move { text.len() })
}

#[koiled]
fn pinned_by_path(
    n: u32,
) -> std::pin::Pin<std::boxed::Box<dyn std::future::Future<Output = u32> + 'static>> {
    Box::pin(async move { n })
}

#[koiled]
#[allow(unused_parens)]
fn pinned_in_parentheses(n: u32) -> Pin<Box<(dyn Future<Output = u32> + Send)>> {
    Box::pin(async move { n })
}

#[koiled]
fn unpin_object(n: u32) -> Box<dyn Future<Output = u32> + Unpin> {
    Box::new(future::ready(n))
}

#[koiled]
fn without_output() -> impl Future<Output = ()> {
    yield_now()
}

#[koiled]
fn output_in_parentheses(n: u32) -> impl Future<Output = (u32, u32)> {
    future::ready((n, n))
}

#[koiled]
fn opaque_output(n: u32) -> impl Future<Output = impl Iterator<Item = u32>> {
    async move { 0..n }
}

#[koiled]
fn result_output(n: u32) -> impl Future<Output = Result<u32, Box<dyn Error + Send + Sync>>> {
    async move { Ok(n.to_string().parse::<u32>()?) }
}

#[koiled]
#[koil(wait)]
fn named(n: u32) -> future::Ready<u32> {
    future::ready(n)
}

#[koiled]
#[koil(wait)]
fn alias(n: u32) -> Boxed<'static, u32> {
    async move { n }.boxed()
}

#[koiled]
#[koil(wait)]
fn task(n: u32) -> JoinHandle<u32> {
    tokio::spawn(async move { n })
}

#[koiled]
#[koil(wait)]
fn generic_future<F: Future>(future: F) -> F
where
    F::Output: Display,
{
    future
}

/// A future with a name, written by hand.
struct Countdown(u32);

impl Future for Countdown {
    type Output = &'static str;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<&'static str> {
        if self.0 == 0 {
            return Poll::Ready("go");
        }
        self.0 -= 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

#[koiled]
async fn fallible(text: &str) -> Result<u32, Box<dyn Error>> {
    let n = future::ready(text).await.parse::<u32>()?;
    Ok(n)
}

/// Held over an await, so the future is not `Send`.
#[koiled]
async fn holds_rc() -> usize {
    let shared = Rc::new(Cell::new(0));
    yield_now().await;
    shared.set(1);
    tokio::time::sleep(Duration::from_millis(1)).await;
    shared.get() + Rc::strong_count(&shared)
}

/// `Send`, but what it gives is not.
#[koiled]
async fn gives_rc() -> Rc<u32> {
    tokio::time::sleep(Duration::from_millis(1)).await;
    Rc::new(5)
}

#[koiled]
async fn takes_rc(shared: Rc<RefCell<Vec<u32>>>) -> usize {
    yield_now().await;
    shared.borrow_mut().push(1);
    shared.borrow().len()
}

#[koiled]
async fn takes_cell(cell: &Cell<u32>) {
    cell.set(1);
    yield_now().await;
    cell.set(cell.get() + 1);
}

#[koiled]
async fn holds_raw_pointer(text: &str) -> *const u8 {
    let pointer = text.as_ptr();
    yield_now().await;
    pointer
}

#[koiled]
async fn not_known_to_be_send<T: Clone>(value: T) -> T {
    let copy = value.clone();
    yield_now().await;
    drop(value);
    copy
}

#[koiled]
async fn known_to_be_send<T: Clone + Send + Sync>(value: &T) -> T {
    tokio::time::sleep(Duration::from_millis(1)).await;
    value.clone()
}

/// The family whose `Send` bound rustc calls not general enough.
#[koiled]
async fn higher_ranked_over_await(items: &[&str]) -> usize {
    let lengths = items.iter().map(|item| async move { item.len() });
    futures::future::join_all(lengths).await.into_iter().sum()
}

#[koiled]
async fn dyn_over_await(f: &(dyn Fn(&str) -> usize + Sync)) -> usize {
    yield_now().await;
    f("abc")
}

#[koiled]
async fn boxed_recursion(n: u32) -> u32 {
    if n == 0 {
        0
    } else {
        n + Box::pin(boxed_recursion(n - 1)).await
    }
}

/// On a blocking worker of the loop a twin may be called, also its own.
#[koiled]
async fn own_twin(n: u32) -> u32 {
    if n == 0 {
        return 0;
    }
    n + tokio::task::spawn_blocking(move || own_twin_blocking(n - 1))
        .await
        .unwrap()
}

#[koiled]
fn mutual_a(n: u32) -> BoxFuture<'static, u32> {
    async move { if n == 0 { 0 } else { 1 + mutual_b(n - 1).await } }.boxed()
}

#[koiled]
async fn mutual_b(n: u32) -> u32 {
    if n == 0 {
        0
    } else {
        10 + mutual_a(n - 1).await
    }
}

#[koiled]
async fn never(text: &'static str) -> ! {
    yield_now().await;
    panic::resume_unwind(Box::new(text))
}

#[koiled]
async fn empty() {}

#[koiled]
struct Wire {
    log: RefCell<Vec<String>>,
}

#[koiled]
impl Wire {
    fn returned<'a>(&'a self, text: &'a str) -> impl Future<Output = usize> + 'a {
        async move {
            yield_now().await;
            self.log.borrow_mut().push(text.to_owned());
            self.log.borrow().len()
        }
    }

    fn boxed(&self) -> LocalBoxFuture<'_, String> {
        async move { self.log.borrow().concat() }.boxed_local()
    }

    fn mut_boxed<'a>(&'a mut self, text: &'a str) -> Pin<Box<dyn Future<Output = ()> + 'a>> {
        Box::pin(async move { self.log.get_mut().push(text.to_owned()) })
    }

    #[koil(wait)]
    fn countdown(&self, from: u32) -> Countdown {
        Countdown(from)
    }

    #[koil(wait)]
    fn reply(&self) -> oneshot::Receiver<u32> {
        let (reply, wait) = oneshot::channel();
        tokio::spawn(async move { reply.send(4) });
        wait
    }

    #[koil(wait)]
    fn into_future(self) -> <Wire as IntoFuture>::IntoFuture {
        IntoFuture::into_future(self)
    }

    async fn kept_here(&self) -> usize {
        self.log.borrow().len()
    }

    #[koil(lend)]
    async fn lent(n: u32) -> u32 {
        yield_now().await;
        n
    }

    #[koil(lend, wait, name = "ready")]
    fn ready_async() -> future::Ready<u32> {
        future::ready(3)
    }
}

impl IntoFuture for Wire {
    type Output = String;
    type IntoFuture = future::Ready<String>;

    fn into_future(self) -> future::Ready<String> {
        future::ready(self.log.into_inner().concat())
    }
}

pub(crate) fn main() {
    assert_eq!(returned_blocking(1), 1);
    assert_eq!(with_bounds_blocking("abc"), 3);
    assert_eq!(bounds_first_blocking(1), 1);
    assert_eq!(by_path_blocking(1), 1);
    assert_eq!(boxed_blocking("abc"), 3);
    assert_eq!(boxed_by_path_blocking(1), 1);
    assert_eq!(local_boxed_blocking(Rc::new(2)), 2);
    assert_eq!(pinned_blocking("abc"), 3);
    assert_eq!(pinned_by_path_blocking(1), 1);
    assert_eq!(pinned_in_parentheses_blocking(1), 1);
    assert_eq!(unpin_object_blocking(1), 1);
    without_output_blocking();
    assert_eq!(output_in_parentheses_blocking(1), (1, 1));
    assert_eq!(opaque_output_blocking(3).sum::<u32>(), 3);
    assert_eq!(result_output_blocking(3).unwrap(), 3);
    assert_eq!(named_blocking(2), 2);
    assert_eq!(alias_blocking(3), 3);
    assert_eq!(task_blocking(4).unwrap(), 4);
    assert_eq!(generic_future_blocking(async { "shown" }), "shown");
    assert_eq!(fallible_blocking("12").unwrap(), 12);
    assert!(fallible_blocking("x").is_err());

    assert_eq!(holds_rc_blocking(), 2);
    assert_eq!(*gives_rc_blocking(), 5);
    let shared = Rc::default();
    assert_eq!(takes_rc_blocking(Rc::clone(&shared)), 1);
    assert_eq!(shared.borrow().len(), 1);
    let cell = Cell::new(0);
    takes_cell_blocking(&cell);
    assert_eq!(cell.get(), 2);
    let text = "abc";
    assert_eq!(holds_raw_pointer_blocking(text), text.as_ptr());
    assert_eq!(*not_known_to_be_send_blocking(Rc::new(1)), 1);
    assert_eq!(known_to_be_send_blocking(&1), 1);
    assert_eq!(higher_ranked_over_await_blocking(&["a", "bc"]), 3);
    let extra = 1;
    assert_eq!(dyn_over_await_blocking(&|text| text.len() + extra), 4);
    assert_eq!(boxed_recursion_blocking(4), 10);
    assert_eq!(own_twin_blocking(3), 6);
    assert_eq!(mutual_a_blocking(4), 22);
    assert_eq!(mutual_b_blocking(3), 21);
    empty_blocking();

    let payload = panic::catch_unwind(|| never_blocking("thrown")).unwrap_err();
    assert_eq!(payload.downcast_ref::<&str>(), Some(&"thrown"));

    let mut wire = Wire {
        log: RefCell::default(),
    }
    .into_blocking();
    assert_eq!(wire.returned("a"), 1);
    wire.mut_boxed("b");
    assert_eq!(wire.boxed(), "ab");
    assert_eq!(wire.countdown(100), "go");
    assert_eq!(wire.reply(), Ok(4));
    assert_eq!(wire.kept_here(), 2);
    assert_eq!(BlockingWire::lent(2), 2);
    assert_eq!(BlockingWire::ready(), 3);
    assert_eq!(wire.into_future(), "ab");
}
