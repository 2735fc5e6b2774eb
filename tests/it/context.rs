//! Promise 13: context goes in everywhere; it comes back from calls, and from tasks on request.

use std::cell::Cell;
use std::rc::Rc;
use std::thread;
use std::time::Duration;

use futures::stream;
use koil::{ContextSnapshot, context_var, gather, try_unkoil, unkoil, unkoil_iter, unkoil_task};
use tokio::task::yield_now;

use crate::support::{Count, OnDrop, on_a_loop, watched, with_a_loop};

context_var! {
    static NAME: String;
    static DEPTH: u32 = 1;
    static COUNTED: Counted;
}

/// Something that can be shared and tells when it is dropped.
type Counted = std::sync::Arc<OnDrop<Box<dyn FnOnce() + Send + Sync>>>;

fn named(name: &str) {
    NAME.set(name.to_owned());
}

fn name() -> String {
    NAME.get().unwrap_or_else(|| "nobody".to_owned())
}

#[test]
fn a_variable_has_its_default_or_nothing_until_it_is_set() {
    watched(|| {
        assert_eq!((NAME.get(), DEPTH.get()), (None, 1));
        assert!(!DEPTH.is_set() && NAME.with(|name| name.is_none()));
        named("ada");
        DEPTH.set(2);
        assert_eq!((name().as_str(), DEPTH.get()), ("ada", 2));
        NAME.unset();
        DEPTH.unset();
        assert_eq!((NAME.get(), DEPTH.get()), (None, 1));
        assert_eq!((NAME.name(), DEPTH.name()), ("NAME", "DEPTH"));
    });
}

#[test]
fn a_scope_and_a_guard_bring_back_what_was_there_also_after_a_panic() {
    watched(|| {
        named("outer");
        let guard = NAME.enter("guarded".into());
        NAME.scope("inner".into(), || {
            named("changed inside");
            assert_eq!(name(), "changed inside");
        });
        assert_eq!(name(), "guarded");
        let panicked = std::panic::catch_unwind(|| NAME.scope("inner".into(), || panic!("on")));
        assert!(panicked.is_err());
        assert_eq!(name(), "guarded");
        drop(guard);
        assert_eq!(name(), "outer");
    });
}

#[test]
fn a_value_is_dropped_when_its_last_context_is() {
    on_a_loop(|_| {
        let dropped = Count::default();
        let count = dropped.clone();
        // The drop uses contexts itself.
        let on_drop: Box<dyn FnOnce() + Send + Sync> = Box::new(move || {
            named("a drop was here");
            count.add();
        });
        COUNTED.set(std::sync::Arc::new(OnDrop::new(on_drop)));
        let (release, is_released) = tokio::sync::oneshot::channel::<()>();
        let task = unkoil_task(async move {
            is_released.await.unwrap();
        });
        COUNTED.unset();
        assert_eq!(dropped.get(), 0, "the task still has it");
        release.send(()).unwrap();
        task.result().unwrap();
        crate::support::until(|| dropped.get() == 1);
    });
}

#[test]
fn a_call_sees_the_context_of_its_caller_and_gives_back_what_it_sets() {
    on_a_loop(|_| {
        named("caller");
        let seen = unkoil(async {
            let first = name();
            tokio::time::sleep(Duration::from_millis(1)).await;
            named("call");
            first
        });
        assert_eq!((seen.as_str(), name().as_str()), ("caller", "call"));
    });
}

#[test]
fn what_a_call_sets_comes_back_also_when_it_fails() {
    on_a_loop(|_| {
        let failed: Result<(), ()> = unkoil(async {
            named("before an error");
            yield_now().await;
            Err(())
        });
        assert_eq!((failed, name().as_str()), (Err(()), "before an error"));
        let late = koil::unkoil_timeout(Duration::from_millis(2), async {
            named("before a timeout");
            std::future::pending::<()>().await;
        });
        assert!(late.unwrap_err().is_timeout());
        assert_eq!(name(), "before a timeout");
        let panicked = std::panic::catch_unwind(|| {
            unkoil(async {
                named("before a panic");
                panic!("in a call");
            })
        });
        assert!(panicked.is_err());
        assert_eq!(name(), "before a panic");
    });
}

