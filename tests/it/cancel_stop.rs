//! Stopping a loop: futures that listen clean up while the loop still drives, within bounds.

use std::future::pending;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use koil::{CancelScope, CancelToken, Koil, try_unkoil, unkoil_task, unkoil_timeout};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{Count, FOR_EVER, shut_down, until, waiting, watched, with_a_loop};

const SOON: Duration = Duration::from_millis(2);

/// Says goodbye over a socket and a timer, which both need the loop.
async fn say_goodbye(began: mpsc::Sender<()>, done: Count) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (client, server) = tokio::join!(TcpStream::connect(address), listener.accept());
    let (mut client, (mut server, _)) = (client.unwrap(), server.unwrap());
    let token = CancelToken::current().unwrap();
    let announced = async {
        began.send(()).unwrap();
        pending::<()>().await;
    };
    tokio::select! { biased; () = token.cancelled() => {}, () = announced => {} }
    tokio::time::sleep(SOON).await;
    client.write_all(b"bye").await.unwrap();
    drop(client);
    let mut said = String::new();
    server.read_to_string(&mut said).await.unwrap();
    assert_eq!(said, "bye");
    done.add();
}

#[test]
fn tasks_and_callers_clean_up_while_the_loop_drives() {
    watched(|| {
        for workers in [0, 2] {
            let builder = Koil::builder().worker_threads(workers);
            let builder = builder.cancel_grace(FOR_EVER).join_timeout(FOR_EVER);
            let koil = builder.build().unwrap();
            let handle = koil.handle();
            let done = Count::default();
            let (began, beginning) = mpsc::channel();
            let tasks = [(); 3].map(|()| {
                let _entered = koil.enter();
                unkoil_task(say_goodbye(began.clone(), done.clone()))
            });
            let callers = [(); 3].map(|()| {
                let goodbye = say_goodbye(began.clone(), done.clone());
                thread::spawn(handle.wrap(|| try_unkoil(goodbye)))
            });
            for _ in 0..6 {
                beginning.recv().unwrap();
            }
            // Announced in a poll that is not over yet.
            until(|| waiting(&handle) == 3);
            assert!(koil.shutdown().is_clean());
            assert_eq!(done.get(), 6, "all of them, before the loop is gone");
            for caller in callers {
                assert!(shut_down(caller.join().unwrap()).acknowledged());
            }
            for task in tasks {
                assert!(shut_down(task.result()).acknowledged());
            }
        }
    });
}

#[test]
fn who_listens_and_stays_is_left_after_the_grace() {
    watched(|| {
        let builder = Koil::builder()
            .cancel_grace(SOON * 10)
            .join_timeout(FOR_EVER);
        let koil = builder.build().unwrap();
        let handle = koil.handle();
        let dropped = Count::default();
        let (began, beginning) = mpsc::channel();
        let stubborn = || {
            let (guard, began) = (dropped.on_drop(), began.clone());
            async move {
                let _guard = guard;
                let token = CancelToken::current().unwrap();
                let mut listening = Box::pin(token.cancelled());
                let _ = futures::poll!(listening.as_mut());
                began.send(()).unwrap();
                pending::<()>().await;
            }
        };
        let entered = koil.enter();
        let task = unkoil_task(stubborn());
        drop(entered);
        let caller = thread::spawn(handle.wrap({
            let call = stubborn();
            move || try_unkoil(call)
        }));
        for _ in 0..2 {
            beginning.recv().unwrap();
        }
        until(|| waiting(&handle) == 1);
        let stopping = Instant::now();
        let report = koil.shutdown();
        assert!(stopping.elapsed() >= SOON * 10);
        assert!(report.is_clean(), "{report:?}");
        assert_eq!((report.released(), dropped.get()), (1, 2));
        assert!(!shut_down(caller.join().unwrap()).acknowledged());
        assert!(!shut_down(task.result()).acknowledged());
    });
}

#[test]
fn a_caller_in_its_grace_already_is_waited_for() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let (told, hears) = mpsc::channel();
        let caller = thread::spawn(handle.wrap(move || {
            unkoil_timeout(SOON, async {
                CancelToken::current().unwrap().cancelled().await;
                told.send(()).unwrap();
                tokio::time::sleep(SOON * 5).await;
            })
        }));
        hears.recv().unwrap();
        assert!(koil.shutdown().is_clean());
        let error = caller.join().unwrap().unwrap_err();
        assert!(error.is_timeout() && error.acknowledged(), "{error}");
    });
}

#[test]
fn a_call_that_times_out_in_its_first_polls_is_waited_for_too() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let (told, hears) = mpsc::channel();
        let caller = thread::spawn(handle.wrap(move || {
            unkoil_timeout(Duration::ZERO, async {
                CancelToken::current().unwrap().cancelled().await;
                told.send(()).unwrap();
                tokio::time::sleep(SOON * 5).await;
            })
        }));
        hears.recv().unwrap();
        assert!(koil.shutdown().is_clean());
        let error = caller.join().unwrap().unwrap_err();
        assert!(error.is_timeout() && error.acknowledged(), "{error}");
    });
}

#[test]
fn cancels_timeouts_and_a_stop_race_and_everybody_is_released() {
    watched(|| {
        for round in 0..30_u32 {
            let builder = Koil::builder().join_timeout(FOR_EVER).cancel_grace(SOON);
            let koil = builder.build().unwrap();
            let handle = koil.handle();
            let dropped = Count::default();
            let callers: Vec<_> = (0..6)
                .map(|at| {
                    let (handle, guard) = (handle.clone(), dropped.on_drop());
                    thread::spawn(move || {
                        let _entered = handle.enter();
                        let scope = CancelScope::new();
                        let token = scope.token().clone();
                        let canceller = thread::spawn(move || token.cancel("stop"));
                        let call = async move {
                            let _guard = guard;
                            if at % 2 == 0 {
                                CancelToken::current().unwrap().cancelled().await;
                            }
                            pending::<()>().await;
                        };
                        let patience = Duration::from_micros(u64::from(round * 50));
                        let answer = scope.run(|| unkoil_timeout(patience, call));
                        canceller.join().unwrap();
                        answer.unwrap().unwrap_err()
                    })
                })
                .collect();
            assert!(koil.shutdown().is_clean());
            for caller in callers {
                let error = caller.join().unwrap();
                assert!(error.is_cancelled() || error.is_timeout() || error.is_shutdown());
            }
            assert_eq!(dropped.get(), 6);
        }
    });
}
