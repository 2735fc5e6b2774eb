//! Values of koil may be dropped in every place: loops, twins, iterators, tasks.

use std::future::pending;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use futures::stream::{self, Stream, StreamExt};
use koil::{Koil, koiled, try_unkoil, unkoil_task};
use tokio::runtime::Handle as Tokio;
use tokio::runtime::Id;

use crate::places::{AFTER_TOKIO, PLACES, Place, at, in_each};
use crate::support::{FOR_EVER, OnDrop, a_loop, shut_down, until, waiting};

#[track_caller]
pub(crate) fn in_every_place(f: fn(&'static Place)) {
    // No place on the default loop.
    let nowhere = "koil: `block_in_place` in a task";
    in_each(PLACES.iter().filter(|place| place.name != nowhere), f);
}

#[test]
fn a_koil_for_which_others_wait() {
    in_every_place(|place| {
        let (send, ended) = mpsc::channel();
        let koil = Koil::builder()
            .join_timeout(FOR_EVER)
            .on_thread_stop(move || {
                if thread::current().name() == Some("koil-loop") {
                    send.send(()).unwrap();
                }
            })
            .build()
            .unwrap();
        let handle = koil.handle();
        let caller = thread::spawn(handle.wrap(|| try_unkoil(pending::<()>())));
        until(|| waiting(&handle) == 1);
        at(place, move || drop(koil));
        shut_down(caller.join().unwrap());
        ended.recv().unwrap();
    });
}

/// An async type that cleans up in the background when it is dropped, as many do.
#[koiled]
struct Session {
    closed: mpsc::Sender<Option<Id>>,
}

impl Drop for Session {
    fn drop(&mut self) {
        let closed = self.closed.clone();
        // `tokio::spawn` would panic where there is no tokio any more.
        let Ok(tokio) = Tokio::try_current() else {
            return closed.send(None).unwrap();
        };
        tokio.spawn(async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            closed.send(Some(Tokio::current().id())).unwrap();
        });
    }
}

#[test]
fn a_twin_whose_original_spawns_when_it_goes() {
    in_every_place(|place| {
        let koil = a_loop();
        let (closed, ids) = mpsc::channel();
        let session = BlockingSession::from(Session { closed });
        at(place, koil.handle().wrap(move || drop(session)));
        let expected = (place.name != AFTER_TOKIO).then(|| koil.handle().tokio().id());
        assert_eq!(ids.recv().unwrap(), expected);
    });
}

#[test]
fn a_twin_whose_loop_has_gone_before() {
    in_every_place(|place| {
        let koil = a_loop();
        let (closed, ids) = mpsc::channel();
        let session = BlockingSession::from(Session { closed });
        let drops = koil.handle().wrap(move || drop(session));
        drop(koil);
        at(place, drops);
        // It cannot run its cleanup: the task is dropped, or there was no tokio to spawn on.
        assert!(matches!(ids.recv(), Ok(None) | Err(_)));
    });
}

/// Endless, and tells under which runtime it is dropped.
#[koiled]
fn numbers(dropped: mpsc::Sender<Option<Id>>) -> impl Stream<Item = u32> {
    let guard = OnDrop::new(move || {
        let id = Tokio::try_current().ok().map(|tokio| tokio.id());
        dropped.send(id).unwrap();
    });
    let mut next = 0;
    stream::repeat_with(move || {
        let _kept = &guard;
        next += 1;
        next
    })
    .then(|n| async move {
        tokio::time::sleep(Duration::from_millis(1)).await;
        n
    })
    .boxed()
}

#[test]
fn an_iterator_and_its_stream_goes_under_its_own_loop() {
    in_every_place(|place| {
        let koil = a_loop();
        let (tells, dropped) = mpsc::channel();
        let mut iter = koil.handle().wrap(move || numbers_blocking(tells))();
        assert_eq!(iter.next(), Some(1));
        at(place, move || drop(iter));
        let expected = (place.name != AFTER_TOKIO).then(|| koil.handle().tokio().id());
        assert_eq!(dropped.recv().unwrap(), expected);
    });
}

#[test]
fn an_iterator_whose_loop_has_gone_before() {
    in_every_place(|place| {
        let koil = a_loop();
        let (tells, dropped) = mpsc::channel();
        let mut iter = koil.handle().wrap(move || numbers_blocking(tells))();
        assert_eq!(iter.next(), Some(1));
        drop(koil);
        at(place, move || drop(iter));
        dropped.recv().unwrap();
    });
}

#[test]
fn a_task_goes_on_without_its_owner() {
    in_every_place(|place| {
        let koil = a_loop();
        let (go, gate) = tokio::sync::oneshot::channel();
        let (send, done) = mpsc::channel();
        let start = move || {
            unkoil_task(async move {
                gate.await.unwrap();
                send.send(()).unwrap();
            })
        };
        let task = koil.handle().wrap(start)();
        at(place, move || drop(task));
        go.send(()).unwrap();
        done.recv().unwrap();
    });
}

#[test]
fn a_task_that_is_cancelled_with_its_owner() {
    in_every_place(|place| {
        let koil = a_loop();
        let (send, dropped) = mpsc::channel();
        let (begin, has_begun) = mpsc::channel();
        let start = move || {
            unkoil_task(async move {
                let _guard = OnDrop::new(move || send.send(()).unwrap());
                begin.send(()).unwrap();
                pending::<()>().await;
            })
        };
        let task = koil.handle().wrap(start)().cancel_on_drop();
        // One that is cancelled before it begins is never polled.
        has_begun.recv().unwrap();
        at(place, move || drop(task));
        dropped.recv().unwrap();
    });
}
