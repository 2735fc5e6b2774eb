//! The priority of the running code: the places that it reaches, and the ones where it ends.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use koil::ContextSnapshot;
use koil::sched::Priority;

use crate::support::on_a_loop;

#[test]
fn there_are_64_levels_and_the_default_is_normal() {
    let levels: Vec<Priority> = (0..=u8::MAX).filter_map(Priority::new).collect();
    assert_eq!(levels.len(), 64);
    assert!(levels.is_sorted());
    assert_eq!(levels.first(), Some(&Priority::IDLE));
    assert_eq!(levels.last(), Some(&Priority::MAX));
    assert!(levels.iter().map(|it| it.level()).eq(0..64));
    assert_eq!(Priority::default(), Priority::NORMAL);
    assert_eq!(Priority::HIGH.to_string(), "48");
}

#[test]
fn a_scope_ends_with_its_closure_also_by_a_panic() {
    on_a_loop(|_| {
        assert_eq!(Priority::current(), Priority::NORMAL);
        let panicked = catch_unwind(|| Priority::HIGH.scope(panic::<()>));
        assert!(panicked.is_err());
        assert_eq!(Priority::current(), Priority::NORMAL);
        let lower = Priority::HIGH.scope(|| Priority::LOW.scope(Priority::current));
        assert_eq!(lower, Priority::LOW);
    });
}

fn panic<T>() -> T {
    std::panic::resume_unwind(Box::new("in a scope"))
}

#[test]
fn a_priority_goes_into_calls_tasks_workers_gathers_and_iterators() {
    on_a_loop(|_| {
        let seen = Priority::HIGH.scope(|| {
            let mut seen = vec![
                koil::unkoil(async { Priority::current() }),
                koil::unkoil_lend(async { Priority::current() }),
                koil::unkoil_task(async { Priority::current() })
                    .result()
                    .unwrap(),
                koil::eager_task(async { Priority::current() })
                    .result()
                    .unwrap(),
                koil::unkoil(koil::run_threaded(Priority::current)),
                ContextSnapshot::capture().run(Priority::current),
            ];
            seen.extend(koil::gather([async { Priority::current() }]).wait());
            let items = futures::stream::once(async { Priority::current() });
            seen.extend(koil::unkoil_iter(Box::pin(items)).prefetch(1));
            seen
        });
        assert_eq!(seen, [Priority::HIGH; 8]);
        assert_eq!(Priority::current(), Priority::NORMAL);
    });
}

#[test]
fn a_priority_stays_with_the_work() {
    on_a_loop(|_| {
        Priority::HIGH.scope(|| {
            let on_a_thread = thread::spawn(Priority::current).join().unwrap();
            assert_eq!(on_a_thread, Priority::NORMAL, "koil did not start it");
            let foreign = koil::unkoil(async {
                let task = tokio::spawn(async { Priority::current() });
                task.await.unwrap()
            });
            assert_eq!(foreign, Priority::NORMAL, "nor this one");
        });
        // A task that brings its context back does not bring its priority.
        let task = koil::unkoil_task(Priority::LOW.scope_async(async {}));
        task.bring_context().result().unwrap();
        assert_eq!(Priority::current(), Priority::NORMAL);
    });
}

#[test]
fn a_future_with_a_priority_has_it_on_every_thread_that_polls_or_drops_it() {
    struct Dropped<'a>(&'a mut Option<Priority>);
    impl Drop for Dropped<'_> {
        fn drop(&mut self) {
            *self.0 = Some(Priority::current());
        }
    }
    on_a_loop(|_| {
        let foreign = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .build()
            .unwrap();
        let seen = foreign.block_on(async {
            let future = Priority::MAX.scope_async(async {
                tokio::task::yield_now().await;
                Priority::current()
            });
            tokio::spawn(future).await.unwrap()
        });
        assert_eq!(seen, Priority::MAX);
        let mut dropped = None;
        let on_drop = Dropped(&mut dropped);
        let future = Priority::LOW.scope_async(async move {
            let _on_drop = on_drop;
            std::future::pending::<()>().await;
        });
        drop(future);
        assert_eq!(dropped, Some(Priority::LOW));
    });
}

#[test]
fn a_panic_in_a_future_with_a_priority_restores_the_one_around_it() {
    on_a_loop(|_| {
        let future = Priority::LOW.scope_async(async { panic::<()>() });
        let panicked = catch_unwind(AssertUnwindSafe(|| koil::unkoil(future)));
        assert!(panicked.is_err());
        assert_eq!(Priority::current(), Priority::NORMAL);
    });
}
