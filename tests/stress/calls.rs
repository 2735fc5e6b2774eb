//! The kinds of calls, and a caller who makes them in any order.

use std::hint::black_box;
use std::panic::{self, AssertUnwindSafe};
use std::process;
use std::sync::mpsc;
use std::time::Duration;

use futures::stream::{self, Stream};
use koil::{
    CancelScope, Error, Handle, gather, koiled, try_unkoil, unkoil_iter, unkoil_task,
    unkoil_timeout,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::task::{block_in_place, spawn_blocking, yield_now};
use tokio::time::sleep;

use crate::world::World;
use crate::{bursts, guards, parts};

/// A kind of call; it returns how many blocking calls it made.
type Kind = (&'static str, fn(&mut Caller<'_>) -> u64);

pub(crate) const KINDS: [Kind; 21] = [
    ("calls in bursts", bursts::bursts),
    ("ready", ready),
    ("yields", |caller| caller.anywhere(|| yields_blocking(5))),
    ("echoes over TCP", echoes),
    ("sleeps", |caller| caller.anywhere(|| naps_blocking(50))),
    ("tasks joined", tasks),
    ("items of iterators", items),
    ("beside a scheduler", beside_a_scheduler),
    ("tasks of a foreign runtime", |caller| {
        foreign(caller, |call| call())
    }),
    ("block_in_place", |caller| {
        foreign(caller, |call| block_in_place(call))
    }),
    ("blocking workers", workers),
    ("gathers", gathers),
    ("timeouts", timeouts),
    ("cancels", cancels),
    ("panics", panics),
    ("guards", guards::guards),
    (
        "guards beside a scheduler",
        guards::guards_beside_a_scheduler,
    ),
    ("async guards in tasks", guards::async_guards),
    ("compositions", parts::compositions),
    (
        "guards dropped late",
        parts::guards_of_a_loop_that_has_ended,
    ),
    ("callers of a crowd", guards::crowds),
];

pub(crate) const BURSTS: usize = 0;

pub(crate) struct Caller<'w> {
    pub(crate) world: &'w World,
    random: u64,
    pub(crate) socket: BlockingSocket,
    pub(crate) current_thread: Runtime,
}

impl<'w> Caller<'w> {
    pub(crate) fn new(world: &'w World, seed: u64) -> Caller<'w> {
        let connect = world.stays.handle().wrap(BlockingSocket::connect);
        Caller {
            world,
            random: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1,
            socket: connect(),
            current_thread: Builder::new_current_thread().enable_all().build().unwrap(),
        }
    }

    /// One of so many; the same for the same seed (xorshift).
    pub(crate) fn choose(&mut self, among: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        usize::try_from(self.random % among as u64).unwrap()
    }

    /// The loop that stays or, now and then, the one that is about to go.
    fn some_loop(&mut self) -> Handle {
        if self.choose(4) == 0 {
            return self.world.comes_and_goes.lock().unwrap().clone();
        }
        self.world.stays.handle()
    }

    /// As [`some_loop`](Caller::some_loop), with an error hook, which adopted ones do not have.
    pub(crate) fn an_owned_loop(&mut self) -> Handle {
        if self.choose(4) == 0 {
            return self.world.owned.lock().unwrap().clone();
        }
        self.world.stays.handle()
    }

    /// Makes a call here or in a runtime of this thread, on some loop.
    fn anywhere(&mut self, call: impl FnOnce()) -> u64 {
        let handle = self.some_loop();
        if self.choose(3) == 0 {
            self.current_thread
                .block_on(async { unless_stopped(|| handle.wrap(call)()) });
        } else {
            unless_stopped(|| handle.wrap(call)());
        }
        1
    }
}

/// The loop may stop meanwhile: then the call says so by its panic.
pub(crate) fn unless_stopped(call: impl FnOnce()) {
    if let Err(payload) = panic::catch_unwind(AssertUnwindSafe(call)) {
        let text = payload.downcast_ref::<String>();
        if !text.is_some_and(|text| text.contains("has been shut down")) {
            panic::resume_unwind(payload);
        }
    }
}

/// The same of a call that gives an error.
fn ok_unless_stopped<T>(result: Result<T, Error>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(error) if error.is_shutdown() => None,
        Err(error) => panic!("{error}"),
    }
}

