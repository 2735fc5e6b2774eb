//! Promise 18: an idle loop sleeps, and so does a caller that waits. Alone in its binary, so that
//! no other test wakes a thread.

#![cfg(target_os = "linux")]

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use koil::{Koil, eager_task, unkoil, unkoil_task};

/// How long no thread may wake up: a periodic wake would come more often.
const A_WHILE: Duration = Duration::from_millis(1_500);

/// How often each thread of this process whose name has this prefix has gone to sleep.
fn sleeps(name: &str) -> Vec<(String, u64)> {
    let threads = fs::read_dir("/proc/self/task").expect("Linux lists the threads of a process");
    let mut found: Vec<_> = threads
        // A thread may end between the list and the look.
        .filter_map(|thread| fs::read_to_string(thread.ok()?.path().join("status")).ok())
        .filter(|status| field(status, "Name").starts_with(name))
        .map(|status| {
            let count = field(&status, "voluntary_ctxt_switches").parse();
            (field(&status, "Pid").to_owned(), count.expect("a number"))
        })
        .collect();
    found.sort();
    found
}

fn field<'a>(status: &'a str, name: &str) -> &'a str {
    let lines = status.lines().filter_map(|line| line.split_once(':'));
    let mut found = lines.filter(|(field, _)| *field == name);
    found.next().expect("the kernel says so").1.trim()
}

/// Waits until the threads have settled, then watches them for a while.
fn assert_all_sleep(name: &str, threads: usize) {
    let deadline = Instant::now() + Duration::from_secs(30);
    let mut last = sleeps(name);
    loop {
        let before = Instant::now();
        thread::sleep(A_WHILE);
        let now = sleeps(name);
        assert_eq!(now.len(), threads, "{now:?}");
        if now == last {
            // No thread woke up in the whole interval.
            assert!(before.elapsed() >= A_WHILE);
            return;
        }
        assert!(
            Instant::now() < deadline,
            "{name} keeps waking up: {last:?}, {now:?}"
        );
        last = now;
    }
}

#[test]
fn an_idle_loop_sleeps() {
    let koil = Koil::builder().thread_name("idle").build().unwrap();
    {
        let _entered = koil.enter();
        unkoil(async { tokio::time::sleep(Duration::from_millis(1)).await });
    }
    assert_all_sleep("idle-loop", 1);
}

#[test]
fn a_loop_with_a_waiting_caller_and_a_waiting_task_sleeps_and_so_do_they() {
    let koil = Koil::builder().thread_name("busy").build().unwrap();
    let (send, receive) = tokio::sync::oneshot::channel::<()>();
    let waits = koil.handle().wrap(|| unkoil(receive));
    let caller = thread::Builder::new()
        .name("waiting".to_owned())
        .spawn(waits)
        .unwrap();
    {
        let _entered = koil.enter();
        drop(unkoil_task(std::future::pending::<()>()));
    }
    assert_all_sleep("busy-loop", 1);
    assert_all_sleep("waiting", 1);
    send.send(()).unwrap();
    caller.join().unwrap().unwrap();
}

#[test]
fn a_loop_sleeps_while_eager_tasks_are_ready_at_once() {
    let koil = Koil::builder().thread_name("eager").build().unwrap();
    let _entered = koil.enter();
    assert_all_sleep("eager-loop", 1);
    let before = sleeps("eager-loop");
    for n in 0..1_000 {
        assert_eq!(eager_task(async move { n }).result().unwrap(), n);
    }
    assert_all_sleep("eager-loop", 1);
    assert_eq!(sleeps("eager-loop"), before);
}
