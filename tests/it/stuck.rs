//! A loop that does not come back from code in a task is listed with that task, and told of once.

use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use koil::{
    Blocked, BlockedWait, BlockingInAsync, Drivers, Koil, blocked, koiled, try_unkoil, unkoil,
    unkoil_lend, unkoil_task, unkoil_timeout,
};
use tokio::sync::oneshot;

use crate::support::{FOR_EVER, assert_told, until, watched};

/// The work that keeps loops of this name.
fn kept(name: &str) -> Vec<Blocked> {
    let all = blocked().into_iter();
    all.filter(|work| work.loop_name() == name && work.wait() == BlockedWait::InPoll)
        .collect()
}

fn until_kept(name: &str) -> Blocked {
    until(|| kept(name).len() == 1);
    kept(name).remove(0)
}

/// Blocks its thread until the sender is used or dropped; says before that it does.
struct Block {
    gate: Receiver<()>,
    begun: Sender<()>,
}

impl Block {
    fn new() -> (Block, Sender<()>, Receiver<()>) {
        let ((open, gate), (begun, has_begun)) = (mpsc::channel(), mpsc::channel());
        (Block { gate, begun }, open, has_begun)
    }

    fn here(self) {
        self.begun.send(()).unwrap();
        let _ = self.gate.recv();
    }
}

#[test]
fn a_task_that_keeps_its_loop_is_listed_with_its_line_until_it_comes_back() {
    watched(|| {
        let koil = Koil::builder().thread_name("kept").build().unwrap();
        let _entered = koil.enter();
        let (block, open, has_begun) = Block::new();
        let line = line!() + 1;
        let task = unkoil_task(async move {
            tokio::task::yield_now().await;
            block.here();
        });
        has_begun.recv().unwrap();
        let work = until_kept("kept");
        assert_eq!(work.call_site().file(), file!());
        assert_eq!(work.call_site().line(), line);
        assert_eq!(work.thread_name(), Some("kept-loop"));
        assert!(work.waited() >= Duration::from_millis(100));
        let text = work.to_string();
        let line = format!("{}:{line}:", file!());
        for part in [
            "the work that was started at ",
            &line,
            "`kept`",
            "inside its poll",
        ] {
            assert!(text.contains(part), "{text}");
        }
        open.send(()).unwrap();
        task.result().unwrap();
        until(|| kept("kept").is_empty());
    });
}

async fn nap(time: Duration) {
    tokio::time::sleep(time).await;
}

#[koiled]
#[koil(lend)]
#[allow(clippy::unused_async)] // A twin has to have an async original.
async fn keep(block: Block) {
    block.here();
}

#[test]
fn a_lent_future_is_listed_with_its_twin() {
    watched(|| {
        let koil = Koil::builder()
            .thread_name("kept by a twin")
            .build()
            .unwrap();
        let (block, open, has_begun) = Block::new();
        let caller = thread::spawn(koil.handle().wrap(move || keep_blocking(block)));
        has_begun.recv().unwrap();
        let work = until_kept("kept by a twin");
        assert_eq!(work.twin(), Some("keep_blocking"));
        assert!(
            work.to_string()
                .contains("the future of `keep_blocking` at"),
            "{work}"
        );
        open.send(()).unwrap();
        caller.join().unwrap();
    });
}

#[test]
fn a_worker_that_is_kept_is_listed_and_the_others_go_on() {
    watched(|| {
        let builder = Koil::builder().thread_name("half kept").worker_threads(2);
        let koil = builder.build().unwrap();
        let _entered = koil.enter();
        let (block, open, has_begun) = Block::new();
        let task = unkoil_task(async move { block.here() });
        has_begun.recv().unwrap();
        let work = until_kept("half kept");
        assert_eq!(work.thread_name(), Some("half kept-worker"));
        unkoil_task(tokio::task::yield_now()).result().unwrap();
        open.send(()).unwrap();
        task.result().unwrap();
    });
}

#[test]
fn a_caller_that_drives_and_is_kept_is_listed() {
    watched(|| {
        let builder = Koil::builder().thread_name("kept by a caller");
        let koil = builder.drivers(Drivers::Callers).build().unwrap();
        let (block, open, has_begun) = Block::new();
        let name = "the one that drives";
        let drive = koil.handle().wrap(move || {
            // Callers drive once a call has just ended.
            unkoil(nap(Duration::from_millis(2)));
            let (done, is_done) = oneshot::channel();
            let task = unkoil_task(async move {
                tokio::time::sleep(Duration::from_millis(5)).await;
                let driver = thread::current().name().map(str::to_owned);
                block.here();
                done.send(driver).unwrap();
            });
            drop(task);
            unkoil(is_done).unwrap()
        });
        let caller = thread::Builder::new().name(name.to_owned()).spawn(drive);
        has_begun.recv().unwrap();
        let work = until_kept("kept by a caller");
        let thread = work.thread_name().map(str::to_owned);
        open.send(()).unwrap();
        // Either thread may drive; the list names the one that does.
        assert_eq!(caller.unwrap().join().unwrap(), thread);
    });
}

