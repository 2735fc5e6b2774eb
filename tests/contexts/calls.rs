//! The columns of the table: calls, and the functions (doors) through which they are made.

use std::io;
use std::net::SocketAddr;
use std::panic;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::future::join_all;
use futures::stream::{self, FuturesUnordered, Stream, StreamExt};
use koil::{Error, koiled, try_unkoil, unkoil, unkoil_iter, unkoil_lend, unkoil_task};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::{LocalSet, spawn_local, yield_now};

use crate::echo;

/// The calls that are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    Ready,
    Sleep,
    Echo,
    Yields,
    Items,
    ManyCalls,
    List,
    Set,
    Buffered,
    Budget,
    OwnSet,
    Smol,
    HoldsRc,
    GivesRc,
    Generic,
    Borrows,
    Stream,
    Task,
}

impl Call {
    /// In the order of the columns.
    pub(crate) const ALL: [Call; 18] = [
        Call::Ready,
        Call::Sleep,
        Call::Echo,
        Call::Yields,
        Call::Items,
        Call::ManyCalls,
        Call::List,
        Call::Set,
        Call::Buffered,
        Call::Budget,
        Call::OwnSet,
        Call::Smol,
        Call::HoldsRc,
        Call::GivesRc,
        Call::Generic,
        Call::Borrows,
        Call::Stream,
        Call::Task,
    ];

    /// As the table names it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Call::Ready => "ready",
            Call::Sleep => "sleep",
            Call::Echo => "TCP",
            Call::Yields => "yields",
            Call::Items => "10,000 items",
            Call::ManyCalls => "1,000 calls",
            Call::List => "`join_all`",
            Call::Set => "set",
            Call::Buffered => "buffered",
            Call::Budget => "budget",
            Call::OwnSet => "own `LocalSet`",
            Call::Smol => "smol",
            Call::HoldsRc => "holds `Rc`",
            Call::GivesRc => "gives `Rc`",
            Call::Generic => "generic",
            Call::Borrows => "`&str`",
            Call::Stream => "stream",
            Call::Task => "task",
        }
    }

    /// The doors that differ for this call.
    pub(crate) fn doors(self) -> &'static [Door] {
        match self {
            // A task is joined in one way only.
            Call::Task => &[Door::Twin],
            // Not `Send`, or no future.
            Call::Budget
            | Call::OwnSet
            | Call::HoldsRc
            | Call::GivesRc
            | Call::Generic
            | Call::Stream => &[Door::Twin, Door::Unkoil, Door::Try],
            _ => &[Door::Twin, Door::Unkoil, Door::Try, Door::Lend],
        }
    }
}

/// The function through which a user makes the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    /// A twin that `#[koiled]` made.
    Twin,
    /// `koil::unkoil`.
    Unkoil,
    /// `koil::try_unkoil`.
    Try,
    /// `koil::unkoil_lend`, which has the loop poll.
    Lend,
}

/// The outcome of a call.
pub(crate) enum Outcome {
    Fine,
    Refused(Refusal),
}

/// A call that the bridge refused, by a panic or by an error.
pub(crate) struct Refusal {
    pub(crate) text: String,
    pub(crate) error: Option<Error>,
}

/// Makes the call; a panic of it does not leave this function.
pub(crate) fn make(call: Call, door: Door) -> Outcome {
    let refusal = match panic::catch_unwind(|| through(call, door)) {
        Ok(Ok(())) => return Outcome::Fine,
        Ok(Err(error)) => Refusal {
            text: error.to_string(),
            error: Some(error),
        },
        Err(payload) => Refusal {
            text: match payload.downcast::<String>() {
                Ok(text) => *text,
                Err(_) => "a panic without a text".to_owned(),
            },
            error: None,
        },
    };
    Outcome::Refused(refusal)
}

/// One call of a future through a door; the twin stands beside its original.
macro_rules! knock {
    ($door:expr, $twin:expr, $future:expr) => {
        match $door {
            Door::Lend => unkoil_lend($future),
            door => knock!(local door, $twin, $future),
        }
    };
    (local $door:expr, $twin:expr, $future:expr) => {
        match $door {
            Door::Twin => $twin,
            Door::Unkoil => unkoil($future),
            Door::Try => try_unkoil($future)?,
            Door::Lend => unreachable!("it is not `Send`"),
        }
    };
}

fn through(call: Call, door: Door) -> Result<(), Error> {
    match call {
        Call::Ready => assert_eq!(knock!(door, ready_blocking(7), ready(7)), 7),
        Call::Sleep => assert_eq!(knock!(door, nap_blocking(7), nap(7)), 7),
        Call::Echo => {
            let server = echo::server();
            let answer = knock!(
                door,
                echoed_blocking(server, "hallo"),
                echoed(server, "hallo")
            );
            assert_eq!(answer.expect("the server answers"), "hallo");
        }
        Call::Yields => assert_eq!(knock!(door, yields_blocking(1000), yields(1000)), 1000),
        Call::Items => assert_eq!(knock!(door, items_blocking(10_000), items(10_000)), 10_000),
        Call::ManyCalls => {
            for n in 0..1000 {
                assert_eq!(knock!(door, one_of_many_blocking(n), one_of_many(n)), n);
            }
        }
        Call::List => assert_eq!(knock!(door, list_blocking(20), list(20)), 20),
        Call::Set => assert_eq!(knock!(door, set_blocking(20), set(20)), 20),
        Call::Buffered => assert_eq!(knock!(door, buffered_blocking(20), buffered(20)), 20),
        Call::Budget => {
            assert_eq!(
                knock!(local door, budget_blocking(1000), budget(1000)),
                1000
            );
        }
        Call::OwnSet => assert_eq!(knock!(local door, own_set_blocking(7), own_set(7)), 7),
        Call::Smol => assert_eq!(knock!(door, smol_nap_blocking(7), smol_nap(7)), 7),
        Call::Generic => {
            let held = Rc::new(7);
            assert_eq!(
                *knock!(local door, later_blocking(held.clone()), later(held)),
                7
            );
        }
        Call::HoldsRc => assert_eq!(knock!(local door, holds_rc_blocking(7), holds_rc(7)), 7),
        Call::GivesRc => assert_eq!(*knock!(local door, gives_rc_blocking(7), gives_rc(7)), 7),
        Call::Borrows => {
            let text = String::from("borrowed");
            assert_eq!(knock!(door, length_blocking(&text), length(&text)), 8);
        }
        Call::Stream => streams(door)?,
        Call::Task => assert_eq!(unkoil_task(nap(7)).result()?, 7),
    }
    Ok(())
}

