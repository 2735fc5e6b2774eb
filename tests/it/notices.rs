//! A call that holds up a foreign runtime gives one notice per call site, and one more after 5 s.

use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use koil::{BlockingInAsync, Koil, koiled, try_unkoil, unkoil, unkoil_lend, unkoil_timeout};
use tokio::runtime::{Builder, Runtime};

use crate::callbacks::transaction;
use crate::support::{FOR_EVER, assert_told, watched};

#[koiled]
async fn nap(time: Duration) {
    tokio::time::sleep(time).await;
}

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn multi_thread() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
}

/// The notices that the hook gets while `f` blocks.
#[track_caller]
fn heard(f: impl FnOnce() + Send + 'static) -> Vec<BlockingInAsync> {
    watched(move || {
        let (send, notices) = mpsc::channel();
        let koil = Koil::builder()
            .on_blocking_in_async(move |notice| send.send(notice.clone()).unwrap())
            .build()
            .unwrap();
        koil.handle().wrap(f)();
        drop(koil);
        notices.iter().collect()
    })
}

const SHORT: Duration = Duration::from_millis(1);

#[test]
fn a_call_site_is_told_once_with_the_name_of_its_twin() {
    let notices = heard(|| {
        current_thread().block_on(async { (0..3).for_each(|_| nap_blocking(SHORT)) });
    });
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].twin(), Some("nap_blocking"));
    assert_eq!(notices[0].call_site().file(), file!());
    assert!(notices[0].waited().is_zero());
    let text = notices[0].to_string();
    assert_told(
        &text,
        "blocks a thread that runs tasks of another tokio runtime",
        &["await `nap`", "there instead"],
    );
    let notices = heard(|| current_thread().block_on(nap(SHORT)));
    assert!(notices.is_empty(), "{notices:?}");
}

#[test]
fn a_worker_that_steps_aside_is_told_too() {
    let notices = heard(|| {
        let handle = koil::Handle::current();
        let runtime = multi_thread();
        for _ in 0..3 {
            let call = handle.wrap(|| {
                nap_blocking(SHORT);
                // The worker has stepped aside: this holds up no task.
                nap_blocking(SHORT);
            });
            runtime.block_on(runtime.spawn(async { call() })).unwrap();
        }
    });
    assert!(matches!(notices.len(), 1 | 2), "{notices:?}");
}

#[test]
fn nobody_is_told_of_what_holds_up_no_runtime() {
    let notices = heard(|| {
        nap_blocking(SHORT);
        multi_thread().block_on(async { nap_blocking(SHORT) });
        current_thread().block_on(async { nap_blocking_if_it_waits() });
        let runtime = current_thread();
        let _entered = runtime.enter();
        nap_blocking(SHORT);
    });
    assert!(notices.is_empty(), "{notices:?}");
}

/// Never waits.
fn nap_blocking_if_it_waits() {
    unkoil_lend(async {});
}

#[test]
fn a_hook_that_panics_reaches_the_caller_and_nothing_is_left_behind() {
    watched(|| {
        let koil = Koil::builder()
            .on_blocking_in_async(|_| panic!("the hook is broken"))
            .build()
            .unwrap();
        let caught = koil.handle().wrap(|| {
            current_thread().block_on(async { std::panic::catch_unwind(|| nap_blocking(SHORT)) })
        })();
        assert_eq!(
            caught.unwrap_err().downcast_ref(),
            Some(&"the hook is broken")
        );
        assert!(koil.shutdown().is_clean());
    });
}

/// The child of the tests below: 5 s have to pass in it.
const CHILD: &str = "KOIL_TEST_LONG_WAIT";

fn in_a_child(name: &str) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args([&format!("notices::{name}"), "--exact", "--nocapture"]);
    let output = child.env(CHILD, "1").stdin(Stdio::null()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{text}");
    text
}

#[test]
fn a_wait_of_five_seconds_is_one_line_on_stderr() {
    if std::env::var_os(CHILD).is_some() {
        let wait = || {
            current_thread().block_on(async {
                let before = Instant::now();
                while before.elapsed() < Duration::from_millis(5200) {
                    nap_blocking(Duration::from_millis(5100));
                }
            });
        };
        // The same line three times at once: one notice.
        let threads: Vec<_> = (0..3).map(|_| std::thread::spawn(wait)).collect();
        for thread in threads {
            thread.join().unwrap();
        }
        return;
    }
    let text = in_a_child("a_wait_of_five_seconds_is_one_line_on_stderr");
    let lines: Vec<_> = text
        .lines()
        .filter(|line| line.starts_with("koil: "))
        .collect();
    let [line] = lines[..] else {
        panic!("one line, not {lines:?}");
    };
    for part in [file!(), "`nap_blocking`", "stood still for 5 s"] {
        assert!(line.contains(part), "{line}");
    }
    assert_told(
        line,
        "have stood still for ",
        &[
            "if the call waits for one of them, it never ends: ",
            "await `nap`",
            "there, or make the call in `tokio::task::spawn_blocking`, and give it a deadline",
        ],
    );
}

/// The other half of that line.
#[test]
fn on_a_worker_or_with_a_deadline_a_call_that_waits_for_its_own_runtime_ends() {
    let notices = heard(|| {
        let call = || unkoil_timeout(FOR_EVER, nap(SHORT)).unwrap();
        let handle = koil::Handle::current();
        current_thread().block_on(async {
            let moved = handle.wrap(call);
            tokio::task::spawn_blocking(moved).await.unwrap();
        });
    });
    assert!(notices.is_empty(), "{notices:?}");
    heard(|| {
        current_thread().block_on(async {
            let task = tokio::spawn(nap(SHORT));
            let late = koil::deadline(SHORT, || try_unkoil(task)).unwrap();
            assert!(late.unwrap_err().is_timeout());
        });
    });
}

#[test]
fn a_long_wait_in_a_callback_is_told_and_ends_by_its_deadline() {
    let notices = heard(|| {
        let lock = tokio::sync::Mutex::new(0);
        unkoil(async {
            let held = lock.lock().await;
            let long = Duration::from_millis(5100);
            let late = transaction(|| unkoil_timeout(long, lock.lock()).map(|_| ())).await;
            assert!(late.unwrap_err().is_timeout(), "the call has a deadline");
            // Released before the callback is called.
            drop(held);
            transaction(|| *unkoil(lock.lock()) += 1).await;
        });
        assert_eq!(lock.into_inner(), 1);
    });
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert_told(
        &notices[0].to_string(),
        "in a callback of another call",
        &[
            "if it waits for something that the code around the callback holds, such as an async lock, it \
             never ends: release that before the callback is called, and give the call a deadline",
        ],
    );
}

#[test]
fn with_a_hook_the_long_wait_goes_there_and_nowhere_else() {
    if std::env::var_os(CHILD).is_some() {
        let notices = heard(|| {
            let long = || nap_blocking(Duration::from_millis(5100));
            current_thread().block_on(async { long() });
        });
        assert_eq!(notices.len(), 2);
        assert!(notices[0].waited().is_zero());
        assert!(notices[1].waited() >= Duration::from_secs(5));
        return;
    }
    let text = in_a_child("with_a_hook_the_long_wait_goes_there_and_nowhere_else");
    assert!(!text.contains("koil: "), "{text}");
}
