//! Calls that are refused by their thread, and the code to write instead.

use std::sync::mpsc;
use std::thread;

use futures::{Stream, StreamExt, stream};
use koil::{
    Koil, iterate_threaded, koiled, run_threaded, try_unkoil, unkoil, unkoil_iter, unkoil_lend,
    unkoil_task,
};
use tokio::task::{spawn_blocking, yield_now};

use crate::foreign::{a_set, current_thread, multi_threaded};
use crate::foreign_moments::at_the_end_of_a_thread;
use crate::pinned::{Local, local};
use crate::support::{LIMIT, OnDrop, assert_told, on_a_loop, refused, watch, watched};

#[koiled]
async fn price() -> u32 {
    yield_now().await;
    3
}

#[koiled(fallible)]
async fn asked() -> Result<u32, koil::Error> {
    price().await;
    Ok(3)
}

#[koiled]
fn prices() -> impl Stream<Item = u32> + Unpin {
    stream::iter([1, 2]).then(|price| Box::pin(async move { price }))
}

#[test]
fn in_a_future_one_awaits_instead() {
    on_a_loop(|_| {
        unkoil(async {
            let text = refused(try_unkoil(price())).to_string();
            assert_told(
                &text,
                "inside a future that koil is polling",
                &["await the future", "there instead"],
            );
            assert_eq!(price().await, 3);

            let text = refused(asked_blocking()).to_string();
            assert_told(
                &text,
                "inside a future that koil is polling",
                &["await `asked`", "there instead"],
            );
            assert_eq!(asked().await.unwrap(), 3);
        });
    });
}

#[test]
fn in_a_future_one_takes_the_items_of_a_stream() {
    on_a_loop(|_| {
        let mut items = unkoil_iter(prices());
        let mut twins = prices_blocking();
        unkoil(async {
            let text = refused(items.next_timeout(LIMIT).unwrap()).to_string();
            assert_told(
                &text,
                "inside a future that koil is polling",
                &["take the items of the stream"],
            );
            let text = refused(twins.next_timeout(LIMIT).unwrap()).to_string();
            assert_told(
                &text,
                "inside a future that koil is polling",
                &["take the items of `prices`"],
            );
            assert_eq!(prices().collect::<Vec<_>>().await, [1, 2]);
        });
    });
}

/// Blocking code that async code calls, and that cannot be async itself.
fn callback() -> Result<u32, koil::Error> {
    asked_blocking()
}

#[test]
fn sync_code_in_a_future_is_called_through_a_worker_and_a_drop_starts_a_task() {
    on_a_loop(|_| {
        let (dropped, ends) = mpsc::channel();
        unkoil(async {
            let text = refused(callback()).to_string();
            assert_told(
                &text,
                "inside a future that koil is polling",
                &[
                    "sync code that cannot (a callback, an iterator, a trait of another crate) is called by the \
                   async code around it through `koil::run_threaded` or `koil::iterate_threaded`",
                    "and a drop or a hook starts `koil::unkoil_task`",
                ],
            );
            assert_eq!(run_threaded(callback).await.unwrap(), 3);
            let items = iterate_threaded(4, || (0..2).map(|_| callback().unwrap()));
            assert_eq!(items.collect::<Vec<_>>().await, [3, 3]);
            drop(OnDrop::new(|| {
                unkoil_task(async move { dropped.send(price().await).unwrap() }).detach();
            }));
        });
        assert_eq!(ends.recv(), Ok(3));
    });
}

#[test]
fn on_a_loop_thread_one_awaits_or_goes_to_a_worker() {
    on_a_loop(|_| {
        let task = unkoil_task(async {
            let text = refused(asked_blocking()).to_string();
            assert_told(
                &text,
                "would block a loop thread",
                &[
                    "await `asked`",
                    "there, or move the call into `tokio::task::spawn_blocking`",
                ],
            );
            let moved = spawn_blocking(asked_blocking).await.unwrap();
            (asked().await.unwrap(), moved.unwrap())
        });
        assert_eq!(task.result().unwrap(), (3, 3));
    });
}

