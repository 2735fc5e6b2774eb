//! `handle = ..`: jobs on the workers of a loop that is not the ambient one.

use futures::StreamExt;
use koil::{Koil, run_threaded, threaded, unkoil};

use crate::support::{FOR_EVER, on_a_loop, watch};

/// Polls once, so that the job is started.
fn start<F: Future + Unpin>(future: &mut F) {
    unkoil(async { assert!(futures::poll!(future).is_pending()) });
}

/// A client with a loop of its own for its blocking work.
#[derive(Clone)]
struct Pooled(koil::Handle);

#[threaded(clone, handle = self.0.clone())]
#[allow(clippy::unused_self)] // The handle is that of `self`.
impl Pooled {
    fn thread(&self) -> String {
        thread()
    }

    #[threaded_iterable(capacity = 1)]
    fn threads(&self) -> impl Iterator<Item = String> {
        (0..2).map(|_| thread())
    }
}

#[threaded(handle = pool.clone())]
fn on_pool(pool: &koil::Handle, sleep: bool) -> (String, koil::Handle) {
    if sleep {
        assert!(koil::sleep(FOR_EVER).unwrap_err().is_cancelled());
    }
    let _ = pool;
    (thread(), koil::Handle::current())
}

fn thread() -> String {
    std::thread::current().name().unwrap_or_default().to_owned()
}

#[test]
fn a_call_with_a_handle_runs_on_the_workers_of_that_loop_and_stops_with_it() {
    on_a_loop(|ambient| {
        let koil = Koil::builder().thread_name("own").build().unwrap();
        watch(&koil.handle());
        let pooled = Pooled(koil.handle());
        assert_eq!(unkoil(pooled.thread_async()), "own-worker");
        let threads: Vec<_> = unkoil(pooled.threads_async().collect());
        assert_eq!(threads, ["own-worker", "own-worker"]);
        let (name, found) = unkoil(on_pool_async(&koil.handle(), false));
        assert_eq!((name.as_str(), found), ("own-worker", koil.handle()));

        let mut call = on_pool_async(&koil.handle(), true);
        start(&mut call);
        assert!(koil.shutdown().is_clean());
        // Begun or refused, it does not outlive its loop, and the ambient one runs on.
        match unkoil(call.fallible()) {
            Ok((name, _)) => assert_eq!(name, "own-worker"),
            Err(error) => assert!(error.is_shutdown()),
        }
        assert_eq!(koil::Handle::current(), ambient.handle());
        assert_eq!(unkoil(run_threaded(thread)), "koil-worker");
    });
}
