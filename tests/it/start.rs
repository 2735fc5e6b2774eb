//! A loop that cannot start is an error of `Koil::new`, and a clear text of the process-wide one.

use std::error::Error as _;
use std::io;
use std::panic;
use std::process::Command;

use koil::{Handle, Koil, try_unkoil, unkoil};

use crate::support::{alone, alone_with, watched};

/// No thread gets a stack of this size.
fn no_threads(child: &mut Command) {
    child.env("RUST_MIN_STACK", (1_u64 << 46).to_string());
}

/// Lets this process open no file descriptor more, however many it has inherited.
#[cfg(target_os = "linux")]
fn forbid_descriptors() {
    use std::os::fd::AsRawFd;

    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: `limit` is valid for writes.
    let got = unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) };
    // The system gives the lowest descriptor that is free, so all below it are taken.
    let lowest = std::fs::File::open("/dev/null").unwrap().as_raw_fd();
    limit.rlim_cur = lowest.try_into().unwrap();
    // SAFETY: `limit` is valid for reads.
    let set = unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) };
    assert_eq!((got, set), (0, 0));
}

#[test]
fn without_a_thread_there_is_an_error_with_its_reason() {
    alone_with(no_threads, || {
        let line = line!() + 1;
        let error = Koil::new().unwrap_err();
        assert_eq!(
            (error.call_site().file(), error.call_site().line()),
            (file!(), line)
        );
        let reason = error.source().expect("the reason is kept");
        assert!(reason.downcast_ref::<io::Error>().is_some(), "{reason:?}");
        assert!(
            error.to_string().contains("could not be started"),
            "{error}"
        );
        assert!(!error.would_deadlock() && !error.is_shutdown());
    });
}

#[test]
fn without_a_thread_the_process_wide_loop_says_why_and_is_not_running() {
    alone_with(no_threads, || {
        let error = try_unkoil(async {}).unwrap_err();
        assert!(
            error.to_string().contains("could not be started"),
            "{error}"
        );
        assert!(Handle::try_current().is_err());
        let payload = panic::catch_unwind(|| unkoil(async {})).unwrap_err();
        let text = payload.downcast_ref::<String>().unwrap();
        assert!(
            text.contains(file!()) && text.contains("could not be started"),
            "{text}"
        );
        assert!(!koil::is_running());
    });
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_descriptor_there_is_an_error_with_its_reason() {
    alone(|| {
        forbid_descriptors();
        let error = Koil::new().unwrap_err();
        let reason = error
            .source()
            .and_then(|source| source.downcast_ref::<io::Error>());
        assert_eq!(
            reason.expect("an io error").raw_os_error(),
            Some(libc::EMFILE),
            "{error}"
        );
    });
}

#[test]
fn a_start_hook_that_panics_is_an_error_not_a_hang() {
    watched(|| {
        let koil = Koil::builder()
            .on_thread_start(|| panic!("the hook is broken"))
            .build();
        assert!(
            koil.unwrap_err()
                .to_string()
                .contains("could not be started")
        );
    });
}

#[test]
fn a_loop_that_started_reports_that_it_runs() {
    watched(|| {
        let koil = Koil::builder()
            .thread_name("start")
            .max_blocking_threads(1)
            .build()
            .unwrap();
        let _entered = koil.enter();
        assert_eq!(unkoil(async { 1 }), 1);
        let text = format!("{koil:?}");
        assert!(
            text.contains("start") && text.contains("stopped: false"),
            "{text}"
        );
    });
}

#[test]
fn no_blocking_thread_at_all_is_a_mistake_at_once() {
    let payload = panic::catch_unwind(|| Koil::builder().max_blocking_threads(0)).unwrap_err();
    let text = payload.downcast_ref::<&str>().unwrap();
    assert!(text.contains("at least 1"), "{text}");
}
