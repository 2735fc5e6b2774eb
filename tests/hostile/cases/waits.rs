//! Futures that wait for koil's loop, for other threads and for other runtimes.

use std::io::{Read as _, Write as _};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::thread;
use std::time::Instant;

use futures::stream::{self, Stream};
use koil::{koiled, unkoil_iter, unkoil_task, unkoil_timeout};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, broadcast, mpsc, oneshot, watch};
use tokio::task::{JoinSet, yield_now};

use super::{Case, Expects, LONG, MS, Result, later, nap, run, works, yields};

pub(super) const CASES: &[Case] = &[
    works("a sleep", || run(nap())),
    works("a sleep of a twin", || {
        nap_blocking();
        Ok(())
    }),
    works("an interval", || {
        run(async {
            let mut ticks = tokio::time::interval(MS);
            for _ in 0..10 {
                ticks.tick().await;
            }
        })
    }),
    works("a twin that holds and gives an `Rc`", || {
        assert_eq!(*an_rc_blocking(), 3);
        Ok(())
    }),
    works("a twin with a type parameter", || {
        assert_eq!(*after_a_nap_blocking(Rc::new(4)), 4);
        Ok(())
    }),
    works(
        "borrows of the caller's, an output that may not leave",
        || {
            let text = String::from("abc");
            let out = koil::try_unkoil(async {
                nap().await;
                (Rc::new(text.len()), std::ptr::from_ref(&text))
            })?;
            assert_eq!((*out.0, out.1), (3, &raw const text));
            Ok(())
        },
    ),
    works("a server in a task, a client here", || {
        run(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let server = tokio::spawn(async move {
                let (mut socket, _) = listener.accept().await.unwrap();
                let mut text = [0; 4];
                socket.read_exact(&mut text).await.unwrap();
                socket.write_all(&text).await.unwrap();
            });
            let mut socket = TcpStream::connect(address).await.unwrap();
            socket.write_all(b"ping").await.unwrap();
            let mut text = [0; 4];
            socket.read_exact(&mut text).await.unwrap();
            assert_eq!(&text, b"ping");
            server.await.unwrap();
        })
    }),
    works("both ends of a socket, with yields", || {
        run(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let (client, server) = tokio::join!(TcpStream::connect(address), listener.accept());
            let (mut client, mut server) = (client.unwrap(), server.unwrap().0);
            for _ in 0..50 {
                client.write_all(b"x").await.unwrap();
                server.read_exact(&mut [0]).await.unwrap();
                yield_now().await;
            }
        })
    }),
    works("a task of the loop", || {
        run(async {
            let task = tokio::spawn(async {
                yields(100).await;
                nap().await;
                5
            });
            assert_eq!(task.await.unwrap(), 5);
        })
    }),
    works("a set of tasks of the loop", || {
        run(async {
            let mut tasks = JoinSet::new();
            (0..50).for_each(|_| drop(tasks.spawn(yields(20))));
            assert_eq!(tasks.join_all().await.len(), 50);
        })
    }),
    works("a task that is aborted", || {
        run(async {
            let task = tokio::spawn(std::future::pending::<()>());
            task.abort();
            assert!(task.await.unwrap_err().is_cancelled());
        })
    }),
    works("200 calls that wait for a task each", || {
        (0..200).try_for_each(|_| run(async { tokio::spawn(async {}).await.unwrap() }))
    }),
    works("`spawn_blocking`", || {
        run(async { assert_eq!(tokio::task::spawn_blocking(|| 9).await.unwrap(), 9) })
    }),
    works("a channel from a thread", || {
        run(async {
            let (send, mut receive) = mpsc::channel(4);
            thread::spawn(move || (0..1_000).for_each(|n| send.blocking_send(n).unwrap()));
            let mut count = 0;
            while receive.recv().await.is_some() {
                count += 1;
            }
            assert_eq!(count, 1_000);
        })
    }),
    works("a `Notify` from a thread", || {
        run(async {
            let notify = Arc::new(Notify::new());
            let other = notify.clone();
            later(move || other.notify_one());
            notify.notified().await;
        })
    }),
    works("a `Notify` to a task and back, 500 times", || {
        run(async {
            let (there, back) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
            let (theirs, ours) = (there.clone(), back.clone());
            let task = tokio::spawn(async move {
                for _ in 0..500 {
                    theirs.notified().await;
                    ours.notify_one();
                }
            });
            for _ in 0..500 {
                there.notify_one();
                back.notified().await;
            }
            task.await.unwrap();
        })
    }),
    works("a broadcast", || {
        run(async {
            let (send, mut receive) = broadcast::channel(16);
            later(move || {
                send.send(1).unwrap();
                send.send(2).unwrap();
            });
            assert_eq!(receive.recv().await, Ok(1));
            assert_eq!(receive.recv().await, Ok(2));
            receive.recv().await.unwrap_err();
        })
    }),
    works("a watch", || {
        run(async {
            let (send, mut receive) = watch::channel(0);
            later(move || (1..=5).for_each(|n| send.send(n).unwrap()));
            receive.wait_for(|n| *n == 5).await.unwrap();
        })
    }),
    works("a message from a thread, tokio's and futures'", || {
        run(async {
            let (send, receive) = oneshot::channel();
            later(move || send.send(4).unwrap());
            assert_eq!(receive.await, Ok(4));
            let (send, receive) = futures::channel::oneshot::channel();
            later(move || send.send(4).unwrap());
            assert_eq!(receive.await, Ok(4));
        })
    }),
    works("a storm of wakes from 4 threads", storm),
    works("an iterator over sleeps and yields", || {
        let items = unkoil_iter(Box::pin(numbers()));
        assert_eq!(items.sum::<u32>(), 10);
        Ok(())
    }),
    works(
        "a twin of a stream, plain, read ahead and prefetched",
        || {
            assert_eq!(numbers_blocking().sum::<u32>(), 10);
            assert_eq!(numbers_blocking().read_ahead(3).sum::<u32>(), 10);
            assert_eq!(boxed_numbers_blocking().prefetch(3).sum::<u32>(), 10);
            Ok(())
        },
    ),
    works("a reader and writer over a pipe", || {
        let (ours, mut theirs) = tokio::io::duplex(8);
        let mut io = koil::Io::new(ours);
        let other = thread::spawn(move || {
            koil::unkoil(async move {
                theirs.write_all(&[1; 1_000]).await.unwrap();
                theirs.shutdown().await.unwrap();
                theirs.read_exact(&mut [0; 3]).await.unwrap();
            });
        });
        let mut read = Vec::new();
        io.read_to_end(&mut read).unwrap();
        assert_eq!(read.len(), 1_000);
        io.write_all(&[2; 3]).unwrap();
        other.join().unwrap();
        Ok(())
    }),
    works("the result of a task", || {
        let task = unkoil_task(async {
            yields(100).await;
            nap().await;
            5
        });
        assert_eq!(task.result()?, 5);
        Ok(())
    }),
    Case {
        name: "a timer of the runtime around the call",
        expects: Expects::OuterRuntime,
        run: || unkoil_timeout(100 * MS, tokio::time::sleep(5 * MS)),
    },
    Case {
        name: "a task of the runtime around the call",
        expects: Expects::OuterRuntime,
        run: || {
            let task = tokio::spawn(nap());
            unkoil_timeout(100 * MS, async { task.await.unwrap() })
        },
    },
    Case {
        name: "a socket of the runtime around the call",
        expects: Expects::OuterRuntime,
        run: || {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            listener.set_nonblocking(true).unwrap();
            let address = listener.local_addr().unwrap();
            let listener = TcpListener::from_std(listener).unwrap();
            later(move || drop(std::net::TcpStream::connect(address)));
            unkoil_timeout(100 * MS, async { drop(listener.accept().await) })
        },
    },
    Case {
        name: "a task of the `LocalSet` around the call",
        expects: Expects::OuterLocalSet,
        run: || {
            unkoil_timeout(100 * MS, async {
                tokio::task::spawn_local(async {}).await.unwrap();
            })
        },
    },
];

