//! Futures of smol and async-io, which have threads of their own.

use std::io::Write as _;

use smol::io::AsyncReadExt as _;
use smol::net::TcpListener;

use super::{Case, MS, later, nap, run, works, yields};

pub(super) const CASES: &[Case] = &[
    works("smol: a timer", || {
        run(async { smol::Timer::after(5 * MS).await })
    }),
    works(
        "smol: a timer and a sleep of tokio's, and yields of both",
        || {
            run(async {
                for _ in 0..5 {
                    tokio::join!(async { smol::Timer::after(MS).await }, nap(), yields(5));
                    smol::future::yield_now().await;
                }
            })
        },
    ),
    works("smol: a socket", || {
        run(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            later(move || {
                let mut socket = std::net::TcpStream::connect(address).unwrap();
                socket.write_all(b"hi").unwrap();
            });
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut read = Vec::new();
            socket.read_to_end(&mut read).await.unwrap();
            assert_eq!(read, b"hi");
        })
    }),
    works("smol: a thread of its pool, and a task of it", || {
        run(async {
            assert_eq!(smol::unblock(|| 3).await, 3);
            let task = smol::spawn(async {
                smol::future::yield_now().await;
                4
            });
            assert_eq!(task.await, 4);
        })
    }),
    works("smol: 1,000 yields", || {
        run(async {
            for _ in 0..1_000 {
                smol::future::yield_now().await;
            }
        })
    }),
    works("smol: a lock that another thread holds", || {
        run(async {
            let lock = std::sync::Arc::new(smol::lock::Mutex::new(0));
            let (held, is_held) = std::sync::mpsc::channel();
            let other = lock.clone();
            std::thread::spawn(move || {
                let mut guard = other.lock_blocking();
                held.send(()).unwrap();
                std::thread::sleep(5 * MS);
                *guard += 1;
            });
            is_held.recv().unwrap();
            assert_eq!(*lock.lock().await, 1);
        })
    }),
    works("smol: a channel from a thread", || {
        run(async {
            let (send, receive) = smol::channel::bounded(2);
            std::thread::spawn(move || (0..500).for_each(|n| send.send_blocking(n).unwrap()));
            let mut count = 0;
            while receive.recv().await.is_ok() {
                count += 1;
            }
            assert_eq!(count, 500);
        })
    }),
    works(
        "futures: a task of its thread pool's kind, through a channel",
        || {
            run(async {
                let (send, receive) = futures::channel::oneshot::channel();
                std::thread::spawn(|| {
                    futures::executor::block_on(async { send.send(5) }).unwrap();
                });
                assert_eq!(receive.await, Ok(5));
            })
        },
    ),
];
