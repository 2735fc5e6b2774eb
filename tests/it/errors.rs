//! The text of an `Error` says which call it was, why, and what to write instead.

use std::error::Error as _;
use std::future::pending;
use std::io;
use std::time::Duration;

use futures::stream;
use koil::{Error, Koil, try_unkoil, unkoil, unkoil_iter, unkoil_task, unkoil_timeout};

use crate::support::{LIMIT, on_a_loop, watched, with_a_loop};

/// The text names this line of this file, and all of `words`.
#[track_caller]
fn assert_says(error: &Error, line: u32, words: &[&str]) {
    let text = error.to_string();
    let place = format!("{}:{line}:", file!());
    assert!(text.contains(&place), "{text}\nshould name {place}");
    for word in words {
        assert!(text.contains(word), "{text}\nshould say {word:?}");
    }
    assert_eq!(error.call_site().line(), line);
    assert!(
        !text.ends_with('.') && !text.contains('\n') && !text.contains("  "),
        "{text}"
    );
    let debug = format!("{error:?}");
    assert!(debug.starts_with("koil::Error("), "{debug}");
    assert!(debug.contains(&text) && !debug.contains('\n'), "{debug}");
}

#[test]
fn an_unwrapped_error_shows_its_text_and_its_source_once() {
    on_a_loop(|_| {
        let call = || unkoil_timeout(Duration::from_millis(5), pending::<()>()).unwrap_err();
        let line = line!() - 1;
        let shown = format!("{:?}", call());
        let call = format!("the blocking call at {}:{line}:", file!());
        let start = format!("koil::Error(Timeout(5ms)): {call}");
        assert!(shown.starts_with(&start), "{shown}");
        assert!(shown.ends_with(" timed out after 5ms"), "{shown}");
        let task = koil::unkoil_task(pending::<()>());
        task.cancel("the user has gone");
        let shown = format!("{:?}", task.result().unwrap_err());
        assert!(shown.starts_with("koil::Error(Cancelled): "), "{shown}");
        assert_eq!(shown.matches("the user has gone").count(), 1, "{shown}");
    });
}

fn io_kind(error: Error) -> io::ErrorKind {
    let text = error.to_string();
    let error = io::Error::from(error);
    assert!(
        error
            .get_ref()
            .is_some_and(<dyn std::error::Error + Send + Sync>::is::<Error>)
    );
    assert_eq!(error.to_string(), text);
    error.kind()
}

#[test]
fn a_timeout_names_its_call_and_its_time() {
    on_a_loop(|_| {
        let moment = Duration::from_millis(5);
        let error = unkoil_timeout(moment, pending::<()>()).unwrap_err();
        assert_says(&error, line!() - 1, &["timed out after 5ms"]);
        assert!(!error.is_shutdown() && !error.is_cancelled() && !error.would_deadlock());
        assert!(error.source().is_none());
        assert_eq!(io_kind(error), io::ErrorKind::TimedOut);
    });
}

#[test]
fn a_stopped_loop_names_the_call_that_needs_it() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        drop(koil);
        let _entered = handle.enter();
        let error = try_unkoil(async {}).unwrap_err();
        assert_says(&error, line!() - 1, &["shut down"]);
        assert!(!error.is_timeout() && !error.would_deadlock());
        assert_eq!(io_kind(error), io::ErrorKind::NotConnected);
    });
}

#[test]
fn a_refusal_inside_a_future_says_what_to_await() {
    on_a_loop(|_| {
        let (error, line) = unkoil(async { (try_unkoil(async {}).unwrap_err(), line!()) });
        let ways = [
            "koil::run_threaded",
            "koil::iterate_threaded",
            "koil::unkoil_task",
        ];
        assert_says(&error, line, &["hang for ever", "await the future"]);
        assert_says(&error, line, &ways);
        assert!(!error.is_timeout() && !error.is_shutdown());
        assert_eq!(io_kind(error), io::ErrorKind::Deadlock);
    });
}