#[test]
fn in_the_tasks_of_another_runtime_one_awaits_or_goes_to_a_worker() {
    watched(|| {
        let koil = Koil::builder().refuse_in_async(true).build().unwrap();
        watch(&koil.handle());
        let handle = koil.handle();
        for runtime in [current_thread(), multi_threaded(1)] {
            let call = handle.wrap(asked_blocking);
            runtime.block_on(async {
                let entered = handle.enter();
                let text = refused(asked_blocking()).to_string();
                drop(entered);
                assert_told(
                    &text,
                    "is set to refuse that (`refuse_in_async`)",
                    &[
                        "await `asked`",
                        "there, or move the call into `tokio::task::spawn_blocking`",
                    ],
                );
                assert_eq!(asked().await.unwrap(), 3);
                assert_eq!(spawn_blocking(call).await.unwrap().unwrap(), 3);
            });
        }
    });
}

#[test]
fn in_a_job_of_an_object_one_uses_its_reference_or_calls_later() {
    on_a_loop(|_| {
        let object = local();
        let again = object.clone();
        let uses = object.with_blocking(move |reference| {
            let text = refused(again.try_with_blocking(Local::touch)).to_string();
            assert_told(
                &text,
                "inside a job of the same object",
                &[
                    "use the reference that the job has got",
                    "make the call when the job has returned",
                ],
            );
            reference.touch()
        });
        assert_eq!(uses, 1);
        assert_eq!(object.with_blocking(Local::touch), 2);
    });
}

#[koiled(fallible)]
async fn count() -> Result<usize, koil::Error> {
    Ok(a_set().await)
}

#[koiled]
#[koil(lend)]
async fn count_lent() -> usize {
    a_set().await
}

#[test]
fn where_a_scheduler_keeps_wakes_back_the_loop_polls() {
    on_a_loop(|koil| {
        let handle = koil.handle();
        current_thread().block_on(async {
            let _entered = handle.enter();
            let text = refused(try_unkoil(a_set())).to_string();
            assert_told(
                &text,
                "waits for a wake that the tokio scheduler of this thread holds back",
                &[
                    "await the future",
                    "there instead, or have koil's loop poll the future: ",
                    "`koil::unkoil_lend(future)` or `koil::unkoil_task(future).result()`",
                ],
            );
            assert_eq!(a_set().await, 3);
            assert_eq!(unkoil_lend(a_set()), 3);
            assert_eq!(unkoil_task(a_set()).result().unwrap(), 3);

            let text = refused(count_blocking()).to_string();
            assert_told(
                &text,
                "waits for a wake that the tokio scheduler of this thread holds back",
                &[
                    "await `count`",
                    "there instead, or have koil's loop poll the future: ",
                    "`koil::unkoil_lend(..)` of `count`, or `#[koil(lend)]` where that is declared",
                ],
            );
            assert_eq!(unkoil_lend(count()).unwrap(), 3);
            assert_eq!(count_lent_blocking(), 3);
        });
    });
}

#[test]
fn at_the_end_of_a_thread_the_loop_polls_or_the_call_comes_before() {
    watched(|| {
        let [before, after] = at_the_end_of_a_thread(asked_by_a_timer_blocking);
        assert_eq!(before.unwrap(), 3);
        assert_told(
            &refused(after).to_string(),
            "runs while its thread is ending",
            &[
                "make the call before the thread ends",
                "or have koil's loop poll the future, by `koil::unkoil_lend` or \
                 `koil::unkoil_task(..).result()`",
            ],
        );
        let lent = at_the_end_of_a_thread(|| unkoil_lend(asked_by_a_timer()));
        let tasks = at_the_end_of_a_thread(|| unkoil_task(asked_by_a_timer()).result().unwrap());
        for answer in lent.into_iter().chain(tasks) {
            assert_eq!(answer.unwrap(), 3);
        }
        on_a_loop(|koil| {
            let call = koil.handle().wrap(asked_by_a_timer_blocking);
            assert_eq!(thread::spawn(call).join().unwrap().unwrap(), 3);
        });
    });
}

#[koiled(fallible)]
async fn asked_by_a_timer() -> Result<u32, koil::Error> {
    tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    Ok(3)
}
