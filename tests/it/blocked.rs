//! `koil::blocked()`: every call that waits is listed, with its place, thread, loop and way.

use std::future::pending;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use koil::{
    Blocked, BlockedWait, CancelToken, Koil, blocked, koiled, try_unkoil, unkoil, unkoil_lend,
    unkoil_timeout,
};
use tokio::runtime::Builder;
use tokio::sync::oneshot;

use crate::support::{FOR_EVER, shut_down, until, watched};

#[koiled]
async fn never() -> u8 {
    pending().await
}

fn named(name: &str) -> Koil {
    let builder = Koil::builder().thread_name(name).join_timeout(FOR_EVER);
    builder.build().unwrap()
}

/// The calls that wait for loops of this name, once there are `count`.
fn on(name: &str, count: usize) -> Vec<Blocked> {
    let mine = || {
        let all = blocked().into_iter();
        all.filter(|call| call.loop_name() == name)
            .collect::<Vec<_>>()
    };
    until(|| mine().len() == count);
    mine()
}

#[test]
fn a_call_is_listed_with_all_that_is_known_of_it() {
    watched(|| {
        let koil = named("known");
        let handle = koil.handle();
        let builder = thread::Builder::new().name("the caller".to_owned());
        let call = handle.wrap(|| {
            std::panic::catch_unwind(|| assert_eq!(never_blocking(), 0)).unwrap_err();
        });
        let caller = builder.spawn(call).unwrap();
        let calls = on("known", 1);
        let call = &calls[0];
        assert_eq!(call.twin(), Some("never_blocking"));
        assert_eq!(call.call_site().file(), file!());
        assert_eq!(call.thread_name(), Some("the caller"));
        assert_eq!(call.thread_id(), caller.thread().id());
        assert_eq!(call.wait(), BlockedWait::Parked);
        assert!(format!("{koil:?}").contains(&format!("id: {},", call.loop_id())));
        let text = call.to_string();
        for part in [
            "`never_blocking` at ",
            file!(),
            "`known`",
            "`the caller`",
            "parked",
        ] {
            assert!(text.contains(part), "{text}");
        }
        assert!(!text.contains('\n'), "{text}");
        let waited = call.waited();
        until(|| on("known", 1)[0].waited() > waited);
        koil.shutdown();
        caller.join().unwrap();
        assert!(on("known", 0).is_empty());
    });
}

#[test]
fn the_longest_waiting_comes_first_whatever_its_loop() {
    watched(|| {
        let koils = [named("order"), named("order"), named("order")];
        let mut callers = Vec::new();
        for (at, koil) in koils.iter().enumerate() {
            callers.push(thread::spawn(
                koil.handle().wrap(|| try_unkoil(pending::<()>())),
            ));
            on("order", at + 1);
        }
        let ids: Vec<_> = on("order", 3).iter().map(Blocked::loop_id).collect();
        assert!(ids.is_sorted(), "{ids:?}");
        drop(koils);
        for caller in callers {
            shut_down(caller.join().unwrap());
        }
    });
}

/// A call that waits for a message.
type Wait = fn(oneshot::Receiver<()>) -> Result<(), oneshot::error::RecvError>;

#[test]
fn each_way_to_wait_has_its_name() {
    watched(|| {
        let own: Wait = |receiver| unkoil(receiver);
        let lent: Wait = |receiver| unkoil_lend(receiver);
        let ways = [
            (Builder::new_current_thread(), own, BlockedWait::Parked),
            (Builder::new_current_thread(), lent, BlockedWait::Lent),
            (Builder::new_multi_thread(), own, BlockedWait::SteppedAside),
            (Builder::new_multi_thread(), lent, BlockedWait::Lent),
        ];
        for (mut builder, wait, way) in ways {
            let koil = named("ways");
            let (finish, finished) = oneshot::channel();
            let call = koil.handle().wrap(move || wait(finished));
            let caller = thread::spawn(move || {
                let runtime = builder.enable_all().build().unwrap();
                runtime.block_on(async { tokio::spawn(async { call() }).await })
            });
            assert_eq!(on("ways", 1)[0].wait(), way);
            finish.send(()).unwrap();
            caller.join().unwrap().unwrap().unwrap();
            assert!(on("ways", 0).is_empty());
        }
    });
}

#[test]
fn a_clean_up_is_told_apart() {
    watched(|| {
        let koil = named("clean-up");
        let (finish, finished) = oneshot::channel::<()>();
        let caller = thread::spawn(koil.handle().wrap(|| {
            unkoil_timeout(Duration::ZERO, async {
                CancelToken::current().unwrap().cancelled().await;
                let _ = finished.await;
            })
        }));
        until(|| on("clean-up", 1)[0].wait() == BlockedWait::InCleanUp);
        finish.send(()).unwrap();
        assert!(caller.join().unwrap().unwrap_err().acknowledged());
    });
}

#[test]
fn who_is_ready_or_gone_is_not_listed() {
    watched(|| {
        let koil = named("ready");
        let _entered = koil.enter();
        let (found, finds) = mpsc::channel();
        unkoil(async {
            let calls = blocked();
            found
                .send(calls.iter().any(|call| call.loop_name() == "ready"))
                .unwrap();
        });
        assert!(!finds.recv().unwrap());
        unkoil_timeout(Duration::from_millis(1), pending::<()>()).unwrap_err();
        assert!(on("ready", 0).is_empty());
    });
}
