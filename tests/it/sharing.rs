//! Many threads on one loop, and several loops in one process.

use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use koil::{Koil, unkoil, unkoil_task};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use crate::support::{a_loop, on_a_loop, until, waiting, watched, with_a_loop};

#[test]
fn eight_threads_share_one_loop() {
    with_a_loop(|koil| {
        let threads: Vec<_> = (0..8_u64)
            .map(|n| {
                thread::spawn(koil.handle().wrap(move || {
                    let calls = (0..200).map(|round| {
                        let task = unkoil_task(async move { n * round });
                        unkoil(async { tokio::task::yield_now().await });
                        task.result().unwrap()
                    });
                    calls.sum::<u64>()
                }))
            })
            .collect();
        let sums = threads.into_iter().map(|thread| thread.join().unwrap());
        assert!(sums.eq((0..8).map(|n| n * 199 * 200 / 2)));
    });
}

#[test]
fn eight_threads_wait_on_one_loop_at_the_same_time() {
    with_a_loop(|koil| {
        let gate = Arc::new(Notify::new());
        let threads: Vec<_> = (0..8)
            .map(|n| {
                let gate = gate.clone();
                thread::spawn(koil.handle().wrap(move || {
                    unkoil(gate.notified());
                    n
                }))
            })
            .collect();
        until(|| waiting(&koil.handle()) == 8);
        gate.notify_waiters();
        let ended: Vec<_> = threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect();
        assert_eq!(ended, (0..8).collect::<Vec<_>>());
        assert_eq!(waiting(&koil.handle()), 0);
    });
}

#[test]
fn eight_threads_talk_over_sockets_of_one_loop() {
    on_a_loop(|koil| {
        let listener = unkoil(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        drop(unkoil_task(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut from, mut to) = socket.split();
                    tokio::io::copy(&mut from, &mut to).await
                });
            }
        }));
        let threads: Vec<_> = (0..8_u8)
            .map(|n| {
                thread::spawn(koil.handle().wrap(move || {
                    let mut socket = unkoil(TcpStream::connect(address)).unwrap();
                    for round in 0..50 {
                        let sent = [n, round];
                        let mut echoed = [0; 2];
                        unkoil(socket.write_all(&sent)).unwrap();
                        unkoil(socket.read_exact(&mut echoed)).unwrap();
                        assert_eq!(echoed, sent);
                    }
                }))
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
    });
}

#[test]
fn two_loops_live_side_by_side_and_end_one_by_one() {
    watched(|| {
        let (first, second) = (a_loop(), a_loop());
        assert_ne!(first.handle(), second.handle());
        let nap = || async { tokio::time::sleep(Duration::from_millis(1)).await };
        {
            let _entered = first.enter();
            unkoil(nap());
        }
        assert!(first.shutdown().is_clean());
        let _entered = second.enter();
        unkoil(nap());
        assert!(koil::unkoil_task(nap()).result().is_ok());
    });
}

#[test]
fn a_blocked_caller_of_one_loop_does_not_keep_another_from_stopping() {
    watched(|| {
        let (waited_for, stopped) = (a_loop(), a_loop());
        let gate = Arc::new(Notify::new());
        let gate_of = gate.clone();
        let handle = waited_for.handle();
        let caller = thread::spawn(handle.wrap(move || unkoil(gate_of.notified())));
        until(|| waiting(&handle) == 1);
        let report = stopped.shutdown();
        assert_eq!((report.released(), report.is_clean()), (0, true));
        gate.notify_one();
        caller.join().unwrap();
    });
}

#[test]
fn loops_come_and_go_without_leaving_threads_behind() {
    watched(|| {
        let ended = crate::support::Count::default();
        for _ in 0..50 {
            let count = ended.clone();
            let koil = Koil::builder()
                .on_thread_stop(move || count.add())
                .build()
                .unwrap();
            drop(koil);
        }
        assert_eq!(ended.get(), 50);
    });
}

#[test]
fn threads_that_start_together_find_one_loop() {
    crate::support::alone(|| {
        watched(|| {
            let together = Arc::new(Barrier::new(8));
            let threads: Vec<_> = (0..8)
                .map(|_| {
                    let together = together.clone();
                    thread::spawn(move || {
                        together.wait();
                        unkoil(async { tokio::runtime::Handle::current().id() })
                    })
                })
                .collect();
            let expected = threads.into_iter().map(|thread| thread.join().unwrap());
            assert!(
                expected
                    .into_iter()
                    .all(|id| id == koil::global().tokio().id())
            );
        });
    });
}