/// The notices of a loop, while `work` runs under it.
fn heard(work: impl FnOnce(&Koil, &Receiver<BlockingInAsync>) + Send + 'static) {
    watched(move || {
        let (send, notices) = mpsc::channel();
        let koil = Koil::builder()
            .thread_name("told")
            .on_blocking_in_async(move |notice| drop(send.send(notice.clone())))
            .build()
            .unwrap();
        let _entered = koil.enter();
        work(&koil, &notices);
    });
}

#[test]
fn a_call_that_waits_five_seconds_for_a_kept_loop_tells_what_keeps_it() {
    heard(|koil, notices| {
        let (block, open, has_begun) = Block::new();
        let line = line!() + 1;
        let task = unkoil_task(async move { block.here() });
        has_begun.recv().unwrap();
        let wait = || unkoil_timeout(FOR_EVER, nap(Duration::ZERO)).unwrap();
        let callers = [wait, wait].map(|wait| thread::spawn(koil.handle().wrap(wait)));
        let notice = notices.recv().unwrap();
        assert!(notice.is_loop_stuck());
        assert_eq!(notice.stuck_work().unwrap().call_site().line(), line);
        assert!(notice.waited() >= Duration::from_secs(5));
        let text = notice.to_string();
        let line = format!("{}:{line}:", file!());
        for part in ["loop `told` has stood still for ", "`told-loop`", &line] {
            assert!(text.contains(part), "{text}");
        }
        assert_told(
            &text,
            "waits for that loop",
            &[
                "waits for that loop. Code in a task must not block its thread (by a lock, a join, a sleep \
                 of std, a long computation): run it by `koil::run_threaded`",
                "and await what can be awaited",
            ],
        );
        open.send(()).unwrap();
        task.result().unwrap();
        // On a worker it keeps no loop.
        let (block, open, has_begun) = Block::new();
        let task = unkoil_task(koil::run_threaded(move || block.here()));
        has_begun.recv().unwrap();
        unkoil(nap(Duration::from_millis(1)));
        open.send(()).unwrap();
        task.result().unwrap();
        for caller in callers {
            caller.join().unwrap();
        }
        assert!(notices.try_recv().is_err(), "one notice for one place");
    });
}

#[test]
fn a_loop_that_is_kept_by_code_that_koil_did_not_start_is_told_too() {
    heard(|koil, notices| {
        let (block, open, has_begun) = Block::new();
        let foreign = koil.handle().tokio().spawn(async move { block.here() });
        has_begun.recv().unwrap();
        let caller = thread::spawn(koil.handle().wrap(|| unkoil_lend(async {})));
        let notice = notices.recv().unwrap();
        assert!(notice.is_loop_stuck() && notice.stuck_work().is_none());
        assert!(
            notice.to_string().contains("that koil did not start"),
            "{notice}"
        );
        open.send(()).unwrap();
        caller.join().unwrap();
        unkoil(foreign).unwrap();
    });
}

/// The child of the tests below.
const CHILD: &str = "KOIL_TEST_STUCK";

/// The words on stderr of a child that runs this test alone.
fn in_a_child(name: &str) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args([&format!("stuck::{name}"), "--exact", "--nocapture"]);
    let output = child.env(CHILD, "1").stdin(Stdio::null()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{text}");
    text
}

/// A task whose code waits for a thread that waits for the loop of the task: it would hang for ever.
#[test]
fn a_task_that_waits_for_its_own_loop_is_one_line_on_stderr() {
    if std::env::var_os(CHILD).is_some() {
        let task = unkoil_task(async {
            tokio::task::yield_now().await;
            thread::scope(|scope| {
                let call = || {
                    let long = Duration::from_secs(8);
                    unkoil_timeout(long, unkoil_task(async { 1 }))
                };
                scope.spawn(call).join().unwrap()
            })
        });
        assert!(task.result().unwrap().unwrap_err().is_timeout());
        return;
    }
    let text = in_a_child("a_task_that_waits_for_its_own_loop_is_one_line_on_stderr");
    let lines: Vec<_> = text.lines().filter(|line| line.contains("koil:")).collect();
    assert_eq!(lines.len(), 1, "{text}");
    let told = lines[0];
    assert!(
        told.starts_with("koil: warning: loop `koil` has stood still for "),
        "{told}"
    );
    assert!(
        told.contains("one poll of the work that was started at tests"),
        "{told}"
    );
}

#[test]
fn a_long_wait_for_a_loop_that_works_is_not_told() {
    if std::env::var_os(CHILD).is_some() {
        drop(unkoil_task(async {
            loop {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }));
        let long = Duration::from_millis(10_200);
        let lent = thread::spawn(move || try_unkoil(nap(long)));
        unkoil_lend(nap(long));
        lent.join().unwrap().unwrap();
        return;
    }
    let text = in_a_child("a_long_wait_for_a_loop_that_works_is_not_told");
    assert!(!text.contains("koil:"), "{text}");
}
