//! Which loop a call uses: one test per rule of the look-up.

use std::thread;

use koil::{Handle, try_unkoil, unkoil, unkoil_iter, unkoil_task};

use crate::support::{a_loop, alone, on_a_loop, watched, with_a_loop};

/// The loop whose tokio context a call made here polls under.
fn used() -> tokio::runtime::Id {
    unkoil(async { tokio::runtime::Handle::current().id() })
}

#[test]
fn the_entered_loop_is_used_until_its_guard_goes() {
    alone(|| {
        with_a_loop(|koil| {
            {
                let _entered = koil.enter();
                assert_eq!(Handle::current(), koil.handle());
                assert_eq!(used(), koil.handle().tokio().id());
                assert!(!koil::is_running(), "the process-wide loop is not needed");
            }
            assert_ne!(Handle::current(), koil.handle());
            assert_eq!(Handle::current(), koil::global());
        });
    });
}

#[test]
fn guards_nest_and_the_innermost_counts() {
    watched(|| {
        let (outer, inner) = (a_loop(), a_loop());
        let (first, second) = (outer.handle(), inner.handle());
        let _outer = first.enter();
        {
            let _inner = second.enter();
            assert_eq!(used(), second.tokio().id());
            let _again = first.enter();
            assert_eq!(used(), first.tokio().id());
        }
        assert_eq!(used(), first.tokio().id());
    });
}

#[test]
fn guards_dropped_out_of_order_leave_what_is_still_entered() {
    watched(|| {
        let loops = [a_loop(), a_loop(), a_loop()];
        let [one, two, three] = loops.each_ref().map(koil::Koil::handle);
        let base = one.enter();
        let lower = two.enter();
        let upper = three.enter();
        drop(lower);
        assert_eq!(Handle::current(), three);
        drop(upper);
        assert_eq!(Handle::current(), one);
        let again = two.enter();
        drop(base);
        assert_eq!(Handle::current(), two);
        drop(again);
    });
}

#[test]
fn a_guard_says_nothing_about_other_threads() {
    watched(|| {
        let (here, there) = (a_loop(), a_loop());
        let _entered = here.enter();
        let other = there.handle();
        let found = thread::spawn(move || {
            let _entered = other.enter();
            Handle::current()
        });
        assert_eq!(found.join().unwrap(), there.handle());
        assert_eq!(Handle::current(), here.handle());
    });
}

#[test]
fn a_task_finds_the_loop_it_runs_on() {
    watched(|| {
        let (runs, ambient) = (a_loop(), a_loop());
        let found = runs.handle().tokio().spawn(async { Handle::current() });
        let _entered = ambient.enter();
        assert_eq!(unkoil(found).unwrap(), runs.handle());
    });
}

#[test]
fn a_task_that_starts_a_task_does_so_on_its_own_loop() {
    on_a_loop(|_| {
        let id = unkoil_task(async { tokio::runtime::Handle::current().id() });
        let inner = unkoil_task(async {
            unkoil_task(async { tokio::runtime::Handle::current().id() })
                .await
                .unwrap()
        });
        assert_eq!(id.result().unwrap(), inner.result().unwrap());
    });
}

#[test]
fn inside_a_call_its_own_loop_is_ambient() {
    watched(|| {
        let (first, second) = (a_loop(), a_loop());
        let mut iter = {
            let _entered = first.enter();
            unkoil_iter(futures::stream::repeat_with(Handle::current))
        };
        let _entered = second.enter();
        assert_eq!(
            iter.next(),
            Some(first.handle()),
            "an iterator remembers its loop"
        );
        assert_eq!(unkoil(async { Handle::current() }), second.handle());
    });
}

#[test]
fn without_a_guard_the_process_wide_loop_is_started_once() {
    alone(|| {
        watched(|| {
            assert!(!koil::is_running());
            let first = used();
            assert!(koil::is_running());
            let second = thread::spawn(used).join().unwrap();
            assert_eq!((first, second), (koil::global().tokio().id(), first));
        });
    });
}

#[test]
fn try_current_is_the_same_look_up() {
    on_a_loop(|koil| {
        assert_eq!(Handle::try_current().unwrap(), koil.handle());
    });
}

#[test]
fn wrap_carries_a_loop_to_any_thread_and_takes_it_away_again() {
    with_a_loop(|koil| {
        let mine = koil.handle();
        let wrapped = mine.wrap(|| (Handle::current(), used()));
        let (found, polled_under) = thread::spawn(wrapped).join().unwrap();
        assert_eq!((found, polled_under), (koil.handle(), mine.tokio().id()));
        let other = a_loop();
        let _entered = other.enter();
        assert_eq!(mine.wrap(Handle::current)(), mine);
        assert_eq!(Handle::current(), other.handle());
    });
}

#[test]
fn wrap_takes_its_loop_away_also_when_the_function_panics() {
    watched(|| {
        let (outer, wrapping) = (a_loop(), a_loop());
        let _entered = outer.enter();
        let panics = wrapping.handle().wrap(|| panic!("on purpose"));
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(panics)).is_err());
        assert_eq!(Handle::current(), outer.handle());
    });
}

#[test]
fn a_task_remembers_the_loop_it_was_started_on() {
    watched(|| {
        let (started, ambient) = (a_loop(), a_loop());
        let task = {
            let _entered = started.enter();
            unkoil_task(std::future::pending::<()>())
        };
        let _entered = ambient.enter();
        drop(started);
        assert!(
            task.result().unwrap_err().is_shutdown(),
            "its loop, not the ambient one"
        );
        assert!(try_unkoil(async {}).is_ok());
    });
}

#[test]
fn a_stopped_loop_that_is_entered_still_counts() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let _entered = handle.enter();
        drop(koil);
        assert_eq!(Handle::current(), handle);
        assert!(
            try_unkoil(async {}).unwrap_err().is_shutdown(),
            "never another loop in silence"
        );
    });
}