#[koiled]
async fn an_rc() -> Rc<u32> {
    let held = Rc::new(3);
    nap().await;
    yield_now().await;
    held
}

#[koiled]
async fn after_a_nap<T>(value: T) -> T {
    nap().await;
    yield_now().await;
    value
}

mod twins {
    /// `nap`, with a twin.
    #[koil::koiled]
    pub(super) async fn nap() {
        super::nap().await;
    }
}
use twins::nap_blocking;

#[koiled]
fn numbers() -> impl Stream<Item = u32> {
    stream::unfold(0, |n| async move {
        nap().await;
        yields(2).await;
        (n < 5).then_some((n, n + 1))
    })
}

#[koiled]
fn boxed_numbers() -> futures::stream::BoxStream<'static, u32> {
    Box::pin(numbers())
}

/// Four threads wake it all the time, until it is ready.
fn storm() -> Result {
    run(async {
        let is_over = Arc::new(AtomicBool::new(false));
        let mut is_begun = false;
        let begun = Instant::now();
        std::future::poll_fn(|cx| {
            if !std::mem::replace(&mut is_begun, true) {
                for _ in 0..4 {
                    let (waker, is_over) = (cx.waker().clone(), is_over.clone());
                    thread::spawn(move || {
                        let begun = Instant::now();
                        while !is_over.load(Ordering::Relaxed) && begun.elapsed() < LONG {
                            waker.wake_by_ref();
                            std::hint::spin_loop();
                        }
                    });
                }
            }
            if begun.elapsed() > 30 * MS {
                is_over.store(true, Ordering::Relaxed);
                return Poll::Ready(());
            }
            Poll::Pending
        })
        .await;
    })
}