/// A part of a future that panics if it is polled after its end.
struct Alive(u64);

const ALIVE: u64 = 0x600D_F00D;

impl Alive {
    fn check(&self) {
        if black_box(self.0) != ALIVE {
            eprintln!("a future is polled after it was dropped");
            process::abort();
        }
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.check();
        self.0 = black_box(0);
    }
}

#[koiled]
async fn yields(times: u32) {
    let alive = Alive(ALIVE);
    for _ in 0..times {
        yield_now().await;
        alive.check();
    }
}

#[koiled]
async fn naps(micros: u64) {
    let alive = Alive(ALIVE);
    sleep(Duration::from_micros(micros)).await;
    alive.check();
}

#[koiled]
pub(crate) struct Socket {
    here: TcpStream,
    there: TcpStream,
    duplex: (DuplexStream, DuplexStream),
}

#[koiled]
impl Socket {
    async fn connect() -> Socket {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (here, there) = tokio::join!(TcpStream::connect(address), listener.accept());
        Socket {
            here: here.unwrap(),
            there: there.unwrap().0,
            duplex: tokio::io::duplex(16),
        }
    }

    pub(crate) async fn echo(&mut self, byte: u8) -> u8 {
        let alive = Alive(ALIVE);
        let server = async {
            let byte = self.there.read_u8().await.unwrap();
            self.there.write_u8(byte).await.unwrap();
        };
        let client = async {
            self.here.write_u8(byte).await.unwrap();
            self.here.read_u8().await.unwrap()
        };
        let ((), answer) = tokio::join!(server, client);
        self.duplex.0.write_u8(answer).await.unwrap();
        let answer = self.duplex.1.read_u8().await.unwrap();
        alive.check();
        answer
    }
}

fn ready(caller: &mut Caller<'_>) -> u64 {
    let handle = caller.world.stays.handle();
    let _entered = handle.enter();
    for n in 0..100 {
        assert_eq!(koil::unkoil(async { black_box(n) }), n);
    }
    100
}

fn echoes(caller: &mut Caller<'_>) -> u64 {
    let handle = caller.world.stays.handle();
    let _entered = handle.enter();
    let Caller {
        socket,
        current_thread,
        ..
    } = caller;
    assert_eq!(socket.echo(1), 1);
    current_thread.block_on(async { assert_eq!(socket.echo(2), 2) });
    2
}

fn tasks(caller: &mut Caller<'_>) -> u64 {
    caller.anywhere(|| {
        let tasks = [1, 2, 3].map(|n| {
            unkoil_task(async move {
                yields(2).await;
                n
            })
        });
        for (task, n) in tasks.into_iter().zip(1..) {
            if let Some(result) = ok_unless_stopped(task.result()) {
                assert_eq!(result, n);
            }
        }
    });
    3
}

#[koiled]
fn numbers() -> impl Stream<Item = u32> {
    let alive = Alive(ALIVE);
    Box::pin(stream::unfold((0, alive), |(n, alive)| async move {
        yields(1).await;
        naps(10).await;
        alive.check();
        Some((n, (n + 1, alive)))
    }))
}

fn items(caller: &mut Caller<'_>) -> u64 {
    // Begun here, continued in a runtime, dropped half-way.
    let handle = caller.some_loop();
    let mut items = handle.wrap(numbers_blocking)();
    unless_stopped(|| assert!(matches!(items.next(), Some(0) | None)));
    caller.current_thread.block_on(async {
        let _ = items.next_timeout(Duration::ZERO);
        unless_stopped(|| assert!(items.by_ref().take(2).count() <= 2));
    });
    4
}

