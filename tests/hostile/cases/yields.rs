//! Futures that give their own waker to the scheduler, or wake themselves: nothing is owed.

use std::pin::pin;

use futures::future::{FutureExt, join_all, select_all};
use koil::koiled;
use tokio::time::{sleep, timeout};

use super::{Case, LONG, MANY, MS, PACED, nap, ready_items, run, self_wakes, works, yields};

pub(super) const CASES: &[Case] = &[
    works("ready", || run(async {})),
    works("a yield", || run(yields(1))),
    works("1,000 yields", || run(yields(1_000))),
    works("1,000 yields of a twin", || {
        assert_eq!(many_yields_blocking(1_000), 1_000);
        Ok(())
    }),
    works("very many yields", || run(yields(MANY))),
    works("many yields in a timeout", || {
        run(async { timeout(LONG, yields(PACED)).await.expect("in time") })
    }),
    works("many yields in two timeouts and a box", || {
        run(async {
            let inner = Box::pin(timeout(LONG, yields(PACED)));
            timeout(LONG, inner).await.expect("in time").expect("too")
        })
    }),
    works("very many calls with a yield each", || {
        (0..MANY).try_for_each(|_| run(yields(1)))
    }),
    works("very many calls that are ready", || {
        (0..MANY).try_for_each(|_| run(async {}))
    }),
    works("sleeps and yields by turns", || {
        run(async {
            for _ in 0..20 {
                nap().await;
                yields(20).await;
            }
        })
    }),
    works("an endless yielder and a sleep, selected", || {
        run(async {
            tokio::select! {
                _ = yields(u32::MAX) => panic!("it is endless"),
                () = sleep(20 * MS) => {}
            }
        })
    }),
    works("a long sleep and many yields, selected", || {
        run(async {
            tokio::select! {
                biased;
                () = sleep(LONG) => panic!("too late"),
                _ = yields(PACED) => {}
            }
        })
    }),
    works("`join!` of yields", || {
        run(async { tokio::join!(yields(50), yields(20), yields(100)) })
    }),
    works("`join!` of yields, self-wakes and a sleep", || {
        run(async { tokio::join!(yields(50), self_wakes(200), nap(), yields(1)) })
    }),
    works("`join_all` of 10 yielders, a plain list", || {
        run(join_all((0..10).map(|_| yields(50))))
    }),
    works("`select_all` of yielders", || {
        run(select_all((0..20).map(|_| Box::pin(yields(50)))))
    }),
    works("self-wakes, more than are polled at once", || {
        run(self_wakes(1_000))
    }),
    works("a clone of the waker wakes, 1,000 times", || {
        run(async {
            for n in 0..1_000 {
                let mut is_woken = false;
                std::future::poll_fn(|cx| {
                    if std::mem::replace(&mut is_woken, true) {
                        return std::task::Poll::Ready(n);
                    }
                    let clone = cx.waker().clone();
                    clone.wake_by_ref();
                    drop(clone);
                    std::task::Poll::Pending
                })
                .await;
            }
        })
    }),
    works("10,000 ready items", || {
        run(async { assert_eq!(ready_items(10_000).await, 10_000) })
    }),
    works("`consume_budget`, 10,000 times", || {
        run(async {
            for _ in 0..10_000 {
                tokio::task::consume_budget().await;
            }
        })
    }),
    works("a cooperative budget of the call's own", || {
        run(tokio::task::coop::cooperative(async {
            assert_eq!(ready_items(10_000).await, 10_000);
        }))
    }),
    works("a stray yield with a waker of nobody, then ready", || {
        run(async {
            assert!(yields(1).now_or_never().is_none());
        })
    }),
    works("a yield that is dropped half-way, then a sleep", || {
        run(async {
            let mut yielding = Box::pin(yields(2));
            assert!(futures::poll!(yielding.as_mut()).is_pending());
            drop(yielding);
            nap().await;
        })
    }),
    works(
        "a thread-local and an `Rc` across yields and sleeps",
        || {
            thread_local!(static HERE: std::cell::Cell<u32> = const { std::cell::Cell::new(0) });
            HERE.set(1);
            run(async {
                let held = std::rc::Rc::new(std::cell::Cell::new(0));
                for n in 1..20 {
                    assert_eq!(HERE.replace(n + 1), n);
                    yields(1).await;
                    nap().await;
                    held.set(held.get() + n);
                }
            })
        },
    ),
    works("what yields is polled by nobody else", || {
        let here = std::thread::current().id();
        run(async {
            let mut inner = pin!(yields(100));
            std::future::poll_fn(|cx| {
                assert_eq!(std::thread::current().id(), here);
                inner.as_mut().poll(cx)
            })
            .await
        })
    }),
];

#[koiled]
async fn many_yields(times: u32) -> u32 {
    yields(times).await
}
