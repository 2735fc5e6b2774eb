//! Code that needs tokio's context where it is called, built or dropped, not only where it is polled.
#![deny(warnings)]

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures::Stream;
use koil::koiled;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Interval, Sleep};

/// The timer is made by the call, before anything is polled.
#[koiled]
fn eager_sleep(time: Duration) -> impl Future<Output = ()> {
    tokio::time::sleep(time)
}

#[koiled]
#[koil(wait)]
fn named_sleep(time: Duration) -> Sleep {
    tokio::time::sleep(time)
}

#[koiled]
fn eager_spawn(n: u32) -> impl Future<Output = u32> {
    let task = tokio::spawn(async move { n + 1 });
    async move { task.await.unwrap() }
}

#[koiled]
fn eager_channel(count: u32) -> impl Stream<Item = u32> {
    let (send, receive) = mpsc::channel(1);
    tokio::spawn(async move {
        for n in 0..count {
            if send.send(n).await.is_err() {
                return;
            }
        }
    });
    futures::stream::unfold(receive, |mut receive| async move {
        let n = receive.recv().await?;
        Some((n, receive))
    })
}

#[koiled]
async fn net() -> std::io::Result<usize> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    let mut near = tokio::net::TcpStream::connect(listener.local_addr()?).await?;
    let (mut far, _) = listener.accept().await?;
    near.write_all(b"koil").await?;
    let mut buffer = [0; 4];
    far.read_exact(&mut buffer).await
}

/// Spawns in its sync constructor and in its drop.
#[koiled]
struct Pump {
    pumped: Arc<AtomicU32>,
    task: Option<JoinHandle<()>>,
    every: Option<Interval>,
}

impl Drop for Pump {
    fn drop(&mut self) {
        let pumped = self.pumped.clone();
        // Panics where no runtime is entered.
        drop(tokio::spawn(async move {
            pumped.fetch_add(100, Ordering::SeqCst)
        }));
    }
}

#[koiled]
impl Pump {
    fn new() -> Self {
        Pump::counting(Arc::default())
    }

    fn counting(pumped: Arc<AtomicU32>) -> Self {
        let counter = pumped.clone();
        let task = tokio::spawn(async move {
            counter.fetch_add(1, Ordering::SeqCst);
        });
        Pump {
            pumped,
            task: Some(task),
            every: None,
        }
    }

    fn try_new() -> Result<Self, String> {
        Handle::try_current().map_err(|error| error.to_string())?;
        Ok(Pump::new())
    }

    fn ticking(mut self) -> Self {
        self.every = Some(tokio::time::interval(Duration::from_millis(1)));
        self
    }

    fn finish(self) -> Arc<AtomicU32> {
        Handle::current();
        self.pumped.clone()
    }

    fn shared(self: Arc<Self>) -> Arc<Self> {
        Handle::current();
        self
    }

    fn now() -> tokio::time::Instant {
        Handle::current();
        tokio::time::Instant::now()
    }

    async fn joined(&mut self) -> u32 {
        if let Some(task) = self.task.take() {
            task.await.unwrap();
        }
        if let Some(every) = &mut self.every {
            every.tick().await;
        }
        self.pumped.load(Ordering::SeqCst)
    }

    #[koil(enter)]
    fn start(&self) -> JoinHandle<u32> {
        let pumped = self.pumped.clone();
        tokio::spawn(async move { pumped.fetch_add(10, Ordering::SeqCst) })
    }

    #[koil(enter)]
    fn restart(&mut self) {
        self.task = Some(tokio::spawn(async {}));
    }

    fn returned(&self) -> impl Future<Output = u32> + '_ {
        let sleep = tokio::time::sleep(Duration::from_millis(1));
        async move {
            sleep.await;
            self.pumped.load(Ordering::SeqCst)
        }
    }

    fn boxed(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(Duration::from_millis(1)))
    }
}

/// The same, with the timer kept in a value that borrows.
#[koiled]
struct Waiter<'a> {
    sleep: Pin<Box<Sleep>>,
    name: &'a str,
}

#[koiled]
impl<'a> Waiter<'a> {
    fn new(name: &'a str) -> Self {
        Waiter {
            sleep: Box::pin(tokio::time::sleep(Duration::from_millis(1))),
            name,
        }
    }

    async fn wait(&mut self) -> &'a str {
        self.sleep.as_mut().await;
        self.name
    }

    fn consumed(self) -> usize {
        Handle::current();
        self.name.len()
    }
}

fn settled(count: &AtomicU32, expected: u32) -> bool {
    (0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(5));
        count.load(Ordering::SeqCst) == expected
    })
}

pub(crate) fn main() {
    assert!(Handle::try_current().is_err());
    eager_sleep_blocking(Duration::from_millis(1));
    named_sleep_blocking(Duration::from_millis(1));
    assert_eq!(eager_spawn_blocking(1), 2);
    assert_eq!(eager_channel_blocking(5).sum::<u32>(), 10);
    assert_eq!(eager_channel_blocking(1_000).next(), Some(0));
    assert_eq!(net_blocking().unwrap(), 4);

    let mut pump = BlockingPump::new().ticking();
    assert_eq!(pump.joined(), 1);
    pump.boxed();
    assert_eq!(koil::unkoil(pump.start()).unwrap(), 1);
    pump.restart();
    assert_eq!(pump.joined(), 11);
    assert_eq!(pump.returned(), 11);
    let count = pump.finish();
    assert!(settled(&count, 111));

    let pumped = Arc::new(AtomicU32::new(0));
    drop(BlockingPump::counting(pumped.clone()));
    assert!(settled(&pumped, 101));
    let pump = Arc::new(BlockingPump::counting(pumped.clone())).shared();
    drop(pump);
    assert!(settled(&pumped, 202));
    assert!(BlockingPump::try_new().is_ok());
    assert!(BlockingPump::now() <= BlockingPump::now());

    let mut waiter = BlockingWaiter::new("abc");
    assert_eq!(waiter.wait(), "abc");
    assert_eq!(waiter.consumed(), 3);
    assert!(Handle::try_current().is_err());
}
