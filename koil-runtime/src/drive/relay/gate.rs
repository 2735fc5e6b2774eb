//! `Gate`: a mark for work that koil spawns from user code, which only the thread of the loop
//! polls.
//!
//! Such work runs code that was written for a task: it may hold thread-locals, take a lock that a
//! caller holds over its call, or compute for long. On the thread of a caller that drives, each of
//! these would harm that caller. So while gated work is alive callers sleep, and the loop thread
//! drives. A caller that drives already is woken to leave; until it has left, the work stays
//! pending and wakes itself.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;
use tokio::task::JoinHandle;

use crate::current::{LoopCore, PolledWork, WorkKind, WorkMark};
use crate::report::site::CallSite;
use crate::scope::flags::{self, CALLER_DRIVES};

/// Callers of the loop do not drive until this is dropped.
pub(in crate::drive) struct Gate(Arc<LoopCore>);

impl Gate {
    /// `None` if no caller drives anyway, or callers drive beside tasks too.
    fn new(core: &Arc<LoopCore>) -> Option<Gate> {
        let relay = core
            .relay
            .get()
            .filter(|relay| !relay.drives_beside_tasks)?;
        let gate = Gate(core.clone());
        if relay.state.begin_gate() {
            core.registry.wake_all();
        }
        Some(gate)
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        if let Some(relay) = self.0.relay.get() {
            relay.state.end_gate();
        }
    }
}

pin_project! {
    /// The future of some work, with its marks.
    pub(crate) struct Gated<F> {
        #[pin]
        future: F,
        gate: Option<Gate>,
        // A thread of the loop polls it.
        is_of_loop: bool,
        // Dropped last: the work has ended once its future is gone.
        mark: Option<WorkMark>,
    }
}

impl<F> Gated<F> {
    /// Work that a thread of the loop polls.
    pub(crate) fn new(core: &Arc<LoopCore>, future: F, mark: Option<WorkMark>) -> Gated<F> {
        Gated {
            future,
            gate: Gate::new(core),
            is_of_loop: true,
            mark,
        }
    }

    /// Work of the loop that other code polls.
    #[cfg(feature = "sched")]
    pub(crate) fn elsewhere(future: F, mark: WorkMark) -> Gated<F> {
        Gated {
            future,
            gate: None,
            is_of_loop: false,
            mark: Some(mark),
        }
    }
}

impl<F: Future> Future for Gated<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        if this.gate.is_some() && flags::any(CALLER_DRIVES) {
            // The caller has been woken to leave, and does so when its main future is polled next.
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let begin = match this.gate {
            Some(_) => PolledWork::begin_on_loop,
            None => PolledWork::begin,
        };
        let mark = this.mark.as_ref().filter(|_| *this.is_of_loop);
        let _polled = mark.map(begin);
        this.future.poll(cx)
    }
}

impl LoopCore {
    /// Spawns work on the loop that runs user code; the thread of the loop polls it.
    pub(crate) fn spawn<F>(
        self: &Arc<LoopCore>,
        kind: WorkKind,
        site: CallSite,
        future: F,
    ) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.spawn_marked(future, WorkMark::new(self, kind, site))
    }

    /// As [`spawn`](LoopCore::spawn), for a new task: a loop that is being drained drops it unpolled,
    /// and its handle says that it was cancelled.
    pub(crate) fn spawn_task<F>(
        self: &Arc<LoopCore>,
        site: CallSite,
        future: F,
    ) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        if let Some(mark) = WorkMark::unless_drained(self, WorkKind::Task, site) {
            return self.spawn_marked(future, Some(mark));
        }
        let refused = self.tokio.spawn(async move {
            let _future = future;
            std::future::pending().await
        });
        refused.abort();
        refused
    }

    fn spawn_marked<F>(
        self: &Arc<LoopCore>,
        future: F,
        mark: Option<WorkMark>,
    ) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.tokio.spawn(Gated::new(self, future, mark))
    }
}