#[test]
fn a_refusal_on_the_loop_thread_says_where_to_go() {
    on_a_loop(|_| {
        let task = unkoil_task(async { (try_unkoil(async {}).unwrap_err(), line!()) });
        let (error, line) = task.result().unwrap();
        assert_says(
            &error,
            line,
            &["loop thread", "await the future", "spawn_blocking"],
        );
        assert_eq!(io_kind(error), io::ErrorKind::Deadlock);
    });
}

#[test]
fn a_refused_iterator_says_to_take_the_items() {
    on_a_loop(|_| {
        let mut items = unkoil_iter(stream::iter([1]));
        let refused = unkoil(async { items.next_timeout(LIMIT).unwrap().unwrap_err() });
        assert!(refused.would_deadlock());
        let text = refused.to_string();
        assert!(
            text.contains("take the items of the stream there"),
            "{text}"
        );
    });
}

#[test]
fn a_task_error_names_where_its_result_was_asked_for() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        let mut task = handle.wrap(|| unkoil_task(pending::<()>()))();
        let error = task.result_timeout(Duration::ZERO).unwrap_err();
        assert_says(&error, line!() - 1, &["timed out"]);
        drop(koil);
        let error = task.result().unwrap_err();
        assert_says(&error, line!() - 1, &["shut down"]);
    });
}

#[test]
fn a_result_taken_twice_is_a_plain_other_error() {
    on_a_loop(|_| {
        let mut task = unkoil_task(async {});
        task.result_timeout(LIMIT).unwrap();
        let error = task.result_timeout(LIMIT).unwrap_err();
        assert_says(&error, line!() - 1, &["taken before"]);
        assert_eq!(io_kind(error), io::ErrorKind::Other);
    });
}

#[test]
fn an_iterators_error_names_the_line_that_asked() {
    on_a_loop(|_| {
        let mut iter = unkoil_iter(stream::pending::<()>());
        let error = iter.next_timeout(Duration::ZERO).unwrap().unwrap_err();
        assert_says(&error, line!() - 1, &["timed out"]);
    });
}

#[test]
fn an_error_in_an_adapter_names_the_line_that_made_the_iterator() {
    on_a_loop(|_| {
        let iter = unkoil_iter(stream::pending::<()>());
        let made = line!() - 1;
        // `next` is called by std here, so the line is one of std.
        let items: Vec<_> = iter.timeout(Duration::ZERO).take(1).collect();
        assert_says(items[0].as_ref().unwrap_err(), made, &["timed out"]);
    });
}

#[test]
fn a_gathers_error_names_the_line_that_waits() {
    on_a_loop(|_| {
        let all = koil::gather([pending::<()>()]).timeout(Duration::ZERO);
        let error = all.try_wait().unwrap_err();
        assert_says(&error, line!() - 1, &["timed out"]);
    });
}

#[test]
fn an_error_made_in_a_helper_names_the_helpers_caller() {
    #[track_caller]
    fn twin_like() -> Result<(), Error> {
        unkoil_timeout(Duration::ZERO, pending())
    }
    on_a_loop(|_| {
        let error = twin_like().unwrap_err();
        assert_says(&error, line!() - 1, &[]);
    });
}

#[test]
fn a_panic_of_the_bridge_happens_at_the_callers_line() {
    with_a_loop(|koil| {
        let handle = koil.handle();
        drop(koil);
        let _entered = handle.enter();
        let payload = std::panic::catch_unwind(|| unkoil(async {})).unwrap_err();
        let place = format!("{}:{}:", file!(), line!() - 1);
        let text = payload.downcast_ref::<String>().unwrap();
        assert!(text.contains(&place), "{text}\nshould name {place}");
    });
}

#[test]
fn an_error_goes_where_errors_go() {
    fn through_io() -> io::Result<Koil> {
        Ok(Koil::new()?)
    }
    fn through_a_box() -> Result<Koil, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Koil::new()?)
    }
    watched(|| {
        assert!(through_io().is_ok());
        assert!(through_a_box().is_ok());
        assert!(
            size_of::<Error>() <= size_of::<usize>(),
            "a `Result` stays small"
        );
    });
}
