//! Who hops: on a thread that runs a current-thread scheduler, only what may leave it, output too.

#![deny(warnings)]

use std::cell::RefCell;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::thread::{self, ThreadId};

use koil::koiled;
use tokio::runtime::Builder;
use tokio::task::yield_now;

/// The thread on which a future is polled after it has waited.
async fn wait() -> ThreadId {
    // The first yield is owed a wake by the scheduler of the caller: so the call really waits.
    yield_now().await;
    yield_now().await;
    thread::current().id()
}

#[koiled]
async fn may_leave() -> ThreadId {
    wait().await
}

#[koiled]
async fn holds_an_rc() -> ThreadId {
    let held = Rc::new(1);
    let thread = wait().await;
    drop(held);
    thread
}

thread_local!(static SHARED: Rc<RefCell<u32>> = Rc::default());

/// The future is `Send`: nothing that is not lives across an await. Its output is not.
#[koiled]
async fn gives_an_rc() -> Rc<RefCell<u32>> {
    wait().await;
    SHARED.with(Rc::clone)
}

fn is_send<T: Send>(_: &T) {}

#[koiled]
async fn generic_without_bound<T>(value: T) -> T {
    wait().await;
    value
}

#[koiled]
async fn generic_with_bound<T: Send>(value: T) -> (T, ThreadId) {
    (value, wait().await)
}

#[koiled]
fn boxed<'a>(text: &'a str) -> std::pin::Pin<Box<dyn Future<Output = &'a str> + Send + 'a>> {
    Box::pin(async move {
        wait().await;
        text
    })
}

/// Runs `call` where a task of a current-thread runtime runs.
fn on_a_scheduler<T>(call: impl FnOnce() -> T) -> T {
    Builder::new_current_thread().build().unwrap().block_on(async { call() })
}

fn refusal<T>(call: impl FnOnce() -> T) -> String {
    let refused = on_a_scheduler(|| catch_unwind(AssertUnwindSafe(call)).err());
    *refused.expect("it is refused").downcast::<String>().unwrap()
}

pub(crate) fn main() {
    let here = thread::current().id();
    std::panic::set_hook(Box::new(|_| {}));

    // On a plain thread everything is polled by its caller.
    assert_eq!(may_leave_blocking(), here);
    assert_eq!(holds_an_rc_blocking(), here);
    *gives_an_rc_blocking().borrow_mut() += 1;
    assert_eq!(*SHARED.with(Rc::clone).borrow(), 1);

    // Beside a scheduler, what may leave goes on on the loop ..
    assert_ne!(on_a_scheduler(may_leave_blocking), here);
    let (value, thread) = on_a_scheduler(|| generic_with_bound_blocking("bound"));
    assert_eq!(value, "bound");
    assert_ne!(thread, here);
    let text = String::from("borrowed");
    assert_eq!(on_a_scheduler(|| boxed_blocking(&text)), "borrowed");

    // .. and the rest is refused: a future, an output, a type that is not known to be `Send`.
    is_send(&gives_an_rc());
    let refusals = [
        refusal(holds_an_rc_blocking),
        refusal(gives_an_rc_blocking),
        refusal(|| generic_without_bound_blocking(1)),
    ];
    for (refusal, name) in refusals.iter().zip(["holds_an_rc", "gives_an_rc", "generic_without"]) {
        assert!(refusal.contains(name), "{refusal}");
        assert!(refusal.contains("#[koil(send)]") && refusal.contains("T: Send"), "{refusal}");
    }
    drop(std::panic::take_hook());
}