fn beside_a_scheduler(caller: &mut Caller<'_>) -> u64 {
    let handle = caller.some_loop();
    caller.current_thread.block_on(async {
        let _entered = handle.enter();
        for n in 0..10_u64 {
            unless_stopped(|| yields_blocking(1));
            let on_the_stack = [n; 16];
            unless_stopped(|| assert_eq!(sum_blocking(&on_the_stack), n * 16));
        }
    });
    20
}

#[koiled]
async fn sum(numbers: &[u64]) -> u64 {
    let mut sum = 0;
    for number in numbers {
        yield_now().await;
        sum += number;
    }
    sum
}

fn foreign(caller: &mut Caller<'_>, place: fn(Box<dyn FnOnce() + '_>)) -> u64 {
    let handle = caller.some_loop();
    let task = caller.world.foreign.spawn(async move {
        let _entered = handle.enter();
        for _ in 0..3 {
            place(Box::new(|| unless_stopped(|| yields_blocking(2))));
            place(Box::new(|| unless_stopped(|| naps_blocking(20))));
        }
    });
    caller.world.foreign.block_on(task).unwrap();
    6
}

fn workers(caller: &mut Caller<'_>) -> u64 {
    let handle = caller.world.stays.handle();
    let _entered = handle.enter();
    let inner = || unless_stopped(|| yields_blocking(3));
    koil::unkoil(async { spawn_blocking(inner).await.unwrap() });
    2
}

fn gathers(caller: &mut Caller<'_>) -> u64 {
    let handle = caller.some_loop();
    let all = handle.wrap(|| gather((0..4).map(yields)).limit(2).try_wait())();
    ok_unless_stopped(all);
    1
}

fn timeouts(caller: &mut Caller<'_>) -> u64 {
    let handle = caller.some_loop();
    let limit = Duration::from_micros(caller.choose(200) as u64);
    let is_late = |error: Error| assert!(error.is_timeout() || error.is_shutdown(), "{error}");
    let _ = handle.wrap(|| unkoil_timeout(limit, naps(100)))().map_err(is_late);
    // Taken back from the loop, in any moment of its polls there.
    let mut items = handle.wrap(numbers_blocking)();
    caller.current_thread.block_on(async {
        for _ in 0..4 {
            if let Some(Err(error)) = items.next_timeout(limit / 4) {
                is_late(error);
            }
        }
    });
    drop(items);
    5
}

fn cancels(caller: &mut Caller<'_>) -> u64 {
    let handle = caller.some_loop();
    let scope = CancelScope::new().unwinding();
    let token = scope.token().clone();
    let (go, gate) = mpsc::channel();
    caller.world.foreign.spawn_blocking(move || {
        // The caller may have gone.
        let _ = gate.recv();
        token.cancel("enough");
    });
    let call = || {
        go.send(()).unwrap();
        naps_blocking(100);
        yields_blocking(3);
    };
    let outcome = caller.current_thread.block_on(async {
        let mut outcome = Ok(());
        unless_stopped(|| outcome = handle.wrap(|| scope.run(call))());
        outcome
    });
    if let Err(error) = outcome {
        assert!(error.is_cancelled(), "{error}");
    }
    2
}

fn panics(caller: &mut Caller<'_>) -> u64 {
    #[koiled]
    async fn breaks() {
        let _alive = Alive(ALIVE);
        yield_now().await;
        panic!("on purpose");
    }
    let handle = caller.world.stays.handle();
    let _entered = handle.enter();
    let is_it = |caught: Result<(), Box<dyn std::any::Any + Send>>| {
        assert_eq!(caught.unwrap_err().downcast_ref(), Some(&"on purpose"));
    };
    is_it(panic::catch_unwind(breaks_blocking));
    caller
        .current_thread
        .block_on(async { is_it(panic::catch_unwind(breaks_blocking)) });
    let items = unkoil_iter(stream::once(breaks()));
    is_it(panic::catch_unwind(AssertUnwindSafe(|| {
        assert_eq!(items.count(), 0);
    })));
    let _ = try_unkoil(async {});
    4
}