/// Two items of an endless stream, then its end by a drop.
fn streams(door: Door) -> Result<(), Error> {
    let gone = Arc::new(AtomicBool::new(false));
    let mut items = Vec::new();
    match door {
        Door::Twin => {
            let mut iter = numbers_blocking(gone.clone());
            items.extend(iter.next());
            items.extend(iter.next());
        }
        Door::Try => {
            let mut iter = unkoil_iter(numbers(gone.clone()));
            for _ in 0..2 {
                let item = iter.next_timeout(Duration::from_secs(600));
                items.push(item.expect("the stream is endless")?);
            }
        }
        _ => items.extend(unkoil_iter(numbers(gone.clone())).take(2)),
    }
    assert_eq!(items, [0, 1]);
    assert!(
        gone.load(Ordering::Acquire),
        "the drop has dropped the stream"
    );
    Ok(())
}

#[koiled]
#[allow(clippy::unused_async)] // It is the ready one.
async fn ready(n: u32) -> u32 {
    n
}

/// Several sleeps: a caller that the machine holds up may find one of them over when it looks.
#[koiled]
async fn nap(n: u32) -> u32 {
    for _ in 0..5 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    n
}

#[koiled]
async fn echoed(server: SocketAddr, text: &str) -> io::Result<String> {
    let mut socket = TcpStream::connect(server).await?;
    let mut answer = vec![0; text.len()];
    for _ in 0..5 {
        socket.write_all(text.as_bytes()).await?;
        socket.read_exact(&mut answer).await?;
    }
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[koiled]
async fn yields(times: u32) -> u32 {
    for _ in 0..times {
        yield_now().await;
    }
    times
}

/// All ready from the start: they use up the budget that tokio gives to a task many times over.
#[koiled]
async fn items(count: usize) -> usize {
    let (send, mut receive) = mpsc::unbounded_channel();
    for n in 0..count {
        send.send(n).expect("the receiver lives");
    }
    drop(send);
    let mut received = 0;
    while receive.recv().await.is_some() {
        received += 1;
    }
    received
}

/// A bit of the budget, and a wait.
#[koiled]
async fn one_of_many(n: u32) -> u32 {
    let (send, mut receive) = mpsc::unbounded_channel();
    send.send(n).expect("the receiver lives");
    yield_now().await;
    receive.recv().await.expect("it has been sent")
}

/// Each of them yields; all have one waker, that of the call.
#[koiled]
async fn list(count: u32) -> usize {
    join_all((0..count).map(|_| yields(3))).await.len()
}

/// Each of them yields, and has a waker of its own.
#[koiled]
async fn set(count: u32) -> usize {
    let all: FuturesUnordered<_> = (0..count).map(|_| yields(3)).collect();
    all.count().await
}

#[koiled]
async fn buffered(count: u32) -> usize {
    let all = stream::iter(0..count).map(|_| yields(3));
    all.buffer_unordered(4).count().await
}

/// Items for a task that has a budget, and uses it up.
#[koiled]
async fn budget(count: usize) -> usize {
    let local = LocalSet::new();
    let task = local.run_until(async move { spawn_local(items(count)).await });
    task.await.expect("the task does not panic")
}

/// A `LocalSet` of the call's own, whose task sleeps.
#[koiled]
async fn own_set(n: u32) -> u32 {
    let local = LocalSet::new();
    let task = local.run_until(async move { spawn_local(nap(n)).await });
    task.await.expect("the task does not panic")
}

/// On timers that another thread drives.
#[koiled]
async fn smol_nap(n: u32) -> u32 {
    for _ in 0..5 {
        smol::Timer::after(Duration::from_millis(1)).await;
    }
    n
}

/// Futures that may be `Send` or not.
#[koiled]
async fn later<T>(value: T) -> T {
    nap(0).await;
    value
}

#[koiled]
async fn holds_rc(n: u32) -> u32 {
    let held = Rc::new(n);
    nap(0).await;
    *held
}

/// A `Send` future, whose output is not.
#[koiled]
async fn gives_rc(n: u32) -> Rc<u32> {
    nap(0).await;
    Rc::new(n)
}

#[koiled]
async fn length(text: &str) -> usize {
    nap(0).await;
    text.len()
}

#[koiled]
fn numbers(gone: Arc<AtomicBool>) -> impl Stream<Item = u32> {
    struct Tells(Arc<AtomicBool>);

    impl Drop for Tells {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Release);
        }
    }

    let tells = Tells(gone);
    stream::iter(0..).then(move |n| {
        let _kept = &tells;
        nap(n)
    })
}