#[test]
fn the_futures_of_a_gather_do_not_see_what_the_others_set() {
    on_a_loop(|_| {
        DEPTH.set(10);
        let seen = gather((0..20).map(|n| async move {
            let before = DEPTH.get();
            DEPTH.set(before + n);
            yield_now().await;
            DEPTH.get()
        }));
        assert!(seen.wait().into_iter().eq(10..30));
        assert_eq!(DEPTH.get(), 10);
    });
}

#[test]
fn an_iterator_runs_in_the_context_of_who_asks_for_an_item() {
    on_a_loop(|_| {
        let mut iter = unkoil_iter(stream::repeat_with(|| {
            DEPTH.set(DEPTH.get() * 2);
            name()
        }));
        named("first");
        assert_eq!(iter.next().unwrap(), "first");
        named("second");
        assert_eq!(iter.next().unwrap(), "second");
        assert_eq!(DEPTH.get(), 4, "each step gives back what it sets");
    });
}

#[test]
fn wrapped_closures_and_snapshots_carry_the_context_to_threads_of_ones_own() {
    with_a_loop(|koil| {
        named("here");
        let wrapped = koil.handle().wrap(|| {
            let seen = unkoil(async { name() });
            named("there");
            seen
        });
        let snapshot = ContextSnapshot::capture();
        named("later");
        assert_eq!(thread::spawn(wrapped).join().unwrap(), "here");
        let twice = thread::spawn(move || {
            let first = snapshot.run(|| {
                let first = name();
                named("in the copy");
                first
            });
            (first, snapshot.run(name), name())
        });
        let seen = twice.join().unwrap();
        assert_eq!(seen, ("here".into(), "here".into(), "nobody".into()));
        assert_eq!(name(), "later");
    });
}

#[test]
fn tasks_of_tokio_get_a_context_by_a_scope() {
    on_a_loop(|_| {
        named("caller");
        let (bare, scoped, one) = unkoil(async {
            let bare = tokio::spawn(async { NAME.get() });
            let scoped = tokio::spawn(ContextSnapshot::capture().scope(async {
                yield_now().await;
                DEPTH.set(5);
                yield_now().await;
                (name(), DEPTH.get())
            }));
            let one = tokio::spawn(NAME.scope_async("one".into(), async {
                yield_now().await;
                (name(), DEPTH.get())
            }));
            (
                bare.await.unwrap(),
                scoped.await.unwrap(),
                one.await.unwrap(),
            )
        });
        assert_eq!(bare, None, "not the context of whoever drives the loop");
        assert_eq!(scoped, ("caller".to_owned(), 5));
        assert_eq!(one, ("one".to_owned(), 1));
    });
}

#[test]
fn a_future_that_is_scoped_changes_only_its_variable_and_only_inside() {
    on_a_loop(|_| {
        named("outer");
        let inner = NAME.scope_async("inner".into(), async {
            yield_now().await;
            named("changed");
            DEPTH.set(4);
            yield_now().await;
            name()
        });
        let seen = unkoil(async { tokio::join!(inner, async { name() }) });
        assert_eq!(seen, ("changed".to_owned(), "outer".to_owned()));
        assert_eq!((name().as_str(), DEPTH.get()), ("outer", 4));
        // Dropped half-way, it is dropped with its value.
        let at_drop = Rc::new(Cell::new(None));
        let kept = at_drop.clone();
        let cut = NAME.scope_async("inner".into(), async move {
            let _tell = OnDrop::new(move || kept.set(Some(name())));
            std::future::pending::<()>().await;
        });
        assert!(koil::unkoil_timeout(Duration::from_millis(1), cut).is_err());
        assert_eq!(at_drop.take().as_deref(), Some("inner"));
    });
}

#[test]
fn a_refused_call_changes_nothing() {
    on_a_loop(|_| {
        let refused = unkoil(async { try_unkoil(async { named("refused") }) });
        assert!(refused.is_err());
        assert_eq!(NAME.get(), None);
    });
}
